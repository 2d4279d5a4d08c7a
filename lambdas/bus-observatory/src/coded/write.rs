//! Codes as column chunks.

use bytes::Bytes;
use parquet::basic::{Compression as Codec, Encoding, ZstdLevel};
use parquet::column::page::{CompressedPage, Page, PageWriteSpec, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

use super::dictionary::{Dictionary, NULL};
use super::{Coded, hybrid};
use crate::feeds::ColumnKind;
use crate::file::{ROW_GROUP_ROWS, Unreadable, Writer};

/// Rows of a page.
const PAGE_ROWS: usize = 16_384;
/// The largest dictionary, in bytes: readers keep it in memory.
const MAXIMUM_DICTIONARY: usize = 4 << 20;

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
}

impl Coded {
    /// Writes the rows of `order` as row groups.
    pub(crate) fn write(&self, order: &[u32], level: Level, writer: &mut Writer) -> Result<(), Unreadable> {
        let mut encoder = Encoder::new(level)?;
        for rows in order.chunks(ROW_GROUP_ROWS) {
            let mut codes = Vec::with_capacity(rows.len());
            writer.write_chunks(|index, descriptor| {
                let column = &self.columns[index];
                codes.clear();
                if column.dictionary.is_empty() {
                    codes.resize(rows.len(), NULL);
                } else {
                    codes.extend(rows.iter().map(|row| column.codes[*row as usize]));
                }
                encoder.chunk(descriptor, &column.dictionary, &codes)
            })?;
        }
        Ok(())
    }
}

/// Encodes columns of a row group.
struct Encoder {
    compressor: Compressor<'static>,
    level: ZstdLevel,
    /// The number of each code in the dictionary of the chunk, from 1 on; 0 for one that was not met in it.
    local: Vec<u32>,
    /// The codes of the chunk's dictionary.
    values: Vec<u32>,
    indices: Vec<u32>,
    page: Vec<u8>,
}

/// How a chunk's cells are written.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    /// As indices of so many bits.
    Indices(u32),
}

impl Encoder {
    fn new(level: Level) -> Result<Self, Unreadable> {
        let compressor = Compressor::new(level.number()).map_err(|error| Unreadable::new(error.to_string()))?;
        let level = ZstdLevel::try_new(level.number())?;
        let (local, values, indices, page) = Default::default();
        Ok(Self { compressor, level, local, values, indices, page })
    }

