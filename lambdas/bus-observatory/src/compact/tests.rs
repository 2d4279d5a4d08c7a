#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::contract::CompactEvent;
use crate::feeds::FeedType;
use crate::file::{Compression, encode};
use crate::storage::Memory;
use crate::table::Layout;
use crate::testing::{
    Death, FEED, HOUR_START, Mortal, Observation, Shared, copy, hour, put_bytes, put_incoming, seen, table,
};

/// Half an hour after the hour of the tests.
const NOW: i64 = HOUR_START + 90 * 60_000_000;

fn observe(route: u8, second: u16, vehicle: u8, value: i32) -> Observation {
    Observation { route, second, vehicle, value }
}

/// Grabs of some minutes, where each vehicle is seen in two of them with the same time.
fn minutes(count: u16) -> Vec<Vec<Observation>> {
    let grab = |minute: u16| {
        (0..12_u8)
            .map(|vehicle| {
                let second = u16::midpoint(minute, u16::from(vehicle % 2)) * 40;
                observe(vehicle % 4, second, vehicle, i32::from(minute))
            })
            .collect()
    };
    (0..count).map(grab).collect()
}

fn filled(grabs: &[Vec<Observation>]) -> Memory {
    let memory = Memory::new();
    memory.set_now(HOUR_START);
    for (minute, grab) in (0..).zip(grabs) {
        put_incoming(&memory, minute, grab);
    }
    memory.set_now(NOW);
    memory
}

/// Of each observation the row that counts: by route, then by grab.
fn expected(grabs: &[Vec<Observation>]) -> BTreeMap<(String, i64), (String, i32)> {
    let mut best: BTreeMap<(String, i64), (String, i32)> = BTreeMap::new();
    for observation in grabs.iter().flatten() {
        let vehicle = observation.vehicle;
        let name = if vehicle % 3 > 0 { format!("vehicle {vehicle}") } else { format!("entity {vehicle}") };
        let route = if observation.route > 0 { format!("R{}", observation.route) } else { String::new() };
        let time = HOUR_START + i64::from(observation.second % 3600) * 1_000_000;
        let entry = best.entry((name, time)).or_insert((route.clone(), observation.value));
        if route < entry.0 {
            *entry = (route, observation.value);
        }
    }
    best
}

fn run(storage: &dyn Storage) -> CompactReport {
    compact(storage, FEED, hour(), NOW).unwrap()
}

fn incoming(memory: &Memory) -> usize {
    memory.keys().iter().filter(|key| key.contains("incoming-")).count()
}

#[test]
fn files_become_one_and_late_ones_join() {
    let mut grabs = minutes(6);
    let memory = filled(&grabs);
    assert_eq!(seen(&memory), expected(&grabs));
    let report = run(&memory);
    assert_eq!((report.inputs, report.deleted, report.unreadable), (6, 6, 0));
    assert_eq!(report.rows + report.duplicates, 72);
    assert_eq!(usize::try_from(report.rows).unwrap(), expected(&grabs).len());
    assert_eq!((seen(&memory), memory.keys().len()), (expected(&grabs), 2));
    let pointer = memory.get(&hour().pointer(FEED)).unwrap().unwrap().content;
    let compacted = memory.list(&hour().compacted(FEED)).unwrap().remove(0).key;
    assert_eq!(pointer, format!("s3://memory/{compacted}\n"));
    // Nothing to do is nothing done.
    assert_eq!(run(&memory), CompactReport { partitions: 1, ..CompactReport::default() });

    let late = vec![observe(0, 3000, 1, 77), observe(2, 0, 200, 78)];
    put_incoming(&memory, 70, &late);
    grabs.push(late);
    assert_eq!(seen(&memory), expected(&grabs));
    let report = run(&memory);
    assert_eq!((report.inputs, report.deleted), (1, 1));
    assert_eq!((seen(&memory), incoming(&memory)), (expected(&grabs), 0));
    // The file before may be read by queries for an hour.
    assert_eq!(memory.list(&hour().compacted(FEED)).unwrap().len(), 2);
    assert_eq!(select(&memory, FEED, Selection::Recent, NOW).unwrap(), [hour()]);
    assert_eq!(compact(&memory, FEED, hour(), NOW + KEPT - 1).unwrap().deleted, 0);
    assert_eq!(compact(&memory, FEED, hour(), NOW + KEPT).unwrap().deleted, 1);
    assert_eq!(seen(&memory), expected(&grabs));
    assert_eq!(select(&memory, FEED, Selection::Recent, NOW).unwrap(), []);
}

