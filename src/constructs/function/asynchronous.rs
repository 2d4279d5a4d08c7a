//! How a function is invoked without anyone waiting for it.

use stackgen_resources::typed::Handle;
use stackgen_template::{Map, Value};

use super::{Destination, FunctionHandle};
use crate::core::{Attributes, ResourceExt, Scope};
use crate::resources::lambda;

/// Settings of asynchronous invocation; with none set there is no resource.
#[derive(Debug, Clone, Default)]
pub(super) struct Asynchronous {
    pub(super) retries: Option<Value>,
    pub(super) max_event_age: Option<Value>,
    pub(super) on_failure: Option<Destination>,
    pub(super) on_success: Option<Destination>,
}

impl Asynchronous {
    /// Adds the configuration of `function`, and gives it the access that its destinations take.
    pub(super) fn add_to(self, function: &FunctionHandle, scope: &mut Scope<'_>) {
        let Self { retries, max_event_age, on_failure, on_success } = self;
        if retries.is_none() && max_event_age.is_none() && on_failure.is_none() && on_success.is_none() {
            return;
        }
        let mut configuration = lambda::EventInvokeConfig::new().function_name(function.name()).qualifier("$LATEST");
        if let Some(retries) = retries {
            configuration = configuration.raw("MaximumRetryAttempts", retries);
        }
        if let Some(age) = max_event_age {
            configuration = configuration.raw("MaximumEventAgeInSeconds", age);
        }
        let mut destinations = Map::new();
        for (outcome, destination) in [("OnFailure", on_failure), ("OnSuccess", on_success)] {
            if let Some(Destination { arn, grant }) = destination {
                destinations.push(outcome, Value::single("Destination", arn));
                scope.allow(function, grant);
            }
        }
        if !destinations.is_empty() {
            configuration = configuration.raw("DestinationConfig", destinations);
        }
        // Lambda refuses a destination that the role cannot reach yet.
        let attributes = Attributes::new().after_grants_of(function.role().id());
        scope.add("AsyncInvocation", configuration.with(attributes));
    }
}
