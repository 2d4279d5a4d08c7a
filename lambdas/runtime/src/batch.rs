//! Messages of a queue.

#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error as _;

use crate::Invocation;

/// Messages of a queue, as a function gets them: the event of [`each`].
#[derive(Debug, Clone, PartialEq)]
pub struct Messages(Vec<Message>);

/// A message of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id, the same whenever it is received.
    pub id: String,
    /// Its text.
    pub body: String,
    /// How often it was received, this time included.
    pub receive_count: u32,
}

impl<'de> Deserialize<'de> for Messages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let event = SqsEvent::deserialize(deserializer)?;
        let message = |record: aws_lambda_events::sqs::SqsMessage| {
            let id = record.message_id.ok_or_else(|| D::Error::custom("a message has no `messageId`"))?;
            let count = record.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
            Ok(Message { id, body: record.body.unwrap_or_default(), receive_count: count.unwrap_or(1) })
        };
        event.records.into_iter().map(message).collect::<Result<_, _>>().map(Self)
    }
}

/// Gives the messages to `handle` one after the other. Those that fail are named in the answer, so that the queue gives
/// them again, and only them. When less than `reserve` is left of the invocation's time, the rest goes back untouched.
///
/// What `handle` says of a failure is logged.
pub async fn each<E: std::fmt::Display>(
    messages: Messages,
    invocation: &Invocation,
    reserve: Duration,
    handle: impl AsyncFn(&Message) -> Result<(), E>,
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    let mut fail = |message: &Message| {
        let mut failure = BatchItemFailure::default();
        failure.item_identifier.clone_from(&message.id);
        response.batch_item_failures.push(failure);
    };
    let mut late = 0_usize;
    for message in &messages.0 {
        if invocation.remaining() < reserve {
            late += 1;
            fail(message);
        } else if let Err(error) = handle(message).await {
            tracing::error!(message_id = message.id, receive_count = message.receive_count, %error, "message failed");
            fail(message);
        }
    }
    if late > 0 {
        tracing::warn!(messages = late, "not enough time is left: they go back to the queue");
    }
    response
}

/// Gives all messages to `handle` at once, which says what became of each, in their order. Those that failed are named in
/// the answer, so that the queue gives them again, and only them.
pub async fn together<E: std::fmt::Display>(
    messages: Messages,
    handle: impl AsyncFnOnce(&[Message]) -> Vec<Result<(), E>>,
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    let outcomes = handle(&messages.0).await;
    // Whatever was not told of did not succeed.
    let outcomes = outcomes.into_iter().map(Some).chain(std::iter::repeat_with(|| None));
    for (message, outcome) in messages.0.iter().zip(outcomes) {
        let error = match outcome {
            Some(Ok(())) => continue,
            Some(Err(error)) => error.to_string(),
            None => "nothing is known of it".to_owned(),
        };
        tracing::error!(message_id = message.id, receive_count = message.receive_count, error, "message failed");
        let mut failure = BatchItemFailure::default();
        failure.item_identifier.clone_from(&message.id);
        response.batch_item_failures.push(failure);
    }
    response
}
