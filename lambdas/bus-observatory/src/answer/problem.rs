//! Requests that cannot be met.

use super::{Answer, Format};
use crate::contract::api::{ErrorBody, ErrorDetail};
use crate::lake::ReadError;

/// Why a request cannot be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: u16,
    code: &'static str,
    message: String,
    field: Option<&'static str>,
    pub(super) cause: Option<String>,
}

impl Problem {
    pub(super) fn new(
        status: u16,
        code: &'static str,
        message: impl Into<String>,
        field: Option<&'static str>,
    ) -> Self {
        Self { status, code, message: message.into(), field, cause: None }
    }

    /// Something that is not the asker's fault.
    pub(super) fn internal(cause: &dyn std::fmt::Display) -> Self {
        let message = "something went wrong here; please try again";
        Self { cause: Some(cause.to_string()), ..Self::new(500, "internal", message, None) }
    }

    pub(super) fn answer(&self) -> Answer {
        let field = self.field.map(str::to_owned);
        let detail = ErrorDetail { code: self.code.into(), message: self.message.clone(), field };
        let body = serde_json::to_vec(&ErrorBody { error: detail }).expect("texts are JSON");
        Answer { status: self.status, content_type: Format::JSON, location: None, body, rows: 0 }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self::internal(&error)
    }
}
