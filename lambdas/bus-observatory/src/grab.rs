//! One grab of a feed: from the bytes of its body to rows in the lake.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use jiff::Timestamp;

use crate::contract::keys::last_grab;
use crate::contract::{GrabReport, metric};
use crate::decode::{Decoded, NotAFeed, decode};
use crate::feeds::Feed;
use crate::file::{Compression, File, Unreadable, encode, metadata};
use crate::lake::last_rows;
use crate::partition::Hour;
use crate::storage::{Condition, Object, Put, Storage, StorageError};
use crate::table::{Layout, LayoutError, Seen, Table};

const MICROSECONDS: i64 = 1_000_000;
/// Observations that are older are dropped: 24 hours.
const STALE: i64 = 24 * 3600 * MICROSECONDS;
/// Observations that lie further ahead are dropped: 5 minutes.
const FUTURE: i64 = 300 * MICROSECONDS;
/// Rows that are at most as old are fresh: 15 minutes.
const FRESH: i64 = 900 * MICROSECONDS;
/// How often the rows of the last grab are written again when another grab does so meanwhile.
const ATTEMPTS: usize = 3;

/// Why a body has no rows in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrabError {
    /// The columns of the feed are not those of its format.
    Layout(LayoutError),
    /// The body is none of the feed's format.
    Body(NotAFeed),
    /// The rows cannot be written as a file.
    Write(Unreadable),
    /// The store failed.
    Storage(StorageError),
}

impl fmt::Display for GrabError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout(error) => error.fmt(formatter),
            Self::Body(error) => error.fmt(formatter),
            Self::Write(error) => write!(formatter, "the rows cannot be written: {error}"),
            Self::Storage(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for GrabError {}

impl From<StorageError> for GrabError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<Unreadable> for GrabError {
    fn from(error: Unreadable) -> Self {
        Self::Write(error)
    }
}

/// What a grab writes, and what it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// New rows: keys and contents, a file an hour.
    pub files: Vec<(String, Vec<u8>)>,
    /// All rows of the grab.
    pub last: Vec<u8>,
    /// The counts.
    pub report: GrabReport,
}

/// Plans the grab of a decoded body: without observations that are too old, that lie ahead, or that `last`, the rows
/// of the grab before, has.
pub fn plan(
    feed: &Feed,
    scheduled: Timestamp,
    fetched_at: Timestamp,
    decoded: &Decoded,
    last: Option<&Table>,
) -> Result<Plan, GrabError> {
    let layout = Layout::of(feed).map_err(GrabError::Layout)?;
    let now = fetched_at.as_microsecond();
    let table = &decoded.table;
    let mut report = GrabReport { rejected: decoded.rejected, partial: decoded.partial, ..GrabReport::default() };
    let mut known = Seen::default();
    if let Some(last) = last {
        known.extend(layout, last);
    }
    let (mut seen, mut all) = (Seen::default(), Vec::new());
    let mut hours: BTreeMap<Hour, Vec<usize>> = BTreeMap::new();
    for row in 0..table.len() {
        let Some(time) = table.timestamp(layout.timestamp(), row) else {
            report.rejected += 1;
            continue;
        };
        let age = now.saturating_sub(time);
        if age > STALE {
            report.stale += 1;
        } else if age < -FUTURE {
            report.future += 1;
        } else {
            let identity = layout.identity(table, row);
            if !seen.insert(identity) {
                report.duplicates += 1;
                continue;
            }
            all.push(row);
            if known.contains(identity) {
                report.duplicates += 1;
            } else {
                report.rows += 1;
                report.fresh_rows += u64::from(age <= FRESH);
                hours.entry(Hour::of(time)).or_default().push(row);
            }
        }
    }
    let entries = [(metadata::SCHEDULED_TIME, scheduled.to_string())];
    let file = |rows: &[usize]| encode(layout, layout.sorted(&table.pick(rows)), Compression::Snappy, &entries);
    let mut files = Vec::new();
    for (hour, rows) in hours {
        let content = file(&rows)?;
        files.push((hour.incoming_key(&feed.system_id, scheduled, &content), content));
    }
    Ok(Plan { files, last: file(&all)?, report })
}

/// Decodes a body and writes its new rows.
///
/// Rows are written before they are remembered: a grab that dies in between leaves rows twice, which readers and the
/// compactor notice, and never rows that are nowhere.
pub fn grab(
    storage: &dyn Storage,
    feed: &Feed,
    scheduled: Timestamp,
    fetched_at: Timestamp,
    body: &[u8],
) -> Result<GrabReport, GrabError> {
    let layout = Layout::of(feed).map_err(GrabError::Layout)?;
    let decoded = decode(feed.feed_type, body, fetched_at.as_microsecond()).map_err(GrabError::Body)?;
    let key = last_grab(&feed.system_id);
    let mut before = storage.get(&key)?;
    // Without it there are duplicates, which others remove: a spoilt one must not stop the feed.
    let last = before.as_ref().and_then(|object| last_rows(object.content.clone(), layout).ok().flatten());
    let plan = plan(feed, scheduled, fetched_at, &decoded, last.as_ref())?;
    for (key, content) in plan.files {
        storage.put(&key, content.into(), &Condition::Always)?;
    }
    let content = Bytes::from(plan.last);
    for _ in 0..ATTEMPTS {
        if before.as_ref().and_then(scheduled_time).is_some_and(|earlier| earlier > scheduled) {
            break;
        }
        let condition = before.map_or(Condition::New, |object| Condition::Matches(object.tag));
        if storage.put(&key, content.clone(), &condition)? == Put::Done {
            break;
        }
        before = storage.get(&key)?;
    }
    Ok(plan.report)
}

