//! Grabs of all feeds, good and bad.

use std::collections::BTreeSet;

use bus_observatory::simulate::Fault;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::world::{Behaviour, STACK, VEHICLES, WORLD, World};

const SHIPPED: [&str; 7] =
    ["tfnsw_bus", "nyct_mta_bus_gtfsrt", "nyct_mta_bus_siri", "njtransit_bus", "mbta_all", "wmata_bus", "sf_muni"];

/// The time and the digest of a key of incoming rows, after its folder was looked at.
fn parts(id: &str, key: &str) -> (String, String) {
    let rest = key.strip_prefix(&format!("lake/feed={id}/dt=")).unwrap();
    let (date, rest) = rest.split_once("/hr=").unwrap();
    let (hour, name) = rest.split_once('/').unwrap();
    assert!(format!("{date}T{hour}:00:00Z").parse::<Timestamp>().is_ok() && hour.len() == 2, "{key}");
    let name = name.strip_prefix("incoming-").and_then(|name| name.strip_suffix(".parquet")).unwrap();
    let (time, digest) = name.split_once('-').unwrap();
    assert!(digest.len() == 8 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    (time.to_owned(), digest.to_owned())
}

fn counts(world: &World, id: &str) -> Vec<Value> {
    let lines = world.deployment.logs(world.deployment.output(STACK, "Grabber"));
    let lines = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["_aws"]["CloudWatchMetrics"].is_array() && line["system_id"] == id).collect()
}

#[test]
fn seven_feeds_are_grabbed_by_the_inputs_of_their_schedules() {
    let world = &*WORLD;
    let now = Timestamp::now();
    for id in SHIPPED {
        world.set(id, Behaviour { time: Some(now.as_second()), ..Behaviour::default() });
        let answer = world.grab_at(id, now);
        let expected = json!({"rows": VEHICLES, "duplicates": 0, "rejected": 0, "stale": 0, "future": 0,
                              "fresh_rows": VEHICLES, "partial": false});
        assert_eq!(answer.payload, expected, "{id}");
        let keys = world.keys(id);
        // Vehicles report every half minute: those of the hour before are in a file of their own.
        assert!((1..=2).contains(&keys.len()), "{keys:?}");
        for key in &keys {
            assert_eq!(parts(id, key).0, now.strftime("%Y%m%dT%H%M%SZ").to_string(), "{key}");
        }
        // A retry finds its own rows; where vehicles say no time, a later fetch is another observation.
        let again = world.grab_at(id, now).payload;
        if id != "njtransit_bus" {
            assert_eq!((&again["rows"], &again["duplicates"]), (&json!(0), &json!(VEHICLES)), "{id}");
            assert_eq!(world.keys(id), keys, "{id}");
        }
        let live = world.get(&format!("/buses/live/{id}"));
        assert_eq!(live.headers["content-type"], "application/geo+json");
        assert_eq!(live.json()["features"].as_array().unwrap().len(), usize::try_from(VEHICLES).unwrap(), "{id}");
        let counts = counts(world, id);
        assert_eq!(counts.len(), 2, "{counts:?}");
        assert_eq!((&counts[0]["Rows"], &counts[0]["FreshRows"]), (&json!(VEHICLES), &json!(VEHICLES)));
        assert_eq!(counts[0]["_aws"]["CloudWatchMetrics"][0]["Namespace"], "BusObservatory");
    }
    // The last grab's rows are lost, as when a grab dies before it remembers them: its retry writes the same object again.
    let id = "mbta_all";
    let keys = world.keys(id);
    let state = format!("state/feed={id}/last.parquet");
    world.deployment.call("s3", "delete_object", json!({"Bucket": world.lake, "Key": state}));
    assert_eq!(world.grab_at(id, now).payload["rows"], VEHICLES);
    assert_eq!(stored(&world.keys(id)), stored(&keys));
    // Merged, each observation is there once.
    let before = told(world, id, now);
    assert_eq!(before.len(), usize::try_from(VEHICLES).unwrap());
    let report = world.compact(id, now - 1.hour(), now);
    assert_eq!((&report["rows"], &report["unreadable"]), (&json!(VEHICLES), &json!(0)), "{report}");
    assert_eq!(told(world, id, now), before);
    assert!(world.keys(id).iter().all(|key| key.contains("/compacted-")), "{:?}", world.keys(id));
}

/// The folders and times of keys: digests differ, since rows have the time of their fetch.
fn stored(keys: &[String]) -> BTreeSet<&str> {
    keys.iter().map(|key| key.rsplit_once('-').unwrap().0).collect()
}

