//! What the programs of the functions share. All of it is compiled here, once: a program itself is a few lines.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use handler_runtime::api::{self, Request};
use handler_runtime::batch::{self, Message, Messages};
use handler_runtime::{Diagnostic, Error, Invocation, ServiceError, diagnostic, start};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::pipeline::Failure;
use crate::pipeline::answer::{Answer, Refusal};
use crate::pipeline::deliver::Delivery;

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;
type Outcome = Result<Value, Diagnostic>;

/// What a function does with an event.
pub struct Handler(Box<dyn Fn(Value, Invocation) -> Boxed<Outcome>>);

/// Makes a handler, once.
pub type Program = fn() -> Boxed<Result<Handler, Error>>;

impl std::fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Handler").finish_non_exhaustive()
    }
}

impl Handler {
    pub(super) fn new<F: Future<Output = Outcome> + 'static>(
        handle: impl Fn(Value, Invocation) -> F + 'static,
    ) -> Self {
        Self(Box::new(move |event, invocation| Box::pin(handle(event, invocation))))
    }
}

/// Runs a function until Lambda has no more events for it.
///
/// # Errors
/// When it cannot start.
pub fn run(program: Program) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(start(async || {
        let Handler(handle) = program().await?;
        Ok(async move |event: Value, invocation: &Invocation| handle(event, invocation.clone()).await)
    }))
}

pub(super) fn read<T: DeserializeOwned>(event: Value) -> Result<T, Diagnostic> {
    serde_json::from_value(event).map_err(|error| diagnostic("UnknownEvent", error))
}

fn written(answer: &impl Serialize) -> Outcome {
    serde_json::to_value(answer).map_err(|error| diagnostic("UnknownAnswer", error))
}

/// Answers a request. What fails is logged, and the caller is told no more than that.
pub(super) async fn respond(
    event: Value,
    handle: impl AsyncFnOnce(Request) -> Result<Answer, ServiceError>,
) -> Outcome {
    let Answer { status, headers, body } = match Request::of(read::<ApiGatewayV2httpRequest>(event)?) {
        Err(_) => Refusal::bad("bad_body", "the body cannot be decoded", None).into(),
        Ok(request) => handle(request).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the request failed");
            Answer::fault()
        }),
    };
    written(&api::answer(status, headers.iter().map(|(name, value)| (*name, value.as_str())), body))
}

fn delivery(message: &Message) -> Delivery {
    Delivery { body: message.body.clone(), receive_count: message.receive_count }
}

/// Gives messages to `handle`, one after the other.
pub(super) async fn deliver(
    event: Value,
    invocation: &Invocation,
    handle: impl AsyncFn(&Delivery) -> Result<(), Failure>,
) -> Outcome {
    let messages: Messages = read(event)?;
    let handle = async |message: &Message| handle(&delivery(message)).await;
    written(&batch::each(messages, invocation, Duration::ZERO, handle).await)
}

/// Gives all messages to `handle`.
pub(super) async fn deliver_together(
    event: Value,
    handle: impl AsyncFnOnce(&[Delivery]) -> Vec<Result<(), Failure>>,
) -> Outcome {
    let messages: Messages = read(event)?;
    let handle = async |messages: &[Message]| handle(&messages.iter().map(delivery).collect::<Vec<_>>()).await;
    written(&batch::together(messages, handle).await)
}
