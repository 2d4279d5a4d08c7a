//! What a run tells people and alarms.

use jiff::Timestamp;
use serde_json::json;

use crate::contract::{Outcome, RunMessage, metric};

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

/// The log line that is the metric of a run that came to its end; none for other runs. The logs' service makes the
/// metric of it.
pub fn metric_line(message: &RunMessage, stack: &str, at: Timestamp) -> Option<String> {
    if !matches!(message.outcome, Outcome::Success | Outcome::NoChange) {
        return None;
    }
    let line = json!({
        "_aws": {
            "Timestamp": at.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": metric::NAMESPACE,
                "Dimensions": [[metric::DIMENSION]],
                "Metrics": [{ "Name": metric::REFRESH_COMPLETED, "Unit": "Count" }],
            }],
        },
        metric::DIMENSION: stack,
        metric::REFRESH_COMPLETED: 1,
    });
    Some(line.to_string())
}
