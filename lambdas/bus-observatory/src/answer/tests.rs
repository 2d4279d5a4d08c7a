#![allow(clippy::unwrap_used)]

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::contract::api::ROUTES;
use crate::feeds::{Configuration, FeedType};
use crate::file::File;
use crate::grab::grab;
use crate::storage::Memory;

const SHIPPED: &str = include_str!("../../../../feeds.json");

fn feeds() -> Vec<Feed> {
    let mut feeds = Configuration::read(SHIPPED, "feeds.json").unwrap().feeds;
    for feed in &mut feeds {
        feed.publish = true;
    }
    feeds
}

/// A lake with two grabs of a feed in New York, 04:59 and 05:01 in UTC.
fn lake() -> Memory {
    let memory = Memory::new();
    let feed = feeds().into_iter().find(|feed| feed.feed_type == FeedType::Siri).unwrap();
    for minute in ["2023-11-05T04:59:30Z", "2023-11-05T05:01:30Z"] {
        let time: Timestamp = minute.parse().unwrap();
        let activity = |vehicle: &str, line: &str, located: bool| {
            let place = located.then(|| json!({"Latitude": 40.7, "Longitude": -73.9}));
            json!({"RecordedAtTime": minute, "MonitoredVehicleJourney": {
                "LineRef": line, "VehicleRef": vehicle, "VehicleLocation": place, "DestinationName": "A \"B\", C",
            }})
        };
        let activities = [activity("b", "MTA_M1", true), activity("a", "MTA_M1", true), activity("c", "MTA_M2", false)];
        let body =
            json!({"Siri": {"ServiceDelivery": {"VehicleMonitoringDelivery": [{"VehicleActivity": activities}]}}});
        grab(&memory, &feed, time, time, body.to_string().as_bytes()).unwrap();
    }
    memory
}

fn get(path: &str) -> (Answer, Option<Cause>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    answer(&Request::new(path, query, None), &feeds(), &lake())
}

fn value(path: &str) -> Value {
    serde_json::from_slice(&get(path).0.body).unwrap()
}

#[test]
fn an_hour_of_a_route_in_utc() {
    let answer = value("/buses/bulk/nyct_mta_bus_siri/M1/2023/11/5/4");
    assert_eq!(
        answer["query"],
        json!({"system_id": "nyct_mta_bus_siri", "route": "M1", "start (gte)": "2023-11-05T04:00:00Z",
               "end (lt)": "2023-11-05T05:00:00Z"})
    );
    let rows = answer["result"].as_array().unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| (row["vehicle_id"].as_str().unwrap(), row["timestamp"].as_str().unwrap())).collect();
    assert_eq!(told, [("a", "2023-11-05T04:59:30.000000Z"), ("b", "2023-11-05T04:59:30.000000Z")]);
    assert_eq!(
        (rows[0].as_object().unwrap().len(), &rows[0]["lat"], &rows[0]["bearing"]),
        (28, &json!(40.7), &Value::Null)
    );
    assert_eq!(value("/buses/bulk/nyct_mta_bus_siri/M9/2023/11/5/4")["result"], json!([]));
    assert_eq!(value("/buses/bulk/nyct_mta_bus_siri/M1'%20OR%201=1/2023/11/5/4")["result"], json!([]));
}

#[test]
fn an_hour_of_the_clocks_of_the_city() {
    let answer = value("/buses/bulk/nyct_mta_bus_siri/M1/2023/11/5/1?tz=feed");
    assert_eq!(answer["query"]["start (gte)"], "2023-11-05T01:00:00-04:00");
    assert_eq!(answer["query"]["end (lt)"], "2023-11-05T02:00:00-05:00");
    assert_eq!(answer["result"][0]["timestamp"], "2023-11-05T01:01:30.000000-04:00");
    // Half an hour before and after a full hour in UTC: two partitions.
    let answer = value("/buses/bulk/nyct_mta_bus_siri/M1/2023/11/5/10?tz=Asia/Kolkata");
    let rows = answer["result"].as_array().unwrap();
    let told: Vec<_> = rows.iter().map(|row| row["timestamp"].as_str().unwrap()).collect();
    assert_eq!(told[1..3], ["2023-11-05T10:29:30.000000+05:30", "2023-11-05T10:31:30.000000+05:30"]);
    assert_eq!(told.len(), 4);
}

#[test]
fn every_format_has_the_same_rows() {
    let path = "/buses/bulk/nyct_mta_bus_siri/M1/2023/11/5/4";
    let csv = get(&format!("{path}?format=csv")).0;
    let text = String::from_utf8(csv.body).unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!((csv.content_type, csv.rows, lines.len()), ("text/csv; charset=utf-8", 2, 4));
    assert!(lines[0].starts_with("route,timestamp,route_long,"));
    assert!(lines[1].starts_with("M1,2023-11-05T04:59:30.000000Z,MTA_M1,,"));
    assert!(lines[1].contains(",\"A \"\"B\"\", C\","), "{}", lines[1]);
    let parquet = get(&format!("{path}?format=parquet")).0;
    let rows = File::open(parquet.body.into()).unwrap().read_all().unwrap();
    assert_eq!((parquet.rows, rows.len(), rows.text(24, 1)), (2, 2, Some("b")));
    assert_eq!(get(&format!("{path}?format=xml")).0.status, 406);
}

