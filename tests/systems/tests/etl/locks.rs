//! Runs at the same time, runs that died, and runs that nobody could be told of.

use serde_json::{Value, json};

use crate::api::some_days;
use crate::world::{World, file, world};

fn lock(world: &World, expires: i64, run_id: &str) {
    let item = json!({"pk": {"S": "META"}, "date": {"S": "LOCK"}, "expires": {"N": expires.to_string()},
        "run_id": {"S": run_id}});
    world.deployment.call("dynamodb", "put_item", json!({"TableName": world.table, "Item": item}));
}

fn serve_days(world: &mut World, days: u32, etag: &'static str) {
    let (nyt, jhu) = some_days(days);
    world.serve([file(nyt, etag)], [file(jhu, etag)]);
}

#[test]
fn only_one_run_at_a_time() {
    let world = &mut *world();
    serve_days(world, 5, "\"1\"");
    let now = jiff::Timestamp::now().as_second();
    lock(world, now + 300, "someone");
    let before = world.stored();
    let answer = world.deployment.invoke(&world.refresh, &json!({}));
    assert_eq!((answer.payload, answer.is_error), (json!({"outcome": "LOCKED"}), false));
    assert_eq!(world.stored(), before);
    assert!(world.received().is_empty(), "no message");
    // A lock that has expired is nobody's.
    lock(world, now - 1, "someone");
    assert_eq!(world.run()["added"], 5);
    assert!(!world.items().iter().any(|item| item["date"]["S"] == "LOCK"));
}

#[test]
fn a_run_that_died_before_its_snapshot_is_repeated() {
    let world = &mut *world();
    serve_days(world, 5, "\"1\"");
    world.run();
    let state = world.items().into_iter().find(|item| item["date"]["S"] == "STATE").unwrap();
    let snapshot = world.deployment.get(&world.bucket, "snapshots/latest.csv").unwrap();
    serve_days(world, 8, "\"2\"");
    assert_eq!(world.run()["added"], 3);
    let whole = world.figures();

    // As it is after the table was written, and nothing else.
    world.deployment.put(&world.bucket, "snapshots/latest.csv", &snapshot);
    world.deployment.call("dynamodb", "put_item", json!({"TableName": world.table, "Item": state}));
    let message = world.run();
    assert_eq!((&message["outcome"], &message["added"]), (&json!("SUCCESS"), &json!(3)));
    assert_eq!(world.figures(), whole);

    // Without a snapshot, or with one that cannot be read, the table is what counts.
    for damaged in [None, Some(b"date,cases\n".as_slice())] {
        match damaged {
            None => {
                let object = json!({"Bucket": world.bucket, "Key": "snapshots/latest.csv"});
                world.deployment.call("s3", "delete_object", object);
            }
            Some(content) => world.deployment.put(&world.bucket, "snapshots/latest.csv", content),
        }
        let message = world.run();
        assert_eq!((&message["outcome"], &message["unchanged"]), (&json!("NO_CHANGE"), &json!(8)), "{message}");
        assert_eq!(world.figures(), whole);
        assert!(world.deployment.get(&world.bucket, "snapshots/latest.csv").unwrap().starts_with(b"date,cases,deaths"));
    }
}

#[test]
fn a_run_that_cannot_tell_anybody_is_told_by_its_destination() {
    let world = &mut *world();
    serve_days(world, 5, "\"1\"");
    world.set_environment(&world.refresh, &[("TABLE", "no-such-table")]);
    let invocation = json!({"FunctionName": world.refresh, "InvocationType": "Event", "Payload": "{}"});
    world.deployment.call("lambda", "invoke", invocation);
    let (_, message) = world.message();
    world.set_environment(&world.refresh, &[("TABLE", &world.table)]);
    let failed: &Value = &message["responsePayload"];
    assert_eq!(failed["errorType"], "NotLocked", "{message}");
    assert!(failed["errorMessage"].as_str().unwrap().contains("no-such-table"), "{message}");
    assert_eq!(world.run()["added"], 5);
}
