//! Sources that behave, and sources that do not.

use std::ops::RangeInclusive;

use serde_json::{Value, json};
use system_tests::Reply;

use crate::world::{Answer, JHU, NYT, World, file, status, world};

const A: &str = "date,cases,deaths\n2020-01-21,1,0\n2020-01-22,1,0\n2020-01-23,2,0\n2020-01-24,3,1\n";
const B: &str = "Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths\r\n\
    2020-01-22,US,,1,1,1,0,0\r\n2020-01-23,\"Korea, South\",,1,1,1,7,0\r\n2020-01-23,US,,1,1,2,1,0\r\n2020-01-24,US,,1,1,3,0,1\r\n";
/// As [`A`], but a day is revised, one is gone, and one is new.
const REVISED_A: &str =
    "date,cases,deaths\n2020-01-21,1,0\n2020-01-22,1,0\n2020-01-23,4,0\n2020-01-24,3,1\n2020-01-25,9,1\n";
const REVISED_B: &str = "Date,Country/Region,Province/State,Recovered\n2020-01-22,US,,0\n2020-01-23,US,,1\n\
    2020-01-24,US,,2\n2020-01-25,US,,3\n";

/// A line for each of some days.
fn lines(days: RangeInclusive<u32>, line: impl Fn(u32) -> String) -> String {
    days.map(line).collect::<Vec<_>>().concat()
}

/// A world in which the first load was done.
fn load(world: &mut World) {
    world.serve([file(A, "\"a1\"")], [file(B, "\"b1\"")]);
    let message = world.run();
    assert_eq!((&message["outcome"], &message["added"]), (&json!("SUCCESS"), &json!(3)), "{message}");
}

/// Whether the log has the metric of runs that came to their end, and how often.
fn completed(world: &World) -> usize {
    let metric = |line: &String| serde_json::from_str::<Value>(line).is_ok_and(|line| line["RefreshCompleted"] == 1);
    let lines = world.deployment.logs(&world.refresh);
    let found: Vec<_> = lines.into_iter().filter(metric).collect();
    for line in &found {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["StackName"], "etl-backend");
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], "etl");
    }
    found.len()
}

#[test]
fn a_first_load_then_no_change_then_revisions() {
    let world = &mut *world();
    let metrics = completed(world);
    world.serve([file(A, "\"a1\"")], [file(B, "\"b1\"")]);
    let answer = world.deployment.invoke(&world.refresh, &json!({"source": "aws.events", "detail": {}}));
    let (subject, message) = world.message();
    assert_eq!((subject.as_str(), answer.payload), ("[etl] SUCCESS: 3 added, 0 revised", message.clone()));
    let expected = json!({"outcome": "SUCCESS", "added": 3, "revised": 0, "unchanged": 0, "vanished": 0, "rejected": 0,
        "not_reported": 1, "warnings": 0, "date_min": "2020-01-22", "date_max": "2020-01-24",
        "nyt": {"status": "fetched", "rows": 4, "etag": "\"a1\""}, "jhu": {"status": "fetched", "rows": 3, "etag": "\"b1\""}});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&message[name], value, "{name}: {message}");
    }
    let first = [("2020-01-22", (1, 0, Some(0))), ("2020-01-23", (2, 0, Some(1))), ("2020-01-24", (3, 1, None))];
    assert_eq!(world.figures(), first.map(|(date, figures)| (date.to_owned(), figures)).into());
    let archived = world.deployment.get(&world.bucket, "sources/jhu-us.csv").unwrap();
    assert!(!String::from_utf8(archived).unwrap().contains("Korea"));
    assert_eq!(world.deployment.get(&world.bucket, "sources/nyt.csv").unwrap(), A.as_bytes());

    // Both sources say that nothing changed: nothing is read, nothing is written.
    let before = world.stored();
    let message = world.run();
    assert_eq!((&message["outcome"], &message["unchanged"]), (&json!("NO_CHANGE"), &json!(3)));
    assert_eq!(message["nyt"]["status"], "not_modified");
    assert_eq!(world.requests(NYT)[1].header("if-none-match"), Some("\"a1\""));
    assert_eq!(world.stored(), before);
    // Asked to, it reads them all the same.
    let message = world.run_with(&json!({"ignoreEtag": true}));
    assert_eq!((&message["outcome"], &message["nyt"]["status"]), (&json!("NO_CHANGE"), &json!("fetched")));
    assert_eq!(world.requests(JHU)[2].header("if-none-match"), None);
    assert_eq!(world.stored().0.len(), before.0.len());

    // One source is as it was: its archive is used.
    world.serve([file(REVISED_A, "\"a2\"")], [file(B, "\"b1\"")]);
    let message = world.run();
    assert_eq!((&message["revised"], &message["jhu"]["status"]), (&json!(1), &json!("not_modified")), "{message}");
    world.serve([file(REVISED_A, "\"a2\"")], [file(REVISED_B, "\"b2\"")]);
    let message = world.run();
    assert_eq!((&message["added"], &message["revised"], &message["unchanged"]), (&json!(1), &json!(1), &json!(2)));
    assert_eq!(world.figures()["2020-01-24"], (3, 1, Some(2)));
    assert_eq!(world.figures()["2020-01-23"], (4, 0, Some(1)));

    // Fewer days, but not too few: what vanished stays.
    let long = lines(1..=20, |day| format!("2020-02-{day:02},9,1\n"));
    let recovered = lines(1..=20, |day| format!("2020-02-{day:02},US,,3\n"));
    world.serve([file(format!("{REVISED_A}{long}"), "\"a3\"")], [file(format!("{REVISED_B}{recovered}"), "\"b3\"")]);
    assert_eq!(world.run()["added"], 20);
    let shorter = REVISED_A.replace("2020-01-25,9,1\n", "");
    world.serve([file(format!("{shorter}{long}"), "\"a4\"")], [file(format!("{REVISED_B}{recovered}"), "\"b3\"")]);
    let message = world.run();
    assert_eq!((&message["outcome"], &message["vanished"]), (&json!("NO_CHANGE"), &json!(1)));
    assert!(world.figures().contains_key("2020-01-25"));
    assert_eq!(completed(world) - metrics, 7);
}

