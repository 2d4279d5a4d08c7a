//! WHP netCDF: one station a file.

use std::collections::HashSet;

use netcdf_reader::NcVariable;

use super::{Netcdf, attribute, has_dimensions, is_numeric, key_text};
use crate::{
    area::{latitude, longitude},
    calendar,
    cast::{CastKey, Event},
    collector::{Collector, PRESSURE, is_metadata},
    contract::FileType,
    failure::Failure,
    finding::{Code, Place},
    flag::Flag,
    number::Value,
};

/// The dimension of all data.
const LEVELS: &str = "pressure";
/// What the name of a variable of flags adds to that of its parameter.
const FLAG_SUFFIX: &str = "_QC";

/// A parameter with its values and flags.
#[derive(Debug)]
struct Series {
    name: String,
    unit: String,
    values: Vec<f64>,
    flags: Option<Vec<f64>>,
}

/// A whole file. It is read before anything is counted, so that a damaged member of an archive counts for nothing.
#[derive(Debug)]
pub(super) struct Station {
    is_ctd: bool,
    levels: u64,
    expocode: String,
    section: String,
    number: String,
    cast: String,
    date: Option<f64>,
    time: Option<f64>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    parameters: Vec<Series>,
    /// Variables of flags that are missing, and those that belong to no parameter.
    missing_flags: Vec<String>,
    orphan_flags: Vec<String>,
}

impl Station {
    pub(super) fn read(file: &Netcdf<'_>) -> Result<Self, Failure> {
        let (mut parameters, mut missing_flags, mut used) = (Vec::new(), Vec::new(), HashSet::new());
        let mut names = HashSet::new();
        let variables = file.variables()?;
        for variable in variables {
            let Some(name) = parameter_name(variable) else { continue };
            if !names.insert(name.clone()) {
                continue;
            }
            let mut flags = None;
            if let Some(flag_name) = attribute(variable, "OBS_QC_VARIABLE").filter(|name| !name.is_empty()) {
                match file.variable(&flag_name).filter(|flags| has_dimensions(flags, &[LEVELS]) && is_numeric(flags)) {
                    Some(variable) => flags = Some(file.numbers(variable)?),
                    None => missing_flags.push(flag_name.clone()),
                }
                used.insert(flag_name);
            }
            let unit = attribute(variable, "units").unwrap_or_default().to_uppercase();
            parameters.push(Series { name, unit, values: file.numbers(variable)?, flags });
        }
        let orphan_flags = variables
            .iter()
            .filter(|variable| variable.name().ends_with(FLAG_SUFFIX) && has_dimensions(variable, &[LEVELS]))
            .map(|variable| crate::text::clipped(variable.name().to_owned(), super::NAME_CHARACTERS))
            .filter(|name| !used.contains(name))
            .collect();
        let text = |name| match file.variable(name) {
            Some(variable) => Ok(file.texts(variable)?.into_iter().next().unwrap_or_default()),
            None => Ok(String::new()),
        };
        let first = |name| match file.variable(name).filter(|variable| is_numeric(variable)) {
            Some(variable) => Ok(file.numbers(variable)?.first().copied()),
            None => Ok(None),
        };
        Ok(Self {
            is_ctd: file.file_type() == FileType::WhpNetcdfCtd,
            levels: file.dimension(LEVELS),
            expocode: key_text(&file.global_text("EXPOCODE").unwrap_or_default()),
            section: key_text(&file.global_text("WOCE_ID").unwrap_or_default()),
            number: text("station")?,
            cast: text("cast")?,
            date: first("woce_date")?,
            time: first("woce_time")?,
            latitude: first("latitude")?,
            longitude: first("longitude")?,
            parameters,
            missing_flags,
            orphan_flags,
        })
    }

