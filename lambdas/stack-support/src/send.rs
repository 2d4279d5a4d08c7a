//! Sending the answer.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::request::ResponseUrl;
use crate::response::Response;

/// Waits between attempts. CloudFormation waits an hour for an answer that does not come, so it is worth some seconds.
const WAITS: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// What carries the answer.
pub trait Transport: Sync {
    /// Sends `body` with PUT, without a content type, and returns the status. An error must not tell the URL.
    fn put(&self, url: &str, body: Vec<u8>) -> impl Future<Output = Result<u16, String>> + Send;

    /// Waits.
    fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// Sends `response`, more than once where that can help.
///
/// # Errors
/// When every attempt failed, or the answer was refused.
pub async fn send<T: Transport>(response: &Response, url: &ResponseUrl, transport: &T) -> Result<(), SendError> {
    let body = serde_json::to_vec(response).map_err(|error| SendError { attempts: 0, last: error.to_string() })?;
    let mut waits = WAITS.into_iter();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let (last, is_final) = match transport.put(url.expose(), body.clone()).await {
            Ok(200..=299) => return Ok(()),
            Ok(status) => (format!("status {status}"), !matches!(status, 408 | 429 | 500..)),
            Err(error) => (error, false),
        };
        match waits.next() {
            Some(wait) if !is_final => transport.wait(wait).await,
            _ => return Err(SendError { attempts, last }),
        }
    }
}

/// An answer that did not reach CloudFormation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError {
    /// How often it was tried.
    pub attempts: u32,
    /// What came of the last attempt.
    pub last: String,
}

impl fmt::Display for SendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the answer did not reach CloudFormation in {} attempts: {}", self.attempts, self.last)
    }
}

impl std::error::Error for SendError {}
