//! An account of its own for each test, so that they run side by side on one server.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use stackgen::assembly::{Assembly, LoadedAssembly};
use stackgen::core::App;
use stackgen::deploy::{
    self, Approval, Aws, Connection, DeployError, DeployOptions, Deployed, DeployedStack, Event, Proposal, Report,
};
use stackgen::template::{Value, read_json};
use test_support::LocalAws;

use crate::local::server;

/// The region of all tests.
pub(crate) const REGION: &str = "us-east-1";

/// How long an answer may keep silent: no call of these tests takes as long.
const PATIENCE: Duration = Duration::from_secs(20);

/// An account of the local AWS, with a folder for assemblies.
pub(crate) struct Account {
    /// Its id, which is also the access key of its root.
    pub(crate) id: String,
    /// A folder that is removed with it.
    pub(crate) folder: PathBuf,
    assemblies: AtomicU64,
    server: &'static LocalAws,
}

impl Account {
    /// An account that no other test has.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(100_000_000_001);
        let server = server();
        let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
        let folder = server.folder.join(&id);
        fs::create_dir_all(&folder).unwrap();
        Self { id, folder, assemblies: AtomicU64::new(0), server }
    }

    /// The server that it is on.
    pub(crate) fn endpoint(&self) -> &str {
        &self.server.endpoint
    }

    /// Its services.
    pub(crate) async fn aws(&self) -> Aws {
        self.aws_at(self.endpoint()).await
    }

    /// Its services, behind another endpoint.
    pub(crate) async fn aws_at(&self, endpoint: &str) -> Aws {
        self.patient_aws_at(endpoint, PATIENCE).await
    }

    /// Its services, behind an endpoint whose answers may keep silent for as long as `patience`.
    pub(crate) async fn patient_aws_at(&self, endpoint: &str, patience: Duration) -> Aws {
        let connection = Connection {
            patience: Some(patience),
            region: Some(REGION.to_owned()),
            endpoint: Some(endpoint.to_owned()),
            access_key: Some((self.id.clone(), "test".to_owned())),
            ..Connection::default()
        };
        Aws::connect(&connection).await.unwrap()
    }

    /// What `build` makes, as it is deployed. It is not validated: some of it shall fail at AWS.
    pub(crate) fn assembly(&self, build: impl FnOnce(&mut App)) -> LoadedAssembly {
        let number = self.assemblies.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(format!("assembly-{number}"));
        let mut app = App::new().with_root(&self.folder);
        app.set_validation(false);
        build(&mut app);
        let synthesis = app.synthesize();
        assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
        Assembly::new(&synthesis, &self.folder).unwrap().write(&folder).unwrap();
        LoadedAssembly::read(folder).unwrap()
    }

    /// Deploys all stacks, unasked.
    pub(crate) async fn deploy(&self, assembly: &LoadedAssembly) -> Run {
        self.deploy_with(assembly, &unasked()).await
    }

    /// Deploys all stacks. Whoever is asked says no.
    pub(crate) async fn deploy_with(&self, assembly: &LoadedAssembly, options: &DeployOptions) -> Run {
        deploy_at(&self.aws().await, assembly, options, &|_| Ok(false)).await
    }

    /// The stack called `name`, if there is one.
    pub(crate) async fn stack(&self, name: &str) -> Option<DeployedStack> {
        DeployedStack::find(&self.aws().await, name).await.unwrap()
    }

    /// The state of the stack called `name`; empty when there is none.
    pub(crate) async fn status(&self, name: &str) -> String {
        self.stack(name).await.map(|stack| stack.status).unwrap_or_default()
    }

    /// Calls an operation of a service by its name in Python, with arguments as JSON. An error is its code.
    pub(crate) fn call(&self, service: &str, operation: &str, arguments: &str) -> Result<Value, String> {
        let arguments =
            serde_json::from_str(arguments).unwrap_or_else(|error| panic!("{arguments} is no JSON: {error}"));
        let answer = self.server.call(&self.id, service, operation, arguments).map_err(|(code, _)| code)?;
        Ok(read_json(&answer.to_string()).unwrap().value)
    }

    /// The attribute `name` of the queue at `url`.
    pub(crate) fn queue_attribute(&self, url: &str, name: &str) -> Result<String, String> {
        let arguments = format!(r#"{{"QueueUrl": "{url}", "AttributeNames": ["{name}"]}}"#);
        let answer = self.call("sqs", "get_queue_attributes", &arguments)?;
        Ok(answer
            .get("Attributes")
            .and_then(|all| all.get(name))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned())
    }

    /// The names of change sets that wait at a stack.
    pub(crate) fn change_sets(&self, stack: &str) -> usize {
        let answer = self.call("cloudformation", "list_change_sets", &format!(r#"{{"StackName": "{stack}"}}"#));
        let answer = answer.unwrap_or_default();
        let waits = |set: &&Value| set.get("ExecutionStatus").and_then(Value::as_str) == Some("AVAILABLE");
        answer.get("Summaries").and_then(Value::as_list).map_or(0, |sets| sets.iter().filter(waits).count())
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A deployment: how it ended and what it told.
pub(crate) struct Run {
    pub(crate) report: Report,
    pub(crate) events: Vec<Event>,
}

impl Run {
    /// How the stack called `name` came to be as it shall be. Anything that failed fails the test.
    pub(crate) fn stack(&self, name: &str) -> &Deployed {
        assert!(self.report.is_good(), "{:?} {:?}", self.report.failed, self.report.skipped);
        self.report.deployed.iter().find(|stack| stack.name == name).unwrap()
    }

    /// The outcome of the stack called `name`.
    pub(crate) fn outcome(&self, name: &str) -> &'static str {
        self.stack(name).outcome.as_str()
    }

    /// An output of the stack called `name`.
    pub(crate) fn output(&self, name: &str, output: &str) -> &str {
        let outputs = &self.stack(name).outputs;
        outputs.get(output).unwrap_or_else(|| panic!("{name} has no output {output}: {outputs:?}"))
    }

    /// The only failure.
    pub(crate) fn failure(&self) -> &DeployError {
        assert_eq!(self.report.failed.len(), 1, "{:?}", self.report);
        &self.report.failed[0].1
    }
}

/// Options that ask nothing.
pub(crate) fn unasked() -> DeployOptions {
    DeployOptions { approval: Approval::Never, ..DeployOptions::default() }
}

/// Deploys all stacks of `assembly` by `aws`.
pub(crate) async fn deploy_at(
    aws: &Aws,
    assembly: &LoadedAssembly,
    options: &DeployOptions,
    approver: &dyn Fn(&Proposal<'_>) -> Result<bool, DeployError>,
) -> Run {
    let names: Vec<String> = assembly.stacks().iter().map(|stack| stack.name.clone()).collect();
    let events = RefCell::new(Vec::new());
    let listen = |event| events.borrow_mut().push(event);
    let report = deploy::deploy(aws, assembly, &names, options, &listen, approver).await.unwrap();
    Run { report, events: events.into_inner() }
}

/// The text of an error with those that caused it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut at = error.source();
    while let Some(cause) = at {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        at = cause.source();
    }
    text
}

/// The whole text of `path`, as a property of a template.
pub(crate) fn path_text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
