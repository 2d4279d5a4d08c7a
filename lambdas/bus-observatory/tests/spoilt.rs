//! Files of the lake with other bytes in places: whoever reads them gets rows or an error, and never brings the process
//! down. The functions are built to abort at a panic.

#![cfg(feature = "simulate")]
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use bus_observatory::answer::{Request, answer};
use bus_observatory::compact::compact;
use bus_observatory::contract::keys::last_grab;
use bus_observatory::feeds::{Configuration, Feed, FeedType};
use bus_observatory::file::{Compression, File, encode};
use bus_observatory::grab::grab;
use bus_observatory::partition::Hour;
use bus_observatory::simulate::Fleet;
use bus_observatory::storage::{Condition, Memory, Storage};
use bus_observatory::table::Layout;
use bytes::Bytes;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;

/// 2023-05-01T00:00 in UTC.
const START: i64 = 1_682_899_200;

/// Files that pyarrow wrote of the same rows: `corpus/pages.py`.
const FOREIGN: [&[u8]; 4] = [
    include_bytes!("corpus/dictionary.parquet"),
    include_bytes!("corpus/dictionary-2.parquet"),
    include_bytes!("corpus/delta.parquet"),
    include_bytes!("corpus/lengths.parquet"),
];

fn feed() -> Feed {
    let feeds = Configuration::read(include_str!("../../../feeds.json"), "feeds.json").unwrap().feeds;
    let feed = feeds.into_iter().find(|feed| feed.system_id == "mbta_all").unwrap();
    Feed { publish: true, ..feed }
}

fn hour() -> Hour {
    Hour::of(START * 1_000_000)
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(START + minute * 60).unwrap()
}

fn grab_at(storage: &Memory, minute: i64) {
    let body = Fleet::new(1, 6).body(FeedType::Gtfsrt, START + minute * 60, &[]);
    // A feed whose last grab cannot be read is grabbed all the same.
    grab(storage, &feed(), at(minute), at(minute), &body).unwrap();
}

/// The objects of a lake with merged rows, files that are not merged, and a last grab.
static OBJECTS: LazyLock<Vec<(String, Bytes)>> = LazyLock::new(|| {
    let memory = Memory::new();
    (2..5).for_each(|minute| grab_at(&memory, minute));
    compact(&memory, &feed().system_id, hour(), START * 1_000_000).unwrap();
    (5..7).for_each(|minute| grab_at(&memory, minute));
    memory.keys().into_iter().map(|key| (key.clone(), memory.get(&key).unwrap().unwrap().content)).collect()
});

/// Files as this program and others write them.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let id = feed().system_id;
    let own = [hour().incoming(&id), hour().compacted(&id), last_grab(&id)].map(|prefix| {
        let (_, content) = OBJECTS.iter().find(|(key, _)| key.starts_with(&prefix)).unwrap();
        content.to_vec()
    });
    FOREIGN.iter().map(|content| content.to_vec()).chain(own).collect()
});

fn lake() -> Memory {
    let memory = Memory::new();
    for (key, content) in OBJECTS.iter() {
        memory.put(key, content.clone(), &Condition::Always).unwrap();
    }
    memory
}

/// Puts a file where an incoming one, the merged one and the last grab are, and does all that reads them.
fn read_everywhere(content: &[u8]) {
    let id = feed().system_id;
    for place in 0..3 {
        let memory = lake();
        let key = match place {
            // Written spoilt, with a name to match.
            0 => hour().incoming_key(&id, at(8), content),
            1 => memory.list(&hour().compacted(&id)).unwrap().remove(0).key,
            _ => last_grab(&id),
        };
        memory.put(&key, content.to_vec().into(), &Condition::Always).unwrap();
        for (path, query) in [
            ("/buses/bulk/mbta_all/M1/2023/5/1/0", ""),
            ("/buses/bulk/mbta_all/M1/2023/4/30/20", "tz=feed&format=csv"),
            ("/buses/bulk/mbta_all/B1/2023/5/1/0", "format=parquet"),
            ("/buses/live/mbta_all", ""),
        ] {
            let (answer, _) = answer(&Request::new(path, query, None), &[feed()], &memory);
            assert!([200, 500].contains(&answer.status), "{path}: {}", answer.status);
        }
        grab_at(&memory, 9);
        let _ = compact(&memory, &id, hour(), START * 1_000_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_spoilt_file_is_an_error_or_rows(
        file in any::<Index>(),
        spots in prop::collection::vec((any::<Index>(), any::<u8>()), 0..6),
        // Where metadata are, each byte means much.
        ends in prop::collection::vec((0..4_000_usize, any::<u8>()), 0..4),
        cut in prop::option::weighted(0.1, any::<Index>()),
    ) {
        let mut content = file.get(&FILES).clone();
        for (spot, byte) in spots {
            let spot = spot.index(content.len());
            content[spot] = byte;
        }
        for (from_end, byte) in ends {
            if let Some(spot) = content.len().checked_sub(from_end + 1) {
                content[spot] = byte;
            }
        }
        if let Some(cut) = cut {
            content.drain(..cut.index(content.len()));
        }
        read_everywhere(&content);
    }
}

/// Bytes all over each file, one after the other, become other ones.
#[test]
fn each_byte_may_be_another_one() {
    let mut read = 0;
    for content in FILES.iter() {
        // All bytes in three ways take minutes, and have been tried; 7 shares no factor with what repeats in a file.
        for spot in (0..content.len()).step_by(7) {
            let mut content = content.clone();
            content[spot] ^= [0x01, 0x80, 0xff][spot % 3];
            if let Ok(table) = File::open(content.into()).and_then(|file| file.read_all()) {
                read += 1;
                let _ = encode(Layout::standard(FeedType::Gtfsrt), table, Compression::Snappy, &[]).unwrap();
            }
        }
    }
    assert!(read > 1_000, "{read}");
}

#[test]
fn files_of_others_have_the_same_rows() {
    let tables = FOREIGN.map(|content| File::open(content.into()).unwrap().read_all().unwrap());
    assert_eq!(tables[0].len(), 30);
    assert!(tables.iter().all(|table| *table == tables[0]));
    read_everywhere(FOREIGN[0]);
}
