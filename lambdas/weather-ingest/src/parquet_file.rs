//! A row as a Parquet file.

use std::slice;
use std::sync::{Arc, LazyLock};

use parquet::basic::Compression;
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;

use crate::contract::{COLUMNS, ColumnType, columns::SCHEMA_VERSION};
use crate::row::Row;
use crate::value::Cell;

/// Who wrote a file. The same for all versions of the library that writes, so that the same row is the same file.
const CREATED_BY: &str = "weather-ingest version 1.0.0";

/// The schema, which is the same for all files.
static SCHEMA: LazyLock<Arc<Type>> = LazyLock::new(|| {
    let columns = COLUMNS.iter().map(|column| {
        let kind = match column.kind {
            ColumnType::Text => ("binary", " (STRING)"),
            ColumnType::Double => ("double", ""),
            ColumnType::Integer => ("int64", ""),
            ColumnType::Timestamp => ("int64", " (TIMESTAMP(MILLIS,true))"),
        };
        format!("optional {} {}{};", kind.0, column.name, kind.1)
    });
    let message = format!("message weather {{ {} }}", columns.collect::<Vec<_>>().join(" "));
    Arc::new(parse_message_type(&message).expect("the columns make a schema"))
});

/// The file of a row. The same row of the same location gives the same bytes.
///
/// # Errors
/// When a value is not of the type of its column.
pub fn parquet_file(row: &Row, location_id: &str) -> Result<Vec<u8>, ParquetError> {
    let entry = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_created_by(CREATED_BY.to_owned())
        .set_key_value_metadata(Some(vec![
            entry("schema_version", SCHEMA_VERSION.to_string()),
            entry("location_id", location_id.to_owned()),
        ]))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), SCHEMA.clone(), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for cell in &row.cells {
        write(&mut group, cell)?;
    }
    group.close()?;
    writer.into_inner()
}

fn write(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, cell: &Cell) -> Result<(), ParquetError> {
    let wrong = || ParquetError::General("a value is not of the type of its column".to_owned());
    let mut column = group.next_column()?.ok_or_else(wrong)?;
    match (column.untyped(), cell) {
        (ColumnWriter::ByteArrayColumnWriter(writer), Cell::Null) => write_value(writer, None)?,
        (ColumnWriter::DoubleColumnWriter(writer), Cell::Null) => write_value(writer, None)?,
        (ColumnWriter::Int64ColumnWriter(writer), Cell::Null) => write_value(writer, None)?,
        (ColumnWriter::ByteArrayColumnWriter(writer), Cell::Text(text)) => {
            write_value(writer, Some(&ByteArray::from(text.as_str())))?;
        }
        (ColumnWriter::DoubleColumnWriter(writer), Cell::Double(number)) => write_value(writer, Some(number))?,
        (ColumnWriter::Int64ColumnWriter(writer), Cell::Integer(number)) => write_value(writer, Some(number))?,
        _ => return Err(wrong()),
    }
    column.close()
}

fn write_value<T: DataType>(writer: &mut ColumnWriterImpl<'_, T>, value: Option<&T::T>) -> Result<(), ParquetError> {
    let level = [i16::from(value.is_some())];
    writer.write_batch(value.map(slice::from_ref).unwrap_or_default(), Some(&level), None).map(|_| ())
}
