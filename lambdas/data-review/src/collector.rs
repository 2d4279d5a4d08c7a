//! Gathers what the readers of the formats find in a file.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::{BuildHasher, RandomState},
};

use crate::{
    area::Positions,
    cast::{Cast, CastKey, Event, widen},
    contract::FileType,
    failure::Failure,
    finding::{Code, Findings, Place},
    flag::{Flag, Scheme},
    limits::Limits,
    number::Value,
    report::{Found, Review, Totals},
    statistics::Statistics,
};

/// The name of the pressure.
pub(crate) const PRESSURE: &str = "CTDPRS";

/// Columns that say where and when, and are no parameters.
const METADATA: [&str; 20] = [
    "EXPOCODE",
    "SECT_ID",
    "SECT",
    "STNNBR",
    "CASTNO",
    "SAMPNO",
    "BTLNBR",
    "DATE",
    "TIME",
    "LATITUDE",
    "LONGITUDE",
    "DEPTH",
    "BTL_DATE",
    "BTL_TIME",
    "BTL_LAT",
    "BTL_LON",
    "EVENT",
    "GEOTR_EVENT",
    "GEOTR_SAMPNO",
    "INSTRUMENT_ID",
];

/// Whether a column is no parameter.
pub(crate) fn is_metadata(name: &str) -> bool {
    METADATA.contains(&name)
}

/// What good values of a parameter can be in the sea, in its usual unit.
fn gross_range(name: &str) -> Option<(f64, f64)> {
    Some(match name {
        PRESSURE => (-5.0, 11_000.0),
        "CTDTMP" => (-2.5, 40.0),
        "CTDSAL" | "SALNTY" => (2.0, 41.0),
        "CTDOXY" | "OXYGEN" => (-5.0, 600.0),
        "SILCAT" => (-1.0, 300.0),
        "NITRAT" => (-1.0, 60.0),
        "NITRIT" => (-1.0, 15.0),
        "PHSPHT" => (-0.5, 5.0),
        "TCARBN" => (1_500.0, 2_600.0),
        "ALKALI" => (1_500.0, 3_000.0),
        _ => return None,
    })
}

/// A name that findings are about: its number in the collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

/// A parameter of the table at hand.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    index: usize,
    name: Name,
    scheme: Scheme,
    range: Option<(f64, f64)>,
    pub(crate) is_pressure: bool,
}

impl Bound {
    /// The same parameter under the flags of another kind of profile.
    pub(crate) fn with_scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }
}

#[derive(Debug)]
struct Entry {
    name: Name,
    unit: String,
    statistics: Statistics,
}

/// Everything known of a file so far.
#[derive(Debug)]
pub(crate) struct Collector<'l> {
    pub(crate) limits: &'l Limits,
    pub(crate) file_type: FileType,
    member: Option<String>,
    names: Vec<String>,
    name_numbers: HashMap<String, u32>,
    parameters: Vec<Entry>,
    parameter_of_name: HashMap<Name, usize>,
    findings: Findings,
    casts: Vec<Cast>,
    cast_of_key: HashMap<String, usize>,
    row_keys: HashSet<u128>,
    row_hashers: (RandomState, RandomState),
    totals: Totals,
    expocodes: BTreeSet<String>,
    sections: BTreeSet<String>,
    positions: Positions,
}

impl<'l> Collector<'l> {
    pub(crate) fn new(file_type: FileType, limits: &'l Limits) -> Self {
        Self {
            limits,
            file_type,
            member: None,
            names: Vec::new(),
            name_numbers: HashMap::new(),
            parameters: Vec::new(),
            parameter_of_name: HashMap::new(),
            findings: Findings::default(),
            casts: Vec::new(),
            cast_of_key: HashMap::new(),
            row_keys: HashSet::new(),
            row_hashers: (RandomState::new(), RandomState::new()),
            totals: Totals::default(),
            expocodes: BTreeSet::new(),
            sections: BTreeSet::new(),
            positions: Positions::default(),
        }
    }

    /// What follows is found in this member of an archive.
    pub(crate) fn enter_member(&mut self, name: &str) {
        self.member = Some(name.to_owned());
    }

