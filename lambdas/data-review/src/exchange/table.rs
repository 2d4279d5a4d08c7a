//! The columns of a table: names, units, and what belongs together.

use std::collections::HashMap;

use super::{NAME_CHARACTERS, Text, VALUE_CHARACTERS, split};
use crate::{
    collector::{Bound, Collector, Name, is_metadata},
    failure::Failure,
    finding::{Code, Place},
    flag::{Flag, Scheme},
    number::Value,
    text::{Encoding, unpadded},
};

/// What the name of a column of flags adds to the name of its parameter.
const FLAG_SUFFIX: &str = "_FLAG_W";

/// A parameter and its columns.
#[derive(Debug)]
struct ParameterColumns {
    bound: Bound,
    value: usize,
    flag: Option<usize>,
}

/// Flags of something that is no parameter: only their legality is of interest.
#[derive(Debug)]
struct FlagColumn {
    name: Name,
    column: usize,
}

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Table {
    /// How many there are, those without a name included.
    pub(super) width: usize,
    columns: HashMap<String, usize>,
    parameters: Vec<ParameterColumns>,
    flags: Vec<FlagColumn>,
    encoding: Encoding,
}

impl Table {
    /// Reads the line of names and the line of units.
    pub(super) fn read(text: &mut Text<'_>, collector: &mut Collector<'_>, is_ctd: bool) -> Result<Self, Failure> {
        let encoding = text.encoding;
        let mut table = Self { width: 0, columns: HashMap::new(), parameters: Vec::new(), flags: Vec::new(), encoding };
        let Some((names_line, names)) = text.header_line(collector) else { return Ok(table) };
        let limit = collector.limits.columns;
        let mut cells = Vec::new();
        table.width = split(names, limit, &mut cells);
        if table.width > limit {
            return Err(
                collector.too_large(&format!("line {names_line}: {} columns, at most {limit} are read", table.width))
            );
        }
        let names: Vec<String> = cells.iter().map(|cell| encoding.decode(cell.trim_ascii(), NAME_CHARACTERS)).collect();

        let (units_line, units) = text.header_line(collector).unwrap_or((names_line, b""));
        let count = if units.is_empty() { 0 } else { split(units, table.width, &mut cells) };
        if count != table.width {
            collector.find(Code::UnitCountMismatch, None, || Place::line(units_line).with_value(count.to_string()));
        }
        let units: Vec<String> = match count {
            0 => Vec::new(),
            _ => cells.iter().map(|cell| encoding.decode(cell.trim_ascii(), NAME_CHARACTERS)).collect(),
        };
        let unit = |column: usize| units.get(column).map_or("", String::as_str);

        for (column, name) in names.iter().enumerate() {
            if name.is_empty() {
                let place = || Place::line(names_line).with_value(format!("column {}", column + 1));
                collector.find(Code::EmptyColumnName, None, place);
            } else if table.columns.contains_key(name) {
                let place = || Place::line(names_line).with_value(format!("column {}", column + 1));
                collector.find_named(Code::DuplicateColumn, name, place)?;
            } else {
                table.columns.insert(name.clone(), column);
            }
        }
        // In the order of the columns, so that findings and parameters have the order of the file.
        for (column, name) in names.iter().enumerate() {
            if table.columns.get(name) != Some(&column) {
                continue;
            }
            let place = || Place::line(units_line);
            match name.strip_suffix(FLAG_SUFFIX) {
                Some(parameter) => {
                    if !unit(column).is_empty() {
                        let place = || Place::line(units_line).with_value(unit(column));
                        collector.find_named(Code::FlagColumnWithUnit, name, place)?;
                    }
                    if !table.columns.contains_key(parameter) {
                        collector.find_named(Code::OrphanFlagColumn, name, || Place::line(names_line))?;
                    } else if is_metadata(parameter) {
                        let name = collector.name(parameter)?;
                        table.flags.push(FlagColumn { name, column });
                    }
                }
                None if is_metadata(name) => {}
                None => table.parameters.push(ParameterColumns {
                    bound: collector.bind(name, unit(column), is_ctd, place)?,
                    value: column,
                    flag: table.columns.get(&format!("{name}{FLAG_SUFFIX}")).copied(),
                }),
            }
        }
        Ok(table)
    }

    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// Counts the cells of a row. Returns the pressure, and the pressure again if it is good.
    #[inline]
    pub(super) fn observe(
        &self,
        collector: &mut Collector<'_>,
        line: u64,
        cells: &[&[u8]],
    ) -> (Option<f64>, Option<f64>) {
        let mut pressure = (None, None);
        for parameter in &self.parameters {
            let cell = unpadded(cells[parameter.value]);
            let flag_cell = parameter.flag.map(|column| unpadded(cells[column]));
            let value = Value::parse(cell);
            let good = collector.observe(&parameter.bound, value, flag_cell.map(Flag::parse), || Place {
                flag: flag_cell.map(|flag| self.encoding.decode(flag, VALUE_CHARACTERS)),
                ..Place::line(line).with_value(self.encoding.decode(cell, VALUE_CHARACTERS))
            });
            if parameter.bound.is_pressure {
                pressure = (value.number(), good);
            }
        }
        for flags in &self.flags {
            let cell = cells[flags.column].trim_ascii();
            if !Scheme::Sample.is_legal(Flag::parse(cell)) {
                collector.find(Code::IllegalFlag, Some(flags.name), || Place {
                    flag: Some(self.encoding.decode(cell, VALUE_CHARACTERS)),
                    ..Place::line(line)
                });
            }
        }
        pressure
    }
}
