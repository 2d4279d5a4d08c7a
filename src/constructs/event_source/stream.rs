//! Streams of tables that feed functions.

use stackgen_resources::typed::{Arg, Int};
use stackgen_template::Value;

use super::{Mapping, mapping_methods};
use crate::constructs::{BucketHandle, Destination, FunctionHandle, QueueHandle, TableHandle, TopicHandle};
use crate::core::Period;

/// Where in a stream reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartingPosition {
    /// With what comes after the mapping was made.
    Latest,
    /// With the oldest that the stream still has: of tables, up to a day.
    TrimHorizon,
}

impl StartingPosition {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "LATEST",
            Self::TrimHorizon => "TRIM_HORIZON",
        }
    }
}

/// Invokes a function with the changes of a table: made by [`TableHandle::feeds`], to be added to a stack.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("genome");
/// let jobs = stack.add("Jobs", Table::new(Key::string("JobID")).stream(StreamViewType::NewAndOldImages));
/// let failed = stack.add("Failed", Queue::new());
/// let scheduler = stack.add("Scheduler", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): pass"));
/// stack.add(
///     "JobEvents",
///     jobs.feeds(&scheduler, StartingPosition::TrimHorizon)
///         .batch_size(int::<10>())
///         .bisect_batch_on_error()
///         .retries(int::<5>())
///         .filter(EventPattern::new().field("eventName", Matcher::equals("INSERT")))
///         .on_failure(&failed),
/// );
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a table feeds a function only once this is added to a stack"]
pub struct StreamEvents {
    mapping: Mapping,
}

mapping_methods!(StreamEvents);

/// Who is told of records that a function gave up: a queue, a topic or a bucket. Handles become one by themselves.
#[derive(Debug, Clone)]
pub struct RecordDestination(Destination);

impl<'a, H> From<&'a H> for RecordDestination
where
    H: TakesRecords,
    Destination: From<&'a H>,
{
    fn from(handle: &'a H) -> Self {
        Self(handle.into())
    }
}

/// What can take records that a function gave up.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot take records that a function gave up",
    note = "a queue, a topic or a bucket can"
)]
pub trait TakesRecords {}
impl<R> TakesRecords for QueueHandle<R> {}
impl<R> TakesRecords for TopicHandle<R> {}
impl<R> TakesRecords for BucketHandle<R> {}

impl<R> TableHandle<R> {
    /// Invokes `function` with the changes of the table, which must have a stream. The function is given access to read it.
    pub fn feeds(&self, function: &FunctionHandle, from: StartingPosition) -> StreamEvents {
        let mut mapping =
            Mapping::new(self.stream_arn().map_or(Value::Null, Value::from), function, self.read_stream());
        mapping.settings.put("StartingPosition", from.as_str());
        StreamEvents { mapping }
    }
}

impl StreamEvents {
    /// How many records an invocation gets at most, 1 to 10,000; 100 when not said.
    pub fn batch_size(mut self, records: impl Arg<Int<1, 10_000>>) -> Self {
        self.mapping.settings.put("BatchSize", records.into_value());
        self
    }

    /// How long Lambda gathers records before it invokes the function, up to 5 minutes.
    pub fn batch_window(mut self, window: impl Arg<Period<0, 300>>) -> Self {
        self.mapping.settings.put("MaximumBatchingWindowInSeconds", window.into_value());
        self
    }

    /// Halves a batch that fails before it is tried again, so that one bad record holds up fewer others.
    pub fn bisect_batch_on_error(mut self) -> Self {
        self.mapping.settings.put("BisectBatchOnFunctionError", true);
        self
    }

    /// How often a batch is tried again, up to 10,000 times; until its records expire when not said, which holds up all
    /// that come after.
    pub fn retries(mut self, retries: impl Arg<Int<0, 10_000>>) -> Self {
        self.mapping.settings.put("MaximumRetryAttempts", retries.into_value());
        self
    }

    /// How old a record is when it is given up, 1 minute to 7 days; when it expires when not said.
    pub fn max_record_age(mut self, age: impl Arg<Period<60, 604_800>>) -> Self {
        self.mapping.settings.put("MaximumRecordAgeInSeconds", age.into_value());
        self
    }

    /// How many batches of one shard run at once, 1 to 10; the changes of one item stay in order.
    pub fn parallelization(mut self, batches: impl Arg<Int<1, 10>>) -> Self {
        self.mapping.settings.put("ParallelizationFactor", batches.into_value());
        self
    }

    /// Carries the function's state from invocation to invocation for windows of up to 15 minutes.
    pub fn tumbling_window(mut self, window: impl Arg<Period<0, 900>>) -> Self {
        self.mapping.settings.put("TumblingWindowInSeconds", window.into_value());
        self
    }

    /// Tells `destination` where in the stream the records are that the function gave up. A bucket gets the records.
    pub fn on_failure(mut self, destination: impl Into<RecordDestination>) -> Self {
        let Destination { arn, grant } = destination.into().0;
        let target = Value::single("Destination", arn);
        self.mapping.settings.put("DestinationConfig", Value::single("OnFailure", target));
        self.mapping.grant = self.mapping.grant.and(grant);
        self
    }
}
