//! Bytes as text: encodings, lines, and texts that are kept only up to a length.

use std::borrow::Cow;

/// The text, cut after so many characters.
pub(crate) fn clipped(mut text: String, characters: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(characters) {
        text.truncate(end);
    }
    text
}

/// How the bytes of a file are read as characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Latin1,
}

impl Encoding {
    /// UTF-8, or Latin-1 and the offset of the first byte that is no UTF-8.
    pub(crate) fn of(content: &[u8]) -> (Self, Option<usize>) {
        match std::str::from_utf8(content) {
            Ok(_) => (Self::Utf8, None),
            Err(error) => (Self::Latin1, Some(error.valid_up_to())),
        }
    }

    /// The characters of some bytes, at most so many of them.
    pub(crate) fn decode(self, bytes: &[u8], characters: usize) -> String {
        match self {
            // The limit may cut a character, whose rest `from_utf8_lossy` replaces and `take` drops again.
            Self::Utf8 => {
                let enough = &bytes[..bytes.len().min(characters.saturating_mul(4))];
                String::from_utf8_lossy(enough).chars().take(characters).collect()
            }
            Self::Latin1 => bytes.iter().take(characters).map(|&byte| char::from(byte)).collect(),
        }
    }
}

/// The lines of a text with their numbers, from 1. The last line may lack its end.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    rest: &'a [u8],
    number: u64,
    first_crlf: Option<u64>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { rest: text, number: 0, first_crlf: None }
    }

    /// The first of the lines read so far that ended in a carriage return and a line feed.
    pub(crate) fn first_crlf(&self) -> Option<u64> {
        self.first_crlf
    }

    /// The number of the line that was read last.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let (line, rest) = match memchr::memchr(b'\n', self.rest) {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &self.rest[self.rest.len()..]),
        };
        self.rest = rest;
        let line = match line.split_last() {
            Some((b'\r', line)) => {
                self.first_crlf.get_or_insert(self.number);
                line
            }
            _ => line,
        };
        Some((self.number, line))
    }
}

/// A cell without its padding: what `trim_ascii` gives.
///
/// Cells are padded with blanks in front, and the number of these varies from one to the next, so that a loop over them is
/// mispredicted at nearly every cell. Here they are counted at once, in one word, whose lowest byte is the first.
#[inline]
pub(crate) fn unpadded(cell: &[u8]) -> &[u8] {
    let blanks = match cell.first_chunk::<8>() {
        Some(word) => (u64::from_le_bytes(*word) ^ u64::from_ne_bytes([b' '; 8])).trailing_zeros() as usize / 8,
        None => 0,
    };
    let rest = &cell[blanks..];
    match rest {
        [first, .., last] if *first > b' ' && *last > b' ' => rest,
        [only] if *only > b' ' => rest,
        _ => rest.trim_ascii(),
    }
}

/// Bytes from elsewhere as text for a message: no control characters, at most 200 characters.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text: Cow<'_, str> = String::from_utf8_lossy(&bytes[..bytes.len().min(800)]);
    text.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cells_lose_their_padding(cell in "[ \\t\r\u{b}\u{0}.0-9é]{0,20}") {
            prop_assert_eq!(unpadded(cell.as_bytes()), cell.as_bytes().trim_ascii());
        }

        #[test]
        fn padded_numbers_lose_their_padding(front in 0_usize..14, number in "-?[0-9]{0,5}", back in 0_usize..3) {
            let cell = format!("{}{number}{}", " ".repeat(front), " ".repeat(back));
            prop_assert_eq!(unpadded(cell.as_bytes()), number.as_bytes());
        }
    }

    #[test]
    fn lines_have_numbers_and_no_ends() {
        let mut lines = Lines::new(b"a\r\n\nb");
        assert_eq!(lines.by_ref().collect::<Vec<_>>(), [(1, &b"a"[..]), (2, b""), (3, b"b")]);
        assert_eq!((lines.first_crlf(), lines.number()), (Some(1), 3));
        assert_eq!(Lines::new(b"").count(), 0);
        assert_eq!(Lines::new(b"\n").count(), 1);
    }

    #[test]
    fn latin_1_is_read_where_utf_8_cannot_be() {
        assert_eq!(Encoding::of("Gauß".as_bytes()), (Encoding::Utf8, None));
        let (encoding, bad) = Encoding::of(b"Gau\xdf");
        assert_eq!((encoding, bad), (Encoding::Latin1, Some(3)));
        assert_eq!(encoding.decode(b"Gau\xdf", 10), "Gauß");
        assert_eq!(Encoding::Utf8.decode("ßßß".as_bytes(), 2), "ßß");
    }
}
