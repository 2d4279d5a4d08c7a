//! FASTA, plain or gzip, read as a stream.

use std::{
    error::Error,
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

/// Bytes that are read at once.
const BUFFER: usize = 128 * 1024;
/// Bytes that the name of a record may have.
const NAME_BYTES: usize = 1_024;

/// What a FASTA file is made of, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A record begins; its name is the header up to whitespace.
    Record(&'a str),
    /// Letters of the record, `*` and `-` among them, in the case that they have. A line may come in several of these.
    Letters(&'a [u8]),
}

/// Why a file is no FASTA, or could not be read.
#[derive(Debug)]
pub struct FastaError {
    /// Name of the file.
    pub file: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// A byte that no sequence has.
    Byte {
        /// The line, from 1.
        line: u64,
        /// The byte.
        byte: u8,
    },
    /// A name of more than 1,024 bytes.
    Name {
        /// The line, from 1.
        line: u64,
    },
    /// Damaged or cut gzip.
    Compression(io::Error),
    /// The file has no record.
    Empty,
    /// The file could not be read.
    Input(io::Error),
}

impl FastaError {
    /// Whether the content is at fault, so that trying again changes nothing.
    pub fn is_content(&self) -> bool {
        !matches!(self.problem, Problem::Input(_))
    }
}

impl fmt::Display for FastaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.file;
        match &self.problem {
            Problem::Byte { line, byte } => write!(
                formatter,
                "{file}, line {line}: '{}' is no letter of a sequence: remove it",
                byte.escape_ascii()
            ),
            Problem::Name { line } => {
                write!(formatter, "{file}, line {line}: the name has more than {NAME_BYTES} bytes: shorten it")
            }
            Problem::Compression(error) => write!(formatter, "{file}: the gzip data are damaged or cut short: {error}"),
            Problem::Empty => write!(formatter, "{file}: there is no sequence in it"),
            Problem::Input(error) => write!(formatter, "{file}: {error}"),
        }
    }
}

impl Error for FastaError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.problem {
            Problem::Compression(error) | Problem::Input(error) => Some(error),
            _ => None,
        }
    }
}

/// Reads the file at `path` and hands over what it is made of.
///
/// Without a header the file is one record with its own name.
pub fn read_file(path: &Path, sink: &mut dyn FnMut(Event<'_>)) -> Result<(), FastaError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let file = File::open(path)
        .map_err(|error| FastaError { file: path.display().to_string(), problem: Problem::Input(error) })?;
    read(file, &name, sink)
}

/// Reads a file of the name `file` and hands over what it is made of.
pub fn read(input: impl Read, file: &str, sink: &mut dyn FnMut(Event<'_>)) -> Result<(), FastaError> {
    parse(input, file, sink).map_err(|problem| FastaError { file: file.to_owned(), problem })
}

fn parse(input: impl Read, file: &str, sink: &mut dyn FnMut(Event<'_>)) -> Result<(), Problem> {
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut parser = Parser::new(file);
    if input.fill_buf().map_err(Problem::Input)?.starts_with(&[0x1f, 0x8b]) {
        let mut source = Watched { inner: input, failed: false };
        let mut text = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(&mut source));
        let outcome = parser.feed_all(&mut text, sink);
        drop(text);
        match outcome {
            Err(Problem::Input(error)) if !source.failed => return Err(Problem::Compression(error)),
            other => other?,
        }
    } else {
        parser.feed_all(&mut input, sink)?;
    }
    parser.finish(sink)
}

/// Remembers whether an error came from the file, and not from the gzip in it.
struct Watched<R> {
    inner: R,
    failed: bool,
}

impl<R: BufRead> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|_| self.failed = true)
    }
}

impl<R: BufRead> BufRead for Watched<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf().inspect_err(|_| self.failed = true)
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
    }
}

/// Where in a line the parser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    Name,
    Description,
    Letters,
    /// After a carriage return, which only the end of the line may follow.
    Return,
}

#[derive(Debug)]
struct Parser<'a> {
    file: &'a str,
    line: u64,
    place: Place,
    name: Vec<u8>,
    in_record: bool,
}

