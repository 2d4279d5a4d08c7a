//! What tests need: rows, and stores that fail or change at a chosen call.

#![allow(clippy::unwrap_used)]

use std::cell::{Cell as Slot, RefCell};
use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::feeds::{ColumnKind, FeedType};
use crate::file::{Compression, encode};
use crate::partition::Hour;
use crate::storage::{Condition, Listed, Memory, Object, Put, Storage, StorageError};
use crate::table::{Cell, Layout, Table};

/// Id of the feed of tests.
pub(crate) const FEED: &str = "sf_muni";
/// The hour of tests: 2023-05-01T00 in UTC.
pub(crate) const HOUR_START: i64 = 1_682_899_200_000_000;

pub(crate) fn hour() -> Hour {
    Hour::of(HOUR_START)
}

/// One observation: route, second of the hour, vehicle, and a value that tells rows of the same observation apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Observation {
    pub(crate) route: u8,
    pub(crate) second: u16,
    pub(crate) vehicle: u8,
    pub(crate) value: i32,
}

fn cell(kind: ColumnKind) -> BoxedStrategy<Cell> {
    let value = match kind {
        ColumnKind::Text => "[a-zé|\"]{1,12}".prop_map(Cell::Text).boxed(),
        ColumnKind::Integer => any::<i32>().prop_map(Cell::Integer).boxed(),
        ColumnKind::Float => (-1e9_f32..1e9).prop_map(Cell::Float).boxed(),
        ColumnKind::Double => (-1e9_f64..1e9).prop_map(Cell::Double).boxed(),
        ColumnKind::Timestamp => any::<i64>().prop_map(Cell::Timestamp).boxed(),
    };
    prop_oneof![1 => Just(Cell::Null), 3 => value].boxed()
}

/// Any rows of any format.
pub(crate) fn tables() -> impl Strategy<Value = Table> {
    tables_of(1..2).prop_map(|mut tables| tables.remove(0))
}

/// Some tables of one format.
pub(crate) fn tables_of(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Table>> {
    prop::sample::select(&FeedType::ALL[..]).prop_flat_map(move |feed_type| {
        let row: Vec<_> = feed_type.columns().iter().map(|column| cell(column.kind)).collect();
        let table = prop::collection::vec(row, 0..40).prop_map(move |rows| {
            let mut table = Table::new(feed_type);
            for row in rows {
                table.push(row);
            }
            table
        });
        prop::collection::vec(table, count.clone())
    })
}

pub(crate) fn table(observations: &[Observation]) -> Table {
    let mut table = Table::new(FeedType::Gtfsrt);
    for observation in observations {
        table.push(row(*observation));
    }
    table
}

fn row(observation: Observation) -> Vec<Cell> {
    let Observation { route, second, vehicle, value } = observation;
    let time = HOUR_START + i64::from(second % 3600) * 1_000_000;
    let columns = FeedType::Gtfsrt.columns().iter();
    let cell = |name: &str, kind: ColumnKind| match (name, kind) {
        ("id", _) => Cell::Text(format!("entity {vehicle}")),
        ("vehicle_trip_route_id", _) => Cell::text((route > 0).then(|| format!("R{route}"))),
        ("vehicle_vehicle_id", _) => Cell::text((vehicle % 3 > 0).then(|| format!("vehicle {vehicle}"))),
        ("vehicle_timestamp", _) => Cell::Timestamp(time),
        ("vehicle_current_stop_sequence", _) => Cell::Integer(value),
        ("vehicle_trip_trip_id", _) => Cell::Text(format!("trip {route} {}", vehicle / 3)),
        ("vehicle_position_latitude", _) => Cell::Float(40.0 + f32::from(vehicle) / 7.0),
        ("ts_source", _) => Cell::Text("vehicle".into()),
        _ => Cell::Null,
    };
    columns.map(|column| cell(column.name, column.kind)).collect()
}

/// What a reader sees: the value of each vehicle and time, which must occur once.
pub(crate) fn seen(storage: &dyn Storage) -> BTreeMap<(String, i64), (String, i32)> {
    let mut seen = BTreeMap::new();
    let layout = Layout::standard(FeedType::Gtfsrt);
    let table = crate::lake::hour_rows(storage, FEED, hour(), layout).unwrap();
    for row in 0..table.len() {
        let vehicle = table.text(7, row).or_else(|| table.text(0, row)).unwrap().to_owned();
        let Cell::Integer(value) = table.cell(15, row) else { panic!("no value") };
        let route = table.text(2, row).unwrap_or_default().to_owned();
        let before = seen.insert((vehicle, table.timestamp(18, row).unwrap()), (route, value));
        assert_eq!(before, None, "an observation twice");
    }
    seen
}

/// Writes the rows of a grab as the grabber does. Gives the key.
pub(crate) fn put_incoming(storage: &dyn Storage, minute: i64, observations: &[Observation]) -> String {
    let layout = Layout::standard(FeedType::Gtfsrt);
    let sorted = layout.sorted(&table(observations));
    let content = encode(layout, sorted, Compression::Snappy, &[]).unwrap();
    put_bytes(storage, minute, content)
}

pub(crate) fn put_bytes(storage: &dyn Storage, minute: i64, content: Vec<u8>) -> String {
    let scheduled = Timestamp::from_microsecond(HOUR_START + minute * 60_000_000).unwrap();
    let key = hour().incoming_key(FEED, scheduled, &content);
    assert_eq!(storage.put(&key, content.into(), &Condition::Always).unwrap(), Put::Done);
    key
}

/// A copy of a store.
pub(crate) fn copy(storage: &Memory, now: i64) -> Memory {
    let copy = Memory::new();
    copy.set_now(now);
    for key in storage.keys() {
        let object = storage.get(&key).unwrap().unwrap();
        copy.put(&key, object.content, &Condition::Always).unwrap();
    }
    copy
}

/// When the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// Before the call has an effect.
    Before,
    /// After the effect, before the answer.
    After,
    /// When half of the keys are deleted; as before for other calls.
    Within,
}

