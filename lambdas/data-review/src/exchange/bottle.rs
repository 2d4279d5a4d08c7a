//! Exchange text of bottle samples.

use std::collections::HashMap;

use super::{KEY_CHARACTERS, Text, VALUE_CHARACTERS, table::Table};
use crate::{
    area::{latitude, longitude},
    calendar,
    cast::{CastKey, Event},
    collector::{Collector, Name, PRESSURE},
    failure::Failure,
    finding::{Code, Place},
    number::Value,
    text::Encoding,
};

/// The columns that a table must have, but for the sample number.
const REQUIRED: [&str; 7] = ["EXPOCODE", "STNNBR", "CASTNO", "DATE", "LATITUDE", "LONGITUDE", PRESSURE];

/// A column outside of the statistics, and its name for findings.
#[derive(Debug, Clone, Copy)]
struct Column {
    index: usize,
    name: Name,
}

impl Column {
    fn of(name: &str, table: &Table, collector: &mut Collector<'_>) -> Result<Option<Self>, Failure> {
        match table.column(name) {
            Some(index) => Ok(Some(Self { index, name: collector.name(name)? })),
            None => Ok(None),
        }
    }
}

/// The columns that say which cast and sample, when and where.
#[derive(Debug)]
struct Columns {
    /// Expocode, station, cast.
    cast: [Option<Column>; 3],
    sample: Option<Column>,
    section: Option<Column>,
    /// Date, time, latitude, longitude.
    event: [Option<Column>; 4],
}

impl Columns {
    fn of(table: &Table, line: u64, collector: &mut Collector<'_>) -> Result<Self, Failure> {
        for name in REQUIRED {
            if table.column(name).is_none() {
                collector.find_named(Code::RequiredColumnMissing, name, || Place::line(line))?;
            }
        }
        let mut column = |name| Column::of(name, table, collector);
        let cast = [column("EXPOCODE")?, column("STNNBR")?, column("CASTNO")?];
        let event = [column("DATE")?, column("TIME")?, column("LATITUDE")?, column("LONGITUDE")?];
        let (section, legacy) = (column("SECT_ID")?, column("SECT")?);
        let (sample, bottle) = (column("SAMPNO")?, column("BTLNBR")?);
        if let Some(legacy) = legacy {
            collector.find(Code::LegacyHeader, Some(legacy.name), || Place::line(line));
        }
        match (sample, bottle) {
            (Some(_), _) => {}
            (None, Some(bottle)) => collector.find(Code::KeyFromBtlnbr, Some(bottle.name), || Place::line(line)),
            (None, None) => collector.find_named(Code::RequiredColumnMissing, "SAMPNO", || Place::line(line))?,
        }
        Ok(Self { cast, sample: sample.or(bottle), section: section.or(legacy), event })
    }
}

/// The cells of a row for some columns, without padding; empty where there is no column.
fn cells_of<'a, const N: usize>(columns: &[Option<Column>; N], cells: &[&'a [u8]]) -> [&'a [u8]; N] {
    columns.map(|column| column.map_or(&b""[..], |column| cells[column.index].trim_ascii()))
}

/// Whether a cell names nothing.
fn is_missing(cell: &[u8]) -> bool {
    matches!(Value::parse(cell), Value::Blank | Value::Fill)
}

/// Whether two cells say the same, be it in other digits.
fn same(one: &[u8], other: &[u8]) -> bool {
    one == other || {
        let value = Value::parse(one);
        value != Value::NotANumber && value == Value::parse(other)
    }
}

