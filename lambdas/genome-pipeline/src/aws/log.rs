//! How far the worker is, in its log group: a line a minute.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use handler_runtime::memory::open;
use handler_runtime::{Error, ServiceError, aws_config, code, failed};

const PERIOD: Duration = Duration::from_mins(1);

/// A thread that writes lines, also while the other one computes.
pub(super) struct Log {
    last: Sender<String>,
    thread: JoinHandle<()>,
}

impl Log {
    /// Begins to write what is being done to a stream with the name of the job.
    pub(super) fn begin(group: String, job: &str, doing: &Arc<Mutex<String>>) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (last, lines) = channel();
        let (stream, doing) = (job.to_owned(), Arc::clone(doing));
        let thread = thread::spawn(move || {
            let client = runtime.block_on(async { Client::new(&aws_config().await) });
            let write = |line: String| {
                let written = runtime.block_on(write(&client, &group, &stream, &line));
                report(&line, written);
            };
            loop {
                match lines.recv_timeout(PERIOD) {
                    Ok(line) => {
                        write(line);
                        return;
                    }
                    Err(RecvTimeoutError::Timeout) => write(open(&doing).clone()),
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Ok(Self { last, thread })
    }

    /// Writes a last line.
    pub(super) fn end(self, line: String) {
        let _ = self.last.send(line);
        let _ = self.thread.join();
    }
}

/// A log that cannot be written is no reason to give up the job: the console of the instance tells of it.
#[expect(clippy::print_stderr, reason = "this is a command")]
fn report(line: &str, written: Result<(), ServiceError>) {
    eprintln!("{line}");
    if let Err(error) = written {
        eprintln!("{error}");
    }
}

async fn write(client: &Client, group: &str, stream: &str, line: &str) -> Result<(), ServiceError> {
    let milliseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let event = InputLogEvent::builder().timestamp(i64::try_from(milliseconds).unwrap_or(i64::MAX)).message(line);
    let event = event.build().map_err(|error| ServiceError::new("a line of the log", error.to_string()))?;
    // Whether the stream is there is known by making it: the role may not look.
    match client.create_log_stream().log_group_name(group).log_stream_name(stream).send().await {
        Err(error) if code(&error) != Some("ResourceAlreadyExistsException") => {
            return Err(failed(format!("logs:CreateLogStream `{group}`"))(error));
        }
        _ => {}
    }
    let call = client.put_log_events().log_group_name(group).log_stream_name(stream).log_events(event);
    call.send().await.map_err(failed(format!("logs:PutLogEvents `{group}`")))?;
    Ok(())
}
