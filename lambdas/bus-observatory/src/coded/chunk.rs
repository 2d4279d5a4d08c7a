//! The cells of a column in a row group, in the form in which they are written.

use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;

use super::dictionary::{Dictionary, NULL};
use super::distinct::Distinct;
use super::numbers::Numbers;
use super::texts::Texts;
use super::{Column, hybrid};
use crate::feeds::ColumnKind;

/// The largest dictionary, in bytes: readers keep it in memory.
const MAXIMUM_DICTIONARY: usize = 4 << 20;
/// Of so many cells a dictionary may have one value, and takes less room than all values do.
const CELLS_OF_A_VALUE: usize = 2;

/// The bytes of a page of texts, unless its first one is longer.
const TEXTS_OF_A_PAGE: usize = 1 << 20;

/// Cells that are to be written. One serves any number of chunks, so that its room is used again.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) rows: usize,
    /// How many cells are there.
    pub(super) present: usize,
    /// For each cell whether it is there, when some are and some are not.
    levels: Vec<u32>,
    pub(super) form: Form,
    /// The values of the cells that are there, as numbers of the dictionary's values.
    indices: Vec<u32>,
    /// The values one after the other: those of the dictionary, or all.
    pub(super) plain: Vec<u8>,
    /// Where each cell that is there ends in `plain`, when that has all texts.
    ends: Vec<usize>,
    words: Distinct<4>,
    longs: Distinct<8>,
    /// The codes of the cells.
    cells: Vec<u32>,
    /// The number of each code in the dictionary of the chunk, from 1 on; 0 for one that was not met in it.
    local: Vec<u32>,
    /// The codes of the chunk's dictionary.
    codes: Vec<u32>,
}

/// How a chunk's values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// Texts one after the other.
    #[default]
    Texts,
    /// Numbers of so many bytes, one after the other.
    Numbers(usize),
    /// As indices into a dictionary of so many values.
    Indices(usize),
}

impl Chunk {
    /// Fills the chunk with the cells of these rows of a column, which are all the same if it `is_uniform`. Gives their
    /// statistics.
    pub(super) fn fill(&mut self, column: &Column, is_uniform: bool, kind: ColumnKind, rows: &[u32]) -> Statistics {
        self.rows = rows.len();
        self.levels.clear();
        self.indices.clear();
        self.plain.clear();
        match column {
            Column::Texts(texts) => self.fill_texts(texts, is_uniform, rows),
            Column::Words(numbers) => {
                let mut distinct = std::mem::take(&mut self.words);
                self.fill_numbers(numbers, is_uniform, rows, &mut distinct);
                let statistics = match kind {
                    ColumnKind::Integer => {
                        let limits = distinct.limits(i32::from_le_bytes);
                        Statistics::int32(limits.0, limits.1, None, Some(self.nulls()), false)
                    }
                    // Nobody looks for numbers that were measured by their limits, and the two zeros would need care.
                    _ => Statistics::float(None, None, None, Some(self.nulls()), false),
                };
                self.words = distinct;
                statistics
            }
            Column::Longs(numbers) => {
                let mut distinct = std::mem::take(&mut self.longs);
                self.fill_numbers(numbers, is_uniform, rows, &mut distinct);
                let statistics = match kind {
                    ColumnKind::Timestamp => {
                        let limits = distinct.limits(i64::from_le_bytes);
                        Statistics::int64(limits.0, limits.1, None, Some(self.nulls()), false)
                    }
                    _ => Statistics::double(None, None, None, Some(self.nulls()), false),
                };
                self.longs = distinct;
                statistics
            }
        }
    }

    fn nulls(&self) -> u64 {
        (self.rows - self.present) as u64
    }

    fn fill_texts(&mut self, texts: &Texts, is_uniform: bool, rows: &[u32]) -> Statistics {
        let dictionary = &texts.dictionary;
        self.number_texts(texts, is_uniform, rows);
        let total: usize = self.codes.iter().map(|code| 4 + dictionary.value(*code).len()).sum();
        if total <= MAXIMUM_DICTIONARY && self.codes.len() * CELLS_OF_A_VALUE <= self.present.max(16) {
            self.form = Form::Indices(self.codes.len());
            self.codes.iter().for_each(|code| write_text(dictionary, *code, &mut self.plain));
        } else {
            self.form = Form::Texts;
            self.ends.clear();
            for index in &self.indices {
                write_text(dictionary, self.codes[*index as usize], &mut self.plain);
                self.ends.push(self.plain.len());
            }
        }
        let texts = self.codes.iter().map(|code| dictionary.value(*code));
        let text = |value: &[u8]| ByteArray::from(value.to_vec());
        let (least, most) = (texts.clone().min().map(text), texts.max().map(text));
        Statistics::byte_array(least, most, None, Some(self.nulls()), false)
    }

