//! What a file's footer says of it.

use super::Unreadable;
use super::thrift::Reader;

/// The bytes that a file begins and ends with.
const MAGIC: &[u8; 4] = b"PAR1";

/// The footer, as far as it is of use here.
#[derive(Debug, Clone, Default)]
pub(super) struct Footer {
    /// The root of the schema first, then its columns.
    pub(super) schema: Vec<Element>,
    pub(super) groups: Vec<Group>,
    /// Keys with values.
    pub(super) entries: Vec<(String, Option<String>)>,
}

/// An element of the schema. Numbers are those of the format's definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) physical: Option<i64>,
    pub(super) repetition: Option<i64>,
    pub(super) children: usize,
    /// The type's meaning as older writers say it.
    pub(super) converted: Option<i64>,
    pub(super) logical: Option<Logical>,
}

/// What the values of a column mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Logical {
    Text,
    /// Microseconds, UTC.
    Timestamp,
    Other,
}

/// A row group.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) rows: usize,
    pub(super) chunks: Vec<Chunk>,
}

/// The cells of a column in a row group.
#[derive(Debug, Clone, Default)]
pub(super) struct Chunk {
    pub(super) codec: i64,
    /// Where its pages begin.
    pub(super) start: usize,
    /// The bytes of its pages.
    pub(super) length: usize,
    pub(super) limits: Option<Limits>,
}

/// The least value of a column, or something below it; and the greatest, or something above.
pub(super) type Limits = (Vec<u8>, Vec<u8>);

impl Footer {
    /// Reads the footer at the end of a file.
    pub(super) fn read(file: &[u8]) -> Result<Self, Unreadable> {
        let none = || Unreadable::new("no Parquet file");
        let body = file.strip_prefix(MAGIC).and_then(|rest| rest.strip_suffix(MAGIC)).ok_or_else(none)?;
        let (body, length) = body.split_last_chunk::<4>().ok_or_else(none)?;
        let length = u32::from_le_bytes(*length) as usize;
        let start = body.len().checked_sub(length).ok_or_else(|| Unreadable::new("its footer is not within it"))?;
        let (mut footer, mut reader) = (Self::default(), Reader::new(&body[start..]));
        let mut before = 0;
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                2 => footer.schema = reader.structures(field, Element::read)?,
                4 => footer.groups = reader.structures(field, Group::read)?,
                5 => footer.entries = reader.structures(field, entry)?,
                _ => reader.skip(field)?,
            }
        }
        Ok(footer)
    }
}

impl Element {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let (mut element, mut before) = (Self::default(), 0);
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                1 => element.physical = Some(reader.integer(field)?),
                3 => element.repetition = Some(reader.integer(field)?),
                4 => element.name = reader.text(field)?,
                5 => element.children = reader.count(field)?,
                6 => element.converted = Some(reader.integer(field)?),
                10 => element.logical = Some(reader.structure(field, Logical::read)?),
                _ => reader.skip(field)?,
            }
        }
        Ok(element)
    }
}

impl Logical {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let (mut logical, mut before) = (Self::Other, 0);
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                1 => {
                    logical = Self::Text;
                    reader.skip(field)?;
                }
                8 if reader.structure(field, is_utc_microseconds)? => logical = Self::Timestamp,
                8 => {}
                _ => reader.skip(field)?,
            }
        }
        Ok(logical)
    }
}

fn is_utc_microseconds(reader: &mut Reader<'_>) -> Result<bool, Unreadable> {
    let (mut is_utc, mut is_microseconds, mut before) = (false, false, 0);
    while let Some(field) = reader.field(&mut before)? {
        match field.id {
            1 => is_utc = field.truth()?,
            2 => is_microseconds = reader.structure(field, |reader| unit(reader, 2))?,
            _ => reader.skip(field)?,
        }
    }
    Ok(is_utc && is_microseconds)
}

/// Whether a union is its member `wanted`.
fn unit(reader: &mut Reader<'_>, wanted: i16) -> Result<bool, Unreadable> {
    let (mut found, mut before) = (false, 0);
    while let Some(field) = reader.field(&mut before)? {
        found |= field.id == wanted;
        reader.skip(field)?;
    }
    Ok(found)
}

impl Group {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let (mut group, mut before) = (Self::default(), 0);
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                1 => group.chunks = reader.structures(field, Chunk::read)?,
                3 => group.rows = reader.count(field)?,
                _ => reader.skip(field)?,
            }
        }
        Ok(group)
    }
}

impl Chunk {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let (mut chunk, mut before) = (None, 0);
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                1 => return Err(Unreadable::new("a column in another file")),
                3 => chunk = Some(reader.structure(field, Self::read_metadata)?),
                _ => reader.skip(field)?,
            }
        }
        chunk.ok_or_else(|| Unreadable::new("a column without metadata"))
    }

    fn read_metadata(reader: &mut Reader<'_>) -> Result<Self, Unreadable> {
        let (mut chunk, mut before) = (Self::default(), 0);
        // Some writers say 0 where there is no dictionary.
        let (mut data, mut dictionary) = (0, 0);
        while let Some(field) = reader.field(&mut before)? {
            match field.id {
                4 => chunk.codec = reader.integer(field)?,
                7 => chunk.length = reader.count(field)?,
                9 => data = reader.count(field)?,
                11 => dictionary = reader.count(field)?,
                12 => chunk.limits = reader.structure(field, limits)?,
                _ => reader.skip(field)?,
            }
        }
        chunk.start = if dictionary > 0 { dictionary.min(data) } else { data };
        Ok(chunk)
    }
}

fn limits(reader: &mut Reader<'_>) -> Result<Option<Limits>, Unreadable> {
    let (mut least, mut most, mut before) = (None, None, 0);
    while let Some(field) = reader.field(&mut before)? {
        match field.id {
            5 => most = Some(reader.bytes(field)?.to_vec()),
            6 => least = Some(reader.bytes(field)?.to_vec()),
            _ => reader.skip(field)?,
        }
    }
    Ok(least.zip(most))
}

fn entry(reader: &mut Reader<'_>) -> Result<(String, Option<String>), Unreadable> {
    let (mut key, mut value, mut before) = (String::new(), None, 0);
    while let Some(field) = reader.field(&mut before)? {
        match field.id {
            1 => key = reader.text(field)?,
            2 => value = Some(reader.text(field)?),
            _ => reader.skip(field)?,
        }
    }
    Ok((key, value))
}
