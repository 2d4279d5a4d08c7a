//! CF netCDF of CCHDO: many profiles a file.

use netcdf_reader::{NcAttrValue, NcVariable};

use super::{Netcdf, attribute, has_dimensions, is_numeric, key_text};
use crate::{
    area::{latitude, longitude},
    calendar,
    cast::{CastKey, Event},
    collector::{Collector, PRESSURE, is_metadata},
    failure::Failure,
    finding::{Code, Place},
    flag::{Flag, Scheme},
    number::Value,
};

const PROFILES: &str = "N_PROF";
const LEVELS: &str = "N_LEVELS";
/// What the units of the time begin with.
const TIME_UNITS: &str = "days since 1950-01-01";

/// A value of a CF variable, in which NaN is the fill value.
fn value(number: f64) -> Value {
    if number.is_nan() { Value::Fill } else { Value::from_number(number) }
}

/// The WHP names of a variable.
fn whp_names(variable: &NcVariable) -> Vec<String> {
    match variable.attribute("whp_name").map(|attribute| &attribute.value) {
        Some(NcAttrValue::Strings(names)) => names.iter().map(|name| key_text(name)).collect(),
        Some(NcAttrValue::Chars(name)) => vec![key_text(name)],
        _ => Vec::new(),
    }
}

/// A profile: its cast, and how its rows are judged.
#[derive(Debug)]
struct Profile {
    cast: Option<usize>,
    is_ctd: bool,
}

/// The variables that say which profile, when and where.
struct Metadata {
    /// Expocode, station, cast.
    key: [Vec<String>; 3],
    section: Vec<String>,
    kind: Vec<String>,
    time: Vec<f64>,
    time_units: String,
    latitude: Vec<f64>,
    longitude: Vec<f64>,
}

impl Metadata {
    fn read(file: &Netcdf<'_>, collector: &mut Collector<'_>) -> Result<Self, Failure> {
        let variables = file.variables()?;
        let by_name = |name: &str| {
            variables
                .iter()
                .find(|variable| starts_with_profiles(variable) && whp_names(variable).iter().any(|own| own == name))
        };
        let mut key = [Vec::new(), Vec::new(), Vec::new()];
        for (texts, name) in key.iter_mut().zip(["EXPOCODE", "STNNBR", "CASTNO"]) {
            match by_name(name) {
                Some(variable) => *texts = file.texts(variable)?,
                None => collector.find_named(Code::RequiredHeaderMissing, name, Place::default)?,
            }
        }
        let mut numbers = |name: &str| match by_name(name).filter(|variable| is_numeric(variable)) {
            Some(variable) => file.numbers(variable),
            None => {
                collector.find_named(Code::RequiredHeaderMissing, name, Place::default)?;
                Ok(Vec::new())
            }
        };
        let (time, latitude, longitude) = (numbers("DATE")?, numbers("LATITUDE")?, numbers("LONGITUDE")?);
        let texts = |variable: Option<&NcVariable>| variable.map_or(Ok(Vec::new()), |variable| file.texts(variable));
        Ok(Self {
            key,
            section: texts(by_name("SECT_ID"))?,
            kind: texts(file.variable("profile_type").filter(|variable| starts_with_profiles(variable)))?,
            time,
            time_units: by_name("DATE").and_then(|variable| attribute(variable, "units")).unwrap_or_default(),
            latitude,
            longitude,
        })
    }

