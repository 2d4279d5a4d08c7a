//! The AWS SDK.

use std::error::Error;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::ServiceError;

/// Region, credentials and endpoint, as the function's environment says. Make clients of it once, at start.
pub async fn aws_config() -> SdkConfig {
    aws_config::load_defaults(BehaviorVersion::latest()).await
}

/// Whether the services are local ones, for which plain HTTP is right: the environment names an endpoint on loopback.
pub fn is_local(config: &SdkConfig) -> bool {
    config.endpoint_url().is_some_and(|url| url.starts_with("http://127.0.0.1:"))
}

/// The error of the call that `what` names, such as ``s3:GetObject `bucket/key` ``: for `map_err`.
pub fn failed<E, R>(what: impl Into<String>) -> impl FnOnce(SdkError<E, R>) -> ServiceError
where
    E: Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug + 'static,
{
    move |error| {
        let told = match &error {
            SdkError::ServiceError(service) => service.err().code().map(|code| match service.err().message() {
                Some(message) => format!("{code}: {message}"),
                None => code.to_owned(),
            }),
            _ => None,
        };
        let cause = told.unwrap_or_else(|| DisplayErrorContext(&error).to_string());
        ServiceError::new(what, cause)
    }
}

/// The code of an error, such as `NoSuchKey`; none when the service did not answer.
pub fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}
