//! Queues that feed functions.

use stackgen_resources::typed::{Arg, Int};
use stackgen_template::Value;

use super::{Mapping, mapping_methods};
use crate::constructs::{FunctionHandle, QueueHandle};
use crate::core::Period;

/// Invokes a function with the messages of a queue: made by [`QueueHandle::feeds`], to be added to a stack.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("review");
/// let bottle = stack.add("Bottle", Queue::new().visibility_timeout(minutes::<30>()));
/// let source = "def handler(event, context): return {'batchItemFailures': []}";
/// let handler = stack.add(
///     "BottleHandler",
///     Function::inline(Runtime::Python313, "index.handler", source).timeout(minutes::<5>()),
/// );
/// let events = bottle.feeds(&handler).batch_size(int::<5>()).max_concurrency(int::<5>());
/// stack.add("BottleEvents", events.report_batch_item_failures());
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
///
/// Batches of more than ten messages need a time to gather them, so the two are set together:
///
/// ```compile_fail
/// # use stackgen::prelude::*;
/// # let mut app = App::new();
/// # let mut stack = app.stack("review");
/// # let queue = stack.add("Bottle", Queue::new());
/// # let handler = stack.add("Handler", Function::inline(Runtime::Python313, "index.handler", ""));
/// let events = queue.feeds(&handler).batch_size(int::<100>());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a queue feeds a function only once this is added to a stack"]
pub struct QueueEvents {
    mapping: Mapping,
}

mapping_methods!(QueueEvents);

impl<R> QueueHandle<R> {
    /// Invokes `function` with the queue's messages. The function is given access to receive and delete them.
    pub fn feeds(&self, function: &FunctionHandle) -> QueueEvents {
        QueueEvents { mapping: Mapping::new(self.arn(), function, self.consume()) }
    }
}

impl QueueEvents {
    /// How many messages an invocation gets at most, 1 to 10; 10 when not said.
    pub fn batch_size(mut self, messages: impl Arg<Int<1, 10>>) -> Self {
        self.mapping.settings.put("BatchSize", messages.into_value());
        self
    }

    /// How long Lambda gathers messages before it invokes the function, up to 5 minutes. Not for FIFO queues.
    pub fn batch_window(mut self, window: impl Arg<Period<0, 300>>) -> Self {
        self.mapping.settings.put("MaximumBatchingWindowInSeconds", window.into_value());
        self
    }

    /// Gathers up to 10,000 messages for an invocation, for up to 5 minutes. Not for FIFO queues.
    pub fn large_batches(mut self, messages: impl Arg<Int<1, 10_000>>, window: impl Arg<Period<1, 300>>) -> Self {
        self.mapping.settings.put("BatchSize", messages.into_value());
        self.mapping.settings.put("MaximumBatchingWindowInSeconds", window.into_value());
        self
    }

    /// How many invocations run at once at most, 2 to 1,000; as many as the function may when not said.
    pub fn max_concurrency(mut self, invocations: impl Arg<Int<2, 1_000>>) -> Self {
        self.mapping.settings.put("ScalingConfig", Value::single("MaximumConcurrency", invocations.into_value()));
        self
    }
}
