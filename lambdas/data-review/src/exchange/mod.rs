//! Exchange text: bottle samples and CTD casts.

mod bottle;
mod ctd;
mod table;

use crate::{
    collector::Collector,
    failure::Failure,
    finding::{Code, Place},
    number::bytes_equal,
    text::{Encoding, Lines},
};

/// The line after the last row.
const END_DATA: &[u8] = b"END_DATA";
/// Characters that are kept of keys: the sort keys of the tables have room for so many.
const KEY_CHARACTERS: usize = 64;
/// Characters that are kept of names of columns, and of units.
const NAME_CHARACTERS: usize = 128;
/// Characters that are kept of values in findings.
const VALUE_CHARACTERS: usize = 64;

/// A file that begins with its stamp, behind which this reader stands.
#[derive(Debug)]
struct Text<'a> {
    lines: Lines<'a>,
    /// Where the last header line began.
    line_start: Lines<'a>,
    encoding: Encoding,
}

impl<'a> Text<'a> {
    fn open(content: &'a [u8], collector: &mut Collector<'_>) -> Self {
        let text = match content.strip_prefix(b"\xef\xbb\xbf") {
            Some(text) => {
                collector.find(Code::ByteOrderMark, None, || Place::line(1));
                text
            }
            None => content,
        };
        let (encoding, not_utf8) = Encoding::of(text);
        if let Some(offset) = not_utf8 {
            let line = text[..offset].split(|&byte| byte == b'\n').count() as u64;
            collector.find(Code::NotUtf8, None, || Place::line(line));
        }
        let mut lines = Lines::new(text);
        lines.next();
        Self { line_start: lines.clone(), lines, encoding }
    }

    /// The next line before the rows, without its padding: neither blank nor a comment nor the end.
    fn header_line(&mut self, collector: &mut Collector<'_>) -> Option<(u64, &'a [u8])> {
        loop {
            self.line_start = self.lines.clone();
            let (number, line) = self.lines.next()?;
            let line = line.trim_ascii();
            if line.is_empty() {
                collector.find(Code::BlankLine, None, || Place::line(number));
            } else if line == END_DATA {
                self.unread();
                return None;
            } else if !line.starts_with(b"#") {
                return Some((number, line));
            }
        }
    }

    /// Goes back before the line that [`Self::header_line`] returned last.
    fn unread(&mut self) {
        self.lines = self.line_start.clone();
    }

    /// Calls `each` with the rows: their lines, and their cells with padding. Ends with the checks of the whole text.
    fn rows(
        &mut self,
        collector: &mut Collector<'_>,
        columns: usize,
        mut each: impl FnMut(&mut Collector<'_>, u64, &[&'a [u8]]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut cells = Vec::with_capacity(columns + 1);
        let (mut ended, mut any) = (false, false);
        for (number, line) in self.lines.by_ref() {
            // Rows are many and the end is one: a row is told by its first byte.
            if line.first().is_none_or(|byte| matches!(byte, b'E' | b' ' | b'\t' | b'\r')) {
                let bare = line.trim_ascii();
                if bare == END_DATA {
                    ended = true;
                    break;
                }
                if bare.is_empty() {
                    collector.find(Code::BlankLine, None, || Place::line(number));
                    continue;
                }
            }
            let width = split(line, columns, &mut cells);
            if width == columns {
                any = true;
                each(collector, number, &cells)?;
            } else {
                collector.reject_row();
                collector.find(Code::RowWidth, None, || Place::line(number).with_value(width.to_string()));
            }
        }
        let last = self.lines.number();
        if !ended {
            collector.find(Code::EndDataMissing, None, || Place::line(last));
        }
        if !any {
            collector.find(Code::NoRows, None, || Place::line(last));
        }
        if let Some(first) = self.lines.first_crlf() {
            collector.find(Code::Crlf, None, || Place::line(first));
        }
        Ok(())
    }
}

/// Splits a line at its commas, and returns the number of cells. Cells beyond the columns are counted and not kept.
fn split<'a>(line: &'a [u8], columns: usize, cells: &mut Vec<&'a [u8]>) -> usize {
    cells.clear();
    let mut start = 0;
    let mut count = 1;
    let mut cut = |comma: usize| {
        if count <= columns {
            cells.push(&line[start..comma]);
        }
        count += 1;
        start = comma + 1;
    };
    // Cells have about eight bytes: a search for each comma costs more than a look at eight bytes at a time.
    let (words, rest) = line.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let mut commas = bytes_equal(u64::from_le_bytes(*word), b',');
        while commas != 0 {
            cut(index * 8 + commas.trailing_zeros() as usize / 8);
            commas &= commas - 1;
        }
    }
    for (index, _) in rest.iter().enumerate().filter(|(_, byte)| **byte == b',') {
        cut(words.len() * 8 + index);
    }
    if count <= columns {
        cells.push(&line[start..]);
    }
    count
}

/// Reviews a file that begins with `BOTTLE` or `CTD`, or a member of an archive that does.
pub(crate) fn review(content: &[u8], collector: &mut Collector<'_>, is_ctd: bool) -> Result<(), Failure> {
    let text = Text::open(content, collector);
    if is_ctd { ctd::review(text, collector) } else { bottle::review(text, collector) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_splits_at_every_comma() {
        let mut cells = Vec::new();
        assert_eq!(split(b"a,,b ", 3, &mut cells), 3);
        assert_eq!(cells, [&b"a"[..], b"", b"b "]);
        assert_eq!(split(b"", 1, &mut cells), 1);
        assert_eq!(split(b"a,", 1, &mut cells), 2);
        assert_eq!(split(b",,,,,,", 2, &mut cells), 7);
        assert_eq!(cells, [b"", b""]);
        assert_eq!(split(b"-12.3456,2,-999.0000,9,,x", 6, &mut cells), 6);
        assert_eq!(cells, [&b"-12.3456"[..], b"2", b"-999.0000", b"9", b"", b"x"]);
    }
}
