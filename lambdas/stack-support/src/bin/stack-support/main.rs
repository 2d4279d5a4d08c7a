//! The function behind the library's custom resources: takes a request, does it, sends the answer.

mod aws;
mod http;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::BehaviorVersion;
use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use stack_support::{Budget, Outcome, Request, Status, answer, handle, is_last_attempt, send};
use tracing::Level;

use crate::aws::Aws;
use crate::http::Http;

/// What is kept of the time to send the answer, even when a call hangs.
const ANSWER_RESERVE: Duration = Duration::from_secs(12);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Nothing below this level is let through: the SDK and the runtime log whole requests there, and with them the
    // signed URL.
    tracing_subscriber::fmt().json().with_max_level(Level::INFO).with_ansi(false).without_time().init();
    let store = Aws::new(&aws_config::load_defaults(BehaviorVersion::latest()).await);
    let transport = Http::new()?;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Request>| invoke(event, &store, &transport))).await
}

/// Does one request. An error makes Lambda try it again.
async fn invoke(event: LambdaEvent<Request>, store: &Aws, transport: &Http) -> Result<(), Diagnostic> {
    let LambdaEvent { payload: request, context } = event;
    let deadline = UNIX_EPOCH + Duration::from_millis(context.deadline);
    let remaining = move || deadline.duration_since(SystemTime::now()).unwrap_or_default();
    let timeout = remaining();
    let logical_id = request.logical_resource_id.as_str();
    let request_id = context.request_id.as_str();
    let resource_type = request.resource_type.as_str();
    tracing::info!(request_id, logical_id, resource_type, request_type = ?request.request_type, "request");

    let budget = Budget::new(remaining);
    let work = tokio::time::timeout(timeout.saturating_sub(ANSWER_RESERVE), handle(&request, store, &budget));
    let outcome = work.await.unwrap_or_else(|_| Outcome::Unfinished("waiting for AWS".to_owned()));
    let last_attempt = is_last_attempt(&request.response_url, SystemTime::now(), timeout);
    let unfinished = match &outcome {
        Outcome::Unfinished(step) => step.clone(),
        Outcome::Done(_) => String::new(),
    };
    let Some(response) = answer(&request, outcome, last_attempt) else {
        tracing::warn!(request_id, logical_id, "time ran out while {unfinished}; the next attempt goes on");
        return Err(diagnostic("Unfinished", format!("time ran out while {unfinished}")));
    };
    match response.status {
        Status::Success => tracing::info!(request_id, logical_id, reason = response.reason, "done"),
        Status::Failed => tracing::error!(request_id, logical_id, reason = response.reason, "failed"),
    }
    let sent = send(&response, &request.response_url, transport).await;
    sent.map_err(|error| diagnostic("AnswerNotSent", error.to_string()))
}

fn diagnostic(error_type: &str, error_message: String) -> Diagnostic {
    Diagnostic { error_type: error_type.to_owned(), error_message }
}