    /// The chunk of the cells `codes`, and what the footer says of it.
    fn chunk(
        &mut self,
        descriptor: ColumnDescPtr,
        dictionary: &Dictionary,
        codes: &[u32],
    ) -> Result<(Bytes, ColumnCloseResult), Unreadable> {
        let present = self.number(dictionary, codes);
        let form = self.form(dictionary, present);
        let mut sink = TrackedWrite::new(Vec::new());
        let mut pages = SerializedPageWriter::new(&mut sink);
        let mut total = Total::default();
        let dictionary_offset = if let Form::Indices(_) = form {
            self.page.clear();
            for code in &self.values {
                write_plain(dictionary, *code, &mut self.page);
            }
            let page = Page::DictionaryPage {
                buf: self.compressed()?,
                num_values: count(self.values.len())?,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            };
            Some(total.add(&pages.write_page(CompressedPage::new(page, self.page.len()))?))
        } else {
            None
        };
        let mut data_offset = None;
        for cells in codes.chunks(PAGE_ROWS) {
            self.fill(dictionary, cells, form);
            let page = Page::DataPage {
                buf: self.compressed()?,
                num_values: count(cells.len())?,
                encoding: if let Form::Plain = form { Encoding::PLAIN } else { Encoding::RLE_DICTIONARY },
                def_level_encoding: Encoding::RLE,
                rep_level_encoding: Encoding::RLE,
                statistics: None,
            };
            let offset = total.add(&pages.write_page(CompressedPage::new(page, self.page.len()))?);
            data_offset.get_or_insert(offset);
        }
        let content = Bytes::from(sink.into_inner()?);
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        if dictionary_offset.is_some() {
            encodings.push(Encoding::RLE_DICTIONARY);
        }
        let metadata = ColumnChunkMetaData::builder(descriptor)
            .set_compression(Codec::ZSTD(self.level))
            .set_encodings(encodings)
            .set_num_values(signed(codes.len()))
            .set_total_compressed_size(signed(content.len()))
            .set_total_uncompressed_size(total.uncompressed)
            .set_dictionary_page_offset(dictionary_offset)
            .set_data_page_offset(data_offset.unwrap_or_default())
            .set_statistics(statistics(dictionary, &self.values, codes.len() - present))
            .build()?;
        let close = ColumnCloseResult {
            bytes_written: content.len() as u64,
            rows_written: codes.len() as u64,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        Ok((content, close))
    }

    /// Numbers the values of the chunk in the order in which they are met. Gives how many of its cells are there.
    fn number(&mut self, dictionary: &Dictionary, codes: &[u32]) -> usize {
        for code in self.values.drain(..) {
            // What is left of the chunk before, whose dictionary may have been a longer one.
            if let Some(local) = self.local.get_mut(code as usize) {
                *local = 0;
            }
        }
        self.local.resize(dictionary.len().max(self.local.len()), 0);
        if dictionary.is_empty() {
            return 0;
        }
        let (mut next, mut present) = (0, 0);
        for code in codes {
            let local = &mut self.local[*code as usize];
            present += usize::from(*code != NULL);
            if *local == 0 && *code != NULL {
                next += 1;
                *local = next;
                self.values.push(*code);
            }
        }
        present
    }

    /// The form that takes less room before it is compressed.
    fn form(&self, dictionary: &Dictionary, present: usize) -> Form {
        let size = |code: u32| match dictionary.kind() {
            ColumnKind::Text => 4 + dictionary.value(code).len(),
            _ => dictionary.value(code).len(),
        };
        let bits = (usize::BITS - self.values.len().saturating_sub(1).leading_zeros()).max(1);
        let distinct: usize = self.values.iter().map(|code| size(*code)).sum();
        // Values of a column have about the same size.
        let plain = distinct / self.values.len().max(1) * present;
        if distinct > MAXIMUM_DICTIONARY || distinct + present * bits as usize / 8 > plain && present > 0 {
            Form::Plain
        } else {
            Form::Indices(bits)
        }
    }

    /// Fills the page with levels and values of some cells.
    fn fill(&mut self, dictionary: &Dictionary, cells: &[u32], form: Form) {
        let present = if dictionary.is_empty() { 0 } else { cells.iter().filter(|code| **code != NULL).count() };
        self.indices.clear();
        self.page.clear();
        self.page.extend_from_slice(&[0; 4]);
        if present == 0 || present == cells.len() {
            hybrid::encode_uniform(u32::from(present > 0), 1, cells.len(), &mut self.page);
        } else {
            self.indices.extend(cells.iter().map(|code| u32::from(*code != NULL)));
            hybrid::encode(&self.indices, 1, &mut self.page);
        }
        let length = u32::try_from(self.page.len() - 4).unwrap_or(u32::MAX);
        self.page[..4].copy_from_slice(&length.to_le_bytes());
        match form {
            Form::Plain => {
                let cells = cells.iter().filter(|code| **code != NULL);
                cells.for_each(|code| write_plain(dictionary, *code, &mut self.page));
            }
            Form::Indices(bits) => {
                self.indices.clear();
                self.indices.reserve(present);
                if present == cells.len() {
                    self.indices.extend(cells.iter().map(|code| self.local[*code as usize] - 1));
                } else if present > 0 {
                    let cells = cells.iter().filter(|code| **code != NULL);
                    self.indices.extend(cells.map(|code| self.local[*code as usize] - 1));
                }
                self.page.push(u8::try_from(bits).unwrap_or(u8::MAX));
                hybrid::encode(&self.indices, bits, &mut self.page);
            }
        }
    }

    fn compressed(&mut self) -> Result<Bytes, Unreadable> {
        let compressed = self.compressor.compress(&self.page);
        compressed.map(Bytes::from).map_err(|error| Unreadable::new(error.to_string()))
    }
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

fn write_plain(dictionary: &Dictionary, code: u32, output: &mut Vec<u8>) {
    let value = dictionary.value(code);
    if dictionary.kind() == ColumnKind::Text {
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        output.extend_from_slice(&length.to_le_bytes());
    }
    output.extend_from_slice(value);
}

fn count(length: usize) -> Result<u32, Unreadable> {
    u32::try_from(length).map_err(|_| Unreadable::new("more values than a page can have"))
}

fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The least and the greatest of `values`, and how many cells are null.
fn statistics(dictionary: &Dictionary, values: &[u32], nulls: usize) -> Statistics {
    let nulls = Some(nulls as u64);
    let values = values.iter().map(|code| dictionary.value(*code));
    match dictionary.kind() {
        ColumnKind::Text => {
            let text = |value: &[u8]| ByteArray::from(value.to_vec());
            let (least, most) = (values.clone().min().map(text), values.max().map(text));
            Statistics::byte_array(least, most, None, nulls, false)
        }
        ColumnKind::Integer => {
            let values = values.filter_map(|value| value.try_into().ok().map(i32::from_le_bytes));
            Statistics::int32(values.clone().min(), values.max(), None, nulls, false)
        }
        ColumnKind::Timestamp => {
            let values = values.filter_map(|value| value.try_into().ok().map(i64::from_le_bytes));
            Statistics::int64(values.clone().min(), values.max(), None, nulls, false)
        }
        // Nobody looks for numbers that were measured by their limits, and the two zeros would need care.
        ColumnKind::Float => Statistics::float(None, None, None, nulls, false),
        ColumnKind::Double => Statistics::double(None, None, None, nulls, false),
    }
}
