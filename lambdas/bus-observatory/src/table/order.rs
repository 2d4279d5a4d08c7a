//! The order of rows in files, and what makes two rows the same observation.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

use super::{Layout, Table};

/// A hash of 128 bits of a vehicle and a time: rows with the same one are the same observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity(u128);

/// Observations that were met already.
#[derive(Debug, Clone, Default)]
pub struct Seen(HashSet<u128, BuildHasherDefault<Low>>);

/// Hashes what is a hash already.
#[derive(Debug, Clone, Default)]
struct Low(u64);

impl Hasher for Low {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low half is a hash too")]
    fn write_u128(&mut self, value: u128) {
        self.0 = value as u64;
    }
}

impl Seen {
    /// Room for so many observations, of which none was met.
    pub(crate) fn with_capacity(observations: usize) -> Self {
        Self(HashSet::with_capacity_and_hasher(observations, BuildHasherDefault::default()))
    }

    /// Adds an observation; false when it was there.
    pub fn insert(&mut self, identity: Identity) -> bool {
        self.0.insert(identity.0)
    }

    /// Whether an observation was met.
    pub fn contains(&self, identity: Identity) -> bool {
        self.0.contains(&identity.0)
    }

    /// Adds all observations of a table.
    pub fn extend(&mut self, layout: Layout, table: &Table) {
        self.0.extend((0..table.len()).map(|row| layout.identity(table, row).0));
    }
}

impl Layout {
    /// The name of a row's vehicle; empty when it has none.
    pub(crate) fn vehicle_of(self, table: &Table, row: usize) -> &[u8] {
        let names = self.vehicle().iter().filter_map(|column| table.columns()[*column].text(row));
        names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }

    /// What tells a row from others.
    pub fn identity(self, table: &Table, row: usize) -> Identity {
        let vehicle = self.vehicle_of(table, row);
        let time = table.timestamp(self.timestamp(), row).unwrap_or(i64::MIN);
        Identity(hash(vehicle, time))
    }

    /// The order of rows in files: by route, time and vehicle.
    pub(crate) fn compare(self, left: (&Table, usize), right: (&Table, usize)) -> Ordering {
        let left_route = left.0.columns()[self.route()].text(left.1).unwrap_or_default();
        let right_route = right.0.columns()[self.route()].text(right.1).unwrap_or_default();
        left_route.cmp(right_route).then_with(|| self.by_time(left, right))
    }

    /// The order of rows in answers: by time and vehicle.
    pub(crate) fn by_time(self, left: (&Table, usize), right: (&Table, usize)) -> Ordering {
        let time = self.timestamp();
        let times = left.0.timestamp(time, left.1).cmp(&right.0.timestamp(time, right.1));
        times.then_with(|| self.vehicle_of(left.0, left.1).cmp(self.vehicle_of(right.0, right.1)))
    }

    /// The rows in the order of files, the first of each observation only.
    #[must_use]
    pub fn sorted(self, table: &Table) -> Table {
        let mut rows: Vec<usize> = (0..table.len()).collect();
        rows.sort_by(|left, right| self.compare((table, *left), (table, *right)));
        let mut seen = Seen::default();
        rows.retain(|row| seen.insert(self.identity(table, *row)));
        table.pick(&rows)
    }
}

/// Two hashes of 64 bits over the same bytes, each with a start of its own.
fn hash(vehicle: &[u8], time: i64) -> u128 {
    let half = |start: u64| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(start);
        hasher.write_i64(time);
        hasher.write(vehicle);
        u128::from(hasher.finish())
    };
    (half(1) << 64) | half(2)
}
