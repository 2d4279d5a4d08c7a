//! Pages as codes.

use std::ops::Range;

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};

use super::dictionary::{Dictionary, NULL};
use super::{Coded, Column, hybrid};
use crate::feeds::ColumnKind;
use crate::file::{File, Unreadable};
use crate::table::{Cells, Table};

/// The most rows of a row group: one more, and a footer of a few bytes could fill the memory.
const MAXIMUM_GROUP_ROWS: usize = 1 << 22;

impl Coded {
    /// Adds all rows of a file, or none when it cannot be read.
    pub(crate) fn append(&mut self, file: &File) -> Result<(), Unreadable> {
        let before = self.rows;
        for group in 0..file.groups() {
            if let Err(reason) = self.append_group(file, group) {
                self.truncate(before);
                return Err(reason);
            }
        }
        Ok(())
    }

    /// Adds the rows of a row group. When it cannot be read, some of its cells stay: these rows are of no use any more.
    pub(crate) fn append_group(&mut self, file: &File, group: usize) -> Result<(), Unreadable> {
        let rows = file.rows_of(group);
        if file.feed_type() != self.layout.feed_type() {
            return Err(Unreadable::new("its rows have another format than the newest file's"));
        }
        if rows > MAXIMUM_GROUP_ROWS {
            return Err(Unreadable::new("a row group with more rows than anyone would write"));
        }
        let mut scratch = Scratch::default();
        for (index, column) in self.columns.iter_mut().enumerate() {
            let end = column.codes.len() + rows;
            let mut pages = file.pages(group, index)?;
            if !column.read(&mut *pages, end, &mut scratch)? {
                column.codes.truncate(end - rows);
                column.intern(&file.column(group, index, &(0..rows))?, 0..rows)?;
            }
            if column.codes.len() != end {
                return Err(Unreadable::new("a column ends early"));
            }
        }
        self.rows += rows;
        Ok(())
    }

    /// Adds rows of a table of the same format.
    pub(crate) fn add(&mut self, table: &Table, rows: Range<usize>) -> Result<(), Unreadable> {
        for (column, cells) in self.columns.iter_mut().zip(table.columns()) {
            column.intern(cells, rows.clone())?;
        }
        self.rows += rows.len();
        Ok(())
    }

    fn truncate(&mut self, rows: usize) {
        self.rows = rows;
        self.columns.iter_mut().for_each(|column| column.codes.truncate(rows));
    }
}

/// Room that is used again.
#[derive(Default)]
struct Scratch {
    /// For each cell of a page whether it is there.
    levels: Vec<u32>,
    /// The codes of the values of the file's dictionary.
    known: Vec<u32>,
    indices: Vec<u32>,
}

