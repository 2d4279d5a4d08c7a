//! Reading rows, as a stream or by ranges.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::footer::{Chunk, Footer};
use super::{Pages, Room, Unreadable, metadata, schema};
use crate::coded::Column;
use crate::contract::keys;
use crate::feeds::FeedType;
use crate::table::{Cells, Layout, Table};

/// The most rows of a row group: one more, and a footer of a few bytes could fill the memory.
const MAXIMUM_GROUP_ROWS: usize = 1 << 22;

/// A file whose footer was read.
#[derive(Clone)]
pub struct File {
    bytes: Bytes,
    footer: Arc<Footer>,
    feed_type: FeedType,
}

impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("File")
            .field("feed_type", &self.feed_type)
            .field("rows", &self.len())
            .finish_non_exhaustive()
    }
}

impl File {
    /// Reads the footer. The schema must be one of the formats'.
    pub fn open(bytes: Bytes) -> Result<Self, Unreadable> {
        let footer = Footer::read(&bytes)?;
        let feed_type =
            schema::format_of(&footer.schema).ok_or_else(|| Unreadable::new("the columns are of no known format"))?;
        for group in &footer.groups {
            if group.chunks.len() != feed_type.columns().len() {
                return Err(Unreadable::new("a row group without all columns"));
            }
            if group.rows > MAXIMUM_GROUP_ROWS {
                return Err(Unreadable::new("a row group with more rows than anyone would write"));
            }
            let lies_within =
                |chunk: &Chunk| chunk.start.checked_add(chunk.length).is_some_and(|end| end <= bytes.len());
            if !group.chunks.iter().all(lies_within) {
                return Err(Unreadable::new("a column that is not within the file"));
            }
        }
        Ok(Self { bytes, footer: Arc::new(footer), feed_type })
    }

    #[cfg(test)]
    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// The format of the rows.
    pub fn feed_type(&self) -> FeedType {
        self.feed_type
    }

    /// The number of rows, as the footer says.
    pub fn len(&self) -> usize {
        self.footer.groups.iter().map(|group| group.rows).sum()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An entry of the footer's metadata.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.footer.entries.iter().find(|entry| entry.0 == key)?.1.as_deref()
    }

    /// How the rows are sorted. Files of other programs do not say it, and have the standard layout of their format.
    pub fn layout(&self) -> Layout {
        let named = self.metadata(metadata::ROUTE).zip(self.metadata(metadata::TIMESTAMP));
        named
            .and_then(|(route, timestamp)| Layout::new(self.feed_type, route, timestamp).ok())
            .unwrap_or_else(|| Layout::standard(self.feed_type))
    }

    /// Names of the files whose rows this one contains.
    pub fn inputs(&self) -> Result<Vec<String>, Unreadable> {
        self.metadata(keys::INPUTS_METADATA).map_or(Ok(Vec::new()), |text| {
            serde_json::from_str(text).map_err(|error| Unreadable::new(format!("`{}`: {error}", keys::INPUTS_METADATA)))
        })
    }

    /// The number of row groups.
    pub fn groups(&self) -> usize {
        self.footer.groups.len()
    }

    /// The number of rows of a row group, 0 when there is none of this index.
    pub fn rows_of(&self, group: usize) -> usize {
        self.footer.groups.get(group).map_or(0, |group| group.rows)
    }

    /// Whether a row group may have rows with this text in a column and a time from `times` in another, as its
    /// statistics say. Statistics of texts may be shortened, outwards.
    pub fn may_hold(&self, group: usize, text: (usize, &str), time: (usize, &Range<i64>)) -> bool {
        let limits = |column: usize| self.chunk(group, column).ok().and_then(|chunk| chunk.limits.as_ref());
        let texts = limits(text.0)
            .is_none_or(|(least, most)| least.as_slice() <= text.1.as_bytes() && text.1.as_bytes() <= most.as_slice());
        let number = |bytes: &[u8]| bytes.first_chunk().map(|bytes| i64::from_le_bytes(*bytes));
        let times = limits(time.0)
            .and_then(|(least, most)| number(least).zip(number(most)))
            .is_none_or(|(least, most)| least < time.1.end && time.1.start <= most);
        texts && times
    }

    /// The pages of a column of a row group.
    pub(crate) fn pages(&self, group: usize, column: usize) -> Result<Pages, Unreadable> {
        let chunk = self.chunk(group, column)?;
        Pages::new(self.bytes.slice(chunk.start..chunk.start + chunk.length), chunk.codec)
    }