#[test]
fn the_last_positions_are_points() {
    let (answer, _) = get("/buses/live/nyct_mta_bus_siri");
    assert_eq!((answer.content_type, answer.rows), ("application/geo+json", 2));
    let value: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(value["features"][0]["geometry"], json!({"type": "Point", "coordinates": [-73.9, 40.7]}));
    assert_eq!(value["features"][0]["properties"]["timestamp"], "2023-11-05T05:01:30.000000Z");
    assert_eq!(self::value("/buses/live/mbta_all"), json!({"type": "FeatureCollection", "features": []}));
}

#[test]
fn bad_requests_say_what_is_wrong() {
    for (path, status, code, field) in [
        ("/nothing", 404, "not_found", Value::Null),
        ("/buses/live/nowhere", 404, "unknown_system", json!("system_id")),
        ("/buses/bulk/nowhere/M1/2023/4/30/23", 404, "unknown_system", json!("system_id")),
        ("/../schema", 404, "unknown_system", json!("system_id")),
        ("/buses/bulk/mbta_all/1/2023/4/31/0", 400, "bad_day", json!("day")),
        ("/buses/bulk/mbta_all/1/2010/4/30/0", 400, "bad_year", json!("year")),
        ("/buses/bulk/mbta_all/1/2023/4/30/24", 400, "bad_hour", json!("hour")),
        ("/buses/bulk/mbta_all/1/2023/3/12/2?tz=feed", 400, "skipped_hour", json!("hour")),
        ("/buses/bulk/mbta_all/1/2023/4/30/0?tz=../../etc/passwd", 400, "bad_time_zone", json!("tz")),
        ("/buses/bulk/mbta_all/1/2023/4/30/0?tz=", 400, "bad_time_zone", json!("tz")),
    ] {
        let (answer, cause) = get(path);
        let error: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status, cause), (status, None), "{path}");
        assert_eq!((&error["error"]["code"], &error["error"]["field"]), (&json!(code), &field), "{path}");
    }
    let mut feeds = feeds();
    for feed in &mut feeds {
        feed.publish = false;
    }
    let (answer, _) = answer(&Request::new("/buses/live/mbta_all", "", None), &feeds, &lake());
    assert_eq!(answer.status, 404);
}

#[test]
fn what_is_wrong_inside_stays_inside() {
    let memory = lake();
    let (hour, spoilt) = (crate::partition::Hour::of(1_699_160_370_000_000), "s3://memory/x");
    let pointer = hour.pointer("nyct_mta_bus_siri");
    memory.put(&pointer, spoilt.into(), &crate::storage::Condition::Always).unwrap();
    let request = Request::new("/buses/bulk/nyct_mta_bus_siri/M1/2023/11/5/4", "", None);
    let (answer, cause) = answer(&request, &feeds(), &memory);
    let body = String::from_utf8(answer.body).unwrap();
    assert!(answer.status == 500 && !body.contains("pointer") && cause.unwrap().contains(&pointer), "{body}");
}

#[test]
fn feeds_are_listed_without_their_urls() {
    let shipped = feeds().remove(0);
    let many: Vec<Feed> = (0..12).map(|index| Feed { system_id: format!("feed_{index}"), ..shipped.clone() }).collect();
    let (answer, _) = answer(&Request::new("/feeds", "", None), &many, &Memory::new());
    let listed: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 12);
    for page in ["/", "/feeds"] {
        let body = String::from_utf8(get(page).0.body).unwrap();
        assert!(
            !body.contains("https://gtfsrt") && !body.contains("apikey") && !body.contains("bus-observatory/"),
            "{page}"
        );
    }
    assert_eq!(value("/mbta_all/schema")["columns"][18], json!({"name": "vehicle_timestamp", "type": "timestamp"}));
    let hostile = Feed { system_name: "<script>alert(\"x\")</script>".into(), ..shipped };
    let (page, _) = super::answer(&Request::new("", "", None), &[hostile], &Memory::new());
    let page = String::from_utf8(page.body).unwrap();
    assert!(!page.contains("<script>") && page.contains("&lt;script&gt;") && page.contains("CC BY-NC 4.0"));
}

#[test]
fn a_large_answer_is_elsewhere() {
    let large = Answer::new(Format::JSON, vec![b' '; MAXIMUM_BODY + 1], 7);
    assert!(large.is_too_large() && !Answer::new(Format::JSON, vec![b' '; MAXIMUM_BODY], 7).is_too_large());
    let answer = large.exported("https://x/y".into(), MAXIMUM_BODY as u64 + 1, "2023-11-05T05:01:30Z".into());
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("https://x/y")));
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((&body["rows"], &body["bytes"]), (&json!(7), &json!(MAXIMUM_BODY + 1)));
}

#[test]
fn the_document_describes_the_routes() {
    let document = value("/openapi.json");
    let described: std::collections::BTreeSet<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(described, ROUTES.into_iter().map(str::to_owned).collect());
}

proptest! {
    #[test]
    fn no_request_brings_it_down(path in "[/a-z0-9%:.é_]{0,40}", query in "[a-z=&%+/]{0,30}", accept in ".{0,30}") {
        let storage = Memory::new();
        for path in [path.clone(), format!("/buses/bulk/mbta_all/{path}/2023/1/1/1"), format!("/buses/bulk/mbta_all/1/{path}")] {
            let (answer, cause) = answer(&Request::new(&path, &query, Some(&accept)), &feeds(), &storage);
            prop_assert!(cause.is_none() && [200, 400, 404, 406].contains(&answer.status));
        }
    }
}
