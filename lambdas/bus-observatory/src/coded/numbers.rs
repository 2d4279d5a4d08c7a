//! A column of numbers, as their bytes, the lowest first.

use std::ops::Range;

use super::delta;
use super::hybrid;
use super::hybrid::early;
use super::read::Present;
use super::same_in_all;
use crate::file::{Encoding, Unreadable};

/// The cells of a column of numbers of so many bytes.
#[derive(Debug)]
pub(crate) struct Numbers<const SIZE: usize> {
    /// The numbers; zeros for null.
    pub(super) values: Vec<[u8; SIZE]>,
    pub(super) present: Vec<bool>,
    /// How many cells are null.
    pub(super) nulls: usize,
    /// The dictionary of the pages that are being read.
    known: Vec<[u8; SIZE]>,
    /// The indices of a page.
    indices: Vec<u32>,
}

impl<const SIZE: usize> Default for Numbers<SIZE> {
    fn default() -> Self {
        let (values, present, nulls, known, indices) = Default::default();
        Self { values, present, nulls, known, indices }
    }
}

impl<const SIZE: usize> Numbers<SIZE> {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn reserve(&mut self, rows: usize) {
        self.values.reserve(rows);
        self.present.reserve(rows);
    }

    pub(super) fn clear(&mut self) {
        self.truncate(0);
    }

    /// Whether all cells are the same.
    pub(super) fn is_uniform(&self) -> bool {
        self.nulls == self.len() || self.nulls == 0 && same_in_all(&self.values)
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.nulls -= nulls(&self.present[rows.min(self.present.len())..]);
        self.values.truncate(rows);
        self.present.truncate(rows);
    }

    /// Forgets the dictionary of pages.
    pub(super) fn begin(&mut self) {
        self.known.clear();
    }

    /// Reads the dictionary of the pages that follow.
    pub(super) fn learn(&mut self, count: usize, body: &[u8]) -> Result<(), Unreadable> {
        self.known.clear();
        self.known.extend_from_slice(plain(body, count)?);
        Ok(())
    }

    /// Adds the cells of a page.
    pub(super) fn read(&mut self, encoding: Encoding, present: &Present, body: &[u8]) -> Result<(), Unreadable> {
        let count = present.values();
        match encoding {
            _ if count == 0 => {}
            Encoding::Plain => self.values.extend_from_slice(plain(body, count)?),
            Encoding::Dictionary => {
                self.indices.clear();
                hybrid::indices(body, count, &mut self.indices)?;
                if self.indices.iter().any(|index| *index as usize >= self.known.len()) {
                    return Err(Unreadable::new("a cell without a value"));
                }
                self.values.extend(self.indices.iter().map(|index| self.known[*index as usize]));
            }
            Encoding::Delta => {
                let (values, _) = delta::decode(body, count)?;
                for value in values {
                    // Numbers of 32 bits wrap around, too.
                    self.values.push(*value.to_le_bytes().first_chunk().ok_or_else(early)?);
                }
            }
            Encoding::Split => {
                let streams: Vec<&[u8]> = body.chunks_exact(count).take(SIZE).collect();
                let streams: [&[u8]; SIZE] = streams.try_into().map_err(|_| early())?;
                self.values.extend((0..count).map(|index| streams.map(|stream| stream[index])));
            }
            Encoding::DeltaLength | Encoding::DeltaText => {
                return Err(Unreadable::new("numbers in an encoding of texts"));
            }
        }
        present.spread(&mut self.values, [0; SIZE]);
        self.nulls += present.mark(&mut self.present);
        Ok(())
    }

    /// Adds cells of a table.
    pub(super) fn take<T: Copy>(&mut self, cells: &[Option<T>], bytes: impl Fn(T) -> [u8; SIZE]) {
        self.nulls += cells.iter().filter(|cell| cell.is_none()).count();
        self.present.extend(cells.iter().map(Option::is_some));
        self.values.extend(cells.iter().map(|cell| cell.map_or([0; SIZE], &bytes)));
    }

    /// The cells of some rows.
    pub(super) fn cells(&self, rows: Range<usize>) -> impl Iterator<Item = Option<[u8; SIZE]>> {
        let cells = self.values[rows.clone()].iter().zip(&self.present[rows]);
        cells.map(|(value, present)| present.then_some(*value))
    }
}

fn nulls(present: &[bool]) -> usize {
    present.iter().filter(|present| !**present).count()
}

/// `count` numbers that stand one after the other.
fn plain<const SIZE: usize>(body: &[u8], count: usize) -> Result<&[[u8; SIZE]], Unreadable> {
    body.as_chunks().0.get(..count).ok_or_else(early)
}
