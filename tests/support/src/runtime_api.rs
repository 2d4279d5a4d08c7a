//! What Lambda is to the process of a function: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::process::Command;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::{Loopback, Reply, Request};

/// How long a function may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a function is told that it has.
const TIME_LEFT: Duration = Duration::from_mins(1);

/// A Runtime API: gives a function its events, and notes what it answers.
#[derive(Debug)]
pub struct RuntimeApi {
    server: Loopback,
    events: Sender<(String, Value)>,
    calls: Receiver<Request>,
}

impl RuntimeApi {
    /// Starts one.
    pub fn start() -> Self {
        Self::with(|_| None)
    }

    /// Starts one that is another server, too: `other` answers what it knows.
    pub fn with(other: impl Fn(&Request) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let (events, next) = channel::<(String, Value)>();
        let (noted, calls) = channel();
        let (next, noted) = (Mutex::new(next), Mutex::new(noted));
        let server = Loopback::start(move |request| {
            if request.method == "GET" && request.path.ends_with("/runtime/invocation/next") {
                // With the test, the events end, and nobody waits for an answer any more.
                let Ok((id, event)) = next.lock().unwrap().recv() else { return Reply::new(500, "") };
                return invocation(&id, &event);
            }
            let reply = other(request).unwrap_or_else(|| Reply::new(202, ""));
            // A test that has ended notes nothing any more.
            let _ = noted.lock().unwrap().send(request.clone());
            reply
        });
        Self { server, events, calls }
    }

    /// The URL of the server, without a `/` at its end.
    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// Sets the variables that Lambda gives to every function, and no others.
    pub fn environment<'a>(&self, command: &'a mut Command, name: &str) -> &'a mut Command {
        let address = self.server.url.trim_start_matches("http://");
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "g")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "s")
    }

    /// Gives the function an event, as the request `id`.
    pub fn give(&self, id: &str, event: Value) {
        self.events.send((id.to_owned(), event)).unwrap();
    }

    /// The next thing that the function sends, and waits for it.
    pub fn sent(&self) -> Request {
        self.calls.recv_timeout(PATIENCE).unwrap()
    }

    /// Whether the function has sent nothing that was not looked at.
    pub fn is_quiet(&self) -> bool {
        self.calls.try_recv().is_err()
    }
}

fn invocation(id: &str, event: &Value) -> Reply {
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + TIME_LEFT;
    Reply::new(200, event.to_string())
        .header("lambda-runtime-aws-request-id", id)
        .header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
        .header("lambda-runtime-invoked-function-arn", "arn")
}
