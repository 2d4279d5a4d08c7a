//! Where results of functions go.

use stackgen_resources::typed::{Arg, Arn};
use stackgen_template::Value;

use super::FunctionHandle;
use crate::constructs::{BucketHandle, QueueHandle, TopicHandle};
use crate::core::Grant;
use crate::resources::kind;

/// Who is told how an asynchronous invocation or a batch of a stream ended: a queue, a topic, a function, an event bus or a
/// bucket.
///
/// Handles become destinations by themselves: `.on_failure(&queue)`.
#[derive(Debug, Clone)]
pub struct Destination {
    pub(crate) arn: Value,
    /// What the function must be allowed, so that Lambda can deliver in its name.
    pub(crate) grant: Grant,
}

impl Destination {
    /// An event bus by ARN.
    pub fn event_bus(bus: impl Arg<Arn<kind::events::EventBus>>) -> Self {
        let arn = bus.into_value();
        let grant = Grant::new(["events:PutEvents"], [arn.clone()], "tell the event bus how invocations ended");
        Self { arn, grant }
    }
}

impl<R> From<&QueueHandle<R>> for Destination {
    fn from(queue: &QueueHandle<R>) -> Self {
        Self { arn: queue.arn().into(), grant: queue.send() }
    }
}

impl<R> From<&TopicHandle<R>> for Destination {
    fn from(topic: &TopicHandle<R>) -> Self {
        Self { arn: topic.arn().into(), grant: topic.publish() }
    }
}

impl From<&FunctionHandle> for Destination {
    fn from(function: &FunctionHandle) -> Self {
        Self { arn: function.arn().into(), grant: function.invoke() }
    }
}

impl<R> From<&BucketHandle<R>> for Destination {
    fn from(bucket: &BucketHandle<R>) -> Self {
        Self { arn: bucket.arn().into(), grant: bucket.put().and(bucket.list()) }
    }
}

/// The queue or topic that a function hands events to which it gave up: see [`Function::dead_letter`](super::Function::dead_letter).
#[derive(Debug, Clone)]
pub struct DeadLetters(pub(super) Destination);

impl<R> From<&QueueHandle<R>> for DeadLetters {
    fn from(queue: &QueueHandle<R>) -> Self {
        Self(queue.into())
    }
}

impl<R> From<&TopicHandle<R>> for DeadLetters {
    fn from(topic: &TopicHandle<R>) -> Self {
        Self(topic.into())
    }
}
