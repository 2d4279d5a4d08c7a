//! The rows of a CSV body, with their places.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::failure_of;
use crate::contract::{Failure, FailureClass, Source};

/// Characters of a first line that a message shows.
const SHOWN_CHARACTERS: usize = 60;

/// A body, read row by row.
pub(super) struct Rows<'b> {
    body: &'b [u8],
    reader: Reader<&'b [u8]>,
    record: ByteRecord,
    header: (usize, usize),
}

/// Where a row is.
pub(super) struct Row {
    /// Its line, the header being 1.
    pub(super) line: u64,
    /// Its bytes within the body.
    pub(super) text: (usize, usize),
}

impl<'b> Rows<'b> {
    /// The rows of `body`, and the numbers of the columns that are named.
    pub(super) fn new<const N: usize>(
        source: Source,
        body: &'b [u8],
        names: [&str; N],
    ) -> Result<(Self, [usize; N]), Failure> {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(body);
        let mut rows = Self { body, reader, record: ByteRecord::new(), header: (0, 0) };
        let Some(header) = rows.next() else {
            return Err(failure_of(source, FailureClass::NoRows, "is empty"));
        };
        rows.header = header.text;
        let mut columns = [0; N];
        for (column, name) in columns.iter_mut().zip(names) {
            let found = rows.record.iter().position(|field| field.trim_ascii() == name.as_bytes());
            *column = found.ok_or_else(|| failure_of(source, FailureClass::MissingColumn, &rows.missing(name)))?;
        }
        Ok((rows, columns))
    }

    /// Goes to the next row; none at the end.
    pub(super) fn next(&mut self) -> Option<Row> {
        // Bytes in memory, records of any length: there is nothing that a reader could refuse.
        if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let place = |byte: u64| usize::try_from(byte).map_or(self.body.len(), |byte| byte.min(self.body.len()));
        let (mut start, mut line) = self.record.position().map_or((0, 1), |at| (place(at.byte()), at.line()));
        // The reader leaves the second half of a line's end, and empty lines, to the next row.
        while let Some(end @ (b'\r' | b'\n')) = self.body.get(start) {
            start += 1;
            line += u64::from(*end == b'\n');
        }
        let end = place(self.reader.position().byte()).max(start);
        Some(Row { line, text: (start, end) })
    }

    /// The fields of the row.
    pub(super) fn record(&self) -> &ByteRecord {
        &self.record
    }

    /// A field of the row; none when the row ends before it.
    pub(super) fn field(&self, column: usize) -> Option<&[u8]> {
        self.record.get(column)
    }

    /// The text of a row, without the end of its line.
    pub(super) fn text(&self, (start, end): (usize, usize)) -> &'b [u8] {
        self.body.get(start..end).unwrap_or_default().trim_ascii_end()
    }

    /// The text of the header.
    pub(super) fn header(&self) -> &'b [u8] {
        self.text(self.header)
    }

    fn missing(&self, name: &str) -> String {
        let header = self.header();
        let shown = String::from_utf8_lossy(&header[..header.len().min(4 * SHOWN_CHARACTERS)]);
        let line: String = shown.lines().next().unwrap_or_default().chars().take(SHOWN_CHARACTERS).collect();
        let page = if header.trim_ascii_start().starts_with(b"<") { ": that is a web page, not CSV" } else { "" };
        format!("has no column `{name}` in line 1, which is `{line}`{page}")
    }
}
