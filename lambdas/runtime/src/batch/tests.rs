#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::*;
use crate::memory::finish;

fn messages() -> Messages {
    let record = |id: &str, body: &str, count: Value| {
        json!({"messageId": id, "body": body, "receiptHandle": "h", "attributes": {"ApproximateReceiveCount": count},
            "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "arn", "awsRegion": "us-east-1"})
    };
    let records = [record("a", "good", json!("1")), record("b", "bad", json!("3")), record("c", "good", json!("1"))];
    serde_json::from_value(json!({"Records": records})).unwrap()
}

/// Handles all messages when so much time is left. Gives those that were handled, and the answer.
fn handle(left: Duration, reserve: Duration) -> (Vec<Message>, Value) {
    let invocation =
        Invocation { request_id: "r".into(), deadline: SystemTime::now() + left, function_arn: "arn".into() };
    let handled = RefCell::new(Vec::new());
    let response = finish(each(messages(), &invocation, reserve, async |message| {
        handled.borrow_mut().push(message.clone());
        if message.body == "bad" { Err("bad") } else { Ok(()) }
    }));
    (handled.into_inner(), serde_json::to_value(response).unwrap())
}

#[test]
fn only_what_failed_is_given_again() {
    let (handled, response) = handle(Duration::from_mins(1), Duration::from_secs(5));
    let told: Vec<_> = handled.iter().map(|message| (message.id.as_str(), message.receive_count)).collect();
    assert_eq!(told, [("a", 1), ("b", 3), ("c", 1)]);
    assert_eq!(response, json!({"batchItemFailures": [{"itemIdentifier": "b"}]}));
}

#[test]
fn what_there_is_no_time_for_goes_back() {
    let (handled, response) = handle(Duration::from_secs(4), Duration::from_secs(5));
    assert!(handled.is_empty());
    let ids = ["a", "b", "c"].map(|id| json!({"itemIdentifier": id}));
    assert_eq!(response, json!({"batchItemFailures": ids}));
}

#[test]
fn a_message_without_an_id_could_not_be_named() {
    let told = serde_json::from_value::<Messages>(json!({"Records": [{"body": "x"}]})).unwrap_err().to_string();
    assert!(told.contains("a message has no `messageId`"), "{told}");
    assert_eq!(serde_json::from_value::<Messages>(json!({"Records": []})).unwrap(), Messages(Vec::new()));
}

#[test]
fn messages_are_handled_together_and_named_one_by_one() {
    let answer = |outcomes: Vec<Result<(), &'static str>>| {
        let response = finish(together(messages(), async |messages| {
            assert_eq!(messages.len(), 3);
            outcomes
        }));
        serde_json::to_value(response).unwrap()
    };
    assert_eq!(answer(vec![Ok(()), Err("bad"), Ok(())]), json!({"batchItemFailures": [{"itemIdentifier": "b"}]}));
    let ids = ["b", "c"].map(|id| json!({"itemIdentifier": id}));
    assert_eq!(answer(vec![Ok(())]), json!({"batchItemFailures": ids}), "what nothing was said of is given again");
}
