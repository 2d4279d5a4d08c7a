//! How a step fails.

use std::fmt;

use handler_runtime::ServiceError;

use crate::contract::ErrorClass;

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// One of the known classes, and what is known of it. The text never has the key of the API.
    Known(ErrorClass, String),
    /// A service of AWS did not do what it was asked for.
    Service(ServiceError),
}

impl Failure {
    /// The error type that the function returns.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::Known(class, _) => class.name(),
            Self::Service(_) => "ServiceFailed",
        }
    }

    /// The class; none for a fault of a service.
    pub fn class(&self) -> Option<ErrorClass> {
        match self {
            Self::Known(class, _) => Some(*class),
            Self::Service(_) => None,
        }
    }

    pub(crate) fn bad_input(told: impl fmt::Display) -> Self {
        Self::Known(ErrorClass::BadInput, told.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(_, told) => formatter.write_str(told),
            Self::Service(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Failure {}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}
