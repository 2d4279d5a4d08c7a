//! Casts.

use serde::Serialize;

/// One cast of a file: one lowering of the instrument at one station.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cast {
    /// The cruise.
    pub expocode: String,
    /// The station.
    pub station: String,
    /// The number of the cast at the station.
    pub cast: String,
    /// The date as YYYYMMDD.
    pub date: Option<u32>,
    /// The time as HHMM, from 0 to 2359.
    pub time: Option<u16>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east, from -180 to 180.
    pub longitude: Option<f64>,
    /// Its rows.
    pub rows: u64,
    /// The least good pressure in decibar.
    pub pressure_min: Option<f64>,
    /// The greatest good pressure in decibar.
    pub pressure_max: Option<f64>,
    /// The member of the archive in which it occurs first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

/// What names a cast. Each part is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CastKey<'a> {
    pub(crate) expocode: &'a str,
    pub(crate) station: &'a str,
    pub(crate) cast: &'a str,
}

/// When and where a cast was, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Event {
    pub(crate) date: Option<u32>,
    pub(crate) time: Option<u16>,
    pub(crate) latitude: Option<f64>,
    pub(crate) longitude: Option<f64>,
}

impl Cast {
    pub(crate) fn new(key: CastKey<'_>, event: Event, member: Option<String>) -> Self {
        Self {
            expocode: key.expocode.to_owned(),
            station: key.station.to_owned(),
            cast: key.cast.to_owned(),
            date: event.date,
            time: event.time,
            latitude: event.latitude,
            longitude: event.longitude,
            rows: 0,
            pressure_min: None,
            pressure_max: None,
            member,
        }
    }

    /// Widens the range of good pressures.
    pub(crate) fn add_pressure(&mut self, pressure: f64) {
        widen(&mut self.pressure_min, &mut self.pressure_max, pressure);
    }
}

/// Widens a range.
pub(crate) fn widen(min: &mut Option<f64>, max: &mut Option<f64>, number: f64) {
    *min = Some(min.map_or(number, |old| old.min(number)));
    *max = Some(max.map_or(number, |old| old.max(number)));
}
