//! Answers of the API.

use serde::Serialize;

use crate::contract::api::{ErrorBody, ErrorDetail};

/// An answer of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer of text. Nobody keeps it: states change.
    pub fn text(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", content_type.to_owned()), ("cache-control", "no-store".to_owned())];
        Self { status, headers, body }
    }

    /// An answer of JSON.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("answers have no keys but text");
        Self::text(status, "application/json", body)
    }

    /// That what was asked for is elsewhere.
    pub fn elsewhere(url: String) -> Self {
        Self {
            status: 303,
            headers: vec![("location", url), ("cache-control", "no-store".to_owned())],
            body: Vec::new(),
        }
    }

    /// That something went wrong that the caller has no part in.
    pub fn fault() -> Self {
        Refusal::new(500, "internal", "the service failed: try again later", None).into()
    }
}

/// A request that cannot be met, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    detail: ErrorDetail,
}

impl Refusal {
    /// A refusal with a status.
    pub fn new(status: u16, code: &str, message: impl Into<String>, field: Option<&str>) -> Self {
        let detail = ErrorDetail { code: code.to_owned(), message: message.into(), field: field.map(str::to_owned) };
        Self { status, detail }
    }

    /// The request is wrong.
    pub fn bad(code: &str, message: impl Into<String>, field: Option<&str>) -> Self {
        Self::new(400, code, message, field)
    }

    /// What was asked for is not there.
    pub fn absent(what: &str) -> Self {
        Self::new(404, "not_found", format!("there is no such {what}"), None)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::json(refusal.status, &ErrorBody { error: refusal.detail })
    }
}
