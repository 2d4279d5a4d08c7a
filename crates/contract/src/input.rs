//! Events that a stack writes and a handler reads.

use std::error::Error;
use std::fmt;

/// A value that is the input of a schedule, a rule's target or a state machine: JSON text.
///
/// With the feature `serde`, every `Serialize` type is one, so that a stack writes the handler's own event type:
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use stackgen_contract::{ToInput, scheduler};
///
/// #[derive(serde::Serialize)]
/// struct RetrieveInput {
///     location_id: String,
///     scheduled_time: String,
/// }
///
/// let input = RetrieveInput { location_id: "marysville".into(), scheduled_time: scheduler::SCHEDULED_TIME.into() };
/// assert_eq!(
///     input.to_input().unwrap(),
///     r#"{"location_id":"marysville","scheduled_time":"<aws.scheduler.scheduled-time>"}"#
/// );
/// # }
/// ```
pub trait ToInput {
    /// The JSON text. A placeholder such as [`scheduler::SCHEDULED_TIME`] stands in it as it is.
    ///
    /// # Errors
    /// When the value has no form in JSON, such as a mapping whose keys are not text.
    fn to_input(&self) -> Result<String, InputError>;
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize + ?Sized> ToInput for T {
    fn to_input(&self) -> Result<String, InputError> {
        serde_json::to_string(self).map_err(|error| InputError(Box::new(error)))
    }
}

/// An input that is JSON text already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawInput(pub String);

impl ToInput for RawInput {
    fn to_input(&self) -> Result<String, InputError> {
        Ok(self.0.clone())
    }
}

/// A value that cannot be written as JSON.
#[derive(Debug)]
pub struct InputError(Box<dyn Error + Send + Sync>);

impl InputError {
    /// The error of an implementation of [`ToInput`], which `source` explains.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the input has no form in JSON")
    }
}

impl Error for InputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// The placeholders that EventBridge Scheduler replaces in an input when it sends it (its guide, "Adding context
/// attributes").
pub mod scheduler {
    /// The ARN of the schedule.
    pub const SCHEDULE_ARN: &str = "<aws.scheduler.schedule-arn>";
    /// The time for which the invocation was planned, such as `2025-03-01T05:00:00Z`: the same in every retry.
    pub const SCHEDULED_TIME: &str = "<aws.scheduler.scheduled-time>";
    /// The identifier of this attempt to invoke the target.
    pub const EXECUTION_ID: &str = "<aws.scheduler.execution-id>";
    /// The number of the attempt, `1` at first.
    pub const ATTEMPT_NUMBER: &str = "<aws.scheduler.attempt-number>";
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{InputError, RawInput, ToInput};
    use std::error::Error as _;

    #[test]
    fn raw_text_is_left_as_it_is() {
        assert_eq!(RawInput(r#"{"a": 1}"#.into()).to_input().unwrap(), r#"{"a": 1}"#);
    }

    #[test]
    fn an_error_keeps_its_cause() {
        let error = InputError::new("keys are numbers");
        assert_eq!(error.to_string(), "the input has no form in JSON");
        assert_eq!(error.source().unwrap().to_string(), "keys are numbers");
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_mapping_with_keys_that_are_no_text_is_an_error() {
        let mapping = std::collections::BTreeMap::from([(Some(1), 2), (None, 3)]);
        assert!(mapping.to_input().is_err());
        assert_eq!([1, 2].to_input().unwrap(), "[1,2]");
    }
}