/// All observations of this hour and the one before.
fn told(world: &World, id: &str, now: Timestamp) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for hour in [now - 1.hour(), now] {
        for route in ["M1", "B1", "Q1"] {
            for row in world.rows(id, route, &hour.strftime("%Y/%m/%d/%H").to_string()) {
                let text = |name: &str| row[name].as_str().unwrap().to_owned();
                assert!(found.insert((text("vehicle_vehicle_id"), text("vehicle_timestamp"))), "{row}");
            }
        }
    }
    found
}

#[test]
fn what_is_wrong_with_a_feed_is_told_and_hurts_no_other() {
    let world = &*WORLD;
    let set = |id: &str, faults: &[Fault]| {
        world.set(id, Behaviour { faults: faults.to_vec(), ..Behaviour::default() });
    };
    let failed = |id: &str, kind: &str, reason: &str| {
        let answer = world.grab(id);
        let text = answer.payload["errorMessage"].as_str().unwrap_or_default().to_owned();
        assert!(answer.is_error && answer.payload["errorType"] == kind, "{id}: {}", answer.payload);
        assert!(text.starts_with(id) && text.contains(reason), "{text}");
        assert_eq!(counts(world, id).last().unwrap()["FailedFetches"], 1, "{id}");
    };
    set("down", &[Fault::Error]);
    failed("down", "FetchFailed", "the feed answered with status 500");
    assert_eq!(world.requests("down"), 3);
    set("down", &[Fault::Html]);
    failed("down", "GrabFailed", "HTML instead of protobuf");
    assert_eq!((world.requests("down"), world.keys("down")), (4, Vec::new()));
    failed("keyless", "NoKey", "secretsmanager:GetSecretValue `bus-observatory/missing`");
    assert_eq!(world.requests("keyless"), 0);

    for (id, faults, rows, rejected, is_partial) in [
        ("faulty_gtfsrt", &[Fault::Corrupt][..], VEHICLES..=VEHICLES, 1, false),
        ("faulty_siri", &[Fault::Corrupt], VEHICLES - 1..=VEHICLES - 1, 1, false),
    ] {
        set(id, faults);
        let report = world.grab(id).payload;
        assert!(report["rows"].as_u64().is_some_and(|found| rows.contains(&found)), "{id} {report}");
        assert_eq!((&report["rejected"], &report["partial"]), (&json!(rejected), &json!(is_partial)), "{id}");
    }
    set("faulty_siri", &[Fault::Empty]);
    let empty = world.grab("faulty_siri");
    assert_eq!((empty.is_error, &empty.payload["rows"]), (false, &json!(0)));
    set("faulty_gtfsrt", &[Fault::Truncated]);
    // What is whole is kept; the vehicles may be known from before.
    let report = world.grab("faulty_gtfsrt").payload;
    let met = report["rows"].as_u64().unwrap() + report["duplicates"].as_u64().unwrap();
    assert!((VEHICLES / 2..VEHICLES).contains(&met) && report["partial"] == true, "{report}");
    // Vehicles that report neither too late nor too early, and those that do.
    let now = Timestamp::now().as_second();
    for (time, name) in [(now - 25 * 3600, "stale"), (now + 3600, "future")] {
        world.set("faulty_gtfsrt", Behaviour { time: Some(time), ..Behaviour::default() });
        let report = world.grab("faulty_gtfsrt").payload;
        assert_eq!((&report["rows"], &report[name]), (&json!(0), &json!(VEHICLES)), "{report}");
    }
    // Two entities, none with a vehicle: alerts only.
    let alerts = b"\x0a\x05\x0a\x032.0\x12\x05\x0a\x01a\x2a\x00\x12\x05\x0a\x01b\x2a\x00".to_vec();
    world.set("faulty_gtfsrt", Behaviour { body: Some(alerts), ..Behaviour::default() });
    let answer = world.grab("faulty_gtfsrt");
    let expected = (false, json!(0), json!(0));
    assert_eq!((answer.is_error, answer.payload["rows"].clone(), answer.payload["rejected"].clone()), expected);
    // All the while another feed is fine, in the same function.
    assert_eq!(world.grab("in_parameter").payload["rows"], VEHICLES);
    let wrong = world.deployment.invoke(
        world.deployment.output(STACK, "Grabber"),
        &json!({"feed": world.event("down", Timestamp::now())["feed"], "scheduled_time": "noon"}),
    );
    assert!(wrong.is_error && wrong.payload["errorType"] == "BadEvent", "{}", wrong.payload);
}
