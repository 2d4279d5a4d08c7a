//! Reading the tables.

use super::format;

/// The texts of the database. Being text for the compiler, they need no check when the program starts.
static STRINGS: &str = include_str!("../../data/strings.txt");

/// The offset of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Symbol(u32);

impl Symbol {
    pub(crate) fn text(self) -> &'static str {
        let bytes = STRINGS.as_bytes();
        let (mut position, mut length, mut shift) = (self.0 as usize, 0usize, 0);
        loop {
            let digit = bytes[position];
            position += 1;
            if digit >= format::LENGTH_MORE {
                length |= usize::from(digit - format::LENGTH_MORE) << shift;
                shift += 5;
            } else {
                length |= usize::from(digit - format::LENGTH_LAST) << shift;
                return &STRINGS[position..position + length];
            }
        }
    }
}

/// A position in a section.
///
/// The database is part of the program and was checked when it was made, so reading beyond its end is a bug that panics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    bytes: &'static [u8],
}

impl Reader {
    pub(crate) const fn new(bytes: &'static [u8]) -> Self {
        Self { bytes }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        let (byte, rest) = self.bytes.split_first().expect("the database is whole");
        self.bytes = rest;
        *byte
    }

    /// A LEB128 integer.
    pub(crate) fn count(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    /// A LEB128 integer that is the length of something in memory.
    pub(crate) fn length(&mut self) -> usize {
        usize::try_from(self.count()).expect("lengths in the database are small")
    }

    pub(crate) fn offset(&mut self) -> u32 {
        let bytes = self.take(3);
        u32::from(bytes[0]) | u32::from(bytes[1]) << 8 | u32::from(bytes[2]) << 16
    }

    pub(crate) fn symbol(&mut self) -> Symbol {
        Symbol(self.offset())
    }

    pub(crate) fn word(&mut self) -> u32 {
        let bytes = self.take(4);
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    pub(crate) fn number(&mut self) -> f64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8));
        f64::from_le_bytes(bytes)
    }

    pub(crate) fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        taken
    }

    /// A count, then that many entries of `size` bytes.
    pub(crate) fn table(&mut self, size: usize) -> Table {
        let length = self.length();
        Table { bytes: self.take(length * size), size }
    }

    /// A count, then that many symbols.
    pub(crate) fn symbols(&mut self) -> Symbols {
        Symbols(self.table(3))
    }
}

/// Entries of one size, found by number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    bytes: &'static [u8],
    size: usize,
}

impl Table {
    pub(crate) const fn new(bytes: &'static [u8], size: usize) -> Self {
        Self { bytes, size }
    }

    pub(crate) const fn len(&self) -> usize {
        self.bytes.len() / self.size
    }

    pub(crate) fn entry(&self, index: usize) -> Reader {
        Reader::new(&self.bytes[index * self.size..][..self.size])
    }

    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = Reader> {
        self.bytes.chunks_exact(self.size).map(Reader::new)
    }

    /// The entry whose name, the symbol that it begins with, is `name`. The entries are in order of their names.
    pub(crate) fn find(&self, name: &str) -> Option<Reader> {
        self.position(name).map(|index| {
            let mut entry = self.entry(index);
            entry.symbol();
            entry
        })
    }

    /// The number of the entry whose name is `name`.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.entry(middle).symbol().text().cmp(name) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// A list of texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Symbols(Table);

impl Symbols {
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.0.iter().map(|mut entry| entry.symbol().text())
    }

    /// Whether `text` is one of the texts, which are in order.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.0.position(text).is_some()
    }
}
