//! The binary against a Runtime API and a CloudFormation on loopback.
#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use test_support::{Reply, Request, RuntimeApi};

/// A Runtime API that is CloudFormation too: it takes answers to requests, once it has refused so many with status 503.
fn server(refusals: usize) -> RuntimeApi {
    let left = AtomicUsize::new(refusals);
    RuntimeApi::with(move |request| {
        (request.method == "PUT").then(|| {
            assert!(request.header("transfer-encoding").is_none(), "the address takes no chunks");
            assert!(request.header("content-type").is_none(), "the URL is signed without a content type");
            let refuses = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
            Reply::new(if refuses { 503 } else { 200 }, "")
        })
    })
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// The handler, ended with the test.
struct Handler(Child);

impl Handler {
    fn start(api: &RuntimeApi) -> Self {
        let child = api
            .environment(&mut Command::new(env!("CARGO_BIN_EXE_stack-support")), "support")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "k")
            .env("AWS_SECRET_ACCESS_KEY", "s")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Self(child.unwrap())
    }

    /// Ends the handler and returns what it logged.
    fn log(mut self) -> String {
        self.0.kill().unwrap();
        let mut log = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        // It is gone already where the log was read.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn event(api: &RuntimeApi, resource_type: &str) -> Value {
    json!({
        "RequestType": "Create", "ResponseURL": format!("{}/answer?X-Amz-Signature=topsecret", api.url()),
        "StackId": "arn:stack", "RequestId": "r-1", "LogicalResourceId": "Data", "ResourceType": resource_type,
        "ServiceToken": "t", "ResourceProperties": {"ServiceToken": "t", "Bucket": "data"},
    })
}

#[test]
fn a_request_is_answered_and_its_url_not_logged() {
    let api = server(2);
    let handler = Handler::start(&api);
    api.give("r", event(&api, "Custom::EmptyBucket"));
    let answers: Vec<Request> = (0..3).map(|_| api.sent()).collect();
    for answer in &answers {
        assert_eq!((answer.method.as_str(), answer.path.as_str()), ("PUT", "/answer?X-Amz-Signature=topsecret"));
        assert_eq!(
            body(answer),
            json!({"Status": "SUCCESS", "PhysicalResourceId": "empty-bucket:data", "StackId": "arn:stack",
                "RequestId": "r-1", "LogicalResourceId": "Data"})
        );
    }
    let path = api.sent().path;
    assert!(path.ends_with("/invocation/r/response"), "{path}");

    api.give("r", event(&api, "Custom::Unknown"));
    let answer = body(&api.sent());
    assert_eq!(answer["Status"], "FAILED");
    assert_eq!(answer["Reason"], "the resource type `Custom::Unknown` is unknown");
    let path = api.sent().path;
    assert!(path.ends_with("/response"), "a failure that was answered is no failed invocation: {path}");

    let log = handler.log();
    assert!(log.contains("\"logical_id\":\"Data\""), "{log}");
    assert!(!log.contains("topsecret"), "{log}");
}
