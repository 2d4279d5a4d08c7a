//! The distinct texts of a column.

use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use crate::file::Unreadable;

/// Null, which is a text without characters, too.
pub(super) const NULL: u32 = 0;

/// The distinct texts of a column, numbered in the order in which they were met.
#[derive(Debug)]
pub(super) struct Dictionary {
    bytes: Vec<u8>,
    /// Where the text of each code ends in the bytes; that of [`NULL`] has none.
    ends: Vec<usize>,
    /// A hash table. Its length is a power of two.
    slots: Vec<Slot>,
    seed: u64,
    /// The code that was asked for last, and for each code the one that was asked for after it: buses report in the
    /// same order from minute to minute, so that it is worth a look before anything is hashed.
    last: u32,
    next: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    /// [`NULL`] for a free slot.
    code: u32,
}

const FREE: Slot = Slot { hash: 0, code: NULL };

impl Default for Dictionary {
    fn default() -> Self {
        // Nobody outside may know which texts collide.
        let seed = RandomState::new().hash_one(0);
        Self { bytes: Vec::new(), ends: vec![0], slots: vec![FREE; 64], seed, last: NULL, next: vec![NULL] }
    }
}

impl Dictionary {
    /// Forgets all texts, and keeps the room.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.truncate(1);
        self.slots.fill(FREE);
        self.last = NULL;
        self.next.truncate(1);
        self.next[0] = NULL;
    }

    /// The number of codes, [`NULL`] included.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The characters of all texts, one after the other.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the text of a code lies in the bytes.
    pub(super) fn place(&self, code: u32) -> Range<usize> {
        match code {
            NULL => 0..0,
            code => self.ends[code as usize - 1]..self.ends[code as usize],
        }
    }

    /// The characters of a code's text.
    pub(super) fn value(&self, code: u32) -> &[u8] {
        &self.bytes[self.place(code)]
    }

    /// The code of a text, which is a new one when the text was not met before.
    pub(super) fn code(&mut self, value: &[u8]) -> Result<u32, Unreadable> {
        if value.is_empty() {
            return Ok(NULL);
        }
        let expected = self.next[self.last as usize];
        if !same(self.value(expected), value) {
            let code = self.find(value)?;
            self.next[self.last as usize] = code;
            self.last = code;
            return Ok(code);
        }
        self.last = expected;
        Ok(expected)
    }

    /// The code of a text by its hash.
    fn find(&mut self, value: &[u8]) -> Result<u32, Unreadable> {
        let hash = hash(value, self.seed);
        let mask = self.slots.len() - 1;
        let (mut at, high) = (low(hash) & mask, high(hash));
        loop {
            let slot = self.slots[at];
            if slot.code == NULL {
                break;
            }
            if slot.hash == high && same(self.value(slot.code), value) {
                return Ok(slot.code);
            }
            at = (at + 1) & mask;
        }
        let code = u32::try_from(self.ends.len()).map_err(|_| Unreadable::new("more texts than can be numbered"))?;
        self.slots[at] = Slot { hash: high, code };
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
        self.next.push(NULL);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        Ok(code)
    }

    fn grow(&mut self) {
        let mut slots = vec![FREE; self.slots.len() * 4];
        let mask = slots.len() - 1;
        let mut start = 0;
        for (end, code) in self.ends[1..].iter().zip(1..) {
            let hash = hash(&self.bytes[start..*end], self.seed);
            start = *end;
            let mut at = low(hash) & mask;
            while slots[at].code != NULL {
                at = (at + 1) & mask;
            }
            slots[at] = Slot { hash: high(hash), code };
        }
        self.slots = slots;
    }
}

/// Whether two texts are the same, eight bytes at a time: most are too short for what comparing memory begins with.
fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match (left.last_chunk::<8>(), right.last_chunk::<8>()) {
        // The last eight overlap with those before them.
        (Some(left_end), Some(right_end)) => {
            left_end == right_end
                && left.as_chunks::<8>().0.iter().zip(right.as_chunks::<8>().0).all(|(left, right)| left == right)
        }
        _ => left.iter().zip(right).all(|(left, right)| left == right),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "half of a hash")]
fn low(hash: u64) -> usize {
    hash as usize
}

fn high(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Multiplies and folds, eight bytes at a time.
fn hash(value: &[u8], seed: u64) -> u64 {
    let mut state = seed ^ value.len() as u64;
    let mut rest = value;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        state = folded(state ^ u64::from_le_bytes(*word));
        rest = after;
    }
    let last = match (value.last_chunk::<8>(), rest) {
        (_, []) => return state,
        // These overlap with bytes from before, which does no harm.
        (Some(word), _) => u64::from_le_bytes(*word),
        (None, rest) => match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
            }
            _ => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        },
    };
    folded(state ^ last)
}

/// Mixes the bits of a number.
#[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
pub(super) fn folded(value: u64) -> u64 {
    let product = u128::from(value) * 0x9e37_79b9_7f4a_7c15_u128;
    product as u64 ^ (product >> 64) as u64
}
