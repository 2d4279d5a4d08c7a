//! Lambda runtimes and how long they live.

use std::fmt;

use super::bytes::{Reader, Table};

/// A day, written as 2026-11-14.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(u32);

impl Date {
    /// The day of a year, month and day of the month.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self(year as u32 * 10_000 + month as u32 * 100 + day as u32)
    }

    const fn read(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

/// The day on which the pinned data was published. What is deprecated is judged by it and not by a clock, so that the same
/// template always gives the same findings.
pub(crate) const DATA_DATE: Date = Date::new(2026, 10, 20);

/// A runtime of Lambda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runtime {
    name: &'static str,
    successor: &'static str,
    deprecated: u32,
    create_block: u32,
    update_block: u32,
}

impl Runtime {
    /// The name, such as `provided.al2023`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The runtime to take instead, where AWS names one.
    pub fn successor(&self) -> Option<&'static str> {
        Some(self.successor).filter(|name| !name.is_empty())
    }

    /// The day from which it gets no more updates.
    pub const fn deprecated(&self) -> Option<Date> {
        Date::read(self.deprecated)
    }

    /// The day from which no functions of it can be created.
    pub const fn creation_blocked(&self) -> Option<Date> {
        Date::read(self.create_block)
    }

    /// The day from which functions of it cannot be updated.
    pub const fn update_blocked(&self) -> Option<Date> {
        Date::read(self.update_block)
    }
}

pub(super) fn runtimes(bytes: &'static [u8]) -> impl ExactSizeIterator<Item = Runtime> {
    let table: Table = Reader::new(bytes).table(18);
    table.iter().map(|mut entry| Runtime {
        name: entry.symbol().text(),
        successor: entry.symbol().text(),
        deprecated: entry.word(),
        create_block: entry.word(),
        update_block: entry.word(),
    })
}
