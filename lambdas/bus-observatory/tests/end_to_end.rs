//! All feeds are grabbed for a while, merged and asked for, with faults in between.

#![cfg(feature = "simulate")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use bus_observatory::answer::{Request, answer};
use bus_observatory::compact::{Selection, compact, select};
use bus_observatory::feeds::{Configuration, Feed, FeedType};
use bus_observatory::grab::grab;
use bus_observatory::partition::Hour;
use bus_observatory::simulate::{Fault, Fleet};
use bus_observatory::storage::{Memory, Storage};
use jiff::Timestamp;
use serde_json::Value;

/// 2023-05-01T00:50 in UTC.
const START: i64 = 1_682_902_200;
const MINUTES: i64 = 20;
const VEHICLES: u64 = 36;

fn feeds() -> Vec<Feed> {
    let feeds = Configuration::read(include_str!("../../../feeds.json"), "feeds.json").unwrap().feeds;
    feeds.into_iter().map(|feed| Feed { publish: true, ..feed }).collect()
}

fn fleet(feed: &Feed) -> Fleet {
    Fleet::new(feed.system_id.len() as u64, VEHICLES)
}

/// Grabs a feed at a minute. Gives the number of its new rows, or none when the grab failed.
fn grab_at(storage: &dyn Storage, feed: &Feed, minute: i64, faults: &[Fault]) -> Option<u64> {
    let now = START + minute * 60;
    let body = fleet(feed).body(feed.feed_type, now, faults);
    let time = Timestamp::from_second(now).unwrap();
    grab(storage, feed, time, time, &body).ok().map(|report| report.rows)
}

fn bulk(storage: &dyn Storage, feed: &Feed, route: &str, hour: u8) -> Vec<Value> {
    let path = format!("/buses/bulk/{}/{route}/2023/5/1/{hour}", feed.system_id);
    let (answer, cause) = answer(&Request::new(&path, "", None), &feeds(), storage);
    assert_eq!((answer.status, cause), (200, None), "{path}");
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    body["result"].as_array().unwrap().clone()
}

/// All rows of a feed through the API, each as vehicle and time.
fn told(storage: &dyn Storage, feed: &Feed) -> BTreeSet<(String, String)> {
    let vehicle = if feed.feed_type == FeedType::Gtfsrt { "vehicle_vehicle_id" } else { "vehicle_id" };
    let vehicle = if feed.feed_type == FeedType::Njxml { "id" } else { vehicle };
    let routes: &[&str] = if feed.feed_type == FeedType::Njxml { &["1", "2", "3"] } else { &["M1", "B1", "Q1"] };
    let mut found = BTreeSet::new();
    for route in routes {
        for hour in [0, 1] {
            for row in bulk(storage, feed, route, hour) {
                let text = |name: &str| row[name].as_str().unwrap().to_owned();
                assert!(found.insert((text(vehicle), text(&feed.timestamp_column))), "{row}");
            }
        }
    }
    found
}

#[test]
fn seven_feeds_are_collected_merged_and_told() {
    let (storage, feeds) = (Memory::new(), feeds());
    let mut rows = vec![0; feeds.len()];
    for minute in 0..MINUTES {
        storage.set_now((START + minute * 60) * 1_000_000);
        for (index, feed) in feeds.iter().enumerate() {
            let faults: &[Fault] = match (index, minute) {
                // One feed is down for good, another at times; what is wrong with one is nothing to the others.
                (1, _) | (2, 3) => &[Fault::Html],
                (2, 5) => &[Fault::Truncated],
                (2, 7) => &[Fault::Corrupt],
                (3, 9) => &[Fault::Duplicates],
                (4, 4) => &[Fault::Empty],
                _ => &[],
            };
            match grab_at(&storage, feed, minute, faults) {
                Some(new) => rows[index] += new,
                None => assert_eq!(faults, [Fault::Html]),
            }
            // A retry of the same grab has nothing new.
            if minute == 11 && index != 1 {
                assert_eq!(grab_at(&storage, feed, minute, faults), Some(0));
            }
            // The compactor runs in between, and asks nobody.
            if minute % 6 == 5 {
                let hour = Hour::of((START + minute * 60) * 1_000_000);
                compact(&storage, &feed.system_id, hour, (START + minute * 60) * 1_000_000).unwrap();
            }
        }
    }
    let before: Vec<_> = feeds.iter().map(|feed| told(&storage, feed)).collect();
    for (index, (told, rows)) in before.iter().zip(&rows).enumerate() {
        assert_eq!(told.len() as u64, *rows, "{}", feeds[index].system_id);
        assert_eq!(*rows == 0, index == 1, "{}", feeds[index].system_id);
    }
    // Each vehicle reports twice a minute, and is seen once.
    assert_eq!(rows[0], VEHICLES * MINUTES.unsigned_abs());
    let much_later = (START + 3 * 3600) * 1_000_000;
    for (feed, before) in feeds.iter().zip(&before) {
        for hour in select(&storage, &feed.system_id, Selection::Recent, much_later).unwrap() {
            compact(&storage, &feed.system_id, hour, much_later).unwrap();
        }
        assert_eq!(told(&storage, feed), *before, "{}", feed.system_id);
    }
    assert!(storage.keys().iter().all(|key| !key.contains("incoming-")));
    let live = answer(&Request::new("/buses/live/tfnsw_bus", "", None), &feeds, &storage).0;
    assert_eq!(live.rows, VEHICLES);
}
