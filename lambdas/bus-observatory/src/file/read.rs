//! Reading rows, as a stream or by ranges.

use std::fmt;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;

use super::{Unreadable, metadata, schema};
use crate::contract::keys;
use crate::feeds::FeedType;
use crate::table::null;
use crate::table::{Cells, Layout, Table};

/// A file whose footer was read.
#[derive(Clone)]
pub struct File {
    reader: Arc<SerializedFileReader<Bytes>>,
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

/// Whether a column lies where its file has bytes. The library that reads columns panics at places before the file.
fn lies_within(column: &ColumnChunkMetaData, size: usize) -> bool {
    let begin = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let end = begin.checked_add(column.compressed_size());
    let is_positive = begin >= 0 && column.data_page_offset() >= 0 && column.compressed_size() >= 0;
    is_positive && end.and_then(|end| usize::try_from(end).ok()).is_some_and(|end| end <= size)
}

impl File {
    /// Reads the footer. The schema must be one of the formats'.
    pub fn open(bytes: Bytes) -> Result<Self, Unreadable> {
        let size = bytes.len();
        let reader = SerializedFileReader::new(bytes)?;
        let file = reader.metadata().file_metadata();
        let feed_type =
            schema::format_of(file.schema()).ok_or_else(|| Unreadable::new("the columns are of no known format"))?;
        let reader = Self { reader: Arc::new(reader), feed_type };
        let groups = reader.reader.metadata().row_groups();
        if groups.iter().any(|group| group.num_columns() != feed_type.columns().len()) {
            return Err(Unreadable::new("a row group without all columns"));
        }
        if !groups.iter().flat_map(RowGroupMetaData::columns).all(|column| lies_within(column, size)) {
            return Err(Unreadable::new("a column that is not within the file"));
        }
        Ok(reader)
    }

    /// The format of the rows.
    pub fn feed_type(&self) -> FeedType {
        self.feed_type
    }

    /// The number of rows, as the footer says.
    pub fn len(&self) -> usize {
        (0..self.groups()).map(|group| self.rows_of(group)).sum()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An entry of the footer's metadata.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        let entries = self.reader.metadata().file_metadata().key_value_metadata()?;
        entries.iter().find(|entry| entry.key == key)?.value.as_deref()
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
        self.reader.num_row_groups()
    }

    /// The number of rows of a row group.
    pub fn rows_of(&self, group: usize) -> usize {
        usize::try_from(self.reader.metadata().row_group(group).num_rows()).unwrap_or(0)
    }

    /// Whether a row group may have rows with this text in a column and a time from `times` in another, as its
    /// statistics say. Statistics of texts may be shortened, outwards.
    pub fn may_hold(&self, group: usize, text: (usize, &str), time: (usize, &Range<i64>)) -> bool {
        let group = self.reader.metadata().row_group(group);
        let texts = match group.column(text.0).statistics() {
            Some(Statistics::ByteArray(statistics)) => match (statistics.min_opt(), statistics.max_opt()) {
                (Some(least), Some(most)) => least.data() <= text.1.as_bytes() && text.1.as_bytes() <= most.data(),
                _ => true,
            },
            _ => true,
        };
        let times = match group.column(time.0).statistics() {
            Some(Statistics::Int64(statistics)) => match (statistics.min_opt(), statistics.max_opt()) {
                (Some(least), Some(most)) => *least < time.1.end && time.1.start <= *most,
                _ => true,
            },
            _ => true,
        };
        texts && times
    }

    /// The pages of a column of a row group, decompressed.
    pub(crate) fn pages(&self, group: usize, column: usize) -> Result<Box<dyn PageReader>, Unreadable> {
        Ok(self.reader.get_row_group(group)?.get_column_page_reader(column)?)
    }

    /// The cells of one column in the given rows of a row group.
    pub fn column(&self, group: usize, column: usize, rows: &Range<usize>) -> Result<Cells, Unreadable> {
        let mut reader = guarded(|| Ok(self.reader.get_row_group(group)?.get_column_reader(column)?))?;
        let kind = self.feed_type.columns().get(column).ok_or_else(|| Unreadable::new("no such column"))?.kind;
        let mut cells = Cells::new(kind);
        guarded(|| skip(&mut reader, rows.start))?;
        guarded(|| read(&mut reader, &mut cells, rows.len(), &mut Vec::new()))?;
        if cells.len() == rows.len() { Ok(cells) } else { Err(Unreadable::new("a column ends early")) }
    }