impl Column {
    /// Adds the cells of all pages, up to `end`. False when they are encoded in a way that only the library knows.
    fn read(&mut self, pages: &mut dyn PageReader, end: usize, scratch: &mut Scratch) -> Result<bool, Unreadable> {
        scratch.known.clear();
        while let Some(page) = pages.get_next_page()? {
            let (levels, body, encoding, count) = match &page {
                Page::DictionaryPage { buf, num_values, .. } => {
                    scratch.known.clear();
                    plain(&mut self.dictionary, buf, *num_values as usize, |code| scratch.known.push(code))?;
                    continue;
                }
                Page::DataPage { buf, num_values, encoding, .. } => {
                    let (length, rest) = buf.split_first_chunk::<4>().ok_or_else(early)?;
                    let (levels, body) =
                        rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(early)?;
                    (levels, body, *encoding, *num_values)
                }
                Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
                    let (levels, body) = v2_parts(buf, *rep_levels_byte_len, *def_levels_byte_len)?;
                    (levels, body, *encoding, *num_values)
                }
            };
            let count = count as usize;
            if count > end.saturating_sub(self.codes.len()) {
                return Err(Unreadable::new("a column with more cells than rows"));
            }
            scratch.levels.clear();
            let present = match hybrid::uniform(levels, 1, count) {
                Some(0) => 0,
                Some(_) => count,
                None => {
                    hybrid::decode(levels, 1, count, &mut scratch.levels)?;
                    scratch.levels.iter().map(|level| *level as usize).sum()
                }
            };
            if present == 0 {
                self.codes.resize(self.codes.len() + count, NULL);
                continue;
            }
            match encoding {
                Encoding::PLAIN => {
                    scratch.indices.clear();
                    plain(&mut self.dictionary, body, present, |code| scratch.indices.push(code))?;
                    self.take(&scratch.levels, present == count, scratch.indices.iter().copied());
                }
                Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                    indices(body, present, &mut scratch.indices)?;
                    let known = &scratch.known;
                    if scratch.indices.iter().any(|index| *index as usize >= known.len()) {
                        return Err(Unreadable::new("a cell without a value"));
                    }
                    let codes = scratch.indices.iter().map(|index| known[*index as usize]);
                    self.take(&scratch.levels, present == count, codes);
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Adds the codes of the values, which all cells have or those whose level is not 0, and [`NULL`] for the others.
    fn take(&mut self, levels: &[u32], all_present: bool, mut codes: impl ExactSizeIterator<Item = u32>) {
        if all_present {
            self.codes.extend(codes);
        } else {
            let cells = levels.iter().map(|level| if *level == 0 { NULL } else { codes.next().unwrap_or(NULL) });
            self.codes.extend(cells);
        }
    }

    /// Adds cells that the library has decoded.
    fn intern(&mut self, cells: &Cells, rows: Range<usize>) -> Result<(), Unreadable> {
        for row in rows {
            let code = match cells {
                Cells::Text(_) => self.dictionary.code(cells.text(row).unwrap_or_default()),
                Cells::Integer(cells) => self.number(cells[row].map(i32::to_le_bytes)),
                Cells::Float(cells) => self.number(cells[row].map(f32::to_le_bytes)),
                Cells::Double(cells) => self.number(cells[row].map(f64::to_le_bytes)),
                Cells::Timestamp(cells) => self.number(cells[row].map(i64::to_le_bytes)),
            }?;
            self.codes.push(code);
        }
        Ok(())
    }

    fn number<const BYTES: usize>(&mut self, number: Option<[u8; BYTES]>) -> Result<u32, Unreadable> {
        number.map_or(Ok(NULL), |bytes| self.dictionary.code(&bytes))
    }
}

fn early() -> Unreadable {
    Unreadable::new("a page ends early")
}

/// The levels and the values of a page of the second kind.
fn v2_parts(page: &Bytes, repetition: u32, definition: u32) -> Result<(&[u8], &[u8]), Unreadable> {
    let (_, rest) = page.split_at_checked(repetition as usize).ok_or_else(early)?;
    rest.split_at_checked(definition as usize).ok_or_else(early)
}

/// The indices of a page into the file's dictionary.
fn indices(body: &[u8], present: usize, indices: &mut Vec<u32>) -> Result<(), Unreadable> {
    indices.clear();
    if present == 0 {
        return Ok(());
    }
    let (width, packed) = body.split_first().ok_or_else(early)?;
    hybrid::decode(packed, u32::from(*width), present, indices)
}

/// The codes of `count` values that stand one after the other.
fn plain(
    dictionary: &mut Dictionary,
    mut input: &[u8],
    count: usize,
    mut take: impl FnMut(u32),
) -> Result<(), Unreadable> {
    for _ in 0..count {
        let length = match dictionary.kind() {
            ColumnKind::Text => {
                let (length, rest) = input.split_first_chunk::<4>().ok_or_else(early)?;
                input = rest;
                u32::from_le_bytes(*length) as usize
            }
            ColumnKind::Integer | ColumnKind::Float => 4,
            ColumnKind::Double | ColumnKind::Timestamp => 8,
        };
        let (value, rest) = input.split_at_checked(length).ok_or_else(early)?;
        input = rest;
        take(dictionary.code(value)?);
    }
    Ok(())
}
