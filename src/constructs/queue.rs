//! Queues of SQS.

use std::marker::PhantomData;

use stackgen_resources::typed::{Arg, Arn, Handle, Id, Int};
use stackgen_resources::{kind, sqs};
use stackgen_template::{Expression, Map, Reference, ResourceId, Text, Value};

use super::arn_parts::{concatenate, part_of, regional_arn};
use super::encryption::with_key;
use super::message_order::is_fifo_name;
use super::tls_only::deny_plain_http;
use super::{Alarm, Fifo, FifoQueueName, MessageOrder, Metric, MissingData, Outside, QueueName, Standard, Statistic};
use crate::core::{
    Attributes, Construct, Grant, Period, PolicyTarget, Problem, RemovalPolicy, ResourceExt, Scope, days,
};

/// A queue of SQS: encrypted, and reached over TLS only.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("review");
/// let bottle = stack.add("Bottle", Queue::new().visibility_timeout(minutes::<30>()).dead_letter(int::<5>()));
/// let ordered = stack.add("Ordered", Queue::fifo().content_based_deduplication());
///
/// stack.output("BottleUrl", bottle.url());
/// if let Some(dead_letters) = bottle.dead_letters() {
///     stack.add("BottleAlarm", dead_letters.depth_alarm());
/// }
/// assert!(!app.synthesize().has_errors());
/// ```
///
/// A visibility timeout of more than twelve hours does not compile:
///
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let queue = Queue::new().visibility_timeout(hours::<13>());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a queue exists only once it is added to a stack"]
pub struct Queue<K = Standard> {
    resource: sqs::Queue,
    name: Option<Value>,
    key: Option<Arn<kind::kms::Key>>,
    dead_letters: DeadLetters,
    attributes: Attributes,
    order: PhantomData<K>,
}

/// Where messages go that were received too often.
#[derive(Debug, Clone)]
enum DeadLetters {
    /// Nowhere: they are received until they expire.
    None,
    /// To a queue of their own, after so many receives.
    Own { receives: Value },
    /// To a queue that exists already.
    Other { queue: Arn<kind::sqs::Queue>, is_fifo: Option<bool>, receives: Value },
}

impl Queue<Standard> {
    /// A standard queue: any number of messages a second, in nearly the order in which they were sent.
    pub fn new() -> Self {
        Self::of_order()
    }

    /// Sets the name. Without one CloudFormation makes one up.
    pub fn name(self, name: impl Arg<QueueName>) -> Self {
        self.named(name.into_value())
    }

