//! A function as a process of its own, against a Runtime API on loopback. The process is this test, started again.
#![allow(clippy::unwrap_used)]

use std::env;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use handler_runtime::{Clock, Invocation, SystemClock, diagnostic, load, start};
use serde_json::{Value, json};
use stackgen_contract::environment;
use test_support::RuntimeApi;

environment! {
    /// What the function of this test reads at start.
    struct GreeterEnv {
        /// Who greets.
        name: "GREETER",
    }
}

/// The function itself. Run as a test, there is no Runtime API, and nothing is done.
#[test]
fn greeter() {
    if env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let served = runtime.block_on(start(async || {
        let environment = load(GreeterEnv::load)?;
        Ok(async move |event: Value, invocation: &Invocation| {
            tracing::debug!("signed request with a secret");
            let Some(greeted) = event["greeted"].as_str() else {
                return Err(diagnostic("NobodyThere", "the event names nobody"));
            };
            tracing::info!(greeted, "greeting");
            SystemClock.wait(Duration::from_millis(1)).await;
            assert!(invocation.remaining() > Duration::from_secs(30) && (0.0..=1.0).contains(&SystemClock.chance()));
            Ok(format!("{} greets {greeted} for {}", environment.name, invocation.function_arn))
        })
    }));
    assert!(served.is_ok(), "{served:?}");
}

/// The process of the function, ended with the test.
struct Function(Child);

impl Function {
    fn start(api: &RuntimeApi, environment: &[(&str, &str)]) -> Self {
        let child = api
            .environment(
                Command::new(env::current_exe().unwrap()).args(["--exact", "greeter", "--nocapture"]),
                "greeter",
            )
            // The level of the log is the program's own, whatever the environment says.
            .env("RUST_LOG", "trace")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    /// The lines of its log, once it has ended.
    fn log(mut self) -> Vec<Value> {
        let mut log = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(!log.contains("secret"), "{log}");
        // The first line begins with what the test program says itself.
        log.lines().filter_map(|line| serde_json::from_str(line.get(line.find('{')?..)?).ok()).collect()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It is gone already where the log was read.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn events_are_answered_and_logged_with_the_id_of_their_request() {
    let api = RuntimeApi::start();
    let mut function = Function::start(&api, &[("GREETER", "Ada")]);
    let call = |id: &str, event: Value| {
        api.give(id, event);
        let sent = api.sent();
        (sent.path, serde_json::from_slice::<Value>(&sent.body).unwrap())
    };
    let (path, answer) = call("r-1", json!({"greeted": "Bob"}));
    assert!(path.ends_with("/invocation/r-1/response"), "{path}");
    assert_eq!(answer, "Ada greets Bob for arn");

    let (path, answer) = call("r-2", json!({}));
    assert!(path.ends_with("/invocation/r-2/error"), "{path}");
    assert_eq!(answer, json!({"errorType": "NobodyThere", "errorMessage": "the event names nobody"}));
    assert!(call("r-3", json!({"greeted": "Eve"})).0.ends_with("/invocation/r-3/response"), "an error ends nothing");

    function.0.kill().unwrap();
    let log = function.log();
    let line = |message: &str, id: &str| {
        let of = |line: &&Value| line["message"] == message && line["span"]["request_id"] == id;
        log.iter().find(of).unwrap_or_else(|| panic!("{message} {id}: {log:#?}"))
    };
    assert_eq!(
        (&line("greeting", "r-1")["greeted"], &line("greeting", "r-1")["level"]),
        (&json!("Bob"), &json!("INFO"))
    );
    assert_eq!(line("greeting", "r-3")["greeted"], "Eve");
    let failed = line("failed", "r-2");
    assert_eq!((&failed["error_type"], &failed["error"]), (&json!("NobodyThere"), &json!("the event names nobody")));
}

#[test]
fn a_function_that_lacks_a_variable_says_so_and_ends() {
    let api = RuntimeApi::start();
    let log = Function::start(&api, &[]).log();
    let line = log.iter().find(|line| line["message"] == "the function cannot start").unwrap();
    assert!(line["error"].as_str().unwrap().contains("GREETER"), "{line}");
    assert!(api.is_quiet());
}