/// Kills a run at each of its calls, reads, runs again, and reads.
fn killed_everywhere(start: &Memory, rows: &BTreeMap<(String, i64), (String, i32)>) -> usize {
    let mut steps = 0;
    for death in [Death::Before, Death::After, Death::Within] {
        for calls in 0.. {
            let memory = copy(start, NOW);
            let ended = compact(&Mortal::new(&memory, calls, death), FEED, hour(), NOW).is_ok();
            assert_eq!(seen(&memory), *rows, "{death:?} {calls}");
            run(&memory);
            assert_eq!(seen(&memory), *rows, "{death:?} {calls}, after the rerun");
            assert_eq!(incoming(&memory), 0, "{death:?} {calls}");
            if ended {
                steps += calls;
                break;
            }
        }
    }
    steps
}

#[test]
fn a_run_may_be_killed_at_every_call() {
    let grabs = minutes(5);
    let memory = filled(&grabs);
    // List, pointer, five files, merged rows, pointer, delete.
    assert_eq!(killed_everywhere(&memory, &expected(&grabs)), 3 * 10);
    run(&memory);
    let late: Vec<_> = grabs.iter().cloned().chain([vec![observe(1, 7, 99, 1)], vec![observe(9, 40, 2, 2)]]).collect();
    for (minute, grab) in (60..).zip(&late[5..]) {
        put_incoming(&memory, minute, grab);
    }
    killed_everywhere(&memory, &expected(&late));
    // The deletion after the switch was lost, and a late file comes.
    let memory = filled(&grabs);
    let calls = 9;
    assert!(compact(&Mortal::new(&memory, calls, Death::Before), FEED, hour(), NOW).is_err());
    assert_eq!(incoming(&memory), 5);
    put_incoming(&memory, 70, &late[6]);
    let grabs: Vec<_> = grabs.iter().chain([&late[6]]).cloned().collect();
    killed_everywhere(&memory, &expected(&grabs));
}

#[test]
fn readers_see_each_row_once_while_files_are_merged() {
    let grabs = minutes(4);
    let late = observe(3, 11, 77, 5);
    let mut happened = 0;
    for at in 0..12 {
        let memory = filled(&grabs);
        let reader = Shared::new(&memory, at, |memory| {
            run(memory);
        });
        assert_eq!(seen(&reader), expected(&grabs), "{at}");
        happened += usize::from(reader.happened());

        // A second merge deletes the file that the pointer named.
        run(&memory);
        put_incoming(&memory, 80, &[late]);
        let all: Vec<_> = grabs.iter().cloned().chain([vec![late]]).collect();
        let reader = Shared::new(&memory, at, |memory| {
            compact(memory, FEED, hour(), NOW).unwrap();
            compact(memory, FEED, hour(), NOW + 2 * KEPT).unwrap();
        });
        assert_eq!(seen(&reader), expected(&all), "{at}, second");
        happened += usize::from(reader.happened());
    }
    assert!(happened >= 8, "{happened}");
}

#[test]
fn compactors_may_meet() {
    let grabs = minutes(4);
    for at in 0..14 {
        for late in [false, true] {
            let memory = filled(&grabs);
            let extra = vec![observe(3, 11, 77, 5)];
            let all: Vec<_> = grabs.iter().cloned().chain(late.then(|| extra.clone())).collect();
            let storage = Shared::new(&memory, at, |memory| {
                if late {
                    put_incoming(memory, 80, &extra);
                }
                run(memory);
            });
            run(&storage);
            if storage.happened() {
                assert_eq!(seen(&memory), expected(&all), "{at}");
            }
            run(&memory);
            assert_eq!(incoming(&memory), 0);
        }
    }
}

