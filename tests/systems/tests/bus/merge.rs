//! Hours that are merged: while others read and write, and by runs that are killed.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bus_observatory::aws::S3;
use bus_observatory::compact::compact;
use bus_observatory::partition::Hour;
use bus_observatory::storage::{Condition, Listed, Object, Put, Storage, StorageError};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::world::{STACK, WORLD};

/// The vehicles of one route.
const VEHICLES: u64 = 12;
const ROUTE: &str = "M1";

type Seen = BTreeSet<(String, String)>;

/// The observations of an hour that a reader is told of, each of them once.
fn seen(id: &str, hour: Timestamp) -> Seen {
    let rows = WORLD.rows(id, ROUTE, &hour.strftime("%Y/%m/%d/%H").to_string());
    let count = rows.len();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let seen: Seen = rows.iter().map(|row| (text(row, "vehicle_vehicle_id"), text(row, "vehicle_timestamp"))).collect();
    assert_eq!(seen.len(), count, "an observation twice");
    seen
}

/// When a run is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// Before its call has an effect.
    Before,
    /// After the effect, before the answer.
    After,
}

/// The lake for a run that is killed at one of its calls: after it, nothing that the run does has an effect.
struct Mortal<'a> {
    lake: &'a S3,
    calls: Cell<usize>,
    death: Death,
}

impl Mortal<'_> {
    fn call<T>(&self, call: impl FnOnce() -> Result<T, StorageError>) -> Result<T, StorageError> {
        match self.calls.get() {
            0 => return Err(StorageError::new("reach", "", "killed")),
            1 if self.death == Death::After => drop(call()),
            1 => {}
            left => {
                self.calls.set(left - 1);
                return call();
            }
        }
        self.calls.set(0);
        Err(StorageError::new("reach", "", "killed"))
    }
}

impl Storage for Mortal<'_> {
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        self.call(|| self.lake.list(prefix))
    }

    fn get(&self, key: &str) -> Result<Option<Object>, StorageError> {
        self.call(|| self.lake.get(key))
    }

    fn put(&self, key: &str, content: bytes::Bytes, condition: &Condition) -> Result<Put, StorageError> {
        self.call(|| self.lake.put(key, content, condition))
    }

    fn delete(&self, keys: &[String]) -> Result<(), StorageError> {
        self.call(|| self.lake.delete(keys))
    }

    fn url(&self, key: &str) -> String {
        self.lake.url(key)
    }
}

#[test]
fn a_run_may_be_killed_at_every_call() {
    let world = &*WORLD;
    // An hour of its own for each death: two files in the hour, then one more after the first merge.
    let mut hour: Timestamp = "2024-03-01T00:00:00Z".parse().unwrap();
    let mut steps = [0, 0];
    for (index, death) in [Death::Before, Death::After].into_iter().enumerate() {
        for call in 1.. {
            hour += 1.hour();
            let time = hour.as_second();
            let written = world.write_grabs("killed", VEHICLES, vec![time + 600, time + 660]);
            if call % 2 == 0 {
                world.compact("killed", hour, hour);
            }
            let written = written + world.write_grabs("killed", VEHICLES, vec![time + 720]);
            let expected = seen("killed", hour);
            assert_eq!(expected.len() as u64, written);
            let is_done = world.with_lake(move |lake| {
                let mortal = Mortal { lake, calls: Cell::new(call), death };
                let now = Timestamp::now().as_microsecond();
                compact(&mortal, "killed", Hour::of(hour.as_microsecond()), now).is_ok()
            });
            assert_eq!(seen("killed", hour), expected, "{death:?} {call}");
            // The next run of the function repairs what there is to repair.
            world.compact("killed", hour, hour);
            assert_eq!(seen("killed", hour), expected, "{death:?} {call}, after the next run");
            let folder = format!("lake/feed=killed/{}", hour.strftime("dt=%Y-%m-%d/hr=%H/incoming-"));
            assert_eq!(world.deployment.keys(&world.lake, &folder), [""; 0], "{death:?} {call}");
            if is_done {
                steps[index] = call - 1;
                break;
            }
        }
    }
    // A list, the pointer, the files, the merged rows, the pointer, the deletion.
    assert!(steps.iter().all(|steps| *steps >= 7), "{steps:?}");
}

#[test]
fn readers_see_each_row_once_while_hours_are_merged() {
    let world = &*WORLD;
    let hour: Timestamp = "2024-04-01T00:00:00Z".parse().unwrap();
    let ended = AtomicBool::new(false);
    let mut known = Seen::new();
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut reads, mut last) = (0, Seen::new());
            while !ended.load(Ordering::Relaxed) {
                let now = seen("busy", hour);
                assert!(now.is_superset(&last), "{:?} are gone", last.difference(&now).collect::<Vec<_>>());
                (reads, last) = (reads + 1, now);
            }
            reads
        });
        for round in 0..6 {
            let minutes = (0..5).map(|minute| hour.as_second() + 60 * (round * 5 + minute)).collect();
            world.write_grabs("busy", VEHICLES, minutes);
            let report = world.compact("busy", hour, hour);
            assert!(report["inputs"].as_u64() > Some(0), "{report}");
            let now = seen("busy", hour);
            assert!(now.is_superset(&known) && now.len() > known.len());
            known = now;
        }
        ended.store(true, Ordering::Relaxed);
        let reads = reader.join().unwrap();
        assert!(reads > 5, "{reads}");
    });
    // What was reported before the hour is in the hour before.
    assert!((349..=360).contains(&known.len()), "{}", known.len());
    let compacted = world.keys("busy").into_iter().filter(|key| key.contains("hr=00/compacted-")).count();
    assert!(compacted > 1, "files of before stay for an hour, for queries that run");
}

#[test]
fn a_spoilt_file_is_left_counted_and_hides_no_other() {
    let world = &*WORLD;
    let hour: Timestamp = "2024-05-01T05:00:00Z".parse().unwrap();
    let time = hour.as_second();
    world.write_grabs("spoilt", VEHICLES, vec![time + 600, time + 660, time + 720]);
    let keys = world.keys("spoilt");
    assert_eq!(keys.len(), 3, "{keys:?}");
    let mut content = world.deployment.get(&world.lake, &keys[1]).unwrap();
    // A page, a byte of which is another one: its footer is as good as ever.
    content[40] ^= 0x55;
    world.deployment.put(&world.lake, &keys[1], &content);
    let before = seen("spoilt", hour);
    assert_eq!(before.len(), 24);
    let report = world.compact("spoilt", hour, hour);
    assert_eq!((&report["inputs"], &report["unreadable"], &report["deleted"]), (&json!(2), &json!(1), &json!(2)));
    assert_eq!(seen("spoilt", hour), before);
    assert!(world.keys("spoilt").contains(&keys[1]));
    let lines = world.deployment.logs(world.deployment.output(STACK, "Compactor"));
    assert!(lines.iter().any(|line| line.contains("\"Unreadable\":1") && line.contains("\"spoilt\"")));
}
