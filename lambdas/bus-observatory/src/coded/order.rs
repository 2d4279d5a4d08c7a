//! The order of rows.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use super::dictionary::{Dictionary, NULL, folded};
use super::numbers::Numbers;
use super::texts::Texts;
use super::{Coded, Column};
use crate::file::Unreadable;

/// What rows of a route are sorted by, and told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    /// The time as a number that is sorted as it is; null is the first.
    time: u64,
    /// The rank of the vehicle's name.
    vehicle: u32,
}

/// Hashes keys.
#[derive(Default)]
struct Folding(u64);

impl Hasher for Folding {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = folded(self.0 ^ value);
    }
}

/// Observations of vehicles that were seen on several routes.
type Seen = HashSet<Key, BuildHasherDefault<Folding>>;

impl Coded {
    /// The rows by route, time and vehicle, then as they came; of each vehicle and time the first row only.
    pub(crate) fn order(&self) -> Result<Vec<u32>, Unreadable> {
        let rows = u32::try_from(self.rows).map_err(|_| Unreadable::new("more rows than can be numbered"))?;
        let routes = self.texts(self.layout.route())?;
        let times = self.times()?;
        let vehicles = self.vehicles()?;
        let names = ranks(&vehicles.names);
        let strays = strays(&routes.codes, &vehicles, &names);
        let key = |row: u32| {
            let row = row as usize;
            let time = if times.present[row] { u64::from_le_bytes(times.values[row]) ^ 1 << 63 } else { 0 };
            Key { time, vehicle: names[vehicles.codes[row] as usize] }
        };
        let mut keyed: Vec<(Key, u32)> = Vec::new();
        let (mut order, mut seen) = (Vec::with_capacity(self.rows), Seen::default());
        let by_route = Routes::of(routes, rows);
        for rows in by_route.each() {
            keyed.clear();
            keyed.extend(rows.iter().map(|row| (key(*row), *row)));
            // Files come in the order of time, so that there are long runs that are sorted, which this sort makes use
            // of.
            keyed.sort_by_key(|(key, _)| *key);
            keyed.dedup_by_key(|(key, _)| *key);
            keyed.retain(|(key, _)| !strays[key.vehicle as usize] || seen.insert(*key));
            order.extend(keyed.iter().map(|(_, row)| *row));
        }
        Ok(order)
    }

    fn texts(&self, column: usize) -> Result<&Texts, Unreadable> {
        match &self.columns[column] {
            Column::Texts(texts) => Ok(texts),
            _ => Err(Unreadable::new("a column of another type")),
        }
    }

    fn times(&self) -> Result<&Numbers<8>, Unreadable> {
        match &self.columns[self.layout.timestamp()] {
            Column::Longs(times) => Ok(times),
            _ => Err(Unreadable::new("a column of another type")),
        }
    }

    /// The vehicle of each row. Several columns may name it: the first that is not null does.
    fn vehicles(&self) -> Result<Vehicles, Unreadable> {
        let mut names = Dictionary::default();
        let mut codes = vec![NULL; self.rows];
        for column in self.layout.vehicle() {
            let texts = self.texts(*column)?;
            let count = u32::try_from(texts.dictionary.len()).unwrap_or(u32::MAX);
            let known: Vec<u32> =
                (0..count).map(|code| names.code(texts.dictionary.value(code))).collect::<Result<_, _>>()?;
            for (code, own) in codes.iter_mut().zip(&texts.codes) {
                if *code == NULL {
                    *code = known[*own as usize];
                }
            }
            if !codes.contains(&NULL) {
                break;
            }
        }
        Ok(Vehicles { names, codes })
    }
}

struct Vehicles {
    names: Dictionary,
    codes: Vec<u32>,
}

/// Which vehicles, by the rank of their names, were seen on several routes: only their observations can be on several.
fn strays(routes: &[u32], vehicles: &Vehicles, names: &[u32]) -> Vec<bool> {
    let mut routes_of: Vec<Option<u32>> = vec![None; vehicles.names.len()];
    let mut strays = vec![false; vehicles.names.len()];
    for (route, vehicle) in routes.iter().zip(&vehicles.codes) {
        let vehicle = names[*vehicle as usize] as usize;
        strays[vehicle] |= *routes_of[vehicle].get_or_insert(*route) != *route;
    }
    strays
}

/// The rows of each route, in the order of the routes' names.
struct Routes {
    rows: Vec<u32>,
    /// Where the rows of each route end.
    ends: Vec<usize>,
}

impl Routes {
    fn of(routes: &Texts, rows: u32) -> Self {
        let ranks = ranks(&routes.dictionary);
        let mut ends = vec![0; ranks.len()];
        for code in &routes.codes {
            ends[ranks[*code as usize] as usize] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            // For now where they start: each row moves it on.
            start += std::mem::replace(end, start);
        }
        let mut sorted = vec![0; rows as usize];
        for (code, row) in routes.codes.iter().zip(0..rows) {
            let place = &mut ends[ranks[*code as usize] as usize];
            sorted[*place] = row;
            *place += 1;
        }
        Self { rows: sorted, ends }
    }

    fn each(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.rows[start..*end])
    }
}

/// The rank of each code's text; null is the first.
fn ranks(dictionary: &Dictionary) -> Vec<u32> {
    let count = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
    let mut codes: Vec<u32> = (0..count).collect();
    codes.sort_unstable_by_key(|code| dictionary.value(*code));
    let mut ranks = vec![0; codes.len()];
    for (rank, code) in (0..).zip(codes) {
        ranks[code as usize] = rank;
    }
    ranks
}