    /// A queue that no stack of the app holds.
    pub fn from_arn(arn: impl Arg<Arn<kind::sqs::Queue>>) -> QueueHandle<Outside> {
        let arn = arn.into_value();
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
        QueueHandle {
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

impl Default for Queue<Standard> {
    fn default() -> Self {
        Self::new()
    }
}

impl Queue<Fifo> {
    /// A FIFO queue: the messages of a group in the order in which they were sent. Its name ends with `.fifo`.
    pub fn fifo() -> Self {
        let mut queue = Self::of_order();
        queue.resource = queue.resource.fifo_queue(true);
        queue
    }

    /// Sets the name. Without one CloudFormation makes one up.
    pub fn name(self, name: impl Arg<FifoQueueName>) -> Self {
        self.named(name.into_value())
    }

    /// Takes messages of equal content, sent within five minutes, for the same message.
    pub fn content_based_deduplication(self) -> Self {
        self.raw("ContentBasedDeduplication", true)
    }

    /// Counts duplicates and the limit on throughput by message group, for many more messages a second.
    pub fn high_throughput(self) -> Self {
        self.raw("DeduplicationScope", "messageGroup").raw("FifoThroughputLimit", "perMessageGroupId")
    }
}

impl<K: MessageOrder> Queue<K> {
    fn of_order() -> Self {
        Self {
            resource: sqs::Queue::new(),
            name: None,
            key: None,
            dead_letters: DeadLetters::None,
            attributes: Attributes::new(),
            order: PhantomData,
        }
    }

    fn named(mut self, name: Value) -> Self {
        self.resource = self.resource.raw("QueueName", name.clone());
        self.name = Some(name);
        self
    }

    /// How long a received message stays hidden from other receivers: up to 12 hours, 30 seconds when not set.
    ///
    /// A function that is fed by the queue wants six times its own timeout.
    pub fn visibility_timeout(self, timeout: impl Arg<Period<0, 43_200>>) -> Self {
        self.raw("VisibilityTimeout", timeout.into_value())
    }

    /// How long a message is kept: 1 minute to 14 days, 4 days when not set.
    pub fn retention(self, retention: impl Arg<Period<60, 1_209_600>>) -> Self {
        self.raw("MessageRetentionPeriod", retention.into_value())
    }

    /// How long a message is held back after it was sent: up to 15 minutes.
    pub fn delivery_delay(self, delay: impl Arg<Period<0, 900>>) -> Self {
        self.raw("DelaySeconds", delay.into_value())
    }

    /// How long a receiver waits for a message when there is none: up to 20 seconds.
    pub fn receive_wait(self, wait: impl Arg<Period<0, 20>>) -> Self {
        self.raw("ReceiveMessageWaitTimeSeconds", wait.into_value())
    }

    /// The largest message in bytes: 1 KiB to 1 MiB.
    pub fn max_message_bytes(self, bytes: impl Arg<Int<1_024, 1_048_576>>) -> Self {
        self.raw("MaximumMessageSize", bytes.into_value())
    }

    /// Moves messages that were received `receives` times, 1 to 1,000, to a queue of their own, which keeps them for 14
    /// days. The handle gives it as [`QueueHandle::dead_letters`].
    pub fn dead_letter(mut self, receives: impl Arg<Int<1, 1_000>>) -> Self {
        self.dead_letters = DeadLetters::Own { receives: receives.into_value() };
        self
    }

    /// Moves messages that were received `receives` times, 1 to 1,000, to another queue of the same kind.
    pub fn dead_letter_to<R>(mut self, queue: &QueueHandle<R>, receives: impl Arg<Int<1, 1_000>>) -> Self {
        self.dead_letters =
            DeadLetters::Other { queue: queue.arn(), is_fifo: queue.is_fifo, receives: receives.into_value() };
        self
    }

    /// Encrypts messages with a key of KMS, in place of the key that SQS manages. Grants of the queue then allow the use
    /// of the key; services that send to the queue must be allowed it in the key's policy.
    pub fn encryption_key(mut self, key: impl Arg<Arn<kind::kms::Key>>) -> Self {
        self.key = Some(Arn::from_value(key.into_value()));
        self
    }

    /// What becomes of the queue and its messages when it is removed from the stack: deleted, when not set.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.attributes = self.attributes.removal(policy);
        self
    }

    /// Sets the attributes of the resource, such as a condition.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets any property of the `AWS::SQS::Queue`.
    pub fn raw(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.resource = self.resource.raw(name, value);
        self
    }

    /// Adds the queue of dead letters, when it has one of its own.
    fn add_dead_letters(&self, scope: &mut Scope<'_>) -> Option<QueueHandle> {
        let DeadLetters::Own { .. } = self.dead_letters else { return None };
        let mut queue = Self::of_order().retention(days::<14>());
        if K::IS_FIFO {
            queue.resource = queue.resource.fifo_queue(true);
        }
        queue.key.clone_from(&self.key);
        if let Some(name) = &self.name {
            // With a known name the source's ARN is known too, without a circle of references.
            let source = regional_arn("sqs", [name.clone()]);
            let allow = Map::from_iter([
                (Text::Borrowed("redrivePermission"), "byQueue".into()),
                (Text::Borrowed("sourceQueueArns"), Value::List(vec![source])),
            ]);
            queue = queue.raw("RedriveAllowPolicy", allow);
        }
        Some(scope.add("DeadLetters", queue))
    }
}

impl<K: MessageOrder> Construct for Queue<K> {
    type Handle = QueueHandle;

    fn build(mut self, scope: &mut Scope<'_>) -> QueueHandle {
        let dead_letters = self.add_dead_letters(scope);
        let redrive = match (&self.dead_letters, &dead_letters) {
            (DeadLetters::Own { receives }, Some(queue)) => Some((queue.arn(), receives.clone())),
            (DeadLetters::Other { queue, is_fifo, receives }, _) => {
                if is_fifo.is_some_and(|is_fifo| is_fifo != K::IS_FIFO) {
                    let message = "the dead letters of a FIFO queue go to a FIFO queue, those of a standard queue to a standard queue";
                    scope.report(
                        Problem::error(message).hint("give the queue one of its own kind, or `.dead_letter(…)`"),
                    );
                }
                Some((queue.clone(), receives.clone()))
            }
            _ => None,
        };
        if let Some((target, receives)) = redrive {
            let policy = Map::from_iter([
                (Text::Borrowed("deadLetterTargetArn"), target.into()),
                (Text::Borrowed("maxReceiveCount"), receives),
            ]);
            self = self.raw("RedrivePolicy", policy);
        }
        self = match &self.key {
            Some(key) => {
                let key = Value::from(key);
                self.raw("KmsMasterKeyId", key)
            }
            None => self.raw("SqsManagedSseEnabled", true),
        };
        let resource = scope.add("Default", self.resource.with(self.attributes));
        let mut handle = QueueHandle::from(resource.id().clone());
        handle.key = self.key;
        handle.is_fifo = Some(K::IS_FIFO);
        handle.dead_letters = dead_letters.map(Box::new);
        scope.resource_policy(PolicyTarget::Queue(handle.resource.clone()), deny_plain_http(["sqs:*"], [handle.arn()]));
        handle
    }
}

/// A queue, to send to, to receive from, and to refer to. `R` is [`Outside`] for a queue that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct QueueHandle<R = ResourceId> {
    resource: R,
    arn: Arn<kind::sqs::Queue>,
    url: Id<kind::sqs::Queue>,
    name: Expression,
    key: Option<Arn<kind::kms::Key>>,
    /// None for a queue of which only the reference is known.
    is_fifo: Option<bool>,
    dead_letters: Option<Box<QueueHandle>>,
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
        self.with_key(
            Grant::new(["sqs:SendMessage"], [self.arn()], "sends to the queue"),
            &["kms:Decrypt", "kms:GenerateDataKey"],
        )
    }

