//! The binary against a Runtime API and a CloudFormation on loopback.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// What came in: method, path, body.
type Call = (String, String, Value);

/// A server that hands out one event, and notes everything that is sent to it.
struct Server {
    address: String,
    events: Sender<Value>,
    calls: Receiver<Call>,
}

impl Server {
    /// Answers the first `refused` PUTs with status 503.
    fn start(refused: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (events, next_events) = channel();
        let next_events = Arc::new(Mutex::new(next_events));
        let refused = Arc::new(Mutex::new(refused));
        let (noted, calls) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (next_events, refused, noted) = (Arc::clone(&next_events), Arc::clone(&refused), noted.clone());
                thread::spawn(move || serve(stream.unwrap(), &next_events, &refused, &noted));
            }
        });
        Self { address, events, calls }
    }

    fn call(&self) -> Call {
        self.calls.recv_timeout(Duration::from_secs(30)).unwrap()
    }
}

/// Serves one connection until the client closes it.
fn serve(
    stream: TcpStream,
    events: &Mutex<Receiver<Value>>,
    refused: &Mutex<usize>,
    noted: &Sender<Call>,
) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, path) = (words.next()?, words.next()?);
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
        reader.read_exact(&mut body).ok()?;
        assert!(!headers.contains_key("transfer-encoding"), "this server reads no chunks");
        let (status, answer) = match method.as_str() {
            "GET" => (200, events.lock().ok()?.recv().ok()?.to_string()),
            "PUT" => {
                assert!(!headers.contains_key("content-type"), "the URL is signed without a content type");
                let mut refused = refused.lock().ok()?;
                if *refused > 0 {
                    *refused -= 1;
                    (503, String::new())
                } else {
                    (200, String::new())
                }
            }
            _ => (202, String::new()),
        };
        if method != "GET" && status != 503 {
            noted.send((method, path, serde_json::from_slice(&body).unwrap_or_default())).ok()?;
        }
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() + 60_000;
        write!(
            writer,
            "HTTP/1.1 {status} S\r\ncontent-length: {}\r\nlambda-runtime-aws-request-id: r\r\n\
             lambda-runtime-deadline-ms: {deadline}\r\nlambda-runtime-invoked-function-arn: arn\r\n\r\n{answer}",
            answer.len()
        )
        .ok()?;
    }
}

/// The handler, ended with the test.
struct Handler(Child);

impl Handler {
    fn start(server: &Server) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_stack-support"))
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", &server.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "support")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "g")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "s")
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

fn event(server: &Server, resource_type: &str) -> Value {
    json!({
        "RequestType": "Create", "ResponseURL": format!("http://{}/answer?X-Amz-Signature=topsecret", server.address),
        "StackId": "arn:stack", "RequestId": "r-1", "LogicalResourceId": "Data", "ResourceType": resource_type,
        "ServiceToken": "t", "ResourceProperties": {"ServiceToken": "t", "Bucket": "data"},
    })
}

#[test]
fn a_request_is_answered_and_its_url_not_logged() {
    let server = Server::start(2);
    let handler = Handler::start(&server);
    server.events.send(event(&server, "Custom::EmptyBucket")).unwrap();
    let (method, path, body) = server.call();
    assert_eq!((method.as_str(), path.as_str()), ("PUT", "/answer?X-Amz-Signature=topsecret"));
    assert_eq!(
        body,
        json!({"Status": "SUCCESS", "PhysicalResourceId": "empty-bucket:data", "StackId": "arn:stack", "RequestId": "r-1",
            "LogicalResourceId": "Data"})
    );
    let (_, path, _) = server.call();
    assert!(path.ends_with("/invocation/r/response"), "{path}");

    server.events.send(event(&server, "Custom::Unknown")).unwrap();
    let (_, _, body) = server.call();
    assert_eq!(body["Status"], "FAILED");
    assert_eq!(body["Reason"], "the resource type `Custom::Unknown` is unknown");
    let (_, path, _) = server.call();
    assert!(path.ends_with("/response"), "a failure that was answered is no failed invocation: {path}");

    let log = handler.log();
    assert!(log.contains("\"logical_id\":\"Data\""), "{log}");
    assert!(!log.contains("topsecret"), "{log}");
}
