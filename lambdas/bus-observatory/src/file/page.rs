//! The pages of a column: their headers, and their bytes without compression.

use std::fmt;

use bytes::Bytes;

use super::Unreadable;
use super::thrift::Reader;

/// The most bytes of a page: one that says more would fill the memory.
pub(crate) const MAXIMUM_PAGE: usize = 64 << 20;

/// How the values of a page are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// One after the other.
    Plain,
    /// As indices into the dictionary.
    Dictionary,
    /// Integers, or the lengths of texts, as differences.
    Delta,
    /// Texts without their lengths, which are written as differences before them.
    DeltaLength,
    /// Texts without what they have in common with the one before.
    DeltaText,
    /// All first bytes, all second ones, and so on.
    Split,
}

impl Encoding {
    fn of(number: i64) -> Result<Self, Unreadable> {
        Ok(match number {
            0 => Self::Plain,
            2 | 8 => Self::Dictionary,
            5 => Self::Delta,
            6 => Self::DeltaLength,
            7 => Self::DeltaText,
            9 => Self::Split,
            _ => return Err(Unreadable::new(format!("a page of encoding {number}"))),
        })
    }
}

/// For each cell of a page whether it is there.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Levels<'a> {
    /// As run lengths and packed bits.
    Hybrid(&'a [u8]),
    /// As bits, the highest of a byte first: what older writers do.
    Bits(&'a [u8]),
}

/// A page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Page<'a> {
    /// The dictionary of the pages that follow: `count` values, one after the other.
    Dictionary { count: usize, body: &'a [u8] },
    /// `count` cells.
    Data { count: usize, encoding: Encoding, levels: Levels<'a>, body: &'a [u8] },
}

/// How pages are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    None,
    Snappy,
    Zstd,
}

/// The pages of a column in a row group, which are still to be read.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    bytes: Bytes,
    codec: Codec,
}

/// What decompresses pages, and room for the one that was read last. One serves any number of columns.
#[derive(Default)]
pub(crate) struct Room {
    buffer: Vec<u8>,
    snappy: snap::raw::Decoder,
    zstd: zstd::bulk::Decompressor<'static>,
}

impl fmt::Debug for Room {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Room").field("buffer", &self.buffer.len()).finish_non_exhaustive()
    }
}

/// The header of a page.
#[derive(Debug, Default)]
struct Header {
    kind: i64,
    uncompressed: usize,
    compressed: usize,
    count: usize,
    encoding: i64,
    level_encoding: i64,
    /// Of a page of the second kind: the bytes of its two kinds of levels, and whether the rest is compressed.
    levels: (usize, usize),
    is_compressed: bool,
}

/// Numbers of the kinds of pages.
const DATA: i64 = 0;
const INDEX: i64 = 1;
const DICTIONARY: i64 = 2;
const DATA_2: i64 = 3;
/// Number of the encoding of levels as bits.
const BITS: i64 = 4;

fn early() -> Unreadable {
    Unreadable::new("a page ends early")
}

impl Pages {
    /// The pages in `bytes`, which are compressed by the codec of this number.
    pub(super) fn new(bytes: Bytes, codec: i64) -> Result<Self, Unreadable> {
        let codec = match codec {
            0 => Codec::None,
            1 => Codec::Snappy,
            6 => Codec::Zstd,
            _ => return Err(Unreadable::new(format!("pages that are compressed by codec {codec}"))),
        };
        Ok(Self { bytes, codec })
    }

    /// The next page, none at the end.
    pub(crate) fn next<'a>(&'a mut self, room: &'a mut Room) -> Result<Option<Page<'a>>, Unreadable> {
        loop {
            if self.bytes.is_empty() {
                return Ok(None);
            }
            let mut reader = Reader::new(&self.bytes);
            let header = Header::read(&mut reader)?;
            let start = self.bytes.len() - reader.rest().len();
            let end = start.checked_add(header.compressed).filter(|end| *end <= self.bytes.len()).ok_or_else(early)?;
            if header.kind == INDEX {
                drop(self.bytes.split_to(end));
                continue;
            }
            let page = self.bytes.split_to(end).slice(start..);
            room.fill(&header, &page, self.codec)?;
            return header.page(&room.buffer[..header.uncompressed]).map(Some);
        }
    }
}

