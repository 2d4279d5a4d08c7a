//! Hours of clocks as ranges of instants.

use std::fmt;
use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// The years that can be asked for.
const YEARS: std::ops::RangeInclusive<i16> = 2011..=2050;

/// Why there is no such hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HourError {
    /// The year is no number from 2011 to 2050.
    Year,
    /// The month is no number from 1 to 12.
    Month,
    /// The month has no such day.
    Day,
    /// The hour is no number from 0 to 23.
    Hour,
    /// Clocks skipped it.
    Skipped,
}

impl HourError {
    /// The part of the request that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour | Self::Skipped => "hour",
        }
    }

    /// For programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Year => "bad_year",
            Self::Month => "bad_month",
            Self::Day => "bad_day",
            Self::Hour => "bad_hour",
            Self::Skipped => "skipped_hour",
        }
    }
}

impl fmt::Display for HourError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Year => "the year must be from 2011 to 2050",
            Self::Month => "the month must be from 1 to 12",
            Self::Day => "the month has no such day",
            Self::Hour => "the hour must be from 0 to 23",
            Self::Skipped => "clocks skipped this hour on that day in this time zone",
        })
    }
}

impl std::error::Error for HourError {}

/// The instants at which clocks of a time zone show an hour of a day: as a rule one hour, two when clocks repeat it.
pub fn hour_of([year, month, day, hour]: [&str; 4], zone: &TimeZone) -> Result<Range<Timestamp>, HourError> {
    let year = number(year).filter(|year| YEARS.contains(year)).ok_or(HourError::Year)?;
    let part = |text: &str| number(text).and_then(|value| i8::try_from(value).ok());
    let month = part(month).filter(|month| (1..=12).contains(month)).ok_or(HourError::Month)?;
    let date = part(day).and_then(|day| Date::new(year, month, day).ok()).ok_or(HourError::Day)?;
    let hour = part(hour).filter(|hour| (0..=23).contains(hour)).ok_or(HourError::Hour)?;
    let start = date.at(hour, 0, 0, 0);
    let end = start.checked_add(1.hour()).map_err(|_| HourError::Day)?;
    let (start, end) = (first_instant(start, zone)?, first_instant(end, zone)?);
    if start < end { Ok(start..end) } else { Err(HourError::Skipped) }
}

/// Digits only: `+1` and `1e0` are no parts of dates.
fn number(text: &str) -> Option<i16> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// The first instant at which clocks show a time or a later one.
fn first_instant(time: DateTime, zone: &TimeZone) -> Result<Timestamp, HourError> {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { before, .. } => {
            // With the offset before the gap the time lies at its start or within it.
            let within = before.to_timestamp(time).map_err(|_| HourError::Day)?;
            let after = within.checked_add(1.nanosecond()).map_err(|_| HourError::Day)?;
            zone.preceding(after).next().map(|transition| transition.timestamp()).ok_or(HourError::Skipped)
        }
        _ => ambiguous.earlier().map_err(|_| HourError::Day),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn instants(zone: &str, date: &str) -> Result<String, HourError> {
        let parts: Vec<&str> = date.split('/').collect();
        let zone = TimeZone::get(zone).unwrap();
        hour_of([parts[0], parts[1], parts[2], parts[3]], &zone).map(|range| format!("{} {}", range.start, range.end))
    }

    #[test]
    fn hours_are_those_of_the_specification() {
        for (zone, date, expected) in [
            ("UTC", "2023/4/30/23", Ok("2023-04-30T23:00:00Z 2023-05-01T00:00:00Z")),
            ("UTC", "2023/4/31/0", Err(HourError::Day)),
            ("America/New_York", "2023/3/12/2", Err(HourError::Skipped)),
            ("America/New_York", "2023/3/12/1", Ok("2023-03-12T06:00:00Z 2023-03-12T07:00:00Z")),
            ("America/New_York", "2023/3/12/3", Ok("2023-03-12T07:00:00Z 2023-03-12T08:00:00Z")),
            ("America/New_York", "2023/11/5/0", Ok("2023-11-05T04:00:00Z 2023-11-05T05:00:00Z")),
            ("America/New_York", "2023/11/5/1", Ok("2023-11-05T05:00:00Z 2023-11-05T07:00:00Z")),
            ("America/New_York", "2023/11/5/2", Ok("2023-11-05T07:00:00Z 2023-11-05T08:00:00Z")),
            ("Australia/Sydney", "2023/4/2/2", Ok("2023-04-01T15:00:00Z 2023-04-01T17:00:00Z")),
            ("Asia/Kolkata", "2023/6/1/0", Ok("2023-05-31T18:30:00Z 2023-05-31T19:30:00Z")),
            // Half an hour is skipped, and repeated.
            ("Australia/Lord_Howe", "2023/10/1/2", Ok("2023-09-30T15:30:00Z 2023-09-30T16:00:00Z")),
            ("Australia/Lord_Howe", "2023/4/2/1", Ok("2023-04-01T14:00:00Z 2023-04-01T15:30:00Z")),
            // A whole day is skipped.
            ("Pacific/Apia", "2011/12/30/5", Err(HourError::Skipped)),
            ("Pacific/Apia", "2011/12/29/23", Ok("2011-12-30T09:00:00Z 2011-12-30T10:00:00Z")),
        ] {
            assert_eq!(instants(zone, date), expected.map(str::to_owned), "{zone} {date}");
        }
    }

    #[test]
    fn bad_parts_are_named() {
        for (date, field) in [
            ("2010/1/1/0", "year"),
            ("2051/1/1/0", "year"),
            ("+2023/1/1/0", "year"),
            ("2023/0/1/0", "month"),
            ("2023/13/1/0", "month"),
            ("2023/2/29/0", "day"),
            ("2023/1/0/0", "day"),
            ("2023/1/1/24", "hour"),
            ("2023/1/1/-1", "hour"),
            ("2023/1/1/", "hour"),
            ("2023/1/1/999999999999", "hour"),
        ] {
            assert_eq!(instants("UTC", date).unwrap_err().field(), field, "{date}");
        }
        assert!(instants("UTC", "2024/02/29/07").is_ok() && instants("UTC", "2050/12/31/23").is_ok());
    }

    #[test]
    fn the_hours_of_a_day_are_the_day() {
        for zone in ["UTC", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kathmandu"] {
            for day in ["2023/3/12", "2023/11/5", "2023/4/2", "2023/10/1", "2024/2/29", "2023/12/31"] {
                let zone = TimeZone::get(zone).unwrap();
                let parts: Vec<&str> = day.split('/').collect();
                let hours = (0..24).map(|hour| hour_of([parts[0], parts[1], parts[2], &hour.to_string()], &zone));
                let ranges: Vec<_> = hours.filter_map(Result::ok).collect();
                for pair in ranges.windows(2) {
                    assert_eq!(pair[0].end, pair[1].start, "{day}");
                }
                let start = ranges[0].start.to_zoned(zone.clone());
                let end = ranges[ranges.len() - 1].end;
                assert_eq!(start.tomorrow().unwrap().start_of_day().unwrap().timestamp(), end, "{day}");
            }
        }
    }
}
