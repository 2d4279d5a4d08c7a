//! The distinct values of a column.

use std::hash::{BuildHasher, RandomState};

use crate::feeds::ColumnKind;
use crate::file::Unreadable;

/// Null, and a text without characters.
pub(super) const NULL: u32 = 0;

/// The distinct values of a column, numbered in the order in which they were met.
#[derive(Debug)]
pub(super) struct Dictionary {
    kind: ColumnKind,
    bytes: Vec<u8>,
    /// Where the value of each code ends in the bytes; that of [`NULL`] has none.
    ends: Vec<usize>,
    /// A hash table. Its length is a power of two.
    slots: Vec<Slot>,
    seed: u64,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    /// [`NULL`] for a free slot.
    code: u32,
}

const FREE: Slot = Slot { hash: 0, code: NULL };

impl Dictionary {
    pub(super) fn new(kind: ColumnKind) -> Self {
        // Nobody outside may know which values collide.
        let seed = RandomState::new().hash_one(0);
        Self { kind, bytes: Vec::new(), ends: vec![0], slots: vec![FREE; 64], seed }
    }

    pub(super) fn kind(&self) -> ColumnKind {
        self.kind
    }

    /// The number of codes, [`NULL`] included.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no value but null.
    pub(super) fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The value of a code: the characters of a text, or the bytes of a number, the lowest first.
    pub(super) fn value(&self, code: u32) -> &[u8] {
        match code {
            NULL => &[],
            code => &self.bytes[self.ends[code as usize - 1]..self.ends[code as usize]],
        }
    }

    /// The code of a value, which is a new one when the value was not met before.
    pub(super) fn code(&mut self, value: &[u8]) -> Result<u32, Unreadable> {
        if value.is_empty() {
            return Ok(NULL);
        }
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
        let code = u32::try_from(self.ends.len()).map_err(|_| Unreadable::new("more values than can be numbered"))?;
        self.slots[at] = Slot { hash: high, code };
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
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

/// Whether two values are the same: numbers without the call that comparing bytes of any length takes.
fn same(left: &[u8], right: &[u8]) -> bool {
    match (left.len(), right.len()) {
        (4, 4) => left.first_chunk::<4>() == right.first_chunk::<4>(),
        (8, 8) => left.first_chunk::<8>() == right.first_chunk::<8>(),
        _ => left == right,
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