    fn event(&self, collector: &mut Collector<'_>) -> Result<Event, Failure> {
        let event = Event {
            date: self.date.and_then(whole).and_then(calendar::valid_date),
            time: self.time.and_then(whole).and_then(calendar::valid_time),
            latitude: self.latitude.and_then(latitude),
            longitude: self.longitude.and_then(longitude),
        };
        let place = |number: Option<f64>| Place { value: number.map(|number| number.to_string()), ..Place::default() };
        if event.date.is_none() {
            collector.find_named(Code::BadDate, "DATE", || place(self.date))?;
        }
        if self.time.is_some() && event.time.is_none() {
            collector.find_named(Code::BadTime, "TIME", || place(self.time))?;
        }
        if event.latitude.is_none() {
            collector.find_named(Code::MissingCoordinate, "LATITUDE", || place(self.latitude))?;
        }
        if event.longitude.is_none() {
            collector.find_named(Code::MissingCoordinate, "LONGITUDE", || place(self.longitude))?;
        }
        Ok(event)
    }

    pub(super) fn review(self, collector: &mut Collector<'_>) -> Result<(), Failure> {
        let key = CastKey { expocode: &self.expocode, station: &self.number, cast: &self.cast };
        let mut complete = true;
        for (name, text) in [("EXPOCODE", key.expocode), ("STNNBR", key.station), ("CASTNO", key.cast)] {
            if text.is_empty() {
                complete = false;
                collector.find_named(Code::RequiredHeaderMissing, name, Place::default)?;
            }
        }
        for name in &self.missing_flags {
            collector.find_named(Code::RequiredColumnMissing, name, Place::default)?;
        }
        for name in &self.orphan_flags {
            collector.find_named(Code::OrphanFlagColumn, name, Place::default)?;
        }
        let event = self.event(collector)?;
        collector.add_expocode(key.expocode)?;
        collector.add_section(&self.section)?;
        collector.add_event(event);
        let mut cast = None;
        if complete {
            let (index, is_new) = collector.cast(key, event)?;
            cast = Some(index);
            if !is_new {
                let shown = format!("{}|{}|{}", key.expocode, key.station, key.cast);
                collector.find(Code::DuplicateKey, None, || Place::default().with_value(shown));
            }
        }
        if self.levels == 0 {
            collector.find(Code::NoRows, None, Place::default);
        }
        for _ in 0..self.levels {
            collector.add_row(cast);
        }
        if !self.parameters.iter().any(|series| series.name == PRESSURE) {
            collector.find_named(Code::RequiredColumnMissing, PRESSURE, Place::default)?;
        }
        for series in &self.parameters {
            series.review(collector, self.is_ctd, cast)?;
        }
        Ok(())
    }
}

impl Series {
    fn review(&self, collector: &mut Collector<'_>, is_ctd: bool, cast: Option<usize>) -> Result<(), Failure> {
        let bound = collector.bind(&self.name, &self.unit, is_ctd, Place::default)?;
        let name = collector.name(&self.name)?;
        let mut last = None;
        for ((&number, index), level) in self.values.iter().zip(0..).zip(1..) {
            let flag = self.flags.as_ref().and_then(|flags| flags.get::<usize>(index));
            let value = Value::from_number(number);
            let place = || Place {
                flag: flag.map(ToString::to_string),
                ..Place::level(None, level).with_value(number.to_string())
            };
            let good = collector.observe(&bound, value, flag.copied().map(Flag::from_number), place);
            if !bound.is_pressure {
                continue;
            }
            if let Some(good) = good {
                collector.add_pressure(cast, good);
            }
            if let (true, Some(pressure)) = (is_ctd, value.number()) {
                if last.is_some_and(|last| pressure <= last) {
                    collector.find(Code::PressureNotIncreasing, Some(name), place);
                }
                last = Some(pressure);
            }
        }
        Ok(())
    }
}

/// The name of the parameter that a variable holds, if it does.
fn parameter_name(variable: &NcVariable) -> Option<String> {
    let name = attribute(variable, "WHPO_Variable_Name").filter(|name| !name.is_empty() && !is_metadata(name))?;
    (is_numeric(variable) && has_dimensions(variable, &[LEVELS])).then_some(name)
}

/// A number that is whole and not negative.
fn whole(number: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked in the same expression")]
    (number.fract() == 0.0 && (0.0..1e9).contains(&number)).then_some(number as u32)
}
