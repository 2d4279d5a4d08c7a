//! Source B: recoveries of Johns Hopkins University.

use jiff::civil::Date;

use super::{Collector, Reading, Refused, Rows};
use crate::contract::{RejectReason, Source};
use crate::number::count;

const COLUMNS: [&str; 4] = ["Date", "Country/Region", "Province/State", "Recovered"];

/// What source B says of the US.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JhuReading {
    /// What stands under `Recovered` by date, none where it is empty; see [`reported`](crate::reported) for what that
    /// means.
    pub reading: Reading<Option<u64>>,
    /// Header and rows of the US alone, which is what the archive keeps.
    pub archive: Vec<u8>,
}

/// Reads source B. Rows of more than a day after `today` are rejected.
///
/// # Errors
/// When the body is no such file, or has too many rows that cannot be taken.
pub fn read_jhu(body: &[u8], today: Date) -> Result<JhuReading, Box<Refused>> {
    let (mut rows, [date, country, province, recovered]) = Rows::new(Source::Jhu, body, COLUMNS)?;
    let mut collector = Collector::new(Source::Jhu, today);
    let mut archive = [rows.header(), b"\n"].concat();
    while let Some(row) = rows.next() {
        if rows.field(country) != Some(b"US") {
            continue;
        }
        archive.extend_from_slice(rows.text(row.text));
        archive.push(b'\n');
        let value = match (rows.field(province), rows.field(recovered)) {
            (Some(b""), Some(b"")) => Ok(None),
            (Some(b""), Some(field)) => count(field).map(Some).ok_or(RejectReason::BadNumber),
            (Some(_), Some(_)) => Err(RejectReason::UnexpectedProvince),
            // The row ends too soon.
            _ => Err(RejectReason::BadNumber),
        };
        collector.add(&rows, &row, rows.field(date).unwrap_or_default(), value);
    }
    Ok(JhuReading { reading: collector.finish()?, archive })
}
