//! Exchange text of one CTD cast.

use super::{KEY_CHARACTERS, NAME_CHARACTERS, Text, VALUE_CHARACTERS, table::Table};
use crate::{
    area::{latitude, longitude},
    calendar,
    cast::{CastKey, Event},
    collector::{Collector, PRESSURE},
    failure::Failure,
    finding::{Code, Place},
    number::Value,
};

/// The headers that a cast must have.
const REQUIRED: [&str; 6] = ["EXPOCODE", "STNNBR", "CASTNO", "DATE", "LATITUDE", "LONGITUDE"];

/// A header that is read.
#[derive(Debug, Clone, Copy)]
struct Header<'a> {
    line: u64,
    value: &'a [u8],
}

/// The headers that are read; others are counted only.
#[derive(Debug, Default)]
struct Headers<'a> {
    required: [Option<Header<'a>>; REQUIRED.len()],
    time: Option<Header<'a>>,
    section: Option<Header<'a>>,
    last_line: u64,
}

impl<'a> Headers<'a> {
    /// Reads `NUMBER_HEADERS` and the headers behind it.
    fn read(text: &mut Text<'a>, collector: &mut Collector<'_>) -> Result<Self, Failure> {
        let mut headers = Self { last_line: 1, ..Self::default() };
        let (mut announced, mut count) = (None, 0_u64);
        while let Some((line, content)) = text.header_line(collector) {
            // The line of names has no sign of equality, and a value may have commas.
            let Some((name, value)) = split_header(content) else {
                text.unread();
                break;
            };
            headers.last_line = line;
            count += 1;
            let header = Some(Header { line, value });
            match name {
                b"NUMBER_HEADERS" => announced = header,
                b"TIME" => headers.time = header,
                b"SECT_ID" => headers.section = header,
                b"SECT" => {
                    headers.section = headers.section.or(header);
                    collector.find_named(Code::LegacyHeader, "SECT", || Place::line(line))?;
                }
                _ => {
                    if let Some(index) = REQUIRED.iter().position(|required| required.as_bytes() == name) {
                        headers.required[index] = header;
                    }
                }
            }
        }
        match announced {
            None => collector.find_named(Code::RequiredHeaderMissing, "NUMBER_HEADERS", || Place::line(2))?,
            Some(header) => {
                if std::str::from_utf8(header.value).ok().and_then(|text| text.parse().ok()) != Some(count) {
                    let value = text.encoding.decode(header.value, VALUE_CHARACTERS);
                    collector.find(Code::NumberHeadersMismatch, None, || {
                        Place::line(header.line).with_value(format!("{value}, and there are {count}"))
                    });
                }
            }
        }
        Ok(headers)
    }

    fn value(&self, name: &str) -> Option<Header<'a>> {
        REQUIRED.iter().position(|required| *required == name).and_then(|index| self.required[index])
    }

    /// Finds the required headers that are missing, and those that have no value but should name the cast.
    fn check(&self, collector: &mut Collector<'_>) -> Result<(), Failure> {
        for (name, header) in REQUIRED.iter().zip(self.required) {
            let names_the_cast = matches!(*name, "EXPOCODE" | "STNNBR" | "CASTNO");
            match header {
                None => {
                    collector.find_named(Code::RequiredHeaderMissing, name, || Place::line(self.last_line))?;
                }
                Some(header) if names_the_cast && header.value.is_empty() => {
                    collector.find_named(Code::RequiredHeaderMissing, name, || Place::line(header.line))?;
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Date, time and position, with findings for what cannot be.
    fn event(&self, text: &Text<'_>, collector: &mut Collector<'_>) -> Result<Event, Failure> {
        let place = |header: Header<'_>| {
            Place::line(header.line).with_value(text.encoding.decode(header.value, VALUE_CHARACTERS))
        };
        let mut event = Event::default();
        if let Some(header) = self.value("DATE") {
            event.date = calendar::date(header.value);
            if event.date.is_none() {
                collector.find_named(Code::BadDate, "DATE", || place(header))?;
            }
        }
        if let Some(header) = self.time {
            event.time = calendar::time(header.value);
            if event.time.is_none() {
                collector.find_named(Code::BadTime, "TIME", || place(header))?;
            }
        }
        if let Some(header) = self.value("LATITUDE") {
            event.latitude = Value::parse(header.value).number().and_then(latitude);
            if event.latitude.is_none() {
                collector.find_named(Code::MissingCoordinate, "LATITUDE", || place(header))?;
            }
        }
        if let Some(header) = self.value("LONGITUDE") {
            event.longitude = Value::parse(header.value).number().and_then(longitude);
            if event.longitude.is_none() {
                collector.find_named(Code::MissingCoordinate, "LONGITUDE", || place(header))?;
            }
        }
        Ok(event)
    }
}

/// `NAME = value` without padding; none if the line is something else.
fn split_header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = line.iter().position(|&byte| byte == b'=')?;
    let name = line[..equals].trim_ascii();
    (!name.contains(&b',') && name.len() <= NAME_CHARACTERS).then(|| (name, line[equals + 1..].trim_ascii()))
}

pub(super) fn review(mut text: Text<'_>, collector: &mut Collector<'_>) -> Result<(), Failure> {
    let headers = Headers::read(&mut text, collector)?;
    headers.check(collector)?;
    let event = headers.event(&text, collector)?;
    let key = ["EXPOCODE", "STNNBR", "CASTNO"]
        .map(|name| headers.value(name).map_or(String::new(), |h| text.encoding.decode(h.value, KEY_CHARACTERS)));
    collector.add_expocode(&key[0])?;
    if let Some(section) = headers.section {
        collector.add_section(&text.encoding.decode(section.value, KEY_CHARACTERS))?;
    }
    collector.add_event(event);
    let cast = if key.iter().any(String::is_empty) {
        None
    } else {
        let (index, is_new) = collector.cast(CastKey { expocode: &key[0], station: &key[1], cast: &key[2] }, event)?;
        if !is_new {
            collector.find(Code::DuplicateKey, None, || Place::default().with_value(key.join("|")));
        }
        Some(index)
    };

    let table = Table::read(&mut text, collector, true)?;
    if table.column(PRESSURE).is_none() {
        let line = text.lines.number();
        collector.find_named(Code::RequiredColumnMissing, PRESSURE, || Place::line(line))?;
    }
    let pressure_name = collector.name(PRESSURE)?;
    let mut last = None;
    text.rows(collector, table.width, |collector, line, cells| {
        collector.add_row(cast);
        let (pressure, good) = table.observe(collector, line, cells);
        if let Some(good) = good {
            collector.add_pressure(cast, good);
        }
        if let Some(pressure) = pressure {
            if last.is_some_and(|last| pressure <= last) {
                let place = || Place::line(line).with_value(pressure.to_string());
                collector.find(Code::PressureNotIncreasing, Some(pressure_name), place);
            }
            last = Some(pressure);
        }
        Ok(())
    })
}