    fn chunk(&self, group: usize, column: usize) -> Result<&Chunk, Unreadable> {
        let group = self.footer.groups.get(group).ok_or_else(|| Unreadable::new("no such row group"))?;
        group.chunks.get(column).ok_or_else(|| Unreadable::new("no such column"))
    }

    /// The cells of one column in the given rows of a row group.
    pub fn column(&self, group: usize, column: usize, rows: &Range<usize>) -> Result<Cells, Unreadable> {
        self.cells(group, column, rows, &mut Room::default())
    }

    fn cells(&self, group: usize, column: usize, rows: &Range<usize>, room: &mut Room) -> Result<Cells, Unreadable> {
        let kind = self.feed_type.columns().get(column).ok_or_else(|| Unreadable::new("no such column"))?.kind;
        let (mut cells, mut read) = (Cells::new(kind), Column::new(kind));
        read.append(&mut self.pages(group, column)?, self.rows_of(group), room)?;
        if rows.end > read.len() {
            return Err(Unreadable::new("a column ends early"));
        }
        read.give(rows.clone(), &mut cells);
        Ok(cells)
    }

    /// Adds the given rows of a row group to a table of the same format.
    pub fn read(&self, group: usize, rows: &Range<usize>, table: &mut Table) -> Result<(), Unreadable> {
        let (mut part, mut room) = (Table::new(self.feed_type), Room::default());
        for (index, cells) in part.columns_mut().iter_mut().enumerate() {
            *cells = self.cells(group, index, rows, &mut room)?;
        }
        if !part.set_rows(rows.len()) {
            return Err(Unreadable::new("columns of different lengths"));
        }
        table.append(part);
        Ok(())
    }

    /// All rows, in memory.
    pub fn read_all(&self) -> Result<Table, Unreadable> {
        let mut table = Table::new(self.feed_type);
        for group in 0..self.groups() {
            self.read(group, &(0..self.rows_of(group)), &mut table)?;
        }
        Ok(table)
    }

    /// All rows, as a stream.
    pub fn rows(&self) -> Rows {
        Rows { file: self.clone(), group: 0, left: 0, columns: Vec::new(), room: Room::default() }
    }
}

/// The rows of a file, some at a time.
#[derive(Debug)]
pub struct Rows {
    file: File,
    /// The row group after the one that is being read.
    group: usize,
    /// Rows of the row group that were not given yet.
    left: usize,
    columns: Vec<Stream>,
    room: Room,
}

/// A column that is being read.
#[derive(Debug)]
struct Stream {
    pages: Pages,
    /// The cells of a page.
    cells: Column,
    /// How many of them were given.
    given: usize,
}

impl Rows {
    /// Replaces the rows of `table`, which has the format of the file, by the next ones, at most `most`. No row means
    /// that there are no more.
    pub fn next_rows(&mut self, most: usize, table: &mut Table) -> Result<(), Unreadable> {
        table.clear();
        while self.left == 0 {
            if self.group == self.file.groups() {
                return Ok(());
            }
            let columns = self.file.feed_type.columns().iter().enumerate();
            let streams = columns.map(|(index, column)| {
                let pages = self.file.pages(self.group, index)?;
                Ok(Stream { pages, cells: Column::new(column.kind), given: 0 })
            });
            self.columns = streams.collect::<Result<_, Unreadable>>()?;
            self.left = self.file.rows_of(self.group);
            self.group += 1;
        }
        let rows = self.left.min(most);
        for (stream, cells) in self.columns.iter_mut().zip(table.columns_mut()) {
            stream.give(rows, self.left, cells, &mut self.room)?;
        }
        self.left -= rows;
        if table.set_rows(rows) { Ok(()) } else { Err(Unreadable::new("a column ends early")) }
    }
}

impl Stream {
    /// Adds the next `rows` cells to `cells`. The column has `left` of them at most.
    fn give(&mut self, rows: usize, left: usize, cells: &mut Cells, room: &mut Room) -> Result<(), Unreadable> {
        let (mut wanted, mut left) = (rows, left);
        while wanted > 0 {
            if self.given == self.cells.len() {
                self.cells.forget_cells();
                self.given = 0;
                if !self.cells.append_page(&mut self.pages, left, room)? {
                    return Err(Unreadable::new("a column ends early"));
                }
            }
            let given = wanted.min(self.cells.len() - self.given);
            self.cells.give(self.given..self.given + given, cells);
            self.given += given;
            wanted -= given;
            left -= given;
        }
        Ok(())
    }
}
