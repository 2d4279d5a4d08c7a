//! Stacks of the app on a local AWS.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use stackgen::assembly::{Assembly, LoadedAssembly};
use stackgen::assets::build::{AssetBuilder, BuildEvent, BuildOptions};
use stackgen::core::App;
use stackgen::deploy::{self, Approval, Aws, Connection, DeployOptions, Event, Report, Upload};

use crate::server::Server;
use crate::workspace;

/// What a deployment is told.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Context values, as `-c key=value` gives them.
    pub context: Vec<(String, String)>,
    /// Parameters: stack, name, value.
    pub parameters: Vec<(String, String, String)>,
}

impl Setting {
    /// Adds a context value.
    #[must_use]
    pub fn context(mut self, key: &str, value: impl Into<String>) -> Self {
        self.context.push((key.to_owned(), value.into()));
        self
    }

    /// Adds a parameter of a stack.
    #[must_use]
    pub fn parameter(mut self, stack: &str, name: &str, value: impl Into<String>) -> Self {
        self.parameters.push((stack.to_owned(), name.to_owned(), value.into()));
        self
    }
}

/// What a function answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The answer, or the error.
    pub payload: Value,
    /// Whether the invocation failed.
    pub is_error: bool,
}

/// Stacks of the app on a local AWS of their own.
#[derive(Debug)]
pub struct Deployment {
    /// The local AWS.
    pub server: Server,
    outputs: BTreeMap<String, BTreeMap<String, String>>,
}

impl Deployment {
    /// Deploys `stacks` of the app, whose functions are built first, on a local AWS that is started for them. What fails,
    /// fails the test.
    pub fn of(stacks: &[&str], setting: &Setting) -> Self {
        Self::on(Server::start(), stacks, setting)
    }

    /// Deploys `stacks` of the app on `server`.
    pub fn on(server: Server, stacks: &[&str], setting: &Setting) -> Self {
        let mut deployment = Self { server, outputs: BTreeMap::new() };
        deployment.deploy(stacks, setting);
        deployment
    }

    /// Deploys `stacks` again, or others.
    pub fn deploy(&mut self, stacks: &[&str], setting: &Setting) {
        let assembly = synthesize(&self.server.folder, setting);
        let (report, events) = run(&self.server, &assembly, stacks, setting);
        assert!(report.is_good(), "{:?} {:?}\n{events:#?}", report.failed, report.skipped);
        for stack in report.deployed {
            self.outputs.insert(stack.name.clone(), stack.outputs.into_iter().collect());
        }
    }

    /// An output of a stack.
    pub fn output(&self, stack: &str, name: &str) -> &str {
        let outputs = self.outputs.get(stack).unwrap_or_else(|| panic!("`{stack}` was not deployed"));
        outputs.get(name).unwrap_or_else(|| panic!("`{stack}` has no output `{name}`: {outputs:?}"))
    }

    /// Calls an operation of a service as root: see [`Server::try_call`]. An error fails the test.
    #[track_caller]
    pub fn call(&self, service: &str, operation: &str, arguments: Value) -> Value {
        let answer = self.server.try_call(service, operation, arguments);
        answer.unwrap_or_else(|error| panic!("{service} {operation}: {error}"))
    }

    /// Invokes the function called `name` and waits for its answer.
    pub fn invoke(&self, name: &str, event: &Value) -> Answer {
        let arguments = json!({"FunctionName": name, "Payload": event.to_string()});
        let answer = self.call("lambda", "invoke", arguments);
        let text = answer["Payload"].as_str().unwrap_or_default();
        let payload = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
        Answer { payload, is_error: answer.get("FunctionError").is_some() }
    }

    /// The physical name of a resource.
    pub fn physical_id(&self, stack: &str, logical_id: &str) -> String {
        let arguments = json!({"StackName": stack, "LogicalResourceId": logical_id});
        let answer = self.call("cloudformation", "describe_stack_resource", arguments);
        answer["StackResourceDetail"]["PhysicalResourceId"].as_str().unwrap().to_owned()
    }

    /// The physical name of the resource of a type that a stack has one of.
    #[track_caller]
    pub fn resource_of_type(&self, stack: &str, kind: &str) -> String {
        let answer = self.call("cloudformation", "describe_stack_resources", json!({"StackName": stack}));
        let resources = answer["StackResources"].as_array().unwrap();
        let resource = resources.iter().find(|resource| resource["ResourceType"] == kind);
        let resource = resource.unwrap_or_else(|| panic!("{stack} has no {kind}"));
        resource["PhysicalResourceId"].as_str().unwrap().to_owned()
    }

    /// The names of the functions of a stack by their logical ids.
    pub fn functions(&self, stack: &str) -> BTreeMap<String, String> {
        let answer = self.call("cloudformation", "describe_stack_resources", json!({"StackName": stack}));
        let resources = answer["StackResources"].as_array().unwrap();
        let functions = resources.iter().filter(|resource| resource["ResourceType"] == "AWS::Lambda::Function");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        functions.map(|it| (text(&it["LogicalResourceId"]), text(&it["PhysicalResourceId"]))).collect()
    }

