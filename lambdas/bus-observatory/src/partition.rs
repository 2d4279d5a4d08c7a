//! Hours of the lake, and the names of what they hold.

use std::fmt;
use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::contract::keys::{
    COMPACTED_PREFIX, INCOMING_PREFIX, LAKE_PREFIX, POINTER_FILE, POINTER_PREFIX, hour_folder,
};
use crate::digest::hexadecimal;

/// Microseconds of an hour.
pub const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;
const FILE_END: &str = ".parquet";
/// Digits of the hash of incoming rows in their names.
const DIGITS: usize = 8;

/// An hour in UTC: a partition of every feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

impl Hour {
    /// The hour of a time in microseconds since 1970.
    pub fn of(microseconds: i64) -> Self {
        Self(microseconds.div_euclid(MICROSECONDS_PER_HOUR))
    }

    /// The hour of a date in UTC; none for hours over 23.
    pub fn at(date: Date, hour: i8) -> Option<Self> {
        let start = date.at(hour.clamp(0, 23), 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
        (0..24).contains(&hour).then(|| Self::of(start.timestamp().as_microsecond()))
    }

    /// Its first microsecond.
    pub fn start(self) -> i64 {
        self.0.saturating_mul(MICROSECONDS_PER_HOUR)
    }

    /// The first microsecond after it.
    pub fn end(self) -> i64 {
        self.next().start()
    }

    /// The hour after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The hours that share time with a range of microseconds.
    pub fn overlapping(times: &Range<i64>) -> Vec<Self> {
        if times.is_empty() {
            return Vec::new();
        }
        let (first, last) = (Self::of(times.start), Self::of(times.end - 1));
        (first.0..=last.0).map(Self).collect()
    }

    /// Its date in UTC, `YYYY-MM-DD`; the nearest that calendars have when it is beyond them.
    pub fn date(self) -> Date {
        let bound = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let start = Timestamp::from_microsecond(self.start()).unwrap_or(bound);
        start.to_zoned(TimeZone::UTC).date()
    }

    /// Its folder below the prefixes of the lake.
    fn folder(self, system_id: &str) -> String {
        hour_folder(system_id, &self.date().to_string(), &format!("{:02}", self.0.rem_euclid(24)))
    }

    /// The folder of its rows.
    pub fn rows(self, system_id: &str) -> String {
        format!("{LAKE_PREFIX}{}", self.folder(system_id))
    }

    /// What the keys of its rows that were not merged yet begin with.
    pub fn incoming(self, system_id: &str) -> String {
        format!("{}{INCOMING_PREFIX}", self.rows(system_id))
    }

    /// What the keys of its merged rows begin with.
    pub fn compacted(self, system_id: &str) -> String {
        format!("{}{COMPACTED_PREFIX}", self.rows(system_id))
    }

    /// The key of the pointer to its merged rows.
    pub fn pointer(self, system_id: &str) -> String {
        format!("{POINTER_PREFIX}{}{POINTER_FILE}", self.folder(system_id))
    }

    /// The key of rows of a grab, whose `content` is part of the name.
    pub fn incoming_key(self, system_id: &str, scheduled: Timestamp, content: &[u8]) -> String {
        let scheduled = scheduled.strftime("%Y%m%dT%H%M%SZ");
        format!("{}{scheduled}-{}{FILE_END}", self.incoming(system_id), hexadecimal(content, DIGITS))
    }

    /// The key of merged rows: it follows from the key of the merged rows before, and what was merged to them.
    pub(crate) fn compacted_key(self, system_id: &str, previous: &[String], inputs: &[String]) -> String {
        let text = format!("{}\n\n{}", previous.join("\n"), inputs.join("\n"));
        format!("{}{}{FILE_END}", self.compacted(system_id), hexadecimal(text.as_bytes(), 16))
    }

    /// The hour and the file name of a key of a feed's rows.
    pub fn parse<'k>(system_id: &str, key: &'k str) -> Option<(Self, &'k str)> {
        let rest =
            key.strip_prefix(LAKE_PREFIX)?.strip_prefix("feed=")?.strip_prefix(system_id)?.strip_prefix("/dt=")?;
        let (date, rest) = rest.split_once("/hr=")?;
        let (hour, name) = rest.split_once('/')?;
        let hour = Self::at(date.parse().ok()?, hour.parse().ok()?)?;
        key.strip_prefix(&hour.rows(system_id)).filter(|rest| *rest == name).map(|name| (hour, name))
    }
}

impl fmt::Display for Hour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}T{:02}", self.date(), self.0.rem_euclid(24))
    }
}

/// Whether the key of incoming rows tells of this content.
pub(crate) fn is_named_after(key: &str, content: &[u8]) -> bool {
    let digits = key.strip_suffix(FILE_END).and_then(|name| name.rsplit_once('-')).map(|(_, digits)| digits);
    digits == Some(hexadecimal(content, DIGITS).as_str())
}

/// The folder of all rows of a feed on a date.
pub fn day_rows(system_id: &str, date: Date) -> String {
    let hour = hour_folder(system_id, &date.to_string(), "");
    format!("{LAKE_PREFIX}{}", hour.split_once("/hr=").map_or(hour.as_str(), |(day, _)| day)) + "/"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn keys_are_those_of_the_specification() {
        let time: Timestamp = "2021-06-23T00:03:41.000-04:00".parse().unwrap();
        let hour = Hour::of(time.as_microsecond());
        assert_eq!(hour.rows("nyct"), "lake/feed=nyct/dt=2021-06-23/hr=04/");
        assert_eq!(hour.pointer("nyct"), "pointer/feed=nyct/dt=2021-06-23/hr=04/symlink.txt");
        assert_eq!(
            hour.incoming_key("nyct", time, b"abc"),
            "lake/feed=nyct/dt=2021-06-23/hr=04/incoming-20210623T040341Z-ba7816bf.parquet"
        );
        assert_eq!(day_rows("nyct", hour.date()), "lake/feed=nyct/dt=2021-06-23/");
        let key = hour.incoming_key("nyct", time, b"abc");
        assert_eq!(Hour::parse("nyct", &key), Some((hour, "incoming-20210623T040341Z-ba7816bf.parquet")));
        assert!(is_named_after(&key, b"abc") && !is_named_after(&key, b"abd") && !is_named_after("abc", b"abc"));
        for key in [
            "lake/feed=nyct/dt=2021-06-23/hr=4/a",
            "lake/feed=nyct/dt=2021-02-29/hr=04/a",
            "lake/feed=nyct/dt=2021-06-23/hr=24/a",
            "lake/feed=nyc/dt=2021-06-23/hr=04/a",
            "pointer/feed=nyct/dt=2021-06-23/hr=04/a",
        ] {
            assert_eq!(Hour::parse("nyct", key), None, "{key}");
        }
    }

    #[test]
    fn hours_overlap_ranges() {
        let hour = |at: i64| Hour(at);
        assert_eq!(Hour::overlapping(&(0..MICROSECONDS_PER_HOUR)), [hour(0)]);
        assert_eq!(Hour::overlapping(&(-1..MICROSECONDS_PER_HOUR + 1)), [hour(-1), hour(0), hour(1)]);
        assert_eq!(Hour::overlapping(&(5..5)), []);
        assert_eq!((Hour::of(i64::MAX).date().year(), Hour::of(i64::MIN).date().year()), (9999, -9999));
    }
}