#[test]
fn what_cannot_be_read_is_left() {
    let grabs = minutes(3);
    let memory = filled(&grabs);
    let good = memory.get(&memory.keys()[1]).unwrap().unwrap().content;
    let mut spoilt = good.to_vec();
    // A footer that is right, and pages that are not.
    spoilt[4..200].fill(0xff);
    let keys = [put_bytes(&memory, 20, b"no parquet".to_vec()), put_bytes(&memory, 21, spoilt)];
    let siri = Layout::standard(FeedType::Siri);
    let mut other = crate::table::Table::new(FeedType::Siri);
    other.push([]);
    let other = put_bytes(&memory, 1, encode(siri, other, Compression::Snappy, &[]).unwrap());
    let report = run(&memory);
    assert_eq!((report.inputs, report.unreadable, report.deleted), (3, 3, 3));
    assert_eq!(seen(&memory), expected(&grabs));
    for key in keys.iter().chain([&other]) {
        assert!(memory.get(key).unwrap().is_some(), "{key}");
    }
    let report = run(&memory);
    assert_eq!((report.inputs, report.unreadable, report.deleted), (0, 3, 0));
}

#[test]
fn merged_rows_that_are_lost_are_an_error() {
    let memory = filled(&minutes(3));
    run(&memory);
    put_incoming(&memory, 80, &[observe(3, 11, 77, 5)]);
    let key = memory.list(&hour().compacted(FEED)).unwrap().remove(0).key;
    let content = memory.get(&key).unwrap().unwrap().content;
    memory.put(&key, content.slice(..content.len() / 2), &Condition::Always).unwrap();
    let error = compact(&memory, FEED, hour(), NOW).unwrap_err().to_string();
    assert!(error.contains(&key) && error.contains("which the pointer names"), "{error}");
    memory.delete(std::slice::from_ref(&key)).unwrap();
    assert!(compact(&memory, FEED, hour(), NOW).unwrap_err().to_string().contains("it is not there"));
    assert_eq!(incoming(&memory), 1);
    memory.put(&hour().pointer(FEED), "s3://memory/other.parquet".into(), &Condition::Always).unwrap();
    assert!(compact(&memory, FEED, hour(), NOW).unwrap_err().to_string().contains("must hold the URLs"));
}

#[test]
fn columns_that_were_chosen_anew_sort_anew() {
    let grabs = minutes(3);
    let memory = filled(&grabs);
    run(&memory);
    let layout = Layout::new(FeedType::Gtfsrt, "vehicle_trip_trip_id", "vehicle_timestamp").unwrap();
    let late = [observe(3, 11, 77, 5), observe(1, 11, 78, 6)];
    let content = encode(layout, layout.sorted(&table(&late)), Compression::Snappy, &[]).unwrap();
    put_bytes(&memory, 80, content);
    run(&memory);
    let all: Vec<_> = grabs.iter().cloned().chain([late.to_vec()]).collect();
    assert_eq!(seen(&memory), expected(&all));
    let key = crate::lake::Pointer::read(&memory, FEED, hour()).unwrap().names.remove(0);
    let file = File::open(memory.get(&key).unwrap().unwrap().content).unwrap();
    assert_eq!(file.layout(), layout);
    let rows = file.read_all().unwrap();
    assert_eq!(layout.sorted(&rows), rows);
}

#[test]
fn any_number_of_inputs_is_merged() {
    for count in [0_u16, 1, 1_000, 2_000] {
        let grabs: Vec<_> = (0..count)
            .map(|index| {
                let (route, vehicle) = (u8::try_from(index % 7).unwrap(), u8::try_from(index % 251).unwrap());
                vec![observe(route, index, vehicle, i32::from(index)); 2]
            })
            .collect();
        let memory = filled(&grabs);
        let report = run(&memory);
        let rows = expected(&grabs);
        assert_eq!((report.inputs, report.rows), (u64::from(count), rows.len() as u64));
        assert_eq!((seen(&memory), incoming(&memory)), (rows, 0));
    }
}