    /// What follows is found in no member.
    pub(crate) fn leave_members(&mut self) {
        self.member = None;
    }

    /// The current member was data, or there are no members and the file is.
    pub(crate) fn count_member(&mut self) {
        self.totals.members += 1;
    }

    pub(crate) fn too_large(&self, message: &str) -> Failure {
        let message = match &self.member {
            Some(member) => format!("{member}: {message}"),
            None => message.to_owned(),
        };
        Failure::too_large(self.file_type, message)
    }

    /// The number of a name.
    pub(crate) fn name(&mut self, name: &str) -> Result<Name, Failure> {
        if let Some(&number) = self.name_numbers.get(name) {
            return Ok(Name(number));
        }
        let number = self.names.len();
        if number >= self.limits.columns.saturating_mul(2) {
            return Err(self.too_large(&format!("more than {number} names of parameters and columns")));
        }
        let number = u32::try_from(number).map_err(|_| self.too_large("too many names of parameters"))?;
        self.names.push(name.to_owned());
        self.name_numbers.insert(name.to_owned(), number);
        Ok(Name(number))
    }

    /// Adds a finding.
    pub(crate) fn find(&mut self, code: Code, name: Option<Name>, place: impl FnOnce() -> Place) {
        let member = &self.member;
        self.findings.add(code, name.map(|name| name.0), || Place { member: member.clone(), ..place() });
    }

    /// Adds a finding about something with a name.
    pub(crate) fn find_named(&mut self, code: Code, name: &str, place: impl FnOnce() -> Place) -> Result<(), Failure> {
        let name = self.name(name)?;
        self.find(code, Some(name), place);
        Ok(())
    }

    /// The parameter of this name, which is new or was in an earlier member.
    pub(crate) fn bind(
        &mut self,
        name: &str,
        unit: &str,
        ctd_file: bool,
        place: impl FnOnce() -> Place,
    ) -> Result<Bound, Failure> {
        let number = self.name(name)?;
        let index = match self.parameter_of_name.get(&number) {
            Some(&index) => {
                if self.parameters[index].unit != unit {
                    self.find(Code::UnitVaries, Some(number), || place().with_value(unit));
                }
                index
            }
            None => {
                let statistics = Statistics::default();
                self.parameters.push(Entry { name: number, unit: unit.to_owned(), statistics });
                self.parameter_of_name.insert(number, self.parameters.len() - 1);
                self.parameters.len() - 1
            }
        };
        Ok(Bound {
            index,
            name: number,
            scheme: Scheme::of(name, ctd_file),
            range: gross_range(name),
            is_pressure: name == PRESSURE,
        })
    }

    /// Counts a cell of a parameter. Returns the value if it is good.
    #[inline]
    pub(crate) fn observe(
        &mut self,
        bound: &Bound,
        value: Value,
        flag: Option<Flag>,
        place: impl Fn() -> Place,
    ) -> Option<f64> {
        let good = self.parameters[bound.index].statistics.count(value, flag);
        match value {
            Value::Blank => self.find(Code::BlankValue, Some(bound.name), &place),
            Value::NotANumber => self.find(Code::NonNumericValue, Some(bound.name), &place),
            Value::Number(_) | Value::Fill => {}
        }
        if let Some(flag) = flag {
            if bound.scheme.is_legal(flag) {
                let no_data = bound.scheme.says_no_data(flag);
                match value {
                    Value::Fill if !no_data && flag != Flag::Number(0) => {
                        self.find(Code::FillWithValueFlag, Some(bound.name), &place);
                    }
                    Value::Number(_) if no_data => self.find(Code::ValueWithNoDataFlag, Some(bound.name), &place),
                    _ => {}
                }
            } else {
                self.find(Code::IllegalFlag, Some(bound.name), &place);
            }
        }
        if let (Some(good), Some((low, high))) = (good, bound.range)
            && !(low..=high).contains(&good)
        {
            self.find(Code::GrossRange, Some(bound.name), &place);
        }
        good
    }

    /// Adds a row with its cast, if it has one.
    pub(crate) fn add_row(&mut self, cast: Option<usize>) {
        self.totals.observations += 1;
        if let Some(cast) = cast {
            self.casts[cast].rows += 1;
        }
    }

