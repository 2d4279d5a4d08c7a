//! The error of a service.

use std::fmt;

/// A service did not do what it was asked for, after all attempts of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// What was to be done.
    pub what: String,
    /// What went wrong.
    pub cause: String,
}

impl ServiceError {
    /// That `what` went wrong because of `cause`.
    pub fn new(what: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { what: what.into(), cause: cause.into() }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.what, self.cause)
    }
}

impl std::error::Error for ServiceError {}
