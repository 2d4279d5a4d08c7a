//! The services with the AWS SDK.

mod api;
mod buckets;
mod secret;

use handler_runtime::{Diagnostic, diagnostic};

pub use self::{
    api::Api,
    buckets::{CurateBuckets, RawBucket},
    secret::KeySecret,
};

use crate::failure::Failure;

/// What a function returns for a failure: its error type is exactly the class.
pub fn returned(failure: &Failure) -> Diagnostic {
    diagnostic(failure.error_type(), failure)
}
