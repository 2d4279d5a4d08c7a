//! Hours, which name all objects. They are of UTC: an hour of local time comes twice when summer ends.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::Date};

use crate::contract::keys::{CURATED_FILE, CURATED_PREFIX, ERRORS_PREFIX, RAW_FILE, RAW_PREFIX, hour_folder};

/// Seconds of an hour.
const SECONDS: i64 = 3_600;

/// An hour of UTC, between 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

impl Hour {
    /// The hour that a time is in.
    ///
    /// # Errors
    /// When the text is not a time in the form of RFC 3339.
    pub fn of(time: &str) -> Result<Self, HourError> {
        let error = || HourError { text: shown(time), form: "a time such as 2025-03-01T05:00:00Z" };
        let timestamp: Timestamp = time.parse().map_err(|_| error())?;
        let first = timestamp.as_second().div_euclid(SECONDS);
        if first < 0 || timestamp.to_zoned(TimeZone::UTC).year() > 9_999 {
            return Err(error());
        }
        Ok(Self(first))
    }

    /// An hour as people write it, such as `2025-03-01T05`.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn parse(text: &str) -> Result<Self, HourError> {
        let error = || HourError { text: shown(text), form: "an hour such as 2025-03-01T05" };
        if text.len() != 13 || !text.is_ascii() {
            return Err(error());
        }
        Self::of(&format!("{text}:00:00Z")).map_err(|_| error())
    }

    /// Seconds from 1970 to its start.
    pub fn epoch(self) -> i64 {
        self.0 * SECONDS
    }

    /// Its start.
    pub fn start(self) -> Timestamp {
        Timestamp::from_second(self.epoch()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The start of the next hour.
    pub fn end(self) -> Timestamp {
        Timestamp::from_second(self.epoch() + SECONDS).unwrap_or(Timestamp::MAX)
    }

    /// The hour after this one.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// How many hours are from this one to `last`, both included.
    pub fn count_to(self, last: Self) -> u64 {
        u64::try_from(last.0 - self.0 + 1).unwrap_or(0)
    }

    /// Its date in UTC.
    pub fn date(self) -> Date {
        self.civil().date()
    }

    /// Key of its raw body.
    pub fn raw_key(self, location_id: &str) -> String {
        format!("{RAW_PREFIX}{}{RAW_FILE}", self.folder(location_id))
    }

    /// Key of a body that was not good, received at `time` in this attempt.
    pub fn error_key(self, location_id: &str, time: Timestamp, attempt: u32) -> String {
        let time = time.strftime("%Y%m%dT%H%M%S%.3fZ");
        format!("{ERRORS_PREFIX}{}{time}-{attempt}.json", self.folder(location_id))
    }

    /// Key of its row.
    pub fn curated_key(self, location_id: &str) -> String {
        format!("{CURATED_PREFIX}{}{CURATED_FILE}", self.folder(location_id))
    }

    fn folder(self, location_id: &str) -> String {
        let time = self.civil();
        let two = |part: i8| format!("{part:02}");
        hour_folder(
            location_id,
            &format!("{:04}", time.year()),
            &two(time.month()),
            &two(time.day()),
            &two(time.hour()),
        )
    }

    fn civil(self) -> DateTime {
        self.start().to_zoned(TimeZone::UTC).datetime()
    }
}

/// As people write it, such as `2025-03-01T05`.
impl fmt::Display for Hour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.civil();
        write!(formatter, "{}T{:02}", time.date(), time.hour())
    }
}

/// A text that is no hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourError {
    text: String,
    form: &'static str,
}

impl fmt::Display for HourError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not {}", self.text, self.form)
    }
}

impl std::error::Error for HourError {}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_hour_is_of_utc() {
        // Both are 02:00 in Melbourne.
        for (time, epoch, hour) in [
            ("2025-04-05T15:00:00Z", 1_743_865_200, "15"),
            ("2025-04-05T16:00:00Z", 1_743_868_800, "16"),
            ("2025-04-06T02:00:00+10:00", 1_743_868_800, "16"),
        ] {
            let of = Hour::of(time).unwrap();
            assert_eq!(of.epoch(), epoch);
            let folder = format!("location_id=marysville/year=2025/month=04/day=05/hour={hour}/");
            assert_eq!(of.raw_key("marysville"), format!("raw/{folder}weather.json"));
            assert_eq!(of.curated_key("marysville"), format!("curated/{folder}weather.parquet"));
        }
        assert_eq!(Hour::of("2025-04-05T18:59:43Z").unwrap().to_string(), "2025-04-05T18");
        let time = "2025-04-05T18:59:43.25Z".parse().unwrap();
        assert_eq!(
            Hour::of("2025-04-05T18:00:00Z").unwrap().error_key("a", time, 2),
            "errors/location_id=a/year=2025/month=04/day=05/hour=18/20250405T185943.250Z-2.json"
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for time in ["", "<aws.scheduler.scheduled-time>", "2025-03-01", "2025-02-30T05:00:00Z", "1969-12-31T23:59:59Z"]
        {
            assert!(Hour::of(time).is_err(), "{time}");
        }
        for hour in
            ["2025-03-01", "2025-03-01T24", "2025-03-01T05Z", "2025-03-01T5", "2025-03-01T05:00:00Z", "é025-03-01T05"]
        {
            assert!(Hour::parse(hour).is_err(), "{hour}");
        }
        let told = Hour::parse("yesterday").unwrap_err().to_string();
        assert_eq!(told, "`yesterday` is not an hour such as 2025-03-01T05");
    }

    proptest! {
        #[test]
        fn an_hour_is_read_as_it_is_written(hours in 0..2_000_000_i64) {
            prop_assert_eq!(Hour::parse(&Hour(hours).to_string()).unwrap(), Hour(hours));
        }

        #[test]
        fn no_text_panics(text: String, time in "[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}(:[0-9]{2}:[0-9]{2}Z)?") {
            let _ = (Hour::of(&text), Hour::parse(&text), Hour::parse(&time));
            if let Ok(hour) = Hour::of(&time) {
                let _ = (hour.raw_key("a"), hour.end(), hour.next().to_string());
            }
        }
    }
}
