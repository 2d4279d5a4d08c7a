//! What others need of a queue.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Arn, Handle, Id};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::super::arn_parts::{concatenate, part_of};
use super::super::encryption::grant_with_key;
use super::super::message_order::is_fifo_name;
use super::super::{Alarm, Metric, MissingData, Outside, Statistic};
use crate::core::Grant;

/// A queue, to send to, to receive from, and to refer to. `R` is [`Outside`] for a queue that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct QueueHandle<R = ResourceId> {
    resource: R,
    arn: Arn<kind::sqs::Queue>,
    url: Id<kind::sqs::Queue>,
    name: Expression,
    pub(super) key: Option<Arn<kind::kms::Key>>,
    /// None for a queue of which only the reference is known.
    pub(super) is_fifo: Option<bool>,
    pub(super) dead_letters: Option<Box<QueueHandle>>,
}

impl From<ResourceId> for QueueHandle {
    fn from(id: ResourceId) -> Self {
        Self {
            arn: Arn::of(Reference::attribute(id.clone(), "Arn")),
            url: Id::of(Reference::to(id.clone())),
            name: Reference::attribute(id.clone(), "QueueName").into(),
            key: None,
            is_fifo: None,
            dead_letters: None,
            resource: id,
        }
    }
}

impl QueueHandle<Outside> {
    /// The queue with `arn`, in whichever account and region it says.
    pub(super) fn outside(arn: Value) -> Self {
        let url = concatenate([
            "https://sqs.".into(),
            part_of(&arn, 3),
            ".".into(),
            Expression::url_suffix().into(),
            "/".into(),
            part_of(&arn, 4),
            "/".into(),
            part_of(&arn, 5),
        ]);
        let is_fifo = arn.as_str().map(is_fifo_name);
        Self {
            resource: Outside,
            name: Expression::raw(part_of(&arn, 5)),
            url: Id::from_value(url),
            arn: Arn::from_value(arn),
            key: None,
            is_fifo,
            dead_letters: None,
        }
    }
}

impl Handle for QueueHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl QueueHandle {
    /// The queue's own queue of dead letters, when it was given one by [`Queue::dead_letter`].
    pub fn dead_letters(&self) -> Option<&QueueHandle> {
        self.dead_letters.as_deref()
    }
}

impl<R> QueueHandle<R> {
    /// The ARN.
    pub fn arn(&self) -> Arn<kind::sqs::Queue> {
        self.arn.clone()
    }

    /// The URL, by which programs know the queue.
    pub fn url(&self) -> Id<kind::sqs::Queue> {
        self.url.clone()
    }

    /// The name, without the URL around it.
    pub fn name(&self) -> Expression {
        self.name.clone()
    }

    /// Access to send messages.
    pub fn send(&self) -> Grant {
        self.granted(["sqs:SendMessage"], "sends to the queue")
    }

    /// Access to receive messages, to hide them longer, and to delete them when they are done.
    pub fn consume(&self) -> Grant {
        let actions =
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"];
        self.granted(actions, "receives from the queue")
    }

    /// Access to do `actions`, such as `sqs:PurgeQueue`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        self.granted(actions, "uses the queue")
    }

    fn granted<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>, reason: &'static str) -> Grant {
        grant_with_key(actions, [self.arn()], reason, self.key.as_ref())
    }

    /// A metric of SQS about the queue, such as `NumberOfMessagesSent`, over 5 minutes.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/SQS", name).dimension("QueueName", self.name())
    }

    /// How many messages wait to be received.
    pub fn visible_messages(&self) -> Metric {
        self.metric("ApproximateNumberOfMessagesVisible").statistic(Statistic::Maximum)
    }

    /// How old the oldest message is, in seconds.
    pub fn oldest_message_age(&self) -> Metric {
        self.metric("ApproximateAgeOfOldestMessage").statistic(Statistic::Maximum)
    }

    /// An alarm that is raised when a message waits: for queues of dead letters.
    pub fn depth_alarm(&self) -> Alarm {
        Alarm::at_least(self.visible_messages(), 1)
            .missing_data(MissingData::NotBreaching)
            .description("messages wait in a queue that should be empty")
    }
}

impl<R> Arg<Arn<kind::sqs::Queue>> for &QueueHandle<R> {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}
