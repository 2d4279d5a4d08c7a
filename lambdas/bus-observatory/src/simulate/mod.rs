//! Feeds of a city that does not exist, for tests and demonstrations: all three formats, the same for the same seed.

mod bodies;
#[cfg(test)]
mod tests;

use std::f64::consts::TAU;
use std::str::FromStr;

use crate::feeds::FeedType;

/// Seconds between two reports of a vehicle.
const PERIOD: i64 = 30;
/// Vehicles of a route.
const PER_ROUTE: u64 = 12;

/// What a feed does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The body ends within an entity.
    Truncated,
    /// A page for people, with status 200.
    Html,
    /// Each vehicle stands twice in the body.
    Duplicates,
    /// Neither vehicles nor the header say a time.
    Untimed,
    /// One entity cannot be read.
    Corrupt,
    /// There is no vehicle.
    Empty,
    /// Status 500.
    Error,
    /// The answer takes longer than a grab waits.
    Slow,
}

impl Fault {
    /// All of them, with their names.
    pub const ALL: [(&'static str, Self); 8] = [
        ("truncated", Self::Truncated),
        ("html", Self::Html),
        ("duplicates", Self::Duplicates),
        ("untimed", Self::Untimed),
        ("corrupt", Self::Corrupt),
        ("empty", Self::Empty),
        ("error", Self::Error),
        ("slow", Self::Slow),
    ];
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, fault)| fault).ok_or(UnknownFault)
    }
}

/// A name that is none of a [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFault;

impl std::fmt::Display for UnknownFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("no such fault")
    }
}

impl std::error::Error for UnknownFault {}

/// The vehicles of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fleet {
    seed: u64,
    vehicles: u64,
}

/// A vehicle as it was when it last reported.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    number: u64,
    route: String,
    /// When it reported, in seconds since 1970.
    time: i64,
    latitude: f64,
    longitude: f64,
    bearing: f64,
    /// The stop that it drives to.
    stop: u64,
    /// Metres to that stop.
    distance: f64,
    trip: u64,
    passengers: u64,
}

impl Fleet {
    /// A fleet of some vehicles; the same seed is the same fleet.
    pub fn new(seed: u64, vehicles: u64) -> Self {
        Self { seed, vehicles }
    }

    /// The body of a feed at a time in seconds since 1970, with faults. [`Fault::Error`] and [`Fault::Slow`] are the
    /// server's business.
    pub fn body(&self, feed_type: FeedType, now: i64, faults: &[Fault]) -> Vec<u8> {
        if faults.contains(&Fault::Html) {
            return b"<!DOCTYPE html><html><body><h1>Service unavailable</h1></body></html>".to_vec();
        }
        let count = if faults.contains(&Fault::Empty) { 0 } else { self.vehicles };
        let mut seen: Vec<Seen> = (0..count).map(|number| self.seen(number, now)).collect();
        if faults.contains(&Fault::Duplicates) {
            seen.extend(seen.clone());
        }
        let timed = !faults.contains(&Fault::Untimed);
        let mut body = bodies::write(feed_type, &seen, now, timed, faults.contains(&Fault::Corrupt));
        if faults.contains(&Fault::Truncated) {
            body.truncate(body.len() * 2 / 3);
        }
        body
    }

    /// Where a vehicle was when it last reported before `now`: routes are circles around the middle of the city.
    fn seen(&self, number: u64, now: i64) -> Seen {
        let chance = |what: u64| mixed(self.seed ^ mixed(number.wrapping_mul(16).wrapping_add(what)));
        let phase = i64::try_from(chance(0) % PERIOD.unsigned_abs()).unwrap_or_default();
        let time = now - (now + phase).rem_euclid(PERIOD);
        let line = number / PER_ROUTE;
        let lap = 2400 + chance(1) % 2400;
        let offset = chance(2) % lap;
        let on_lap = time.unsigned_abs().wrapping_add(offset) % lap;
        let turn = ratio(on_lap, lap);
        let angle = TAU * turn;
        let radius = 0.01 + ratio(line % 40, 40) * 0.2;
        let stops = 40;
        let stop = on_lap * stops / lap;
        Seen {
            number,
            route: format!("{}{}", ["M", "B", "Q", "BX"][usize::try_from(line % 4).unwrap_or_default()], 1 + line / 4),
            time,
            latitude: round(40.75 + radius * angle.sin()),
            longitude: round(-73.95 + radius * angle.cos()),
            bearing: (360.0 - turn * 360.0).floor(),
            stop,
            distance: (ratio((stop + 1) * lap - on_lap * stops, lap) * 400.0).round(),
            trip: time.unsigned_abs().wrapping_add(offset) / lap,
            passengers: chance(3 + on_lap / 300) % 60,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "both are small")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Five decimals, about a metre.
fn round(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

/// A number that has nothing to do with `value`, and is always the same (SplitMix64).
fn mixed(value: u64) -> u64 {
    let mut value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
