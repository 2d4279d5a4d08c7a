//! A column of texts, as codes of a dictionary.

use std::ops::Range;

use bytes::Bytes;
use parquet::data_type::ByteArray;

use super::delta;
use super::dictionary::{Dictionary, NULL};
use super::hybrid;
use super::hybrid::early;
use super::read::Present;
use super::same_in_all;
use crate::file::{Encoding, MAXIMUM_PAGE, Unreadable};

/// The cells of a column of texts.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub(super) dictionary: Dictionary,
    pub(super) codes: Vec<u32>,
    /// The codes of the values of the dictionary of the pages that are being read.
    known: Vec<u32>,
    /// The bytes of the dictionary, for whoever keeps texts.
    shared: Bytes,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    pub(super) fn reserve(&mut self, rows: usize) {
        self.codes.reserve(rows);
    }

    pub(super) fn clear(&mut self) {
        self.codes.clear();
        self.dictionary.clear();
        self.shared = Bytes::new();
    }

    /// Whether all cells are the same.
    pub(super) fn is_uniform(&self) -> bool {
        same_in_all(&self.codes)
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.codes.truncate(rows);
    }

    /// Forgets the dictionary of pages.
    pub(super) fn begin(&mut self) {
        self.known.clear();
    }

    /// Reads the dictionary of the pages that follow.
    pub(super) fn learn(&mut self, count: usize, body: &[u8]) -> Result<(), Unreadable> {
        self.known.clear();
        plain(&mut self.dictionary, body, count, &mut self.known)
    }

    /// Adds the cells of a page.
    pub(super) fn read(&mut self, encoding: Encoding, present: &Present, body: &[u8]) -> Result<(), Unreadable> {
        let (before, count) = (self.codes.len(), present.values());
        match encoding {
            _ if count == 0 => {}
            Encoding::Plain => plain(&mut self.dictionary, body, count, &mut self.codes)?,
            Encoding::Dictionary => {
                hybrid::indices(body, count, &mut self.codes)?;
                for code in &mut self.codes[before..] {
                    *code = *self.known.get(*code as usize).ok_or_else(|| Unreadable::new("a cell without a value"))?;
                }
            }
            Encoding::DeltaLength => self.read_lengths(body, count)?,
            Encoding::DeltaText => self.read_differences(body, count)?,
            Encoding::Delta | Encoding::Split => return Err(Unreadable::new("texts in an encoding of numbers")),
        }
        present.spread(&mut self.codes, NULL);
        Ok(())
    }

    fn read_lengths(&mut self, body: &[u8], count: usize) -> Result<(), Unreadable> {
        let (lengths, mut rest) = delta::decode(body, count)?;
        for length in lengths {
            let (text, after) =
                usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length)).ok_or_else(early)?;
            rest = after;
            self.codes.push(self.dictionary.code(text)?);
        }
        Ok(())
    }

    fn read_differences(&mut self, body: &[u8], count: usize) -> Result<(), Unreadable> {
        let (common, rest) = delta::decode(body, count)?;
        let (lengths, mut rest) = delta::decode(rest, count)?;
        let (mut text, mut total) = (Vec::new(), 0_usize);
        for (common, length) in common.into_iter().zip(lengths) {
            let common = usize::try_from(common).ok().filter(|common| *common <= text.len()).ok_or_else(early)?;
            let (end, after) =
                usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length)).ok_or_else(early)?;
            rest = after;
            text.truncate(common);
            text.extend_from_slice(end);
            // A few bytes could stand for any number of them.
            total = total.saturating_add(text.len());
            if total > MAXIMUM_PAGE {
                return Err(Unreadable::new("a page of more bytes than anyone would write"));
            }
            self.codes.push(self.dictionary.code(&text)?);
        }
        Ok(())
    }

    /// Adds cells of a table.
    pub(super) fn take(&mut self, cells: &[ByteArray]) -> Result<(), Unreadable> {
        for cell in cells {
            self.codes.push(self.dictionary.code(cell.data())?);
        }
        Ok(())
    }

    /// Adds cells to those of a table, with which they share memory.
    pub(super) fn give(&mut self, rows: Range<usize>, target: &mut Vec<ByteArray>) {
        if self.shared.len() != self.dictionary.bytes().len() {
            self.shared = Bytes::copy_from_slice(self.dictionary.bytes());
        }
        let text = |code: u32| match code {
            NULL => Bytes::new(),
            code => self.shared.slice(self.dictionary.place(code)),
        };
        target.extend(self.codes[rows].iter().map(|code| ByteArray::from(text(*code))));
    }
}

/// Adds the codes of `count` texts that stand one after the other, each after its length.
fn plain(dictionary: &mut Dictionary, mut input: &[u8], count: usize, codes: &mut Vec<u32>) -> Result<(), Unreadable> {
    for _ in 0..count {
        let (length, rest) = input.split_first_chunk::<4>().ok_or_else(early)?;
        let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(early)?;
        input = rest;
        codes.push(dictionary.code(text)?);
    }
    Ok(())
}
