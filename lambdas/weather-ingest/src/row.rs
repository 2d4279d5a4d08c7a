//! An observation as a row.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::body::Observation;
use crate::contract::{COLUMNS, Column, ColumnType, WeatherSource, columns::SCHEMA_VERSION};
use crate::hour::Hour;
use crate::value::Cell;

/// Columns that are members of `location`.
const LOCATION: [&str; 8] = ["name", "region", "country", "lat", "lon", "tz_id", "localtime_epoch", "localtime"];
/// Columns that are members of `condition`.
const CONDITION: [&str; 3] = ["text", "icon", "code"];
/// What the columns of `air_quality` begin with.
const AIR_QUALITY: &str = "aq_";
/// The first column that is no member of a body.
const FIRST_OF_OURS: &str = "scheduled_at";
/// The member of `extra` that lists the paths of values of a wrong type.
const TYPE_ERRORS: &str = "_type_errors";

/// A row: a value for each of [`COLUMNS`].
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The values in the order of the columns.
    pub cells: Vec<Cell>,
    /// Fields that are no column.
    pub extra_fields: u32,
    /// Values of a wrong type.
    pub type_errors: u32,
}

impl Row {
    /// The row of an observation of an hour.
    pub fn new(observation: &Observation, hour: Hour, fetched_at: Timestamp) -> Self {
        let prefix = match observation.source {
            WeatherSource::Current => "current",
            // Where the entry stands within its day would make another path of the same field each hour.
            WeatherSource::History => "hour",
        };
        let mut flat = Flat::default();
        for (name, value) in &observation.location {
            flat.add(&format!("location.{name}"), location_column(name), value);
        }
        for (name, value) in &observation.conditions {
            let path = format!("{prefix}.{name}");
            match (name.as_str(), value) {
                ("condition", Value::Object(members)) => {
                    for (name, value) in members {
                        flat.add(&format!("{path}.{name}"), condition_column(name), value);
                    }
                }
                ("air_quality", Value::Object(members)) => {
                    for (name, value) in members {
                        flat.add(&format!("{path}.{name}"), air_quality_column(name), value);
                    }
                }
                ("condition" | "air_quality", Value::Null) => {}
                ("condition" | "air_quality", _) => flat.add_wrong(&path, value),
                _ => flat.add(&path, conditions_column(name, observation.source), value),
            }
        }
        for (name, value) in &observation.rest {
            flat.add(name, None, value);
        }
        flat.finish(observation.source, hour, fetched_at)
    }

    /// The value of a column.
    pub fn get(&self, column: &str) -> Option<&Cell> {
        position(column).and_then(|position| self.cells.get(position))
    }
}

/// A row that grows.
struct Flat {
    cells: Vec<Cell>,
    extra: Map<String, Value>,
    extra_fields: u32,
    type_errors: Vec<Value>,
}

impl Default for Flat {
    fn default() -> Self {
        Self { cells: vec![Cell::Null; COLUMNS.len()], extra: Map::new(), extra_fields: 0, type_errors: Vec::new() }
    }
}

impl Flat {
    fn add(&mut self, path: &str, column: Option<usize>, value: &Value) {
        let Some(column) = column else {
            self.extra.insert(path.to_owned(), value.clone());
            self.extra_fields += 1;
            return;
        };
        match Cell::of(value, COLUMNS[column].kind) {
            Some(cell) => self.cells[column] = cell,
            None => self.add_wrong(path, value),
        }
    }

    fn add_wrong(&mut self, path: &str, value: &Value) {
        self.extra.insert(path.to_owned(), value.clone());
        self.type_errors.push(path.into());
    }

    fn set(&mut self, column: &str, cell: Cell) {
        if let Some(position) = position(column) {
            self.cells[position] = cell;
        }
    }

    fn finish(mut self, source: WeatherSource, hour: Hour, fetched_at: Timestamp) -> Row {
        let observed_at = match position("last_updated_epoch").map(|position| &self.cells[position]) {
            Some(Cell::Integer(epoch)) => Timestamp::from_second(*epoch).ok(),
            _ => None,
        };
        let milliseconds = |time: Timestamp| Cell::Integer(time.as_millisecond());
        self.set(FIRST_OF_OURS, milliseconds(hour.start()));
        self.set("fetched_at", milliseconds(fetched_at));
        self.set("observed_at", observed_at.map_or(Cell::Null, milliseconds));
        let source = match source {
            WeatherSource::Current => "current",
            WeatherSource::History => "history",
        };
        self.set("source", Cell::Text(source.to_owned()));
        let type_errors = u32::try_from(self.type_errors.len()).unwrap_or(u32::MAX);
        if !self.type_errors.is_empty() {
            self.extra.insert(TYPE_ERRORS.to_owned(), Value::Array(std::mem::take(&mut self.type_errors)));
        }
        if !self.extra.is_empty() {
            let extra = Value::Object(std::mem::take(&mut self.extra)).to_string();
            self.set("extra", Cell::Text(extra));
        }
        self.set("schema_version", Cell::Integer(SCHEMA_VERSION));
        Row { cells: self.cells, extra_fields: self.extra_fields, type_errors }
    }
}

fn position(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|column| column.name == name)
}

fn location_column(name: &str) -> Option<usize> {
    LOCATION.contains(&name).then(|| position(name))?
}

fn condition_column(name: &str) -> Option<usize> {
    CONDITION.contains(&name).then(|| position(name))?
}

fn air_quality_column(name: &str) -> Option<usize> {
    position(&format!("{AIR_QUALITY}{}", name.replace('-', "_")))
}

/// The column of a member of `current`, or of an entry of history, whose own names of its time are others.
fn conditions_column(name: &str, source: WeatherSource) -> Option<usize> {
    let name = match (source, name) {
        (WeatherSource::History, "time_epoch") => "last_updated_epoch",
        (WeatherSource::History, "time") => "last_updated",
        (WeatherSource::History, "last_updated_epoch" | "last_updated") => return None,
        (_, name) => name,
    };
    let found = position(name)?;
    let is_elsewhere = |column: &Column| {
        LOCATION.contains(&column.name) || CONDITION.contains(&column.name) || column.name.starts_with(AIR_QUALITY)
    };
    let is_member = found < position(FIRST_OF_OURS)? && !is_elsewhere(&COLUMNS[found]);
    debug_assert!(COLUMNS[found].kind != ColumnType::Timestamp || !is_member);
    is_member.then_some(found)
}
