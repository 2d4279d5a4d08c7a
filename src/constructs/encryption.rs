//! Keys of one's own in KMS.

use stackgen_resources::kind;
use stackgen_resources::typed::Arn;

use crate::core::Grant;

/// The grant, and with it the use of the key that the resource is encrypted with.
pub(super) fn with_key(grant: Grant, key: Option<&Arn<kind::kms::Key>>, actions: &[&'static str]) -> Grant {
    match key {
        Some(key) => {
            let reason = grant.reason().to_owned();
            grant.and(Grant::new(actions.iter().copied(), [key], reason))
        }
        None => grant,
    }
}
