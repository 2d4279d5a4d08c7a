//! What goes wrong in a step, and what is done about it.

use std::fmt;

use handler_runtime::ServiceError;

use crate::contract::Reason;

/// Why a step did not end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Trying again changes nothing: jobs fail with the reason.
    Final(Reason, String),
    /// Trying again may help. The reason is for the last time.
    Passing(Reason, String),
    /// Someone else is at it. The message comes back later.
    Busy(String),
}

impl Failure {
    /// A fault of the service that `stage` met.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Passing(Reason::Internal, message.into())
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self::Passing(Reason::Internal, error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Final(_, message) | Self::Passing(_, message) | Self::Busy(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}