    /// Adds the given rows of a row group to a table of the same format.
    pub fn read(&self, group: usize, rows: &Range<usize>, table: &mut Table) -> Result<(), Unreadable> {
        let mut part = Table::new(self.feed_type);
        for (index, cells) in part.columns_mut().iter_mut().enumerate() {
            *cells = self.column(group, index, rows)?;
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
        Rows { file: self.clone(), group: 0, left: 0, columns: Vec::new(), levels: Vec::new() }
    }
}

/// The rows of a file, some at a time.
pub struct Rows {
    file: File,
    group: usize,
    left: usize,
    columns: Vec<ColumnReader>,
    levels: Vec<i16>,
}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rows").field("file", &self.file).field("group", &self.group).finish_non_exhaustive()
    }
}

impl Rows {
    /// Replaces the rows of `table`, which has the format of the file, by the next ones, at most `most`. No row means
    /// that there are no more.
    pub fn next_rows(&mut self, most: usize, table: &mut Table) -> Result<(), Unreadable> {
        table.clear();
        while self.left == 0 {
            self.columns.clear();
            if self.group == self.file.groups() {
                return Ok(());
            }
            let group = self.file.reader.get_row_group(self.group)?;
            let columns = self.file.feed_type.columns().len();
            let open = |index| guarded(|| Ok(group.get_column_reader(index)?));
            self.columns = (0..columns).map(open).collect::<Result<_, _>>()?;
            self.left = self.file.rows_of(self.group);
            self.group += 1;
        }
        let rows = self.left.min(most);
        for (reader, cells) in self.columns.iter_mut().zip(table.columns_mut()) {
            guarded(|| read(reader, cells, rows, &mut self.levels))?;
        }
        self.left -= rows;
        if table.set_rows(rows) { Ok(()) } else { Err(Unreadable::new("a column ends early")) }
    }
}

/// Runs a step of the library that decodes pages, which panics at some that are spoilt: that is an error like others. What
/// was being read is not used after it. A program that is compiled to abort at a panic ends instead, and its call fails.
fn guarded<T>(step: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(Unreadable::new("a page that cannot be decoded")))
}

fn skip(column: &mut ColumnReader, rows: usize) -> Result<(), Unreadable> {
    match column {
        ColumnReader::ByteArrayColumnReader(column) => column.skip_records(rows),
        ColumnReader::Int32ColumnReader(column) => column.skip_records(rows),
        ColumnReader::Int64ColumnReader(column) => column.skip_records(rows),
        ColumnReader::FloatColumnReader(column) => column.skip_records(rows),
        ColumnReader::DoubleColumnReader(column) => column.skip_records(rows),
        _ => return Err(Unreadable::new("a column of another type")),
    }?;
    Ok(())
}

/// Adds the next cells of a column, at most `rows`.
fn read(column: &mut ColumnReader, cells: &mut Cells, rows: usize, levels: &mut Vec<i16>) -> Result<(), Unreadable> {
    match (column, cells) {
        (ColumnReader::ByteArrayColumnReader(column), Cells::Text(cells)) => {
            let mut values = Vec::new();
            values_of(column, rows, levels, &mut values)?;
            if values.len() == levels.len() {
                if cells.is_empty() {
                    *cells = values;
                } else {
                    cells.append(&mut values);
                }
                return Ok(());
            }
            let mut values = values.into_iter();
            let filled = levels.iter().map(|level| if *level == 1 { values.next() } else { None });
            cells.extend(filled.map(|text: Option<ByteArray>| text.unwrap_or_else(null)));
            Ok(())
        }
        (ColumnReader::Int32ColumnReader(column), Cells::Integer(cells)) => numbers(column, rows, levels, cells),
        (ColumnReader::Int64ColumnReader(column), Cells::Timestamp(cells)) => numbers(column, rows, levels, cells),
        (ColumnReader::FloatColumnReader(column), Cells::Float(cells)) => numbers(column, rows, levels, cells),
        (ColumnReader::DoubleColumnReader(column), Cells::Double(cells)) => numbers(column, rows, levels, cells),
        _ => Err(Unreadable::new("a column of another type")),
    }
}

/// Reads values without nulls, and the levels that say where the nulls are.
fn values_of<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    rows: usize,
    levels: &mut Vec<i16>,
    values: &mut Vec<T::T>,
) -> Result<(), Unreadable> {
    levels.clear();
    column.read_records(rows, Some(levels), None, values)?;
    Ok(())
}

fn numbers<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    rows: usize,
    levels: &mut Vec<i16>,
    cells: &mut Vec<Option<T::T>>,
) -> Result<(), Unreadable> {
    let mut values = Vec::new();
    values_of(column, rows, levels, &mut values)?;
    let mut values = values.into_iter();
    cells.extend(levels.iter().map(|level| if *level == 1 { values.next() } else { None }));
    Ok(())
}
