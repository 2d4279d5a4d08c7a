//! Hours that get none: the failure is published, and the execution fails.

use serde_json::{Value, json};
use system_tests::Reply;

use crate::world::{CURRENT, Execution, WORLD, World, current, day, error, folder, this_hour};

/// Checks that an execution failed with a class, and that there is one message of it, which is given.
#[track_caller]
fn failed(execution: &Execution, class: &str, location: &str, hour: &str) -> Value {
    assert_eq!((execution.status.as_str(), execution.error.as_str()), ("FAILED", class), "{execution:?}");
    let message = WORLD.message(execution);
    assert_eq!(WORLD.messages(execution).len(), 1);
    let told = ["location_id", "hour", "error"].map(|name| message[name].as_str().unwrap());
    assert_eq!(told, [location, hour, class], "{message}");
    assert!(execution.arn.contains(message["state_machine"].as_str().unwrap()));
    assert!(!message["started_at"].as_str().unwrap().is_empty() && !message["cause"].as_str().unwrap().is_empty());
    message
}

#[test]
fn each_failure_of_the_api_has_its_class() {
    let world = &*WORLD;
    let down = || Reply::new(503, "");
    let page = || Reply::new(200, "<html>");
    std::thread::scope(|scope| {
        for (location, replies, requests, class) in [
            ("down", vec![down(), down(), down(), current()], 3, "ApiUnavailable"),
            ("key", vec![error(401, 2006), current()], 1, "ApiAuth"),
            ("quota", vec![error(403, 2007), current()], 1, "ApiQuota"),
            ("nowhere", vec![error(400, 1006), current()], 1, "ApiBadRequest"),
            ("page", vec![page(), page(), page(), current()], 3, "ApiInvalidBody"),
            ("moved", vec![Reply::new(301, "").header("location", "http://127.0.0.1:1/"); 3], 3, "ApiInvalidBody"),
        ] {
            scope.spawn(move || {
                world.serve(location, replies);
                let time = this_hour();
                failed(&world.run(&World::input(location, &time, &json!({}))), class, location, &time);
                assert_eq!(world.requests(location).len(), requests, "{location}");
                assert!(world.deployment.keys(&world.raw, &format!("raw/location_id={location}/")).is_empty());
                assert!(world.deployment.keys(&world.curated, &format!("curated/location_id={location}/")).is_empty());
                let kept = world.deployment.keys(&world.raw, &format!("errors/{}", folder(location, &time)));
                assert_eq!(kept.len(), requests, "{location}: {kept:?}");
            });
        }
    });
}

#[test]
fn a_past_hour_without_an_entry_is_not_made_up() {
    let (world, location, time) = (&*WORLD, "no-entry", "2025-03-01T05:00:00Z");
    world.serve(location, [day(&[1_740_805_200 + 1_801])]);
    failed(&world.run(&World::input(location, time, &json!({}))), "HourNotAvailable", location, time);
    assert_eq!(world.requests(location).len(), 3);
}

#[test]
fn a_body_that_was_good_is_never_overwritten_by_one_that_is_not() {
    let (world, location, time) = (&*WORLD, "earlier", this_hour());
    world.serve(location, [current(), Reply::new(200, "{}")]);
    let output = world.run(&World::input(location, &time, &json!({}))).output;
    let key = output["retrieve"]["key"].as_str().unwrap();
    let before = world.raw_head(key).unwrap();
    let execution = world.run(&World::input(location, &time, &json!({"refetch": true})));
    failed(&execution, "ApiInvalidBody", location, &time);
    assert_eq!(world.raw_head(key).unwrap(), before);
    assert_eq!(world.deployment.get(&world.raw, key).unwrap(), CURRENT.as_bytes());
}

#[test]
fn an_input_that_cannot_be_worked_on_is_told() {
    let world = &*WORLD;
    for input in
        [json!({}), json!({"location_id": "a", "q": "a"}), json!({"location_id": 7, "q": "a", "scheduled_time": "t"})]
    {
        failed(&world.run(&input), "BadInput", "unknown", "unknown");
    }
    for (location, time) in [
        ("bad-time", "<aws.scheduler.scheduled-time>"),
        ("bad-time", "2999-01-01T00:00:00Z"),
        ("Bad_Location", "2025-03-01T05:00:00Z"),
    ] {
        failed(&world.run(&World::input(location, time, &json!({}))), "BadInput", location, time);
    }
    assert!(world.requests("bad-time").is_empty());
}

#[test]
fn a_raw_object_that_cannot_be_read_fails_curation_and_stays() {
    let (world, location, time) = (&*WORLD, "unreadable", "2025-03-01T05:00:00Z");
    let key = format!("raw/{}weather.json", folder(location, time));
    let arguments = json!({"Bucket": world.raw, "Key": key, "Body": "no weather",
        "Metadata": {"fetched-at": "2025-03-01T05:00:04Z", "source": "current", "execution-id": "by hand"}});
    world.deployment.call("s3", "put_object", arguments);
    let execution = world.run(&World::input(location, time, &json!({})));
    let message = failed(&execution, "RawUnreadable", location, time);
    assert!(message["cause"].as_str().unwrap().contains("not JSON"), "{message}");
    assert_eq!(world.deployment.get(&world.raw, &key).unwrap(), b"no weather");
    assert!(world.deployment.keys(&world.curated, &format!("curated/location_id={location}/")).is_empty());

    // Later, the hour is filled all the same.
    world.serve(location, [day(&[1_740_805_200])]);
    let again = world.run(&World::input(location, time, &json!({"refetch": true, "backfill": true})));
    assert_eq!(again.status, "SUCCEEDED");
}
