//! The Parquet library's own reader, and files in encodings that this program does not write: witnesses for tests.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnPath;
use proptest::prelude::*;

use super::Writer;
use crate::feeds::{ColumnKind, FeedType};
use crate::table::{Cells, Layout, Table, null};

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    compression: Compression,
    version: WriterVersion,
    /// Which encoding of those that a column's type has.
    encoding: usize,
    page_rows: usize,
    group_rows: usize,
}

/// Any way in which a file may be written.
pub(crate) fn manners() -> impl Strategy<Value = Manner> {
    let zstd = Compression::ZSTD(ZstdLevel::try_new(1).unwrap());
    let compressions = prop::sample::select(vec![Compression::UNCOMPRESSED, Compression::SNAPPY, zstd]);
    let versions = prop::sample::select(vec![WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0]);
    (compressions, versions, 0..5_usize, 1..20_usize, 1..60_usize).prop_map(
        |(compression, version, encoding, page_rows, group_rows)| Manner {
            compression,
            version,
            encoding,
            page_rows,
            group_rows,
        },
    )
}

/// A file of all rows of a table, written in any manner.
pub(crate) fn written(table: &Table, manner: Manner) -> Vec<u8> {
    let mut properties = WriterProperties::builder()
        .set_compression(manner.compression)
        .set_writer_version(manner.version)
        .set_data_page_row_count_limit(manner.page_rows)
        .set_write_batch_size(manner.page_rows)
        .set_max_row_group_row_count(Some(manner.group_rows));
    for column in table.feed_type().columns() {
        let encodings: &[Encoding] = match column.kind {
            ColumnKind::Text => &[Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY],
            ColumnKind::Integer | ColumnKind::Timestamp => {
                &[Encoding::PLAIN, Encoding::DELTA_BINARY_PACKED, Encoding::BYTE_STREAM_SPLIT]
            }
            ColumnKind::Float | ColumnKind::Double => &[Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT],
        };
        let path = ColumnPath::from(column.name);
        properties = match manner.encoding.checked_sub(1) {
            // The library's choice, which is a dictionary.
            None => properties,
            Some(index) => {
                let encoding = encodings[index % encodings.len()];
                properties.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding)
            }
        };
    }
    let mut writer =
        Writer::with_properties(Layout::standard(table.feed_type()), Arc::new(properties.build())).unwrap();
    writer.write_groups(&mut table.clone(), manner.group_rows).unwrap();
    writer.finish().unwrap()
}

/// All rows of a file, as the library reads them.
pub(crate) fn rows(feed_type: FeedType, content: Bytes) -> Table {
    let reader = SerializedFileReader::new(content).unwrap();
    let mut table = Table::new(feed_type);
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).unwrap();
        let count = usize::try_from(group.metadata().num_rows()).unwrap();
        let mut part = Table::new(feed_type);
        for (index, cells) in part.columns_mut().iter_mut().enumerate() {
            read(&mut group.get_column_reader(index).unwrap(), cells, count);
        }
        assert!(part.set_rows(count));
        table.append(part);
    }
    table
}

fn read(column: &mut ColumnReader, cells: &mut Cells, rows: usize) {
    match (column, cells) {
        (ColumnReader::ByteArrayColumnReader(column), Cells::Text(cells)) => {
            cells.extend(values(column, rows).into_iter().map(|text: Option<ByteArray>| text.unwrap_or_else(null)));
        }
        (ColumnReader::Int32ColumnReader(column), Cells::Integer(cells)) => cells.extend(values(column, rows)),
        (ColumnReader::Int64ColumnReader(column), Cells::Timestamp(cells)) => cells.extend(values(column, rows)),
        (ColumnReader::FloatColumnReader(column), Cells::Float(cells)) => cells.extend(values(column, rows)),
        (ColumnReader::DoubleColumnReader(column), Cells::Double(cells)) => cells.extend(values(column, rows)),
        _ => panic!("a column of another type"),
    }
}

fn values<T: DataType>(column: &mut ColumnReaderImpl<T>, rows: usize) -> Vec<Option<T::T>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    column.read_records(rows, Some(&mut levels), None, &mut values).unwrap();
    let mut values = values.into_iter();
    levels.into_iter().map(|level| if level == 1 { values.next() } else { None }).collect()
}