    /// Date, time and position of a profile, with findings for what cannot be.
    fn event(&self, profile: usize, collector: &mut Collector<'_>) -> Result<Event, Failure> {
        let number_of = |numbers: &[f64]| numbers.get(profile).copied();
        let is_known = self.time_units.starts_with(TIME_UNITS);
        let moment = number_of(&self.time).filter(|_| is_known).and_then(calendar::days_since_1950);
        let event = Event {
            date: moment.map(|(date, _)| date),
            time: moment.map(|(_, time)| time),
            latitude: number_of(&self.latitude).and_then(latitude),
            longitude: number_of(&self.longitude).and_then(longitude),
        };
        let place = |value: String| Place { profile: Some(profile as u64 + 1), ..Place::default() }.with_value(value);
        if let (Some(days), None) = (number_of(&self.time), event.date) {
            let shown = if is_known { days.to_string() } else { format!("{days} {}", self.time_units) };
            collector.find_named(Code::BadDate, "DATE", || place(shown))?;
        }
        if let (Some(degrees), None) = (number_of(&self.latitude), event.latitude) {
            collector.find_named(Code::MissingCoordinate, "LATITUDE", || place(degrees.to_string()))?;
        }
        if let (Some(degrees), None) = (number_of(&self.longitude), event.longitude) {
            collector.find_named(Code::MissingCoordinate, "LONGITUDE", || place(degrees.to_string()))?;
        }
        Ok(event)
    }

    /// Adds a profile to the collector.
    fn profile(&self, index: usize, collector: &mut Collector<'_>) -> Result<Profile, Failure> {
        let event = self.event(index, collector)?;
        collector.add_event(event);
        let text_of = |texts: &[String]| texts.get(index).cloned().unwrap_or_default();
        let key = [text_of(&self.key[0]), text_of(&self.key[1]), text_of(&self.key[2])];
        collector.add_expocode(&key[0])?;
        collector.add_section(&text_of(&self.section))?;
        let place = || Place { profile: Some(index as u64 + 1), ..Place::default() };
        for ((name, text), texts) in ["EXPOCODE", "STNNBR", "CASTNO"].iter().zip(&key).zip(&self.key) {
            // A variable that is missing altogether was found already.
            if text.is_empty() && !texts.is_empty() {
                collector.find_named(Code::RequiredHeaderMissing, name, place)?;
            }
        }
        let mut cast = None;
        if key.iter().all(|part| !part.is_empty()) {
            let (number, is_new) =
                collector.cast(CastKey { expocode: &key[0], station: &key[1], cast: &key[2] }, event)?;
            cast = Some(number);
            if !is_new {
                collector.find(Code::DuplicateKey, None, || place().with_value(key.join("|")));
            }
        }
        Ok(Profile { cast, is_ctd: text_of(&self.kind) == "C" })
    }
}

fn starts_with_profiles(variable: &NcVariable) -> bool {
    variable.dimensions().first().is_some_and(|dimension| dimension.name == PROFILES)
}

/// The levels that are rows, profile after profile.
struct Rows {
    profiles: Vec<Profile>,
    levels: usize,
    /// Of each level of each profile, whether it has a pressure.
    is_row: Vec<bool>,
}

impl Rows {
    /// Counts the cells of a parameter.
    fn review(
        &self,
        file: &Netcdf<'_>,
        collector: &mut Collector<'_>,
        name: &str,
        variable: &NcVariable,
    ) -> Result<(), Failure> {
        let numbers = file.numbers(variable)?;
        let flags = match flag_variable(file, variable) {
            Some(flags) => Some(file.numbers(flags)?),
            None => None,
        };
        let unit = attribute(variable, "whp_unit").unwrap_or_default();
        let by_name = collector.bind(name, &unit, false, Place::default)?;
        let as_ctd = by_name.clone().with_scheme(Scheme::Ctd);
        let name = collector.name(name)?;
        for (index, profile) in self.profiles.iter().enumerate() {
            let bound = if profile.is_ctd { &as_ctd } else { &by_name };
            let mut last = None;
            for level in 0..self.levels {
                let position = index * self.levels + level;
                let (Some(true), Some(&number)) = (self.is_row.get(position), numbers.get(position)) else { continue };
                let flag = flags.as_ref().and_then(|flags| flags.get(position)).copied();
                let place = || Place {
                    flag: flag.map(|flag| flag.to_string()),
                    ..Place::level(Some(index as u64 + 1), level as u64 + 1).with_value(number.to_string())
                };
                let good = collector.observe(bound, value(number), flag.map(Flag::from_number), place);
                if !bound.is_pressure {
                    continue;
                }
                collector.add_row(profile.cast);
                if let Some(good) = good {
                    collector.add_pressure(profile.cast, good);
                }
                if profile.is_ctd && last.is_some_and(|last| number <= last) {
                    collector.find(Code::PressureNotIncreasing, Some(name), place);
                }
                last = Some(number);
            }
        }
        Ok(())
    }
}

