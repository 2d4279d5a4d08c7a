//! Writing rows.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter};
use parquet::data_type::ByteArray;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, ColumnPath};

use super::{ROW_GROUP_ROWS, Unreadable, metadata, schema};
use crate::table::{Cells, Layout, Table, null};

/// How the pages of a file are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Fast: for files that are merged soon.
    Snappy,
    /// Small, level 3: for files that stay.
    Zstd,
}

/// A file that is being written, into memory.
#[derive(Debug)]
pub struct Writer {
    file: SerializedFileWriter<Vec<u8>>,
    levels: Vec<i16>,
}

impl Writer {
    /// Begins a file of rows that are sorted as `layout` says.
    pub fn new(layout: Layout, compression: Compression) -> Result<Self, Unreadable> {
        let codec = match compression {
            Compression::Snappy => Codec::SNAPPY,
            Compression::Zstd => Codec::ZSTD(ZstdLevel::try_new(3)?),
        };
        let sorted = |index: usize| SortingColumn {
            column_idx: i32::try_from(index).expect("a format has few columns"),
            descending: false,
            nulls_first: true,
        };
        let columns = layout.feed_type().columns();
        let (latitude, longitude) = layout.coordinates();
        let plain = |index: usize| ColumnPath::from(columns[index].name);
        let properties = WriterProperties::builder()
            .set_compression(codec)
            // Hardly a place occurs twice.
            .set_column_dictionary_enabled(plain(latitude), false)
            .set_column_dictionary_enabled(plain(longitude), false)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(vec![sorted(layout.route()), sorted(layout.timestamp())]))
            .build();
        Self::with_properties(layout, Arc::new(properties))
    }

    pub(super) fn with_properties(layout: Layout, properties: WriterPropertiesPtr) -> Result<Self, Unreadable> {
        let schema = schema::of(layout.feed_type());
        let mut file = SerializedFileWriter::new(Vec::new(), schema, properties)?;
        for (key, value) in [
            (metadata::FEED_TYPE, layout.feed_type().name()),
            (metadata::ROUTE, layout.route_name()),
            (metadata::TIMESTAMP, layout.timestamp_name()),
        ] {
            file.append_key_value_metadata(KeyValue::new(key.to_owned(), value.to_owned()));
        }
        Ok(Self { file, levels: Vec::new() })
    }

    /// Adds an entry to the metadata of the footer.
    pub fn set(&mut self, key: &str, value: String) {
        self.file.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
    }

    /// Writes rows as row groups of at most [`ROW_GROUP_ROWS`], and empties the table.
    pub fn write(&mut self, table: &mut Table) -> Result<(), Unreadable> {
        self.write_groups(table, ROW_GROUP_ROWS)
    }

    pub(super) fn write_groups(&mut self, table: &mut Table, most: usize) -> Result<(), Unreadable> {
        let mut start = 0;
        while start < table.len() {
            let length = (table.len() - start).min(most);
            let mut group = self.file.next_row_group()?;
            for cells in table.columns_mut() {
                let mut column = group.next_column()?.ok_or_else(|| Unreadable::new("a column too many"))?;
                write_column(column.untyped(), cells, start, length, &mut self.levels)?;
                column.close()?;
            }
            group.close()?;
            start += length;
        }
        table.clear();
        Ok(())
    }

    /// Writes a row group of columns that are encoded already. `encode` gives one by its index.
    pub(crate) fn write_chunks(
        &mut self,
        mut encode: impl FnMut(usize, ColumnDescPtr) -> Result<(Bytes, ColumnCloseResult), Unreadable>,
    ) -> Result<(), Unreadable> {
        let columns = self.file.schema_descr().columns().to_vec();
        let mut group = self.file.next_row_group()?;
        for (index, descriptor) in columns.into_iter().enumerate() {
            let (content, close) = encode(index, descriptor)?;
            group.append_column(&content, close)?;
        }
        group.close()?;
        Ok(())
    }

    /// Ends the file, and gives its bytes.
    pub fn finish(self) -> Result<Vec<u8>, Unreadable> {
        Ok(self.file.into_inner()?)
    }
}

/// One file of all rows of a table.
pub fn encode(
    layout: Layout,
    mut table: Table,
    compression: Compression,
    entries: &[(&str, String)],
) -> Result<Vec<u8>, Unreadable> {
    let mut writer = Writer::new(layout, compression)?;
    for (key, value) in entries {
        writer.set(key, value.clone());
    }
    writer.write(&mut table)?;
    writer.finish()
}

/// Writes a run of cells. Texts are moved out of theirs: counting who shares them would take longer than the rest.
fn write_column(
    column: &mut ColumnWriter<'_>,
    cells: &mut Cells,
    start: usize,
    length: usize,
    levels: &mut Vec<i16>,
) -> Result<(), Unreadable> {
    fn split<T: Copy>(cells: &[Option<T>], levels: &mut Vec<i16>) -> Vec<T> {
        levels.extend(cells.iter().map(|cell| i16::from(cell.is_some())));
        cells.iter().filter_map(|cell| *cell).collect()
    }
    levels.clear();
    let run = start..start + length;
    match (column, cells) {
        (ColumnWriter::ByteArrayColumnWriter(column), Cells::Text(cells)) => {
            let cells = &mut cells[run];
            levels.extend(cells.iter().map(|text| i16::from(!text.is_empty())));
            let filled = cells.iter_mut().filter(|text| !text.is_empty());
            let values: Vec<ByteArray> = filled.map(|text| std::mem::replace(text, null())).collect();
            column.write_batch(&values, Some(levels), None)
        }
        (ColumnWriter::Int32ColumnWriter(column), Cells::Integer(cells)) => {
            let values = split(&cells[run], levels);
            column.write_batch(&values, Some(levels), None)
        }
        (ColumnWriter::FloatColumnWriter(column), Cells::Float(cells)) => {
            let values = split(&cells[run], levels);
            column.write_batch(&values, Some(levels), None)
        }
        (ColumnWriter::DoubleColumnWriter(column), Cells::Double(cells)) => {
            let values = split(&cells[run], levels);
            column.write_batch(&values, Some(levels), None)
        }
        (ColumnWriter::Int64ColumnWriter(column), Cells::Timestamp(cells)) => {
            let values = split(&cells[run], levels);
            column.write_batch(&values, Some(levels), None)
        }
        _ => return Err(Unreadable::new("a column of another type")),
    }?;
    Ok(())
}