    /// All lines of the log of the function called `name`.
    pub fn logs(&self, name: &str) -> Vec<String> {
        let configuration = self.call("lambda", "get_function_configuration", json!({"FunctionName": name}));
        let usual = format!("/aws/lambda/{name}");
        let group = configuration["LoggingConfig"]["LogGroup"].as_str().unwrap_or(&usual);
        let mut lines = Vec::new();
        let mut arguments = json!({"logGroupName": group});
        // A function that was never invoked has no log.
        while let Ok(answer) = self.server.try_call("logs", "filter_log_events", arguments.clone()) {
            let events = answer["events"].as_array().cloned().unwrap_or_default();
            let texts = events.iter().filter_map(|event| event["message"].as_str());
            lines.extend(texts.flat_map(str::lines).map(|line| line.trim_end().to_owned()));
            match answer.get("nextToken") {
                Some(token) => arguments["nextToken"] = token.clone(),
                None => break,
            }
        }
        lines
    }

    /// Uploads a file to a bucket.
    pub fn upload(&self, file: &Path, bucket: &str, key: &str) {
        self.call("s3", "upload_file", json!({"Filename": file, "Bucket": bucket, "Key": key}));
    }

    /// Writes an object.
    pub fn put(&self, bucket: &str, key: &str, content: &[u8]) {
        let file = self.scratch();
        std::fs::write(&file, content).unwrap();
        self.upload(&file, bucket, key);
        std::fs::remove_file(&file).unwrap();
    }

    /// The content of an object; none when there is no such object.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        let file = self.scratch();
        let arguments = json!({"Bucket": bucket, "Key": key, "Filename": file});
        match self.server.try_call("s3", "download_file", arguments) {
            Ok(_) => Some(std::fs::read(&file).unwrap()),
            Err(error) if error.starts_with("404") || error.starts_with("NoSuchKey") => None,
            Err(error) => panic!("{bucket}/{key}: {error}"),
        }
    }

    /// The keys of a bucket that begin with `prefix`, in order.
    pub fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let mut keys = Vec::new();
        let mut after = String::new();
        loop {
            let arguments = json!({"Bucket": bucket, "Prefix": prefix, "StartAfter": after});
            let answer = self.call("s3", "list_objects_v2", arguments);
            let page = answer["Contents"].as_array().cloned().unwrap_or_default();
            keys.extend(page.iter().filter_map(|object| Some(object["Key"].as_str()?.to_owned())));
            if answer["IsTruncated"] != true {
                return keys;
            }
            after = keys.last().cloned().unwrap_or_default();
        }
    }

    /// A path for a file that no other caller gets.
    fn scratch(&self) -> PathBuf {
        use std::sync::atomic::{AtomicU64, Ordering};
        static COUNT: AtomicU64 = AtomicU64::new(0);
        self.server.folder.join(format!("scratch-{}", COUNT.fetch_add(1, Ordering::Relaxed)))
    }
}

/// The assembly of the app.
fn synthesize(folder: &Path, setting: &Setting) -> LoadedAssembly {
    let mut app = App::new().with_root(workspace());
    for (key, value) in &setting.context {
        app.set_context(key, value);
    }
    stackgen_app::app(&mut app);
    let synthesis = app.synthesize();
    assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
    let folder = folder.join("assembly");
    Assembly::new(&synthesis, &workspace()).unwrap().write(&folder).unwrap();
    LoadedAssembly::read(folder).unwrap()
}

fn run(server: &Server, assembly: &LoadedAssembly, stacks: &[&str], setting: &Setting) -> (Report, Vec<Event>) {
    let mut options = DeployOptions { approval: Approval::Never, ..DeployOptions::default() };
    for (stack, name, value) in setting.parameters.iter().cloned() {
        options.parameters.entry(stack).or_default().insert(name, value);
    }
    let connection = Connection {
        region: Some("us-east-1".to_owned()),
        endpoint: Some(server.endpoint.clone()),
        access_key: Some(server.access_key()),
        ..Connection::default()
    };
    let names: Vec<String> = stacks.iter().map(|name| (*name).to_owned()).collect();
    let files = build(assembly, stacks);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let aws = Aws::connect(&connection).await.unwrap();
        deploy::upload(&aws, &files, &|_| ()).await.unwrap();
        let events = RefCell::new(Vec::new());
        let listen = |event| events.borrow_mut().push(event);
        let report = deploy::deploy(&aws, assembly, &names, &options, &listen, &|_| Ok(false)).await.unwrap();
        (report, events.into_inner())
    })
}

/// Builds what `stacks` ship, with the profile and into the folder that this test was built with and in.
fn build(assembly: &LoadedAssembly, stacks: &[&str]) -> Vec<Upload> {
    let keys: BTreeSet<&String> =
        stacks.iter().filter_map(|name| assembly.stack(name)).flat_map(|stack| &stack.assets).collect();
    let assets: Vec<_> = keys.into_iter().filter_map(|key| assembly.assets().get(key)).cloned().collect();
    // The folder of the executable of a test: `<target>/<profile>/deps`.
    let executable = std::env::current_exe().unwrap();
    let profile_folder = executable.ancestors().nth(2).unwrap();
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev".to_owned(),
        Some(name) => name.to_owned(),
    };
    let target = profile_folder.parent().map(Path::to_owned);
    let options = BuildOptions { profile, target, ..BuildOptions::default() };
    let mut said = Vec::new();
    let built = AssetBuilder::new(workspace()).options(options).of_assembly(assembly).build(&assets, &mut |event| {
        if let BuildEvent::Line(line) = event {
            said.push(line);
        }
    });
    let built = built.unwrap_or_else(|error| panic!("{error}: {error:?}\n{}", said.join("\n")));
    let objects = built.into_iter().flat_map(|asset| asset.objects);
    objects.map(|object| Upload { key: object.key, path: object.path }).collect()
}