impl Room {
    /// Fills the buffer with a page's bytes without compression.
    fn fill(&mut self, header: &Header, page: &[u8], codec: Codec) -> Result<(), Unreadable> {
        if header.uncompressed > MAXIMUM_PAGE {
            return Err(Unreadable::new("a page of more bytes than anyone would write"));
        }
        if self.buffer.len() < header.uncompressed {
            self.buffer.resize(header.uncompressed, 0);
        }
        let buffer = &mut self.buffer[..header.uncompressed];
        // Levels of pages of the second kind are not compressed.
        let levels = header.levels.0.checked_add(header.levels.1).ok_or_else(early)?;
        let (levels, body) = page.split_at_checked(levels).ok_or_else(early)?;
        let (start, target) = buffer.split_at_mut_checked(levels.len()).ok_or_else(early)?;
        start.copy_from_slice(levels);
        if target.is_empty() {
            return Ok(());
        }
        let length = match codec {
            Codec::Snappy if header.is_compressed => self.snappy.decompress(body, target).ok(),
            Codec::Zstd if header.is_compressed => self.zstd.decompress_to_buffer(body, target).ok(),
            _ if body.len() == target.len() => {
                target.copy_from_slice(body);
                Some(body.len())
            }
            _ => None,
        };
        if length == Some(target.len()) { Ok(()) } else { Err(Unreadable::new("a page that cannot be decompressed")) }
    }
}

impl Header {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let (mut header, mut before) = (Self { is_compressed: true, ..Self::default() }, 0);
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                1 => header.kind = reader.integer(field)?,
                2 => header.uncompressed = reader.count(field)?,
                3 => header.compressed = reader.count(field)?,
                5 | 7 => reader.structure(field, |reader| header.read_page(reader))?,
                8 => reader.structure(field, |reader| header.read_page_2(reader))?,
                _ => reader.skip(field)?,
            }
        }
        Ok(header)
    }

    fn read_page(&mut self, reader: &mut Reader<'_>) -> Result<(), Unreadable> {
        let mut before = 0;
        while let Some(field) = reader.field(&mut before)? {
            match (field.id, self.kind) {
                (1, _) => self.count = reader.count(field)?,
                (2, _) => self.encoding = reader.integer(field)?,
                (3, DATA) => self.level_encoding = reader.integer(field)?,
                _ => reader.skip(field)?,
            }
        }
        Ok(())
    }

    fn read_page_2(&mut self, reader: &mut Reader<'_>) -> Result<(), Unreadable> {
        let mut before = 0;
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                1 => self.count = reader.count(field)?,
                4 => self.encoding = reader.integer(field)?,
                5 => self.levels.1 = reader.count(field)?,
                6 => self.levels.0 = reader.count(field)?,
                7 => self.is_compressed = field.truth()?,
                _ => reader.skip(field)?,
            }
        }
        Ok(())
    }

    /// The page of these bytes.
    fn page<'a>(&self, bytes: &'a [u8]) -> Result<Page<'a>, Unreadable> {
        let count = self.count;
        if self.kind == DICTIONARY {
            return Ok(Page::Dictionary { count, body: bytes });
        }
        let encoding = Encoding::of(self.encoding)?;
        let (levels, body) = match self.kind {
            DATA if self.level_encoding == BITS => {
                let (levels, body) = bytes.split_at_checked(count.div_ceil(8)).ok_or_else(early)?;
                (Levels::Bits(levels), body)
            }
            DATA => {
                let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(early)?;
                let (levels, body) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(early)?;
                (Levels::Hybrid(levels), body)
            }
            DATA_2 => {
                let (_, rest) = bytes.split_at_checked(self.levels.0).ok_or_else(early)?;
                let (levels, body) = rest.split_at_checked(self.levels.1).ok_or_else(early)?;
                (Levels::Hybrid(levels), body)
            }
            kind => return Err(Unreadable::new(format!("a page of kind {kind}"))),
        };
        Ok(Page::Data { count, encoding, levels, body })
    }
}