    /// Counts a row that is left out.
    pub(crate) fn reject_row(&mut self) {
        self.totals.rows_rejected += 1;
    }

    /// Adds a good pressure.
    pub(crate) fn add_pressure(&mut self, cast: Option<usize>, pressure: f64) {
        widen(&mut self.totals.pressure_min, &mut self.totals.pressure_max, pressure);
        if let Some(cast) = cast {
            self.casts[cast].add_pressure(pressure);
        }
    }

    /// Adds a date and a position.
    pub(crate) fn add_event(&mut self, event: Event) {
        if let Some(date) = event.date {
            self.totals.date_min = Some(self.totals.date_min.map_or(date, |old| old.min(date)));
            self.totals.date_max = Some(self.totals.date_max.map_or(date, |old| old.max(date)));
        }
        if let (Some(latitude), Some(longitude)) = (event.latitude, event.longitude) {
            self.positions.add(latitude, longitude);
        }
    }

    /// The number of a cast, and whether it is new.
    pub(crate) fn cast(&mut self, key: CastKey<'_>, event: Event) -> Result<(usize, bool), Failure> {
        // No cell of a text can hold a line feed, and a text of netCDF that does may share a cast with another such.
        let joined = format!("{}\n{}\n{}", key.expocode, key.station, key.cast);
        if let Some(&index) = self.cast_of_key.get(&joined) {
            return Ok((index, false));
        }
        if self.casts.len() >= self.limits.casts {
            return Err(self.too_large(&format!("more than {} casts", self.limits.casts)));
        }
        self.casts.push(Cast::new(key, event, self.member.clone()));
        self.cast_of_key.insert(joined, self.casts.len() - 1);
        Ok((self.casts.len() - 1, true))
    }

    /// Remembers the key of a row. Returns whether it is new.
    pub(crate) fn is_new_row(&mut self, key: &[&[u8]]) -> Result<bool, Failure> {
        // The keys of ten million rows would take a gigabyte. Two hashes take 16 bytes each, and never agree by chance.
        let high = u128::from(self.row_hashers.0.hash_one(key));
        let low = u128::from(self.row_hashers.1.hash_one(key));
        let is_new = self.row_keys.insert(high << 64 | low);
        if self.row_keys.len() > self.limits.bottle_rows {
            return Err(self.too_large(&format!("more than {} rows", self.limits.bottle_rows)));
        }
        Ok(is_new)
    }

    pub(crate) fn add_expocode(&mut self, expocode: &str) -> Result<(), Failure> {
        if !expocode.is_empty() && !self.expocodes.contains(expocode) {
            if self.expocodes.len() >= self.limits.casts {
                return Err(self.too_large(&format!("more than {} expocodes", self.limits.casts)));
            }
            self.expocodes.insert(expocode.to_owned());
        }
        Ok(())
    }

    pub(crate) fn add_section(&mut self, section: &str) -> Result<(), Failure> {
        if !section.is_empty() && !self.sections.contains(section) {
            if self.sections.len() >= self.limits.casts {
                return Err(self.too_large(&format!("more than {} sections", self.limits.casts)));
            }
            self.sections.insert(section.to_owned());
        }
        Ok(())
    }

    /// Ends the review.
    pub(crate) fn into_review(self) -> Review {
        let Self { file_type, names, parameters, findings, casts, totals, expocodes, sections, positions, .. } = self;
        let parameters = parameters
            .into_iter()
            .map(|entry| entry.statistics.into_parameter(names[entry.name.0 as usize].clone(), entry.unit))
            .collect();
        let findings = findings.into_groups(|number| names[number as usize].clone());
        let stations = casts.iter().map(|cast| (&cast.expocode, &cast.station)).collect::<HashSet<_>>().len();
        Review::new(
            Found {
                file_type,
                totals,
                stations: stations as u64,
                expocodes: expocodes.into_iter().collect(),
                sections: sections.into_iter().collect(),
                area: positions.area(),
            },
            parameters,
            casts,
            findings,
        )
    }
}
