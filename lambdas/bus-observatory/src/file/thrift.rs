//! Thrift's compact protocol, in which Parquet's footers and the headers of pages are written.
//!
//! Any bytes are values or an error: nothing here panics, and nothing is allocated because a number says so.

use super::Unreadable;

/// How deep values that nobody asked for may be nested.
const MAXIMUM_DEPTH: u32 = 16;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    True,
    False,
    Byte,
    Integer,
    Double,
    Bytes,
    List,
    Map,
    Structure,
}

/// A field of a structure: its number, and what [`Reader`] needs to read its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) id: i16,
    kind: Kind,
}

/// Reads values one after the other.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    input: &'a [u8],
}

fn early() -> Unreadable {
    Unreadable::new("its metadata end early")
}

fn another() -> Unreadable {
    Unreadable::new("its metadata have a value of another type")
}

impl Field {
    /// The value, which is a truth.
    pub(super) fn truth(self) -> Result<bool, Unreadable> {
        match self.kind {
            Kind::True => Ok(true),
            Kind::False => Ok(false),
            _ => Err(another()),
        }
    }
}

impl Kind {
    fn of(number: u8) -> Result<Self, Unreadable> {
        Ok(match number {
            1 => Self::True,
            2 => Self::False,
            3 => Self::Byte,
            4..=6 => Self::Integer,
            7 => Self::Double,
            8 => Self::Bytes,
            9 | 10 => Self::List,
            11 => Self::Map,
            12 => Self::Structure,
            _ => return Err(another()),
        })
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { input }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.input
    }

    /// The next field of a structure, none at its end. `before` is the number of the field before it, 0 at first.
    pub(super) fn field(&mut self, before: &mut i16) -> Result<Option<Field>, Unreadable> {
        let header = self.byte()?;
        if header == 0 {
            return Ok(None);
        }
        let id = match header >> 4 {
            0 => i16::try_from(self.zigzag()?).map_err(|_| another())?,
            step => before.checked_add(i16::from(step)).ok_or_else(another)?,
        };
        *before = id;
        Ok(Some(Field { id, kind: Kind::of(header & 0x0f)? }))
    }

    /// The value of a field: an integer of any size.
    pub(super) fn integer(&mut self, field: Field) -> Result<i64, Unreadable> {
        if field.kind == Kind::Integer { self.zigzag() } else { Err(another()) }
    }

    /// The value of a field: a count, which is not negative.
    pub(super) fn count(&mut self, field: Field) -> Result<usize, Unreadable> {
        usize::try_from(self.integer(field)?).map_err(|_| Unreadable::new("its metadata have a number below zero"))
    }

    /// The value of a field: bytes.
    pub(super) fn bytes(&mut self, field: Field) -> Result<&'a [u8], Unreadable> {
        if field.kind == Kind::Bytes { self.run() } else { Err(another()) }
    }

    /// The value of a field: a text. What is no UTF-8 is replaced.
    pub(super) fn text(&mut self, field: Field) -> Result<String, Unreadable> {
        Ok(String::from_utf8_lossy(self.bytes(field)?).into_owned())
    }

    /// The value of a field: a list of structures, each of which `read` reads to its end.
    pub(super) fn structures<T>(
        &mut self,
        field: Field,
        mut read: impl FnMut(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let (length, kind) = self.list(field)?;
        if kind != Kind::Structure {
            return Err(another());
        }
        let mut values = Vec::new();
        for _ in 0..length {
            values.push(read(self)?);
        }
        Ok(values)
    }

    /// The value of a field: a structure, which `read` reads to its end.
    pub(super) fn structure<T>(
        &mut self,
        field: Field,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        if field.kind == Kind::Structure { read(self) } else { Err(another()) }
    }

    /// Reads over the value of a field.
    pub(super) fn skip(&mut self, field: Field) -> Result<(), Unreadable> {
        self.skip_value(field.kind, 0)
    }

    fn skip_value(&mut self, kind: Kind, depth: u32) -> Result<(), Unreadable> {
        if depth == MAXIMUM_DEPTH {
            return Err(Unreadable::new("its metadata are nested too deeply"));
        }
        match kind {
            Kind::True | Kind::False => {}
            Kind::Byte => drop(self.byte()?),
            Kind::Integer => drop(self.varint()?),
            Kind::Double => drop(self.take(8)?),
            Kind::Bytes => drop(self.run()?),
            Kind::List => {
                let (length, kind) = self.list_header()?;
                for _ in 0..length {
                    self.skip_element(kind, depth + 1)?;
                }
            }
            Kind::Map => {
                let length = self.varint()?;
                if length > 0 {
                    let kinds = self.byte()?;
                    let (key, value) = (Kind::of(kinds >> 4)?, Kind::of(kinds & 0x0f)?);
                    for _ in 0..length {
                        self.skip_element(key, depth + 1)?;
                        self.skip_element(value, depth + 1)?;
                    }
                }
            }
            Kind::Structure => {
                let mut before = 0;
                while let Some(field) = self.field(&mut before)? {
                    self.skip_value(field.kind, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// Reads over an element of a list or a map, where a truth takes a byte.
    fn skip_element(&mut self, kind: Kind, depth: u32) -> Result<(), Unreadable> {
        match kind {
            Kind::True | Kind::False => self.byte().map(drop),
            kind => self.skip_value(kind, depth),
        }
    }

    fn list(&mut self, field: Field) -> Result<(u64, Kind), Unreadable> {
        if field.kind == Kind::List { self.list_header() } else { Err(another()) }
    }

    fn list_header(&mut self) -> Result<(u64, Kind), Unreadable> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => self.varint()?,
            length => u64::from(length),
        };
        Ok((length, Kind::of(header & 0x0f)?))
    }

    fn run(&mut self) -> Result<&'a [u8], Unreadable> {
        let length = self.varint()?;
        self.take(usize::try_from(length).map_err(|_| early())?)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Unreadable> {
        let (taken, rest) = self.input.split_at_checked(length).ok_or_else(early)?;
        self.input = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        let (byte, rest) = self.input.split_first().ok_or_else(early)?;
        self.input = rest;
        Ok(*byte)
    }

    fn zigzag(&mut self) -> Result<i64, Unreadable> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    fn varint(&mut self) -> Result<u64, Unreadable> {
        varint(&mut self.input).ok_or_else(early)
    }
}

/// A number of seven bits a byte, the lowest first; none when the input ends within it, or when it has no end.
pub(crate) fn varint(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
