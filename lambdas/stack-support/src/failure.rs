//! How a step ends that does not reach its end.

use crate::store::StoreError;

/// Why a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It cannot be done, for this reason.
    Failed(String),
    /// Time ran out; held here is what it was at.
    Unfinished(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.message)
    }
}
