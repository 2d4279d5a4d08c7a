//! What a run tells people.

use crate::contract::{Outcome, RunMessage};

/// Characters of a subject that the topic takes.
const SUBJECT_CHARACTERS: usize = 100;

/// The subject of a run's message, such as `[etl] SUCCESS: 40 added, 103 revised`.
pub fn subject(message: &RunMessage) -> String {
    let subject = match (message.outcome, &message.failure) {
        (Outcome::Success, _) => format!("[etl] SUCCESS: {} added, {} revised", message.added, message.revised),
        (Outcome::NoChange, _) => format!("[etl] NO_CHANGE: {} dates", message.unchanged),
        (Outcome::Failed, Some(failure)) => {
            let name = |value: serde_json::Result<serde_json::Value>| {
                value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
            };
            let class = name(serde_json::to_value(failure.error_class));
            format!("[etl] FAILED: {class} in {}", name(serde_json::to_value(failure.stage)))
        }
        (Outcome::Failed, None) => "[etl] FAILED".to_owned(),
        (Outcome::Locked, _) => "[etl] LOCKED".to_owned(),
    };
    subject.chars().take(SUBJECT_CHARACTERS).collect()
}
