//! A function as a process of its own, against a Runtime API on loopback. The process is this test, started again.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use handler_runtime::{Clock, Invocation, SystemClock, diagnostic, load, start};
use serde_json::{Value, json};
use stackgen_contract::environment;

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

/// A Runtime API that hands out events, and notes everything that is sent to it: path and body.
struct RuntimeApi {
    address: String,
    events: Sender<(String, Value)>,
    calls: Receiver<(String, Value)>,
}

impl RuntimeApi {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (events, next_events) = channel();
        let next_events = Arc::new(Mutex::new(next_events));
        let (noted, calls) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (next_events, noted) = (Arc::clone(&next_events), noted.clone());
                thread::spawn(move || serve(&stream, &next_events, &noted));
            }
        });
        Self { address, events, calls }
    }
}

/// Serves one connection until the client closes it.
fn serve(
    mut stream: &TcpStream,
    events: &Mutex<Receiver<(String, Value)>>,
    noted: &Sender<(String, Value)>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
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
        let (status, id, answer) = if method == "GET" {
            let (id, event) = events.lock().ok()?.recv().ok()?;
            (200, id, event.to_string())
        } else {
            noted.send((path, serde_json::from_slice(&body).unwrap_or_default())).ok()?;
            (202, String::new(), String::new())
        };
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() + 60_000;
        let head = format!(
            "HTTP/1.1 {status} S\r\ncontent-length: {}\r\nlambda-runtime-aws-request-id: {id}\r\n\
             lambda-runtime-deadline-ms: {deadline}\r\nlambda-runtime-invoked-function-arn: arn\r\n\r\n",
            answer.len()
        );
        stream.write_all(format!("{head}{answer}").as_bytes()).ok()?;
    }
}

/// The process of the function, ended with the test.
struct Function(Child);

impl Function {
    fn start(api: &RuntimeApi, environment: &[(&str, &str)]) -> Self {
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "greeter", "--nocapture"])
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", &api.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "greeter")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "g")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "s")
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
        api.events.send((id.to_owned(), event)).unwrap();
        api.calls.recv_timeout(Duration::from_secs(30)).unwrap()
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
    assert!(api.calls.try_recv().is_err());
}
