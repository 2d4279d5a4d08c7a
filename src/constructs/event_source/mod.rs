//! What feeds functions: queues and streams.

mod queue;
mod stream;
#[cfg(test)]
mod tests;

use stackgen_resources::typed::Handle;
use stackgen_template::{ResourceId, Value};

use super::FunctionHandle;
use super::escape::Settings;
use super::event_pattern::EventPattern;
use super::json_text::json_text;
use crate::core::{Attributes, Grant, Problem, ResourceExt, Scope};
use crate::resources::lambda;

pub use queue::QueueEvents;
pub use stream::{RecordDestination, StartingPosition, StreamEvents, TakesRecords};

/// The most filters of one event source.
const FILTER_LIMIT: usize = 5;

/// What event sources of all kinds have.
#[derive(Debug, Clone)]
struct Mapping {
    source: Value,
    function: FunctionHandle,
    grant: Grant,
    filters: Vec<EventPattern>,
    settings: Settings,
    attributes: Attributes,
}

impl Mapping {
    fn new(source: impl Into<Value>, function: &FunctionHandle, grant: Grant) -> Self {
        Self {
            source: source.into(),
            function: function.clone(),
            grant,
            filters: Vec::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    fn add_to(mut self, scope: &mut Scope<'_>) -> EventSourceHandle {
        if self.source == Value::Null {
            let problem = Problem::error("the table that feeds a function has no stream");
            scope.report(problem.hint("give it one with `Table::stream`"));
        }
        if self.filters.len() > FILTER_LIMIT {
            let message =
                format!("an event source has {} filters, of {FILTER_LIMIT} that Lambda allows", self.filters.len());
            scope.report(Problem::error(message).hint("unite some: several values of one field are alternatives"));
        }
        if self.filters.iter().any(EventPattern::is_empty) {
            scope.report(Problem::error("a filter names no field").hint("name one with `EventPattern::field`"));
        }
        if !self.filters.is_empty() {
            let patterns = self.filters.drain(..).map(|filter| Value::single("Pattern", json_text(&filter.into())));
            self.settings.put("FilterCriteria", Value::single("Filters", Value::List(patterns.collect())));
        }
        scope.allow(&self.function, self.grant);
        let mapping =
            lambda::EventSourceMapping::new().function_name(self.function.name()).raw("EventSourceArn", self.source);
        let mapping = self.settings.apply(mapping, lambda::EventSourceMapping::raw);
        // Lambda polls as soon as the mapping exists, and refuses one whose role cannot read the source.
        let attributes = self.attributes.after_grants_of(self.function.role().id());
        EventSourceHandle(scope.add("Default", mapping.with(attributes)).id().clone())
    }
}

/// The handle of [`QueueEvents`] and [`StreamEvents`].
#[derive(Debug, Clone)]
pub struct EventSourceHandle(ResourceId);

impl Handle for EventSourceHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

/// Writes what all builders around a [`Mapping`] have.
macro_rules! mapping_methods {
    ($builder:ty) => {
        impl $builder {
            /// Retries only the messages or records that the function names in `batchItemFailures`, not the whole batch.
            pub fn report_batch_item_failures(mut self) -> Self {
                self.mapping.settings.put("FunctionResponseTypes", ["ReportBatchItemFailures"]);
                self
            }

            /// Passes on only what matches; of several filters, up to 5, one has to match. What matches none is gone.
            pub fn filter(mut self, filter: $crate::constructs::EventPattern) -> Self {
                self.mapping.filters.push(filter);
                self
            }

            /// Whether the source is read; `true` when not said.
            pub fn enabled(mut self, enabled: impl stackgen_resources::typed::Arg<bool>) -> Self {
                self.mapping.settings.put("Enabled", enabled.into_value());
                self
            }

            /// Sets a property of the `AWS::Lambda::EventSourceMapping` by name, over what the construct writes.
            pub fn raw(mut self, name: &'static str, value: impl Into<stackgen_template::Value>) -> Self {
                self.mapping.settings.put(name, value);
                self
            }

            /// Gives the mapping attributes: order, condition, metadata, accepted findings.
            pub fn with(mut self, attributes: $crate::core::Attributes) -> Self {
                self.mapping.attributes = attributes;
                self
            }
        }

        impl $crate::core::Construct for $builder {
            type Handle = super::EventSourceHandle;

            fn build(self, scope: &mut $crate::core::Scope<'_>) -> super::EventSourceHandle {
                self.mapping.add_to(scope)
            }
        }
    };
}
use mapping_methods;