    /// Access to receive messages, to hide them longer, and to delete them when they are done.
    pub fn consume(&self) -> Grant {
        let actions =
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"];
        self.with_key(Grant::new(actions, [self.arn()], "receives from the queue"), &["kms:Decrypt"])
    }

    /// Access to do `actions`, such as `sqs:PurgeQueue`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [self.arn()], "uses the queue")
    }

    fn with_key(&self, grant: Grant, actions: &[&'static str]) -> Grant {
        with_key(grant, self.key.as_ref(), actions)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use stackgen_resources::arn;
    use stackgen_resources::typed::int;

    use super::*;
    use crate::constructs::testing::{problems_of, template_of};
    use crate::constructs::{fifo_queue_name, queue_name};
    use crate::core::{hours, minutes, seconds};

    #[test]
    fn queues() {
        insta::assert_snapshot!(template_of(|stack| {
            stack.add("Plain", Queue::new());
            let jobs = stack.add(
                "Jobs",
                Queue::new()
                    .visibility_timeout(minutes::<30>())
                    .retention(days::<4>())
                    .delivery_delay(seconds::<5>())
                    .receive_wait(seconds::<20>())
                    .dead_letter(int::<5>()),
            );
            stack.add("Named", Queue::new().name(queue_name!("jobs")).dead_letter(int::<3>()));
            let ordered = stack.add("Ordered", Queue::fifo().content_based_deduplication().high_throughput());
            stack.add(
                "Orders",
                Queue::fifo().name(fifo_queue_name!("orders.fifo")).dead_letter_to(&ordered, int::<2>()),
            );
            let key = arn!("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
            stack.add("Sealed", Queue::new().encryption_key(key).removal(RemovalPolicy::Retain));
            stack.output("DeadLetters", jobs.dead_letters().unwrap().url());
        }));
    }

    #[test]
    fn dead_letters_of_a_fifo_queue_go_to_a_fifo_queue() {
        let problems = problems_of(|stack| {
            let standard = stack.add("Standard", Queue::new());
            stack.add("Ordered", Queue::fifo().dead_letter_to(&standard, int::<3>()));
        });
        assert!(problems.iter().any(|problem| problem.contains("go to a FIFO queue")), "{problems:?}");
    }

    #[test]
    fn a_queue_outside_the_app_is_known_by_its_arn() {
        let queue = Queue::from_arn(arn!("arn:aws:sqs:eu-west-1:123456789012:jobs"));
        assert_eq!(queue.name(), Expression::raw("jobs"));
        let url = concatenate([
            "https://sqs.eu-west-1.".into(),
            Expression::url_suffix().into(),
            "/123456789012/jobs".into(),
        ]);
        assert_eq!(Value::from(queue.url()), url);
        assert_eq!(queue.send().statements().len(), 1);
    }

    #[test]
    fn a_key_of_ones_own_is_granted_with_the_queue() {
        let key = arn!("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        let mut app = crate::core::App::new();
        let queue = app.stack("test").add("Jobs", Queue::new().visibility_timeout(hours::<12>()).encryption_key(key));
        assert_eq!(queue.send().statements().len(), 2);
        assert_eq!(queue.consume().statements().len(), 2);
    }
}
