//! The order of rows.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use super::dictionary::{Dictionary, NULL, folded};
use super::{Coded, Column};
use crate::feeds::ColumnKind;
use crate::file::Unreadable;

/// Hashes pairs of codes.
#[derive(Default)]
struct Pair(u64);

impl Hasher for Pair {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = folded(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = folded(value);
    }
}

impl Coded {
    /// The rows by route, time and vehicle, then as they came; of each vehicle and time the first row only.
    pub(crate) fn order(&self) -> Result<Vec<u32>, Unreadable> {
        let (route, time) = (&self.columns[self.layout.route()], &self.columns[self.layout.timestamp()]);
        let (routes, vehicles) = (ranks(&route.dictionary), self.vehicles()?);
        let names = ranks(&vehicles.names);
        let times = times(&time.dictionary);
        let key = |row: usize| {
            let route = u128::from(routes[route.codes[row] as usize]);
            let name = u128::from(names[vehicles.codes[row] as usize]);
            route << 96 | u128::from(times[time.codes[row] as usize]) << 32 | name
        };
        let rows = u32::try_from(self.rows).map_err(|_| Unreadable::new("more rows than can be numbered"))?;
        let mut order: Vec<(u128, u32)> = (0..rows).map(|row| (key(row as usize), row)).collect();
        // Rows come as runs that are sorted, which this sort makes use of.
        order.sort_by_key(|(key, _)| *key);
        let mut seen: HashSet<u64, BuildHasherDefault<Pair>> =
            HashSet::with_capacity_and_hasher(self.rows, <_>::default());
        let observation =
            |row: u32| u64::from(vehicles.codes[row as usize]) << 32 | u64::from(time.codes[row as usize]);
        Ok(order.into_iter().map(|(_, row)| row).filter(|row| seen.insert(observation(*row))).collect())
    }

    /// The vehicle of each row. Several columns may name it: the first that is not null does.
    fn vehicles(&self) -> Result<Vehicles, Unreadable> {
        let mut names = Dictionary::new(ColumnKind::Text);
        let mut codes = vec![NULL; self.rows];
        for column in self.layout.vehicle() {
            let Column { dictionary, codes: own } = &self.columns[*column];
            let count = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
            let known: Vec<u32> =
                (0..count).map(|code| names.code(dictionary.value(code))).collect::<Result<_, _>>()?;
            for (code, own) in codes.iter_mut().zip(own) {
                if *code == NULL {
                    *code = known[*own as usize];
                }
            }
        }
        Ok(Vehicles { names, codes })
    }
}

struct Vehicles {
    names: Dictionary,
    codes: Vec<u32>,
}

/// The rank of each code's value; null is the first.
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

/// The time of each code as a number that is sorted as it is; null is the first.
fn times(dictionary: &Dictionary) -> Vec<u64> {
    let count = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
    let time =
        |code: u32| dictionary.value(code).first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes) ^ 1 << 63);
    (0..count).map(time).collect()
}
