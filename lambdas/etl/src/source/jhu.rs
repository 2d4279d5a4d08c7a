//! Source B: recoveries of Johns Hopkins University.

use csv::WriterBuilder;
use jiff::civil::Date;

use super::{Collector, Reading, Refused, Rows};
use crate::contract::{RejectReason, Source};
use crate::number::count;

const COLUMNS: [&str; 4] = ["Date", "Country/Region", "Province/State", "Recovered"];

const TAKES_ALL: &str = "a vector takes all that is written to it";

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
    // Written anew: the text of a row whose quote is never closed would swallow what stands behind it.
    let mut archive = WriterBuilder::new().flexible(true).from_writer([rows.header(), b"\n"].concat());
    while let Some(row) = rows.next() {
        if rows.field(country) != Some(b"US") {
            continue;
        }
        archive.write_byte_record(rows.record()).expect(TAKES_ALL);
        let value = match (rows.field(province), rows.field(recovered)) {
            (Some(b""), Some(b"")) => Ok(None),
            (Some(b""), Some(field)) => count(field).map(Some).ok_or(RejectReason::BadNumber),
            (Some(_), Some(_)) => Err(RejectReason::UnexpectedProvince),
            // The row ends too soon.
            _ => Err(RejectReason::BadNumber),
        };
        collector.add(&rows, &row, rows.field(date).unwrap_or_default(), value);
    }
    let archive = archive.into_inner().expect(TAKES_ALL);
    Ok(JhuReading { reading: collector.finish()?, archive })
}
