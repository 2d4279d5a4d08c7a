//! Hours that get their row.

use std::time::Duration;

use serde_json::{Value, json};
use system_tests::Reply;

use crate::world::{CURRENT, Execution, KEY, MARYSVILLE, STACK, WORLD, World, current, day, error, folder, this_hour};

#[track_caller]
fn succeeded(execution: &Execution) -> Value {
    assert_eq!((execution.status.as_str(), execution.error.as_str()), ("SUCCEEDED", ""), "{execution:?}");
    execution.output.clone()
}

#[test]
fn an_hour_is_kept_and_becomes_a_row_once() {
    let (world, location, time) = (&*WORLD, "once", this_hour());
    world.serve(location, [current()]);
    let input = World::input(location, &time, &json!({}));
    let execution = world.run(&input);
    let output = succeeded(&execution);
    let (raw, curated) = (
        format!("raw/{}weather.json", folder(location, &time)),
        format!("curated/{}weather.parquet", folder(location, &time)),
    );
    assert_eq!(output["scheduled_time"], input["scheduled_time"], "the input stays");
    let retrieve = &output["retrieve"];
    assert_eq!((&retrieve["key"], &retrieve["source"]), (&json!(raw), &json!("current")));
    assert_eq!((&retrieve["attempts"], &retrieve["reused"]), (&json!(1), &json!(false)));
    assert_eq!(output["curate"], json!({"key": curated, "columns": 53, "extra_fields": 1, "type_errors": 0}));
    let (version, metadata) = world.raw_head(&raw).unwrap();
    assert_eq!(retrieve["version_id"], version);
    let expected = json!({"fetched-at": retrieve["fetched_at"], "source": "current", "execution-id": execution.arn});
    assert_eq!(metadata, expected);
    assert_eq!(world.deployment.get(&world.raw, &raw).unwrap(), CURRENT.as_bytes());
    let file = world.deployment.get(&world.curated, &curated).unwrap();
    assert!(file.starts_with(b"PAR1"));
    let request = format!("/current.json?key={KEY}&q=at%20{location}&aqi=no");
    assert_eq!(world.requests(location), [request.as_str()]);

    // The same hour again: nothing is asked, and both objects stay as they are.
    let again = succeeded(&world.run(&input));
    assert_eq!((&again["retrieve"]["reused"], &again["retrieve"]["attempts"]), (&json!(true), &json!(0)));
    assert_eq!((&again["retrieve"]["fetched_at"], &again["curate"]), (&retrieve["fetched_at"], &output["curate"]));
    assert_eq!(world.raw_head(&raw).unwrap().0, version);
    assert_eq!(world.deployment.get(&world.curated, &curated).unwrap(), file);
    assert_eq!(world.requests(location).len(), 1);
    assert!(world.messages(&execution).is_empty());
}

#[test]
fn an_hour_that_comes_twice_in_local_time_is_two_hours() {
    // Both are 02:00 in Melbourne.
    let (world, location) = (&*WORLD, "twice");
    world.serve(location, [day(&[1_743_865_200, 1_743_868_800])]);
    for (time, hour) in [("2025-04-05T15:00:00Z", "15"), ("2025-04-05T16:59:43Z", "16")] {
        let output = succeeded(&world.run(&World::input(location, time, &json!({}))));
        assert_eq!(output["retrieve"]["source"], "history");
        let key = format!("raw/location_id={location}/year=2025/month=04/day=05/hour={hour}/weather.json");
        assert_eq!(output["retrieve"]["key"], key);
    }
    assert_eq!(world.deployment.keys(&world.curated, &format!("curated/location_id={location}/")).len(), 2);
    assert!(world.requests(location)[0].ends_with("&dt=2025-04-05"), "{:?}", world.requests(location));
}

#[test]
fn an_hour_of_another_local_day_is_looked_for() {
    let (world, location) = (&*WORLD, "local-day");
    // The date in UTC has no entry within range, the day after has one.
    world.serve(location, [day(&[]), day(&[1_740_805_200 + 60])]);
    let output = succeeded(&world.run(&World::input(location, "2025-03-01T05:00:00Z", &json!({}))));
    assert_eq!((&output["retrieve"]["attempts"], &output["retrieve"]["source"]), (&json!(2), &json!("history")));
    assert!(world.requests(location)[1].ends_with("&dt=2025-03-02"));
}

#[test]
fn an_api_that_comes_back_is_asked_again() {
    let world = &*WORLD;
    let throttled = Reply::new(429, "").header("retry-after", "4");
    std::thread::scope(|scope| {
        for (location, replies, attempts) in [
            ("back-503", vec![Reply::new(503, ""), Reply::new(503, ""), current()], 3),
            ("back-429", vec![throttled, current()], 2),
            ("back-9999", vec![error(400, 9999), current()], 2),
            ("back-cut", vec![Reply::new(200, CURRENT).cut_after(20), current()], 2),
            ("back-late", vec![current().after(Duration::from_secs(11)), current()], 2),
        ] {
            scope.spawn(move || {
                world.serve(location, replies);
                let output = succeeded(&world.run(&World::input(location, &this_hour(), &json!({}))));
                assert_eq!(output["retrieve"]["attempts"], attempts, "{location}");
                assert_eq!(world.requests(location).len(), attempts, "{location}");
            });
        }
    });
}

#[test]
fn a_body_that_is_fetched_again_is_a_new_version() {
    let (world, location, time) = (&*WORLD, "refetched", "2025-03-01T05:00:00Z");
    world.serve(location, [day(&[1_740_805_200])]);
    let first = succeeded(&world.run(&World::input(location, time, &json!({}))));
    let again = succeeded(&world.run(&World::input(location, time, &json!({"refetch": true}))));
    assert_eq!((&again["retrieve"]["reused"], &again["retrieve"]["source"]), (&json!(false), &json!("history")));
    assert_ne!(first["retrieve"]["version_id"], again["retrieve"]["version_id"]);
    assert_eq!(world.requests(location).len(), 2);
}

#[test]
fn the_input_of_the_schedule_runs() {
    let world = &*WORLD;
    let resources = world.deployment.call("cloudformation", "describe_stack_resources", json!({"StackName": STACK}));
    let resources = resources["StackResources"].as_array().unwrap().clone();
    let schedule = resources.into_iter().find(|it| it["ResourceType"] == "AWS::Scheduler::Schedule").unwrap();
    let found = world.deployment.call("scheduler", "get_schedule", json!({"Name": schedule["PhysicalResourceId"]}));
    assert_eq!(found["Target"]["Arn"], world.machine.as_str());
    let input = found["Target"]["Input"].as_str().unwrap();
    assert!(input.contains("<aws.scheduler.scheduled-time>"), "{input}");
    let _turn = MARYSVILLE.lock();
    // An hour that the back-fill leaves alone.
    world.serve("marysville", [day(&[1_740_834_000])]);
    let input = input.replace("<aws.scheduler.scheduled-time>", "2025-03-01T13:00:00Z");
    let output = succeeded(&world.run(&serde_json::from_str(&input).unwrap()));
    assert_eq!(output["location_id"], "marysville");
    assert!(world.requests("marysville").last().unwrap().contains("&q=-37.504136%2C145.744302&"));
}