/// When the grab was planned for that wrote an object.
fn scheduled_time(object: &Object) -> Option<Timestamp> {
    File::open(object.content.clone()).ok()?.metadata(metadata::SCHEDULED_TIME)?.parse().ok()
}

/// The metrics of a grab.
pub fn counts(report: &GrabReport) -> [(&'static str, u64); 6] {
    [
        (metric::ROWS, report.rows),
        (metric::DUPLICATES, report.duplicates),
        (metric::REJECTED, report.rejected),
        (metric::STALE, report.stale),
        (metric::FUTURE, report.future),
        (metric::FRESH_ROWS, report.fresh_rows),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::feeds::Configuration;
    use crate::lake::hour_rows;
    use crate::storage::Memory;

    const SHIPPED: &str = include_str!("../../../feeds.json");

    fn feed() -> Feed {
        let feeds = Configuration::read(SHIPPED, "feeds.json").unwrap().feeds;
        feeds.into_iter().find(|feed| feed.system_id == "nyct_mta_bus_siri").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn body(vehicles: &[(&str, &str)]) -> String {
        let activity = |(vehicle, time): &(&str, &str)| json!({"RecordedAtTime": time, "MonitoredVehicleJourney": {"LineRef": "MTA NYCT_M1", "VehicleRef": vehicle}});
        let activities: Vec<_> = vehicles.iter().map(activity).collect();
        json!({"Siri": {"ServiceDelivery": {"VehicleMonitoringDelivery": [{"VehicleActivity": activities}]}}})
            .to_string()
    }

    fn keys(memory: &Memory) -> Vec<String> {
        memory.keys().into_iter().map(|key| key.rsplit_once("feed=nyct_mta_bus_siri/").unwrap().1.to_owned()).collect()
    }

    #[test]
    fn rows_go_to_the_hours_of_their_observations() {
        let (memory, feed) = (Memory::new(), feed());
        let now = at("2021-06-23T04:05:00Z");
        let first = body(&[
            ("a", "2021-06-23T00:03:41.000-04:00"),
            ("b", "2021-06-22T23:59:59.000-04:00"),
            ("a", "2021-06-23T00:03:41.000-04:00"),
            ("c", "2021-06-22T00:04:59.000-04:00"),
            ("d", "2021-06-23T00:20:00.000-04:00"),
            ("e", "2021-06-22T20:00:00.000-04:00"),
        ]);
        let report = grab(&memory, &feed, now, now, first.as_bytes()).unwrap();
        let expected =
            GrabReport { rows: 3, duplicates: 1, stale: 1, future: 1, fresh_rows: 2, ..GrabReport::default() };
        assert_eq!(report, expected);
        let names = keys(&memory);
        for (name, start) in names.iter().zip([
            "dt=2021-06-23/hr=00/incoming-20210623T040500Z-",
            "dt=2021-06-23/hr=03/incoming-20210623T040500Z-",
            "dt=2021-06-23/hr=04/incoming-20210623T040500Z-",
            "last.parquet",
        ]) {
            assert!(name.starts_with(start), "{name}");
        }
        assert_eq!(names.len(), 4);
        // A retry finds its own rows.
        let again = grab(&memory, &feed, now, at("2021-06-23T04:05:30Z"), first.as_bytes()).unwrap();
        assert_eq!((again.rows, again.duplicates, again.fresh_rows, memory.keys().len()), (0, 4, 0, 4));
        let layout = Layout::of(&feed).unwrap();
        let table = hour_rows(&memory, &feed.system_id, Hour::of(now.as_microsecond()), layout).unwrap();
        assert_eq!((table.len(), table.text(0, 0), table.text(24, 0)), (1, Some("M1"), Some("a")));
    }

    #[test]
    fn an_older_grab_does_not_replace_a_newer_one() {
        let (memory, feed) = (Memory::new(), feed());
        let (early, late) = (at("2021-06-23T04:05:00Z"), at("2021-06-23T04:06:00Z"));
        let with = |vehicle| body(&[(vehicle, "2021-06-23T04:04:00Z")]);
        grab(&memory, &feed, late, late, with("late").as_bytes()).unwrap();
        grab(&memory, &feed, early, late, with("early").as_bytes()).unwrap();
        let vehicle = || {
            let object = memory.get(&last_grab(&feed.system_id)).unwrap().unwrap();
            last_rows(object.content, Layout::of(&feed).unwrap()).unwrap().unwrap().text(24, 0).map(str::to_owned)
        };
        assert_eq!(vehicle().as_deref(), Some("late"));
        grab(&memory, &feed, late, late, with("again").as_bytes()).unwrap();
        assert_eq!(vehicle().as_deref(), Some("again"));
        memory.put(&last_grab(&feed.system_id), "spoilt".into(), &Condition::Always).unwrap();
        grab(&memory, &feed, early, late, with("early").as_bytes()).unwrap();
        assert_eq!(vehicle().as_deref(), Some("early"));
    }

    #[test]
    fn a_body_without_vehicles_is_fine_and_others_write_nothing() {
        let (memory, feed) = (Memory::new(), feed());
        let now = at("2021-06-23T04:05:00Z");
        let page = grab(&memory, &feed, now, now, b"<html>no</html>");
        assert_eq!(page, Err(GrabError::Body(NotAFeed::NotSiri)));
        assert_eq!(memory.keys().len(), 0);
        assert_eq!(grab(&memory, &feed, now, now, body(&[]).as_bytes()), Ok(GrabReport::default()));
        assert_eq!(keys(&memory), ["last.parquet"]);
    }
}
