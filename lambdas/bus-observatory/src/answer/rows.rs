//! Rows as text.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::table::{Cell, Table};

/// A time in microseconds since 1970, in UTC or with the offset of a time zone.
pub(super) fn time(microseconds: i64, zone: Option<&TimeZone>) -> String {
    let Ok(time) = Timestamp::from_microsecond(microseconds) else { return String::new() };
    match zone {
        None => time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string(),
        Some(zone) => time.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S.%6f%:z").to_string(),
    }
}

/// The limits of a query: whole seconds, as a rule.
pub(super) fn limit(time: Timestamp, zone: Option<&TimeZone>) -> String {
    match zone {
        None => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Some(zone) => time.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    }
}

/// Adds a row as a JSON object of all columns.
pub(super) fn json_row(output: &mut Vec<u8>, table: &Table, row: usize, zone: Option<&TimeZone>) {
    output.push(b'{');
    for (index, column) in table.feed_type().columns().iter().enumerate() {
        if index > 0 {
            output.push(b',');
        }
        output.push(b'"');
        output.extend_from_slice(column.name.as_bytes());
        output.extend_from_slice(b"\":");
        json(output, &json_value(table.cell(index, row), zone));
    }
    output.push(b'}');
}

/// Adds a value as JSON.
pub(super) fn json(output: &mut Vec<u8>, value: &impl serde::Serialize) {
    serde_json::to_writer(output, value).expect("a value is JSON, and memory takes it");
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Written {
    Value(Value),
    Float(f32),
}

fn json_value(cell: Cell, zone: Option<&TimeZone>) -> Written {
    Written::Value(match cell {
        Cell::Text(text) => Value::String(text),
        Cell::Integer(value) => value.into(),
        // As 64 bits it would have digits that nobody measured.
        Cell::Float(value) if value.is_finite() => return Written::Float(value),
        Cell::Null | Cell::Float(_) => Value::Null,
        Cell::Double(value) => value.into(),
        Cell::Timestamp(value) => Value::String(time(value, zone)),
    })
}

/// All rows as comma-separated values, with a header (RFC 4180).
pub(super) fn csv(table: &Table, zone: Option<&TimeZone>) -> Vec<u8> {
    let mut output = String::new();
    let columns = table.feed_type().columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    output.push_str(&names.join(","));
    output.push_str("\r\n");
    for row in 0..table.len() {
        for index in 0..columns.len() {
            if index > 0 {
                output.push(',');
            }
            match table.cell(index, row) {
                Cell::Null => {}
                Cell::Text(text) => csv_text(&mut output, &text),
                Cell::Integer(value) => output.push_str(&value.to_string()),
                Cell::Float(value) => output.push_str(&value.to_string()),
                Cell::Double(value) => output.push_str(&value.to_string()),
                Cell::Timestamp(value) => output.push_str(&time(value, zone)),
            }
        }
        output.push_str("\r\n");
    }
    output.into_bytes()
}

fn csv_text(output: &mut String, text: &str) {
    if text.contains([',', '"', '\r', '\n']) {
        output.push('"');
        output.push_str(&text.replace('"', "\"\""));
        output.push('"');
    } else {
        output.push_str(text);
    }
}
