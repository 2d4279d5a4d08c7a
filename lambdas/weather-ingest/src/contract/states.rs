//! Names in the state machine that the functions, the notification and the back-fill rely on.

/// Checks that the input has what the others need.
pub const CHECK_INPUT: &str = "CheckInput";
/// Writes the failure of an input that has it not.
pub const BAD_INPUT: &str = "BadInput";
/// Runs `weather-retrieve`.
pub const RETRIEVE: &str = "Retrieve";
/// Runs `weather-curate`.
pub const CURATE: &str = "Curate";
/// The end of a good execution.
pub const SUCCEEDED: &str = "Succeeded";
/// Publishes the failure.
pub const NOTIFY: &str = "Notify";
/// The end of a bad execution.
pub const FAILED: &str = "Failed";

/// Where the result of [`RETRIEVE`] goes.
pub const RETRIEVE_PATH: &str = "$.retrieve";
/// Where the result of [`CURATE`] goes.
pub const CURATE_PATH: &str = "$.curate";
/// Where a failure goes.
pub const FAILURE_PATH: &str = "$.failure";
/// What hour and location are called when the input does not say them.
pub const UNKNOWN: &str = "unknown";
/// Subject of the notification.
pub const SUBJECT: &str = "weather-ingest failed";

/// Faults of the Lambda service, which alone the state machine tries again: what the API may do wrong is tried again
/// inside `weather-retrieve`, and must not be multiplied.
pub const RETRIED_ERRORS: [&str; 4] = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];
