//! Source A: cases and deaths of the New York Times.

use jiff::civil::Date;

use super::{Collector, Reading, Refused, Rows};
use crate::contract::{RejectReason, Source};
use crate::number::count;

/// Reads source A: cases and deaths by date. Rows of more than a day after `today` are rejected.
///
/// # Errors
/// When the body is no such file, or has too many rows that cannot be taken.
pub fn read_nyt(body: &[u8], today: Date) -> Result<Reading<(u64, u64)>, Box<Refused>> {
    let (mut rows, [date, cases, deaths]) = Rows::new(Source::Nyt, body, ["date", "cases", "deaths"])?;
    let mut collector = Collector::new(Source::Nyt, today);
    while let Some(row) = rows.next() {
        let number = |column| rows.field(column).and_then(count).ok_or(RejectReason::BadNumber);
        let value = number(cases).and_then(|cases| Ok((cases, number(deaths)?)));
        collector.add(&rows, &row, rows.field(date).unwrap_or_default(), value);
    }
    collector.finish()
}
