//! Where results of functions go.

use stackgen_resources::typed::Arn;
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
    pub fn event_bus(bus: impl Into<Arn<kind::events::EventBus>>) -> Self {
        let arn = Value::from(bus.into());
        let grant = Grant::new(["events:PutEvents"], [arn.clone()], "tell the event bus how invocations ended");
        Self { arn, grant }
    }
}

impl<R> From<&QueueHandle<R>> for Destination {
    fn from(queue: &QueueHandle<R>) -> Self {
        let grant = Grant::new(["sqs:SendMessage"], [queue.arn()], "tell the queue how invocations ended");
        Self { arn: queue.arn().into(), grant }
    }
}

impl<R> From<&TopicHandle<R>> for Destination {
    fn from(topic: &TopicHandle<R>) -> Self {
        let grant = Grant::new(["sns:Publish"], [topic.arn()], "tell the topic how invocations ended");
        Self { arn: topic.arn().into(), grant }
    }
}

impl From<&FunctionHandle> for Destination {
    fn from(function: &FunctionHandle) -> Self {
        let grant = Grant::new(["lambda:InvokeFunction"], [function.arn()], "tell the function how invocations ended");
        Self { arn: function.arn().into(), grant }
    }
}

impl<R> From<&BucketHandle<R>> for Destination {
    fn from(bucket: &BucketHandle<R>) -> Self {
        let grant = bucket.grant_on_objects(["s3:PutObject"]).and(bucket.list());
        Self { arn: bucket.arn().into(), grant }
    }
}
