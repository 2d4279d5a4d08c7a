//! The two sources as they are fetched: CSV whose columns are found by their names.

mod jhu;
mod nyt;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;

pub use self::jhu::{JhuReading, read_jhu};
pub use self::nyt::read_nyt;
use self::rows::{Row, Rows};
use crate::contract::{Failure, FailureClass, RejectReason, Source, Stage};
use crate::number;
use crate::reject::Rejects;

/// Of this many rejected rows on, their share matters.
const REJECTED_ROWS: u64 = 5;
/// The share of rejected rows, as one in so many, that a source may have.
const REJECTED_SHARE: u64 = 20;

/// What a source says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<Value> {
    /// The value of each date.
    pub values: BTreeMap<Date, Value>,
    /// Rows that were read, rejected ones too: of source B only those of the US.
    pub rows: u64,
    /// Rows that are not taken.
    pub rejects: Rejects,
}

/// Collects the rows of a source.
struct Collector<Value> {
    source: Source,
    last_date: Date,
    dates: BTreeMap<Date, Seen<Value>>,
    rows: u64,
    rejects: Rejects,
}

/// What was found for a date.
enum Seen<Value> {
    /// One value, first in the row with this line and text.
    Value { value: Value, line: u64, text: (usize, usize) },
    /// Different values.
    Conflict,
}

impl<Value: PartialEq> Collector<Value> {
    /// Of rows of up to the day after `today`.
    fn new(source: Source, today: Date) -> Self {
        let last_date = today.tomorrow().unwrap_or(today);
        Self { source, last_date, dates: BTreeMap::new(), rows: 0, rejects: Rejects::default() }
    }

    /// Takes a row with what its date and its numbers are, or rejects it.
    fn add(&mut self, rows: &Rows<'_>, row: &Row, date: &[u8], value: Result<Value, RejectReason>) {
        self.rows += 1;
        let taken = || {
            let date = number::date(date).ok_or(RejectReason::BadDate)?;
            if date > self.last_date {
                return Err(RejectReason::FutureDate);
            }
            let value = value?;
            match self.dates.entry(date) {
                Entry::Vacant(vacant) => {
                    vacant.insert(Seen::Value { value, line: row.line, text: row.text });
                    Ok(())
                }
                Entry::Occupied(mut known) => {
                    if let Seen::Value { value: first, line, text } = known.get() {
                        if *first == value {
                            return Ok(());
                        }
                        self.rejects.add(self.source, *line, rows.text(*text), RejectReason::DuplicateConflict);
                        known.insert(Seen::Conflict);
                    }
                    Err(RejectReason::DuplicateConflict)
                }
            }
        };
        if let Err(reason) = taken() {
            self.rejects.add(self.source, row.line, rows.text(row.text), reason);
        }
    }

    /// What was collected.
    ///
    /// # Errors
    /// When there is nothing, or too much was rejected.
    fn finish(mut self) -> Result<Reading<Value>, Box<Refused>> {
        self.rejects.sort();
        let failure = if self.rows == 0 {
            Some((FailureClass::NoRows, "has no rows".to_owned()))
        } else if self.rejects.count >= REJECTED_ROWS && self.rejects.count * REJECTED_SHARE > self.rows {
            let told = format!("has {} rows that cannot be taken, of {}", self.rejects.count, self.rows);
            Some((FailureClass::TooManyRejected, told))
        } else {
            None
        };
        if let Some((class, told)) = failure {
            let failure = failure_of(self.source, class, &told);
            return Err(Box::new(Refused { failure, rows: self.rows, rejects: self.rejects }));
        }
        let values = self.dates.into_iter().filter_map(|(date, seen)| match seen {
            Seen::Value { value, .. } => Some((date, value)),
            Seen::Conflict => None,
        });
        Ok(Reading { values: values.collect(), rows: self.rows, rejects: self.rejects })
    }
}

/// Why a source cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What the run's message says.
    pub failure: Failure,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that are not taken.
    pub rejects: Rejects,
}

impl From<Failure> for Box<Refused> {
    fn from(failure: Failure) -> Self {
        Self::new(Refused { failure, rows: 0, rejects: Rejects::default() })
    }
}

/// What people call a source.
pub(crate) const fn name(source: Source) -> &'static str {
    match source {
        Source::Nyt => "source A (New York Times)",
        Source::Jhu => "source B (Johns Hopkins University)",
    }
}

fn failure_of(source: Source, error_class: FailureClass, told: &str) -> Failure {
    Failure { stage: Stage::Transform, error_class, message: format!("{} {told}", name(source)) }
}
