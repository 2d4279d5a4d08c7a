//! The distinct numbers of a chunk.

use std::hash::{BuildHasher, RandomState};

use super::dictionary::folded;

/// Places in the table of a chunk that begins.
const FIRST_SLOTS: usize = 1024;

/// Numbers a chunk's values in the order in which they are met.
#[derive(Debug)]
pub(super) struct Distinct<const SIZE: usize> {
    /// The cells of the chunk that are there.
    pub(super) cells: Vec<[u8; SIZE]>,
    /// Their distinct values, at most so many.
    pub(super) values: Vec<[u8; SIZE]>,
    most: usize,
    /// A hash table. Its length is a power of two.
    slots: Vec<Slot<SIZE>>,
    seed: u64,
}

#[derive(Debug, Clone, Copy)]
struct Slot<const SIZE: usize> {
    value: [u8; SIZE],
    /// One more than the number of the value; 0 for a free place.
    count: u32,
}

impl<const SIZE: usize> Slot<SIZE> {
    const FREE: Self = Self { value: [0; SIZE], count: 0 };
}

impl<const SIZE: usize> Default for Distinct<SIZE> {
    fn default() -> Self {
        // Nobody outside may know which numbers collide.
        let seed = RandomState::new().hash_one(0);
        Self { cells: Vec::new(), values: Vec::new(), most: 0, slots: Vec::new(), seed }
    }
}

impl<const SIZE: usize> Distinct<SIZE> {
    /// Adds the number of each cell's value. False when there are more than `most` distinct ones.
    pub(super) fn number_all(&mut self, most: usize, numbers: &mut Vec<u32>) -> bool {
        self.values.clear();
        self.most = most;
        self.slots.clear();
        self.slots.resize(FIRST_SLOTS, Slot::FREE);
        numbers.reserve(self.cells.len());
        for cell in &self.cells {
            let mut at = hash(*cell, self.seed) & (self.slots.len() - 1);
            let number = loop {
                let slot = &mut self.slots[at];
                if slot.value == *cell && slot.count > 0 {
                    break slot.count - 1;
                }
                if slot.count > 0 {
                    at = (at + 1) & (self.slots.len() - 1);
                    continue;
                }
                if self.values.len() == most {
                    return false;
                }
                self.values.push(*cell);
                let count = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
                *slot = Slot { value: *cell, count };
                break count - 1;
            };
            numbers.push(number);
            if self.values.len() * 2 > self.slots.len() {
                grow(&mut self.slots, &self.values, self.seed);
            }
        }
        true
    }

    /// The least and the greatest value.
    pub(super) fn limits<T: Ord>(&self, number: impl Fn([u8; SIZE]) -> T) -> (Option<T>, Option<T>) {
        // Where they were not all numbered, some are missing.
        let values = if self.values.len() < self.most { &self.values } else { &self.cells };
        let values = values.iter().map(|value| number(*value));
        (values.clone().min(), values.max())
    }
}

/// Makes room for more values.
fn grow<const SIZE: usize>(slots: &mut Vec<Slot<SIZE>>, values: &[[u8; SIZE]], seed: u64) {
    let length = slots.len() * 4;
    slots.clear();
    slots.resize(length, Slot::FREE);
    for (value, count) in values.iter().zip(1..) {
        let mut at = hash(*value, seed) & (length - 1);
        while slots[at].count != 0 {
            at = (at + 1) & (length - 1);
        }
        slots[at] = Slot { value: *value, count };
    }
}

#[expect(clippy::cast_possible_truncation, reason = "half of a hash")]
fn hash<const SIZE: usize>(value: [u8; SIZE], seed: u64) -> usize {
    let mut word = [0; 8];
    word[..SIZE].copy_from_slice(&value);
    folded(seed ^ u64::from_le_bytes(word)) as usize
}