/// The flags of a parameter: the ancillary variable whose name ends so.
fn flag_variable<'f>(file: &'f Netcdf<'_>, variable: &NcVariable) -> Option<&'f NcVariable> {
    let names = attribute(variable, "ancillary_variables")?;
    let name = names.split_ascii_whitespace().find(|name| name.ends_with("_qc"))?;
    file.variable(name).filter(|flags| has_dimensions(flags, &[PROFILES, LEVELS]) && is_numeric(flags))
}

pub(super) fn review(file: &Netcdf<'_>, collector: &mut Collector<'_>) -> Result<(), Failure> {
    let too_many = |what: &str, count: u64| collector.too_large(&format!("{count} {what} are more than is read"));
    let count = file.dimension(PROFILES);
    if count > collector.limits.casts as u64 {
        return Err(too_many("profiles", count));
    }
    let levels = usize::try_from(file.dimension(LEVELS)).map_err(|_| too_many("levels", u64::MAX))?;
    let metadata = Metadata::read(file, collector)?;
    let mut profiles = Vec::new();
    for index in 0..usize::try_from(count).map_err(|_| collector.too_large("too many profiles"))? {
        profiles.push(metadata.profile(index, collector)?);
    }

    let mut parameters: Vec<(String, &NcVariable)> = Vec::new();
    for variable in file.variables()? {
        let Some(name) = whp_names(variable).into_iter().next() else { continue };
        let is_data = has_dimensions(variable, &[PROFILES, LEVELS]) && is_numeric(variable);
        if is_data && !name.is_empty() && !is_metadata(&name) && parameters.iter().all(|(other, _)| *other != name) {
            if parameters.len() >= collector.limits.columns {
                return Err(collector.too_large(&format!("more than {} parameters", collector.limits.columns)));
            }
            parameters.push((name, variable));
        }
    }
    let is_row = match parameters.iter().find(|(name, _)| name == PRESSURE) {
        Some((_, pressure)) => {
            file.numbers(pressure)?.into_iter().map(|number| matches!(value(number), Value::Number(_))).collect()
        }
        None => {
            collector.find_named(Code::RequiredColumnMissing, PRESSURE, Place::default)?;
            Vec::new()
        }
    };
    if !is_row.contains(&true) {
        collector.find(Code::NoRows, None, Place::default);
    }
    let rows = Rows { profiles, levels, is_row };
    for (name, variable) in parameters {
        rows.review(file, collector, &name, variable)?;
    }
    review_bottle_flags(file, collector, &rows)
}

/// Flags of the bottles themselves: only their legality is of interest.
fn review_bottle_flags(file: &Netcdf<'_>, collector: &mut Collector<'_>, rows: &Rows) -> Result<(), Failure> {
    let bottles = file.variables()?.iter().find(|variable| whp_names(variable).iter().any(|name| name == "BTLNBR"));
    let Some(flags) = bottles.and_then(|bottles| flag_variable(file, bottles)) else { return Ok(()) };
    let name = collector.name("BTLNBR")?;
    for (position, (flag, _)) in
        file.numbers(flags)?.into_iter().zip(&rows.is_row).enumerate().filter(|(_, row)| *row.1)
    {
        if !Scheme::Sample.is_legal(Flag::from_number(flag)) {
            let (profile, level) = (position / rows.levels, position % rows.levels);
            collector.find(Code::IllegalFlag, Some(name), || Place {
                flag: Some(flag.to_string()),
                ..Place::level(Some(profile as u64 + 1), level as u64 + 1)
            });
        }
    }
    Ok(())
}
