#![allow(clippy::unwrap_used)]

use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::compact::compact;
use crate::feeds::FeedType;
use crate::partition::MICROSECONDS_PER_HOUR;
use crate::storage::Memory;
use crate::testing::{FEED, HOUR_START, Observation, hour, put_bytes, put_incoming};

const NOW: i64 = HOUR_START + 2 * MICROSECONDS_PER_HOUR;

fn rows(memory: &Memory, route: &str, times: &Range<i64>) -> Table {
    let layout = Layout::standard(FeedType::Gtfsrt);
    route_rows(&hour_files(memory, FEED, hour()).unwrap(), layout, route, times).unwrap()
}

/// The rows of a route among all rows of the hour.
fn filtered(memory: &Memory, route: &str, times: &Range<i64>) -> Table {
    let layout = Layout::standard(FeedType::Gtfsrt);
    let all = hour_rows(memory, FEED, hour(), layout).unwrap();
    let matches = |row: &usize| {
        all.text(2, *row) == Some(route) && all.timestamp(18, *row).is_some_and(|time| times.contains(&time))
    };
    let mut rows: Vec<usize> = (0..all.len()).filter(matches).collect();
    rows.sort_by(|left, right| layout.by_time((&all, *left), (&all, *right)));
    all.pick(&rows)
}

fn observation() -> impl Strategy<Value = Observation> {
    (0..4_u8, 0..8_u16, 0..6_u8, any::<i32>()).prop_map(|(route, second, vehicle, value)| Observation {
        route,
        second,
        vehicle,
        value,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_route_has_the_rows_that_all_rows_have(
        grabs in prop::collection::vec(prop::collection::vec(observation(), 1..20), 1..6),
        merged in 0..7_usize,
        seconds in (0..9_i64, 0..9_i64),
    ) {
        let memory = Memory::new();
        memory.set_now(NOW);
        for (minute, grab) in grabs.iter().enumerate() {
            put_incoming(&memory, i64::try_from(minute).unwrap(), grab);
            if minute + 1 == merged {
                compact(&memory, FEED, hour(), NOW).unwrap();
            }
        }
        let times = HOUR_START + seconds.0 * 1_000_000..HOUR_START + seconds.1 * 1_000_000;
        for route in ["R1", "R2", "R3", "none"] {
            let found = rows(&memory, route, &times);
            prop_assert_eq!(&found, &filtered(&memory, route, &times));
        }
        let whole = HOUR_START..HOUR_START + MICROSECONDS_PER_HOUR;
        let before = rows(&memory, "R1", &whole);
        compact(&memory, FEED, hour(), NOW).unwrap();
        prop_assert_eq!(rows(&memory, "R1", &whole), before);
    }
}

#[test]
fn a_spoilt_file_hides_no_other() {
    let memory = Memory::new();
    let one = Observation { route: 1, second: 5, vehicle: 1, value: 1 };
    let key = put_incoming(&memory, 0, &[one]);
    let mut spoilt = memory.get(&key).unwrap().unwrap().content.to_vec();
    spoilt[4..200].fill(0xff);
    put_bytes(&memory, 1, spoilt);
    put_bytes(&memory, 2, b"nothing".to_vec());
    put_incoming(&memory, 3, &[Observation { second: 6, ..one }]);
    let whole = HOUR_START..HOUR_START + MICROSECONDS_PER_HOUR;
    assert_eq!(rows(&memory, "R1", &whole).len(), 2);
    assert_eq!(filtered(&memory, "R1", &whole).len(), 2);
    assert_eq!(hour_files(&memory, FEED, hour()).unwrap().unreadable, 1);
}
