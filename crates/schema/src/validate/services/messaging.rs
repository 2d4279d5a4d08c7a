//! Queues and topics: FIFO names, dead-letter queues, and queues against the functions that read them.

use stackgen_template::{Map, Trail};

use super::values::{integer, target, truth, written_end};
use crate::validate::context::{Context, Resource};
use crate::{Code, Finding};

/// The visibility timeout of a queue that sets none, in seconds.
const VISIBILITY_TIMEOUT: i64 = 30;
/// The timeout of a function that sets none, in seconds.
const FUNCTION_TIMEOUT: i64 = 3;
/// How the name of whatever keeps the order ends.
const FIFO_END: &str = ".fifo";
/// The largest batch from a FIFO queue.
const FIFO_BATCH: i64 = 10;

pub(super) fn queue(context: &Context<'_>, properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    fifo_name(properties, ["QueueName", "FifoQueue"], "queue", trail, findings);
    let redrive = properties.get("RedrivePolicy").and_then(|policy| policy.get("deadLetterTargetArn"));
    let dead_letters = redrive.and_then(target).and_then(|name| context.resource(name));
    let Some(dead_letters) = dead_letters.filter(|queue| queue.type_name == "AWS::SQS::Queue") else { return };
    let (Some(own), Some(other)) = (is_fifo(Some(properties)), is_fifo(dead_letters.properties)) else { return };
    if own != other {
        let kind = |fifo| if fifo { "a FIFO queue" } else { "a standard queue" };
        let policy = trail.key("RedrivePolicy");
        findings.push(Finding::new(
            Code::DeadLetterKind,
            policy.key("deadLetterTargetArn").to_path(),
            format!(
                "this is {}, and its dead-letter queue `{}` is {}",
                kind(own),
                dead_letters.logical_id,
                kind(other)
            ),
        ));
    }
}

pub(super) fn topic(properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    fifo_name(properties, ["TopicName", "FifoTopic"], "topic", trail, findings);
}

fn fifo_name(
    properties: &Map,
    [name_key, fifo_key]: [&'static str; 2],
    thing: &str,
    trail: &Trail<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(end) = properties.get(name_key).and_then(written_end) else { return };
    let fifo = match properties.get(fifo_key) {
        None => Some(false),
        value => truth(value),
    };
    let (message, hint) = match (fifo, end.ends_with(FIFO_END)) {
        (Some(true), false) => (format!("the name of a FIFO {thing} must end in `.fifo`"), "append `.fifo`".to_owned()),
        (Some(false), true) => (
            format!("only the name of a FIFO {thing} may end in `.fifo`"),
            format!("set `{fifo_key}` to `true`, or choose another name"),
        ),
        _ => return,
    };
    findings.push(Finding::new(Code::FifoName, trail.key(name_key).to_path(), message).hint(hint));
}

/// Whether a queue is a FIFO queue; none when that is computed.
fn is_fifo(properties: Option<&Map>) -> Option<bool> {
    match properties.and_then(|properties| properties.get("FifoQueue")) {
        None => Some(false),
        value => truth(value),
    }
}

/// A queue and the function that reads it.
pub(super) fn event_source(
    context: &Context<'_>,
    resource: &Resource<'_>,
    trail: &Trail<'_>,
    findings: &mut Vec<Finding>,
) {
    let property = |name: &str| resource.properties.and_then(|properties| properties.get(name));
    let named = |name: &str| property(name).and_then(target).and_then(|name| context.resource(name));
    let Some(queue) = named("EventSourceArn").filter(|queue| queue.type_name == "AWS::SQS::Queue") else { return };
    if let Some(size) = property("BatchSize").and_then(integer)
        && size > FIFO_BATCH
        && is_fifo(queue.properties) == Some(true)
    {
        let message = format!("a batch from the FIFO queue `{}` has at most {FIFO_BATCH} messages", queue.logical_id);
        findings.push(Finding::new(Code::Range, trail.key("BatchSize").to_path(), message));
    }
    let Some(function) = named("FunctionName").filter(|function| function.type_name == "AWS::Lambda::Function") else {
        return;
    };
    let seconds = |resource: &Resource<'_>, name: &str, default: i64| match resource.properties?.get(name) {
        None => Some(default),
        Some(value) => integer(value),
    };
    let no_properties = |resource: &Resource<'_>, default: i64| resource.properties.is_none().then_some(default);
    let visibility =
        seconds(queue, "VisibilityTimeout", VISIBILITY_TIMEOUT).or_else(|| no_properties(queue, VISIBILITY_TIMEOUT));
    let timeout = seconds(function, "Timeout", FUNCTION_TIMEOUT);
    let (Some(visibility), Some(timeout)) = (visibility, timeout) else { return };
    if visibility < timeout {
        let root = Trail::root();
        let section = root.key("Resources");
        let entry = section.key(queue.logical_id);
        let properties = entry.key("Properties");
        let place = if queue.properties.is_some_and(|properties| properties.contains_key("VisibilityTimeout")) {
            properties.key("VisibilityTimeout")
        } else {
            entry
        };
        let message = format!(
            "the queue shows a message again after {visibility} seconds, but `{}` may work on it for {timeout}",
            function.logical_id
        );
        let hint = format!("set `VisibilityTimeout` to at least {timeout}; AWS recommends {}", 6 * timeout);
        findings.push(Finding::new(Code::VisibilityTimeout, place.to_path(), message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<Code> {
        let properties = stackgen_template::read_json(text).expect("JSON of the test").value;
        let mut findings = Vec::new();
        let map = properties.as_map().expect("a mapping");
        fifo_name(map, ["QueueName", "FifoQueue"], "queue", &Trail::root(), &mut findings);
        findings.into_iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn fifo_queues_are_named_so() {
        for text in [
            r#"{"QueueName": "a.fifo", "FifoQueue": true}"#,
            r#"{"QueueName": "a"}"#,
            r#"{"FifoQueue": true}"#,
            r#"{"QueueName": {"Fn::Sub": "${A}.fifo"}, "FifoQueue": "true"}"#,
            r#"{"QueueName": {"Fn::Sub": "a-${A}"}, "FifoQueue": true}"#,
            r#"{"QueueName": "a.fifo", "FifoQueue": {"Ref": "Fifo"}}"#,
            r#"{"QueueName": {"Fn::Join": ["", ["a", ".fifo"]]}, "FifoQueue": true}"#,
        ] {
            assert_eq!(names(text), [], "{text}");
        }
        for text in [
            r#"{"QueueName": "a", "FifoQueue": true}"#,
            r#"{"QueueName": "a.fifo"}"#,
            r#"{"QueueName": "a.fifo", "FifoQueue": "false"}"#,
            r#"{"QueueName": {"Fn::Sub": "${A}-queue"}, "FifoQueue": true}"#,
        ] {
            assert_eq!(names(text), [Code::FifoName], "{text}");
        }
    }
}