#[test]
fn events_choose_hours() {
    let event = |from: Option<&str>, to: Option<&str>| CompactEvent {
        system_id: FEED.into(),
        from: from.map(Into::into),
        to: to.map(Into::into),
    };
    let of = |from, to| Selection::of(&event(from, to));
    assert_eq!(of(None, None), Ok(Selection::Recent));
    let both = of(Some("2023-05-01T00:59:00Z"), Some("2023-04-30T21:00:00-04:00"));
    assert_eq!(both, Ok(Selection::Between(hour(), hour().next())));
    assert_eq!(of(Some("2023-05-01"), Some("2023-05-01T01:00:00Z")), Err(SelectionError::NoTime));
    assert_eq!(of(Some("2023-05-01T01:00:00Z"), None), Err(SelectionError::OneEnd));
    assert_eq!(of(Some("2023-05-01T01:00:00Z"), Some("2023-05-01T00:00:00Z")), Err(SelectionError::Backwards));
    assert_eq!(of(Some("2023-05-01T01:00:00Z"), Some("2023-06-02T00:00:00Z")), Err(SelectionError::TooLong));

    let memory = filled(&minutes(2));
    let minute = 60_000_000;
    let at = |selection, now| select(&memory, FEED, selection, now).unwrap().len();
    assert_eq!(at(Selection::Recent, HOUR_START + 70 * minute - 1), 0);
    assert_eq!(at(Selection::Recent, HOUR_START + 70 * minute), 1);
    assert_eq!(at(Selection::Recent, HOUR_START + 3 * 24 * 60 * minute - 1), 1);
    assert_eq!(at(Selection::Recent, HOUR_START + 3 * 24 * 60 * minute), 0);
    assert_eq!(at(Selection::Between(hour(), hour()), HOUR_START), 1);
    assert_eq!(at(Selection::Between(hour().next(), hour().next()), HOUR_START), 0);
}

fn observations() -> impl Strategy<Value = Vec<Vec<Observation>>> {
    let one = (0..4_u8, 0..6_u16, 0..5_u8, any::<i32>())
        .prop_map(|(route, second, vehicle, value)| observe(route, second, vehicle, value));
    // One grab sees a vehicle once.
    let grab = prop::collection::vec(one, 1..12).prop_map(|mut grab| {
        let mut met = std::collections::HashSet::new();
        grab.retain(|observation| met.insert((observation.vehicle, observation.second)));
        grab
    });
    prop::collection::vec(grab, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_history_reads_as_all_its_grabs(
        grabs in observations(),
        kills in prop::collection::vec((0..14_usize, 0..3_usize), 8),
    ) {
        let memory = Memory::new();
        memory.set_now(NOW);
        for (minute, (grab, (calls, death))) in (0..).zip(grabs.iter().zip(kills)) {
            put_incoming(&memory, minute, grab);
            let death = [Death::Before, Death::After, Death::Within][death];
            let _ = compact(&Mortal::new(&memory, calls, death), FEED, hour(), NOW);
            let so_far = usize::try_from(minute).unwrap() + 1;
            prop_assert_eq!(keys(seen(&memory)), keys(expected(&grabs[..so_far])));
        }
        let before = seen(&memory);
        run(&memory);
        prop_assert_eq!(seen(&memory), before);
        prop_assert_eq!(incoming(&memory), 0);
        // Merged at once, each observation has the row of the first file in the order of routes.
        let memory = filled(&grabs);
        run(&memory);
        prop_assert_eq!(seen(&memory), expected(&grabs));
    }
}

fn keys(rows: BTreeMap<(String, i64), (String, i32)>) -> Vec<(String, i64)> {
    rows.into_keys().collect()
}
