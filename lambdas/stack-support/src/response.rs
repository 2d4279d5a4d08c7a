//! What CloudFormation is told.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Request;

/// The longest reason in bytes. The whole answer may have 4,096, and identifiers need their part.
const LONGEST_REASON: usize = 1_500;

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Response {
    /// How it went.
    pub status: Status,
    /// Why it went so.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Identifier of the resource. A new one makes CloudFormation delete the resource of the old one.
    pub physical_resource_id: String,
    /// ARN of the stack, as in the request.
    pub stack_id: String,
    /// Identifier of the request.
    pub request_id: String,
    /// Key of the resource in its template, as in the request.
    pub logical_resource_id: String,
    /// The attributes for `Fn::GetAtt`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<&'static str, String>,
}

/// How a request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// It is done.
    Success,
    /// It is not, and the stack fails with the reason.
    Failed,
}

impl Response {
    /// The answer that all is done, for the resource `physical_resource_id`.
    pub fn success(request: &Request, physical_resource_id: impl Into<String>) -> Self {
        Self::new(request, Status::Success, physical_resource_id.into(), String::new())
    }

    /// The answer that it failed for `reason`, which is cut where it is too long.
    pub fn failure(request: &Request, physical_resource_id: impl Into<String>, mut reason: String) -> Self {
        if reason.len() > LONGEST_REASON {
            let end = (0..=LONGEST_REASON).rev().find(|end| reason.is_char_boundary(*end)).unwrap_or(0);
            reason.truncate(end);
            reason.push('…');
        }
        Self::new(request, Status::Failed, physical_resource_id.into(), reason)
    }

    fn new(request: &Request, status: Status, physical_resource_id: String, reason: String) -> Self {
        Self {
            status,
            reason,
            physical_resource_id,
            stack_id: request.stack_id.clone(),
            request_id: request.request_id.clone(),
            logical_resource_id: request.logical_resource_id.clone(),
            data: BTreeMap::new(),
        }
    }
}
