//! The full set of figures as CSV.

use std::fmt::Write;

use crate::contract::store::keys::SNAPSHOT_HEADER;
use crate::number::{count, date};
use crate::series::{Figures, Series};

/// The figures as CSV: ascending, lines ended by LF, nothing where recoveries are not reported.
pub fn write_snapshot(series: &Series) -> Vec<u8> {
    let mut text = format!("{SNAPSHOT_HEADER}\n");
    for (date, Figures { cases, deaths, recoveries }) in series {
        let recoveries = recoveries.map(|value| value.to_string()).unwrap_or_default();
        // A `String` takes all that is written to it.
        let _ = writeln!(text, "{date},{cases},{deaths},{recoveries}");
    }
    text.into_bytes()
}

/// Reads what [`write_snapshot`] wrote, and nothing else.
///
/// # Errors
/// The line that is not as it was written, in words.
pub fn read_snapshot(content: &[u8]) -> Result<Series, String> {
    let content = content.strip_suffix(b"\n").ok_or("the snapshot does not end with an end of line")?;
    let mut lines = content.split(|byte| *byte == b'\n').zip(1_u64..);
    if lines.next().is_none_or(|(header, _)| header != SNAPSHOT_HEADER.as_bytes()) {
        return Err(format!("line 1 of the snapshot is not `{SNAPSHOT_HEADER}`"));
    }
    let mut series = Series::new();
    for (line, number) in lines {
        let row = row(line).ok_or_else(|| format!("line {number} of the snapshot is not a row of figures"))?;
        if series.last_key_value().is_some_and(|(last, _)| *last >= row.0) {
            return Err(format!("line {number} of the snapshot is not after the one before it"));
        }
        series.insert(row.0, row.1);
    }
    Ok(series)
}

fn row(line: &[u8]) -> Option<(jiff::civil::Date, Figures)> {
    let mut fields = line.split(|byte| *byte == b',');
    let date = date(fields.next()?)?;
    let (cases, deaths) = (count(fields.next()?)?, count(fields.next()?)?);
    let recoveries = match fields.next()? {
        b"" => None,
        field => Some(count(field)?),
    };
    fields.next().is_none().then_some((date, Figures { cases, deaths, recoveries }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::Span;
    use proptest::collection::btree_map;
    use proptest::prelude::*;

    use super::*;
    use crate::number::MAX_COUNT;

    #[test]
    fn a_snapshot_is_as_specified() {
        let day = jiff::civil::date(2020, 12, 13);
        let series = Series::from([
            (day, Figures { cases: 3, deaths: 2, recoveries: Some(1) }),
            (day.tomorrow().unwrap(), Figures { cases: 3, deaths: 2, recoveries: None }),
        ]);
        let text = "date,cases,deaths,recoveries\n2020-12-13,3,2,1\n2020-12-14,3,2,\n";
        assert_eq!(write_snapshot(&series), text.as_bytes());
        assert_eq!(read_snapshot(text.as_bytes()).unwrap(), series);
    }

    #[test]
    fn a_damaged_snapshot_is_not_used() {
        let header = "date,cases,deaths,recoveries\n";
        for (text, told) in [
            (String::new(), "end of line"),
            ("date,cases\n".to_owned(), "line 1"),
            (format!("{header}2020-12-13,3,2,1\n2020-12-14,3"), "end of line"),
            (format!("{header}2020-12-13,3,2,1\n2020-12-14,3\n"), "line 3"),
            (format!("{header}2020-12-13,3,2,1\n2020-12-13,3,2,1\n"), "line 3 of the snapshot is not after"),
            (format!("{header}2020-12-13,3,2,1,5\n"), "line 2"),
        ] {
            assert!(read_snapshot(text.as_bytes()).unwrap_err().contains(told), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            rows in btree_map(0..4_000_i64, (0..=MAX_COUNT, 0..=MAX_COUNT, prop::option::of(0..=MAX_COUNT)), 0..40)
        ) {
            let first = jiff::civil::date(2020, 1, 1);
            let series: Series = rows
                .into_iter()
                .map(|(day, (cases, deaths, recoveries))| {
                    (first + Span::new().days(day), Figures { cases, deaths, recoveries })
                })
                .collect();
            prop_assert_eq!(read_snapshot(&write_snapshot(&series)).unwrap(), series);
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = read_snapshot(&bytes);
        }
    }
}
