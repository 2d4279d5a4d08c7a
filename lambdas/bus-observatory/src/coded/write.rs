//! Rows as row groups.

use bytes::Bytes;
use parquet::basic::{Compression as Codec, Encoding, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::chunk::{Chunk, Form};
use super::{Coded, each};
use crate::file::{ROW_GROUP_ROWS, Unreadable, Writer};

/// How well pages are compressed, by zstd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// For files that are read again at once.
    Passing,
    /// For files that stay.
    Lasting,
}

impl Level {
    const fn number(self) -> i32 {
        match self {
            Self::Passing => 1,
            Self::Lasting => 3,
        }
    }

    /// Rows of a page. Files that are read again at once are read many at a time, a page of each column in memory.
    const fn page_rows(self) -> usize {
        match self {
            Self::Passing => 4_096,
            Self::Lasting => 16_384,
        }
    }
}

impl Coded {
    /// Writes the rows of `order` as row groups.
    pub(crate) fn write(&self, order: &[u32], level: Level, writer: &mut Writer) -> Result<(), Unreadable> {
        let mut encoder = Encoder::new(level)?;
        let columns = self.layout.feed_type().columns();
        let uniform: Vec<bool> = self.columns.iter().map(|column| each!(column, cells => cells.is_uniform())).collect();
        for rows in order.chunks(ROW_GROUP_ROWS) {
            writer.write_chunks(|index, descriptor| {
                let statistics = encoder.chunk.fill(&self.columns[index], uniform[index], columns[index].kind, rows);
                encoder.chunk(descriptor, statistics)
            })?;
        }
        Ok(())
    }
}

/// Encodes columns of a row group.
struct Encoder {
    compressor: Compressor<'static>,
    level: Level,
    chunk: Chunk,
    page: Vec<u8>,
}

impl Encoder {
    fn new(level: Level) -> Result<Self, Unreadable> {
        let compressor = Compressor::new(level.number()).map_err(|error| Unreadable::new(error.to_string()))?;
        Ok(Self { compressor, level, chunk: Chunk::default(), page: Vec::new() })
    }

    /// The pages of the chunk, and what the footer says of it.
    fn chunk(
        &mut self,
        descriptor: ColumnDescPtr,
        statistics: Statistics,
    ) -> Result<(Bytes, ColumnCloseResult), Unreadable> {
        let rows = self.chunk.rows;
        let mut sink = TrackedWrite::new(Vec::new());
        let mut pages = SerializedPageWriter::new(&mut sink);
        let mut total = Total::default();
        let dictionary_offset = if let Form::Indices(values) = self.chunk.form {
            let page = Page::DictionaryPage {
                buf: compressed(&mut self.compressor, &self.chunk.plain)?,
                num_values: count(values)?,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            };
            Some(total.add(&pages.write_page(CompressedPage::new(page, self.chunk.plain.len()))?))
        } else {
            None
        };
        let (mut data_offset, mut from, mut values) = (None, 0, 0);
        while from < rows {
            let to = rows.min(from + self.chunk.cells_of_page(values, self.level.page_rows()));
            values += self.fill(from, to, values);
            let page = Page::DataPage {
                buf: compressed(&mut self.compressor, &self.page)?,
                num_values: count(to - from)?,
                encoding: if dictionary_offset.is_some() { Encoding::RLE_DICTIONARY } else { Encoding::PLAIN },
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            };
            let offset = total.add(&pages.write_page(CompressedPage::new(page, self.page.len()))?);
            data_offset.get_or_insert(offset);
            from = to;
        }
        let content = Bytes::from(sink.into_inner()?);
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        if dictionary_offset.is_some() {
            encodings.push(Encoding::RLE_DICTIONARY);
        }
        let metadata = ColumnChunkMetaData::builder(descriptor)
            .set_compression(Codec::ZSTD(ZstdLevel::try_new(self.level.number())?))
            .set_encodings(encodings)
            .set_num_values(signed(rows))
            .set_total_compressed_size(signed(content.len()))
            .set_total_uncompressed_size(total.uncompressed)
            .set_dictionary_page_offset(dictionary_offset)
            .set_data_page_offset(data_offset.unwrap_or_default())
            .set_statistics(statistics)
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: content.len() as u64,
            rows_written: rows as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((content, close))
    }

    /// Fills the page with some cells of the chunk, which has `before` values before them. Gives how many values they
    /// have.
    fn fill(&mut self, from: usize, to: usize, before: usize) -> usize {
        self.page.clear();
        self.page.extend_from_slice(&[0; 4]);
        let values = self.chunk.write_levels(from, to, &mut self.page);
        let length = u32::try_from(self.page.len() - 4).unwrap_or(u32::MAX);
        self.page[..4].copy_from_slice(&length.to_le_bytes());
        self.chunk.write_values(before, before + values, &mut self.page);
        values
    }
}

fn compressed(compressor: &mut Compressor<'static>, page: &[u8]) -> Result<Bytes, Unreadable> {
    let compressed = compressor.compress(page);
    compressed.map(Bytes::from).map_err(|error| Unreadable::new(error.to_string()))
}

/// What the pages of a chunk take, with their headers, before they are compressed.
#[derive(Default)]
struct Total {
    uncompressed: i64,
}

impl Total {
    /// Adds a page that was written. Gives its offset.
    fn add(&mut self, page: &PageWriteSpec) -> i64 {
        let header = page.bytes_written.saturating_sub(page.compressed_size as u64);
        self.uncompressed += signed(page.uncompressed_size) + i64::try_from(header).unwrap_or_default();
        i64::try_from(page.offset).unwrap_or_default()
    }
}

fn count(length: usize) -> Result<u32, Unreadable> {
    u32::try_from(length).map_err(|_| Unreadable::new("more values than a page can have"))
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
