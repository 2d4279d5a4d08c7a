//! Queues of SQS.

mod handle;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use stackgen_resources::typed::{Arg, Arn, Handle, Int};
use stackgen_resources::{kind, sqs};
use stackgen_template::{Map, Text, Value};

pub use handle::QueueHandle;

use super::arn_parts::regional_arn;
use super::escape::{Settings, escape_hatch};
use super::tls_only::deny_plain_http;
use super::{Fifo, FifoQueueName, MessageOrder, Outside, QueueName, Standard};
use crate::core::{Attributes, Construct, Period, PolicyTarget, Problem, RemovalPolicy, ResourceExt, Scope, days};

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
    name: Option<Value>,
    key: Option<Arn<kind::kms::Key>>,
    dead_letters: DeadLetters,
    settings: Settings,
    attributes: Attributes,
    order: PhantomData<K>,
}

escape_hatch!([K: MessageOrder] Queue<K>);

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
        QueueHandle::outside(arn.into_value())
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
        Self::of_order()
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
            name: None,
            key: None,
            dead_letters: DeadLetters::None,
            settings: Settings::default(),
            attributes: Attributes::new(),
            order: PhantomData,
        }
    }

    fn named(mut self, name: Value) -> Self {
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

    /// Adds the queue of dead letters, when it has one of its own.
    fn add_dead_letters(&self, scope: &mut Scope<'_>) -> Option<QueueHandle> {
        let DeadLetters::Own { .. } = self.dead_letters else { return None };
        let mut queue = Self::of_order().retention(days::<14>());
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

    fn build(self, scope: &mut Scope<'_>) -> QueueHandle {
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
        let mut queue = sqs::Queue::new();
        if K::IS_FIFO {
            queue = queue.fifo_queue(true);
        }
        if let Some(name) = self.name {
            queue = queue.raw("QueueName", name);
        }
        if let Some((target, receives)) = redrive {
            let policy = Map::from_iter([
                (Text::Borrowed("deadLetterTargetArn"), target.into()),
                (Text::Borrowed("maxReceiveCount"), receives),
            ]);
            queue = queue.redrive_policy(policy);
        }
        queue = match &self.key {
            Some(key) => queue.kms_master_key_id(key.clone()),
            None => queue.sqs_managed_sse_enabled(true),
        };
        let queue = self.settings.apply(queue, sqs::Queue::raw);
        let resource = scope.add("Default", queue.with(self.attributes));
        let mut handle = QueueHandle::from(resource.id().clone());
        handle.key = self.key;
        handle.is_fifo = Some(K::IS_FIFO);
        handle.dead_letters = dead_letters.map(Box::new);
        scope.resource_policy(PolicyTarget::Queue(handle.id().clone()), deny_plain_http(["sqs:*"], [handle.arn()]));
        handle
    }
}