    /// Numbers the texts of the chunk in the order in which they are met.
    fn number_texts(&mut self, texts: &Texts, is_uniform: bool, rows: &[u32]) {
        for code in self.codes.drain(..) {
            // What is left of the chunk before, whose dictionary may have been a longer one.
            if let Some(local) = self.local.get_mut(code as usize) {
                *local = 0;
            }
        }
        self.present = 0;
        if texts.dictionary.len() == 1 {
            return;
        }
        if let Some(code) = texts.codes.first().filter(|code| is_uniform && **code != NULL) {
            self.codes.push(*code);
            self.indices.resize(rows.len(), 0);
            self.present = rows.len();
            return;
        }
        self.local.resize(texts.dictionary.len().max(self.local.len()), 0);
        // Apart from what is done with them, they are fetched from where they lie many at a time.
        self.cells.clear();
        self.cells.extend(rows.iter().map(|row| texts.codes[*row as usize]));
        for code in &self.cells {
            if *code == NULL {
                continue;
            }
            let local = &mut self.local[*code as usize];
            if *local == 0 {
                self.codes.push(*code);
                *local = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
            }
            self.indices.push(*local - 1);
        }
        self.present = self.indices.len();
        if self.present > 0 && self.present < rows.len() {
            self.levels.extend(self.cells.iter().map(|code| u32::from(*code != NULL)));
        }
    }

    fn fill_numbers<const SIZE: usize>(
        &mut self,
        numbers: &Numbers<SIZE>,
        is_uniform: bool,
        rows: &[u32],
        distinct: &mut Distinct<SIZE>,
    ) {
        self.gather(numbers, is_uniform, rows, &mut distinct.cells);
        let most = (self.present / CELLS_OF_A_VALUE).clamp(16, MAXIMUM_DICTIONARY / SIZE);
        self.form = if distinct.number_all(most, &mut self.indices) {
            self.plain.extend_from_slice(distinct.values.as_flattened());
            Form::Indices(distinct.values.len())
        } else {
            self.plain.extend_from_slice(distinct.cells.as_flattened());
            Form::Numbers(SIZE)
        };
    }

    /// Fills the levels, and `cells` with those that are there.
    fn gather<const SIZE: usize>(
        &mut self,
        numbers: &Numbers<SIZE>,
        is_uniform: bool,
        rows: &[u32],
        cells: &mut Vec<[u8; SIZE]>,
    ) {
        let rows_there = rows.iter().map(|row| *row as usize);
        cells.clear();
        if numbers.nulls == 0 {
            match numbers.values.first().filter(|_| is_uniform) {
                Some(value) => cells.resize(rows.len(), *value),
                None => cells.extend(rows_there.map(|row| numbers.values[row])),
            }
        } else if numbers.nulls < numbers.len() {
            self.levels.extend(rows_there.clone().map(|row| u32::from(numbers.present[row])));
            cells.extend(rows_there.filter(|row| numbers.present[*row]).map(|row| numbers.values[row]));
            if cells.is_empty() || cells.len() == rows.len() {
                self.levels.clear();
            }
        }
        self.present = cells.len();
    }

    /// How many cells a page may have, at most `most`, whose first value is the one after `before` others.
    pub(super) fn cells_of_page(&self, before: usize, most: usize) -> usize {
        if self.form != Form::Texts {
            return most;
        }
        let start = before.checked_sub(1).map_or(0, |last| self.ends[last]);
        let ends = &self.ends[before..self.ends.len().min(before + most)];
        let fitting = ends.partition_point(|end| end - start <= TEXTS_OF_A_PAGE);
        // All that are left fit, or as many cells as have these values at least.
        if fitting == ends.len() { most } else { fitting.max(1) }
    }

    /// Adds the levels of some cells to a page. Gives how many of them are there.
    pub(super) fn write_levels(&self, from: usize, to: usize, page: &mut Vec<u8>) -> usize {
        if self.levels.is_empty() {
            let level = u32::from(self.present > 0);
            hybrid::encode_uniform(level, 1, to - from, page);
            return (to - from) * level as usize;
        }
        let levels = &self.levels[from..to];
        hybrid::encode(levels, 1, page);
        levels.iter().map(|level| *level as usize).sum()
    }

    /// Adds the values of some of the cells that are there to a page.
    pub(super) fn write_values(&self, from: usize, to: usize, page: &mut Vec<u8>) {
        match self.form {
            Form::Texts => {
                let end = |count: usize| if count == 0 { 0 } else { self.ends[count - 1] };
                page.extend_from_slice(&self.plain[end(from)..end(to)]);
            }
            Form::Numbers(size) => page.extend_from_slice(&self.plain[from * size..to * size]),
            Form::Indices(count) => {
                let bits = (usize::BITS - count.saturating_sub(1).leading_zeros()).max(1);
                page.push(u8::try_from(bits).unwrap_or(u8::MAX));
                hybrid::encode(&self.indices[from..to], bits, page);
            }
        }
    }
}

fn write_text(dictionary: &Dictionary, code: u32, output: &mut Vec<u8>) {
    let text = dictionary.value(code);
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    output.extend_from_slice(&length.to_le_bytes());
    output.extend_from_slice(text);
}
