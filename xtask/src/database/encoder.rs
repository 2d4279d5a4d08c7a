//! Bytes of the database, see `format.rs` of the schema crate.

use std::collections::HashMap;

use super::format;

/// Bytes being written.
#[derive(Default)]
pub(crate) struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A LEB128 integer.
    pub(crate) fn count(&mut self, mut number: u64) {
        loop {
            let low = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return self.bytes.push(low);
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// Three bytes.
    pub(crate) fn offset(&mut self, offset: u32) {
        assert!(offset < 1 << 24, "the database has outgrown its three-byte offsets");
        self.bytes.extend_from_slice(&offset.to_le_bytes()[..3]);
    }

    pub(crate) fn number(&mut self, number: f64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn word(&mut self, word: u32) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A count, then that many offsets.
    pub(crate) fn offsets(&mut self, offsets: &[u32]) {
        self.count(offsets.len() as u64);
        for offset in offsets {
            self.offset(*offset);
        }
    }

    /// How many bytes were written.
    pub(crate) fn position(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("a section is far smaller than 4 GiB")
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Every text once.
pub(crate) struct Strings {
    text: String,
    offsets: HashMap<String, u32>,
}

impl Strings {
    /// A table whose first entry, at offset 0, is the empty text.
    pub(crate) fn new() -> Self {
        let mut strings = Self { text: String::new(), offsets: HashMap::new() };
        strings.intern("");
        strings
    }

    /// The offset of `text`.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(offset) = self.offsets.get(text) {
            return *offset;
        }
        let offset = u32::try_from(self.text.len()).expect("the texts are far smaller than 4 GiB");
        let mut length = text.len();
        loop {
            let digit = u8::try_from(length & 31).expect("five bits");
            length >>= 5;
            let base = if length == 0 { format::LENGTH_LAST } else { format::LENGTH_MORE };
            self.text.push(char::from(base + digit));
            if length == 0 {
                break;
            }
        }
        self.text.push_str(text);
        self.offsets.insert(text.to_owned(), offset);
        offset
    }

    /// The offsets of `texts`, in the order of the texts themselves.
    pub(crate) fn sorted<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        let mut texts: Vec<&str> = texts.into_iter().collect();
        texts.sort_unstable();
        texts.dedup();
        texts.into_iter().map(|text| self.intern(text)).collect()
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