impl<'a> Parser<'a> {
    fn new(file: &'a str) -> Self {
        Self { file, line: 1, place: Place::Start, name: Vec::new(), in_record: false }
    }

    fn feed_all(&mut self, input: &mut impl BufRead, sink: &mut dyn FnMut(Event<'_>)) -> Result<(), Problem> {
        loop {
            let bytes = match input.fill_buf() {
                Ok([]) => return Ok(()),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Problem::Input(error)),
            };
            let length = bytes.len();
            self.feed(bytes, sink)?;
            input.consume(length);
        }
    }

    fn feed(&mut self, mut bytes: &[u8], sink: &mut dyn FnMut(Event<'_>)) -> Result<(), Problem> {
        while let Some(&first) = bytes.first() {
            if first == b'\n' {
                self.end_line(sink);
                bytes = &bytes[1..];
                continue;
            }
            match self.place {
                Place::Start if first == b'>' => {
                    self.name.clear();
                    self.place = Place::Name;
                    bytes = &bytes[1..];
                }
                Place::Start | Place::Letters => {
                    let length = bytes.iter().position(|byte| !is_letter(*byte)).unwrap_or(bytes.len());
                    let (letters, rest) = bytes.split_at(length);
                    if !letters.is_empty() {
                        if !self.in_record {
                            self.in_record = true;
                            sink(Event::Record(self.file));
                        }
                        sink(Event::Letters(letters));
                        self.place = Place::Letters;
                    }
                    bytes = rest;
                    match rest.first() {
                        None | Some(b'\n') => {}
                        Some(b'\r') => {
                            self.place = Place::Return;
                            bytes = &rest[1..];
                        }
                        Some(&byte) => return Err(Problem::Byte { line: self.line, byte }),
                    }
                }
                Place::Name => {
                    let length = bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len());
                    let (part, rest) = bytes.split_at(length);
                    if self.name.len() + part.len() > NAME_BYTES {
                        return Err(Problem::Name { line: self.line });
                    }
                    if let Some(&byte) = part.iter().find(|byte| byte.is_ascii_control()) {
                        return Err(Problem::Byte { line: self.line, byte });
                    }
                    self.name.extend_from_slice(part);
                    if rest.first().is_some_and(|byte| *byte != b'\n') {
                        self.place = Place::Description;
                    }
                    bytes = rest;
                }
                Place::Description => {
                    let length = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
                    if bytes[..length].contains(&0) {
                        return Err(Problem::Byte { line: self.line, byte: 0 });
                    }
                    bytes = &bytes[length..];
                }
                Place::Return => return Err(Problem::Byte { line: self.line, byte: b'\r' }),
            }
        }
        Ok(())
    }

    fn end_line(&mut self, sink: &mut dyn FnMut(Event<'_>)) {
        if matches!(self.place, Place::Name | Place::Description) {
            self.in_record = true;
            sink(Event::Record(&String::from_utf8_lossy(&self.name)));
        }
        self.place = Place::Start;
        self.line += 1;
    }

    fn finish(mut self, sink: &mut dyn FnMut(Event<'_>)) -> Result<(), Problem> {
        self.end_line(sink);
        if self.in_record { Ok(()) } else { Err(Problem::Empty) }
    }
}

#[inline]
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'*' || byte == b'-'
}

/// A sequence in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Its letters in upper case, with T for U.
    pub letters: Vec<u8>,
}

/// Reads all records of a file of the name `file` into memory.
pub fn records(input: impl Read, file: &str) -> Result<Vec<Record>, FastaError> {
    let mut records: Vec<Record> = Vec::new();
    read(input, file, &mut |event| match event {
        Event::Record(name) => records.push(Record { name: name.to_owned(), letters: Vec::new() }),
        Event::Letters(letters) => {
            if let Some(record) = records.last_mut() {
                record.letters.extend(letters.iter().map(|letter| match letter.to_ascii_uppercase() {
                    b'U' => b'T',
                    upper => upper,
                }));
            }
        }
    })?;
    Ok(records)
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests;