#[test]
fn a_broken_source_changes_nothing_and_is_told() {
    let world = &mut *world();
    load(world);
    let (before, metrics) = (world.stored(), completed(world));
    let bad_dates = lines(1..=6, |day| format!("2020-13-{day:02},1,1\n"));
    let html = "<!doctype html>\n<html><body>Try again later</body></html>\n";
    for (nyt, class, stage, requests) in [
        (Answer::File("day,cases,deaths\n2020-01-22,1,0\n".into(), None), "missing_column", "transform", 1),
        (Answer::File(html.into(), None), "missing_column", "transform", 1),
        (Answer::File("date,cases,deaths\n".into(), None), "no_rows", "transform", 1),
        (Answer::File("date,cases,deaths\n1999-01-01,1,0\n".into(), None), "join_empty", "transform", 1),
        (Answer::File(format!("{A}{bad_dates}").into(), None), "too_many_rejected", "transform", 1),
        (status(404), "fetch_failed", "extract", 1),
        (status(403), "fetch_failed", "extract", 1),
    ] {
        let shown = format!("{nyt:?}");
        world.serve([nyt], [file(B, "\"b1\"")]);
        let message = world.run();
        assert_eq!((&message["outcome"], &message["error_class"]), (&json!("FAILED"), &json!(class)), "{shown}");
        assert_eq!((&message["stage"], world.requests(NYT).len()), (&json!(stage), requests), "{shown}");
        assert!(!message["message"].as_str().unwrap().is_empty());
        assert_eq!((&message["added"], &message["revised"]), (&json!(0), &json!(0)));
        let (items, versions) = world.stored();
        assert_eq!(items, before.0, "{shown}");
        let rejects = |version: &&Value| version[0].as_str().unwrap().starts_with("rejects/");
        let kept: Vec<_> = versions.as_array().unwrap().iter().filter(|version| !rejects(version)).cloned().collect();
        let kept_before: Vec<_> =
            before.1.as_array().unwrap().iter().filter(|version| !rejects(version)).cloned().collect();
        assert_eq!(kept, kept_before, "{shown}");
    }
    assert_eq!(completed(world), metrics, "a failure is not the end that the alarm waits for");
    // The last good data is served, and the next good run repairs all.
    assert_eq!(world.rows("/data").len(), 3);
    world.serve([file(REVISED_A, "\"a2\"")], [file(REVISED_B, "\"b2\"")]);
    assert_eq!(world.run()["outcome"], "SUCCESS");
}

#[test]
fn a_source_that_comes_back_is_read() {
    let world = &mut *world();
    let cut = Answer::Other(Reply::new(200, A).header("etag", "\"a1\"").cut_after(30));
    world.serve([status(503), file(A, "\"a1\"")], [cut, file(B, "\"b1\"")]);
    let message = world.run();
    assert_eq!((&message["outcome"], &message["added"]), (&json!("SUCCESS"), &json!(3)), "{message}");
    assert_eq!((world.requests(NYT).len(), world.requests(JHU).len()), (2, 2));
}

#[test]
fn a_source_that_does_not_come_back_is_given_up() {
    let world = &mut *world();
    let throttled = Answer::Other(Reply::new(429, "").header("retry-after", "1"));
    world.serve([throttled, status(500), status(503)], [file(B, "\"b1\"")]);
    let message = world.run();
    assert_eq!((&message["outcome"], &message["error_class"]), (&json!("FAILED"), &json!("fetch_failed")));
    assert_eq!(message["nyt"]["status"], "failed");
    assert_eq!((world.requests(NYT).len(), world.requests(JHU).len()), (4, 0));
    assert!(world.figures().is_empty());
}

#[test]
fn rejected_rows_are_kept_and_told() {
    let world = &mut *world();
    let rows = lines(1..=29, |day| format!("2020-02-{day:02},{},1\n", 10 + day));
    let recovered = lines(1..=29, |day| format!("2020-02-{day:02},US,,3\n"));
    let nyt = format!("date,cases,deaths\n{rows}2020-02-30,1,1\n2020-03-01,12.5,1\n");
    world.serve(
        [file(nyt, "\"a\"")],
        [file(
            format!(
                "{}{recovered}",
                B.lines().next().unwrap().replace("Lat,Long,Confirmed,", "").replace(",Deaths", "\n")
            ),
            "\"b\"",
        )],
    );
    let message = world.run();
    assert_eq!((&message["outcome"], &message["rejected"]), (&json!("SUCCESS"), &json!(2)), "{message}");
    assert_eq!(message["rejects"].as_array().unwrap().len(), 2);
    let key = format!("rejects/{}.json", message["run_id"].as_str().unwrap());
    let kept: Value = serde_json::from_slice(&world.deployment.get(&world.bucket, &key).unwrap()).unwrap();
    let told = kept.to_string();
    assert!(told.contains("bad_date") && told.contains("bad_number") && told.contains("2020-02-30,1,1"), "{told}");
}