/// What is remembered from row to row.
#[derive(Debug, Default)]
struct Memory<'a> {
    /// Date, time and position of each cast as its first row gives them.
    first: HashMap<usize, [&'a [u8]; 4]>,
    /// The row before: expocode, station and cast, the number of the cast, and the section. Rows of a cast follow one
    /// another, so that texts are made once a cast and not once a row.
    last: Option<([&'a [u8]; 3], Option<usize>)>,
    last_section: &'a [u8],
}

/// Finds the key of a row, and what is wrong with it. Returns the cast, if the row has one.
fn read_key<'a>(
    collector: &mut Collector<'_>,
    encoding: Encoding,
    columns: &Columns,
    memory: &mut Memory<'a>,
    (line, cells): (u64, &[&'a [u8]]),
    event: Event,
) -> Result<Option<usize>, Failure> {
    let parts = cells_of(&columns.cast, cells);
    let [sample] = cells_of(&[columns.sample], cells);
    let mut complete = true;
    for (column, cell) in columns.cast.iter().chain([&columns.sample]).zip(parts.into_iter().chain([sample])) {
        if is_missing(cell) {
            complete = false;
            if let Some(column) = column {
                collector.find(Code::MissingKey, Some(column.name), || {
                    Place::line(line).with_value(encoding.decode(cell, VALUE_CHARACTERS))
                });
            }
        }
    }
    if complete && !collector.is_new_row(&[parts[0], parts[1], parts[2], sample])? {
        let shown =
            || [parts[0], parts[1], parts[2], sample].map(|part| encoding.decode(part, KEY_CHARACTERS)).join("|");
        collector.find(Code::DuplicateKey, None, || Place::line(line).with_value(shown()));
    }
    if let Some((last, cast)) = memory.last
        && last == parts
    {
        return Ok(cast);
    }
    let texts = parts.map(|part| if is_missing(part) { String::new() } else { encoding.decode(part, KEY_CHARACTERS) });
    collector.add_expocode(&texts[0])?;
    let cast = if texts.iter().any(String::is_empty) {
        None
    } else {
        let key = CastKey { expocode: &texts[0], station: &texts[1], cast: &texts[2] };
        Some(collector.cast(key, event)?.0)
    };
    memory.last = Some((parts, cast));
    Ok(cast)
}

/// Reads date, time and position of a row, and finds what cannot be.
fn read_event(
    collector: &mut Collector<'_>,
    encoding: Encoding,
    columns: &Columns,
    (line, cells): (u64, &[&[u8]]),
) -> Event {
    let [date, time, lat, lon] = cells_of(&columns.event, cells);
    let event = Event {
        date: calendar::date(date),
        time: calendar::time(time),
        latitude: Value::parse(lat).number().and_then(latitude),
        longitude: Value::parse(lon).number().and_then(longitude),
    };
    let checks = [
        (Code::BadDate, date, event.date.is_some()),
        (Code::BadTime, time, event.time.is_some()),
        (Code::MissingCoordinate, lat, event.latitude.is_some()),
        (Code::MissingCoordinate, lon, event.longitude.is_some()),
    ];
    for (column, (code, cell, good)) in columns.event.iter().zip(checks) {
        if let (Some(column), false) = (column, good) {
            collector.find(code, Some(column.name), || {
                Place::line(line).with_value(encoding.decode(cell, VALUE_CHARACTERS))
            });
        }
    }
    event
}

pub(super) fn review(mut text: Text<'_>, collector: &mut Collector<'_>) -> Result<(), Failure> {
    let table = Table::read(&mut text, collector, false)?;
    let names_line = text.lines.number();
    let columns = Columns::of(&table, names_line, collector)?;
    let encoding = text.encoding;
    let mut memory = Memory::default();
    text.rows(collector, table.width, |collector, line, cells| {
        let row = (line, cells);
        let event = read_event(collector, encoding, &columns, row);
        collector.add_event(event);
        let cast = read_key(collector, encoding, &columns, &mut memory, row, event)?;
        collector.add_row(cast);
        let [section] = cells_of(&[columns.section], cells);
        if section != memory.last_section {
            memory.last_section = section;
            collector.add_section(&encoding.decode(section, KEY_CHARACTERS))?;
        }
        if let Some(cast) = cast {
            let now = cells_of(&columns.event, cells);
            let first = memory.first.entry(cast).or_insert(now);
            for ((column, first), now) in columns.event.iter().zip(first.iter()).zip(now) {
                if let Some(column) = column
                    && !same(first, now)
                {
                    collector.find(Code::ProfileMetadataVaries, Some(column.name), || {
                        Place::line(line).with_value(encoding.decode(now, VALUE_CHARACTERS))
                    });
                }
            }
        }
        if let (_, Some(good)) = table.observe(collector, line, cells) {
            collector.add_pressure(cast, good);
        }
        Ok(())
    })
}
