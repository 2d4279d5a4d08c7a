//! What CloudFormation tells of a resource.

use std::time::{Duration, SystemTime};

use aws_sdk_cloudformation::types::StackEvent;

use super::operator;

/// What CloudFormation tells of a resource of a stack, or of the stack itself.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceEvent {
    /// Unique among all events.
    pub id: String,
    /// The logical id; the name of the stack for the stack itself.
    pub logical_id: String,
    /// The id that the service gave it, as far as there is one.
    pub physical_id: Option<String>,
    /// The type.
    pub type_name: String,
    /// The state that it came to, such as `CREATE_COMPLETE`.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub time: SystemTime,
    /// The token of the request that began the operation.
    pub token: Option<String>,
    /// Whether it is about the stack itself.
    pub is_stack: bool,
}

impl ResourceEvent {
    pub(super) fn of(event: &StackEvent) -> Self {
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let own_id = event.stack_id.is_some() && event.physical_resource_id == event.stack_id;
        Self {
            id: event.event_id.clone().unwrap_or_default(),
            logical_id: event.logical_resource_id.clone().unwrap_or_default(),
            physical_id: text(&event.physical_resource_id),
            type_name: event.resource_type.clone().unwrap_or_default(),
            status: event.resource_status.as_ref().map(|status| status.as_str().to_owned()).unwrap_or_default(),
            reason: text(&event.resource_status_reason),
            time: event.timestamp.and_then(|time| SystemTime::try_from(time).ok()).unwrap_or(SystemTime::UNIX_EPOCH),
            token: text(&event.client_request_token),
            is_stack: own_id,
        }
    }

    /// Whether it came to its end, well or not.
    pub fn is_final(&self) -> bool {
        self.status.ends_with("_COMPLETE") || self.is_failure() || self.status.ends_with("_SKIPPED")
    }

    /// Whether it failed.
    pub fn is_failure(&self) -> bool {
        self.status.ends_with("_FAILED")
    }

    /// Whether it failed only because another resource did, which stopped the operation.
    pub fn is_consequence(&self) -> bool {
        let reason = self.reason.as_deref().unwrap_or_default();
        self.is_stack || reason.contains("cancelled") || reason.starts_with("The following resource(s) failed")
    }

    /// Who began the operation, where that is known: `alice on laptop`.
    pub fn operator(&self) -> Option<String> {
        operator::of_token(self.token.as_deref()?)
    }

    /// The time since the epoch, in milliseconds.
    pub fn milliseconds(&self) -> u128 {
        self.time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis()
    }
}
