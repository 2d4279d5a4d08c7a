//! Which hours are worth a look.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::contract::CompactEvent;
use crate::contract::keys::{COMPACTED_PREFIX, INCOMING_PREFIX};
use crate::partition::{Hour, day_rows};
use crate::storage::{Storage, StorageError};

/// Days that are looked at without being told, today included.
const DEFAULT_DAYS: i8 = 3;
/// How long an hour must be over: grabs may be late.
const REST: i64 = 10 * 60 * 1_000_000;
/// The most hours that one event may name.
const MAXIMUM_HOURS: usize = 31 * 24;

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Hours of the last three days in UTC that are over for ten minutes.
    Recent,
    /// The hours from the first to the last.
    Between(Hour, Hour),
}

/// What is wrong with the hours of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectionError {
    /// One of the times is none, or has no offset from UTC.
    NoTime,
    /// There is only one of both times.
    OneEnd,
    /// The end lies before the start.
    Backwards,
    /// The range is over 31 days.
    TooLong,
}

impl fmt::Display for SelectionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoTime => "`from` and `to` must be times with an offset, such as `2025-03-01T05:00:00Z`",
            Self::OneEnd => "`from` and `to` go together",
            Self::Backwards => "`to` must not lie before `from`",
            Self::TooLong => "`from` and `to` must span at most 31 days",
        })
    }
}

impl std::error::Error for SelectionError {}

impl Selection {
    /// What an event asks for.
    pub fn of(event: &CompactEvent) -> Result<Self, SelectionError> {
        let hour = |text: &str| {
            let time = text.parse::<Timestamp>().map_err(|_| SelectionError::NoTime)?;
            Ok(Hour::of(time.as_microsecond()))
        };
        let (from, to) = match (&event.from, &event.to) {
            (None, None) => return Ok(Self::Recent),
            (Some(from), Some(to)) => (hour(from)?, hour(to)?),
            _ => return Err(SelectionError::OneEnd),
        };
        if to < from {
            return Err(SelectionError::Backwards);
        }
        if Hour::overlapping(&(from.start()..to.end())).len() > MAXIMUM_HOURS {
            return Err(SelectionError::TooLong);
        }
        Ok(Self::Between(from, to))
    }

    fn days(self, now: i64) -> Vec<Date> {
        let (first, last) = match self {
            Self::Recent => {
                let today = Hour::of(now).date();
                let mut first = today;
                for _ in 1..DEFAULT_DAYS {
                    first = first.yesterday().unwrap_or(first);
                }
                (first, today)
            }
            Self::Between(from, to) => (from.date(), to.date()),
        };
        first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last).collect()
    }

    fn takes(self, hour: Hour, now: i64) -> bool {
        match self {
            Self::Recent => hour.end().saturating_add(REST) <= now,
            Self::Between(from, to) => (from..=to).contains(&hour),
        }
    }
}

/// The hours of a feed that hold incoming files, or merged rows that were replaced.
pub fn select(
    storage: &dyn Storage,
    system_id: &str,
    selection: Selection,
    now: i64,
) -> Result<Vec<Hour>, StorageError> {
    let mut found: BTreeMap<Hour, (usize, usize)> = BTreeMap::new();
    for date in selection.days(now) {
        for listed in storage.list(&day_rows(system_id, date))? {
            let Some((hour, name)) = Hour::parse(system_id, &listed.key) else { continue };
            let (incoming, compacted) = found.entry(hour).or_default();
            *incoming += usize::from(name.starts_with(INCOMING_PREFIX));
            *compacted += usize::from(name.starts_with(COMPACTED_PREFIX));
        }
    }
    let work = found.into_iter().filter(|(_, (incoming, compacted))| *incoming > 0 || *compacted > 1);
    Ok(work.map(|(hour, _)| hour).filter(|hour| selection.takes(*hour, now)).collect())
}
