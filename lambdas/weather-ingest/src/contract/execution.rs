//! What goes through an execution of the state machine.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Input of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetrieveInput {
    /// Id of the location: see [`Location`](super::Location).
    pub location_id: String,
    /// What the API is asked for.
    pub q: String,
    /// The hour, as any time within it: RFC 3339. The schedule writes
    /// [`SCHEDULED_TIME`](stackgen_contract::scheduler::SCHEDULED_TIME).
    pub scheduled_time: String,
    /// Whether the body is fetched again if the hour has one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refetch: bool,
    /// Whether a person asked for the hour afterwards.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backfill: bool,
}

/// What `weather-retrieve` is invoked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetrieveEvent {
    /// The input of the execution.
    pub input: RetrieveInput,
    /// ARN of the execution, which is kept with the body.
    pub execution_id: String,
}

/// Where a body came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeatherSource {
    /// The conditions at the time of the request.
    Current,
    /// The hour's entry of a past day.
    History,
}

/// What `weather-retrieve` returns; it stands at [`states::RETRIEVE_PATH`](super::states::RETRIEVE_PATH) afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetrieveResult {
    /// Key of the raw object.
    pub key: String,
    /// Version of the raw object.
    pub version_id: String,
    /// Where the body came from.
    pub source: WeatherSource,
    /// When it came: RFC 3339, UTC.
    pub fetched_at: String,
    /// Requests that it took.
    pub attempts: u32,
    /// Whether it was there already.
    pub reused: bool,
}

/// What `weather-curate` is invoked with: the input of the execution with the result of the first step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurateInput {
    /// The input of the execution.
    #[serde(flatten)]
    pub input: RetrieveInput,
    /// What `weather-retrieve` returned.
    pub retrieve: RetrieveResult,
}

/// What `weather-curate` returns; it stands at [`states::CURATE_PATH`](super::states::CURATE_PATH) afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurateResult {
    /// Key of the Parquet file.
    pub key: String,
    /// Number of columns.
    pub columns: u32,
    /// Fields that are no column and went to `extra`.
    pub extra_fields: u32,
    /// Values of a wrong type, which became null.
    pub type_errors: u32,
}

/// What stands at [`states::FAILURE_PATH`](super::states::FAILURE_PATH) after a failure, as Step Functions writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The class: see [`ErrorClass`].
    #[serde(rename = "Error")]
    pub error: String,
    /// What is known of it.
    #[serde(rename = "Cause")]
    pub cause: String,
}

/// The message that is published when an execution fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// ARN of the execution.
    pub execution: String,
    /// Name of the state machine.
    pub state_machine: String,
    /// When the execution began.
    pub started_at: String,
    /// Id of the location, or `unknown`.
    pub location_id: String,
    /// The scheduled time, or `unknown`.
    pub hour: String,
    /// The class of the error.
    pub error: String,
    /// What is known of it.
    pub cause: String,
}

/// The classes of errors. A function must return exactly this name as its error type, since the definition of the state
/// machine, the notification and the people who read it go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ErrorClass {
    /// No answer, or a fault of the API, after all attempts.
    ApiUnavailable,
    /// Status 200 without a good body, after all attempts.
    ApiInvalidBody,
    /// The key is missing, invalid or disabled.
    ApiAuth,
    /// The quota of the month is used up.
    ApiQuota,
    /// The API does not take the request.
    ApiBadRequest,
    /// The secret is absent or empty.
    SecretMissing,
    /// The past day has no entry near the hour.
    HourNotAvailable,
    /// A bad time or location, or an hour in the future.
    BadInput,
    /// The raw object cannot be read.
    RawUnreadable,
}

impl ErrorClass {
    /// The name, as an error type.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApiUnavailable => "ApiUnavailable",
            Self::ApiInvalidBody => "ApiInvalidBody",
            Self::ApiAuth => "ApiAuth",
            Self::ApiQuota => "ApiQuota",
            Self::ApiBadRequest => "ApiBadRequest",
            Self::SecretMissing => "SecretMissing",
            Self::HourNotAvailable => "HourNotAvailable",
            Self::BadInput => "BadInput",
            Self::RawUnreadable => "RawUnreadable",
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