/// A store that works for some calls, as a process does that is killed then.
pub(crate) struct Mortal<'a> {
    inner: &'a Memory,
    left: Slot<usize>,
    death: Death,
}

impl<'a> Mortal<'a> {
    pub(crate) fn new(inner: &'a Memory, calls: usize, death: Death) -> Self {
        Self { inner, left: Slot::new(calls), death }
    }

    fn call<T>(&self, act: impl FnOnce() -> Result<T, StorageError>) -> Result<T, StorageError> {
        let left = self.left.get();
        if left > 0 {
            if left != usize::MAX {
                self.left.set(left - 1);
            }
            return act();
        }
        if self.death == Death::After {
            act()?;
        }
        // It stays dead.
        Err(StorageError::new("reach", "", "killed"))
    }

    fn dying(&self) -> bool {
        self.left.get() == 0
    }
}

impl Storage for Mortal<'_> {
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        self.call(|| self.inner.list(prefix))
    }

    fn get(&self, key: &str) -> Result<Option<Object>, StorageError> {
        self.call(|| self.inner.get(key))
    }

    fn put(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError> {
        self.call(|| self.inner.put(key, content, condition))
    }

    fn delete(&self, keys: &[String]) -> Result<(), StorageError> {
        if self.dying() && self.death == Death::Within && keys.len() > 1 {
            self.inner.delete(&keys[..keys.len() / 2])?;
        }
        self.call(|| self.inner.delete(keys))
    }

    fn url(&self, key: &str) -> String {
        self.inner.url(key)
    }
}

type Event<'a> = Box<dyn FnOnce(&Memory) + 'a>;

/// A store where something else happens right before a chosen call.
pub(crate) struct Shared<'a> {
    inner: &'a Memory,
    calls: Slot<usize>,
    at: usize,
    event: RefCell<Option<Event<'a>>>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(inner: &'a Memory, at: usize, event: impl FnOnce(&Memory) + 'a) -> Self {
        Self { inner, calls: Slot::new(0), at, event: RefCell::new(Some(Box::new(event))) }
    }

    /// Whether the event has taken place.
    pub(crate) fn happened(&self) -> bool {
        self.event.borrow().is_none()
    }

    fn inner(&self) -> &Memory {
        if self.calls.get() == self.at
            && let Some(event) = self.event.borrow_mut().take()
        {
            event(self.inner);
        }
        self.calls.set(self.calls.get() + 1);
        self.inner
    }
}

impl Storage for Shared<'_> {
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        self.inner().list(prefix)
    }

    fn get(&self, key: &str) -> Result<Option<Object>, StorageError> {
        self.inner().get(key)
    }

    fn put(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError> {
        self.inner().put(key, content, condition)
    }

    fn delete(&self, keys: &[String]) -> Result<(), StorageError> {
        self.inner().delete(keys)
    }

    fn url(&self, key: &str) -> String {
        self.inner.url(key)
    }
}
