use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::*;

fn read_text(bytes: &[u8]) -> Result<Vec<(String, String)>, FastaError> {
    let records = records(bytes, "file.fa")?;
    Ok(records.into_iter().map(|record| (record.name, String::from_utf8(record.letters).unwrap())).collect())
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, letters)| ((*name).to_owned(), (*letters).to_owned())).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn records_are_told_apart() {
    let text = b">one first record\r\nACGT\r\n\r\nacgu\r\n>two\nNN-*\n\n>empty\n>three\tthird\nA";
    let expected = pairs(&[("one", "ACGTACGT"), ("two", "NN-*"), ("empty", ""), ("three", "A")]);
    assert_eq!(read_text(text).unwrap(), expected);
    let (first, second) = text.split_at(33);
    assert_eq!(read_text(&gzip(text)).unwrap(), expected);
    assert_eq!(read_text(&[gzip(first), gzip(second), gzip(b"")].concat()).unwrap(), expected);
}

#[test]
fn without_header_the_file_is_the_record() {
    assert_eq!(read_text(b"ACGT\nAC").unwrap(), pairs(&[("file.fa", "ACGTAC")]));
    assert_eq!(read_text(b"\n\nAC\n>b\nGT").unwrap(), pairs(&[("file.fa", "AC"), ("b", "GT")]));
    assert_eq!(read_text(b">").unwrap(), pairs(&[("", "")]));
}

#[test]
fn wrong_bytes_are_told_with_their_line() {
    for (text, line, wrong) in [
        (&b">a\nAC\nA1\n"[..], 3, b'1'),
        (b"AC\0GT", 1, 0),
        (b"AC GT", 1, b' '),
        (b">a\nAC\rGT\n", 2, b'\r'),
        (b">a\0b\nAC\n", 1, 0),
        (b">a b\0\nAC\n", 1, 0),
        (b"A\n;comment\n", 2, b';'),
        (b"\n\nA>B", 3, b'>'),
    ] {
        let error = read_text(text).unwrap_err();
        assert!(error.is_content());
        assert!(
            matches!(error.problem, Problem::Byte { line: at, byte } if at == line && byte == wrong),
            "{error} for {}",
            text.escape_ascii()
        );
    }
    assert_eq!(
        read_text(b"A\nAC\0").unwrap_err().to_string(),
        r"file.fa, line 2: '\x00' is no letter of a sequence: remove it"
    );
}

#[test]
fn files_without_sequence_and_long_names_are_refused() {
    assert!(matches!(read_text(b"").unwrap_err().problem, Problem::Empty));
    assert!(matches!(read_text(b"\n\r\n").unwrap_err().problem, Problem::Empty));
    let long = [b">".as_slice(), &[b'x'; 1_025], b"\nA"].concat();
    assert!(matches!(read_text(&long).unwrap_err().problem, Problem::Name { line: 1 }));
}

#[test]
fn a_cut_or_damaged_gzip_is_the_fault_of_the_file() {
    let whole = gzip(&b">a\nACGTACCGTTAGGCATTACGAC\n".repeat(500));
    for length in [3, 12, whole.len() / 2, whole.len() - 1] {
        let error = read_text(&whole[..length]).unwrap_err();
        assert!(matches!(error.problem, Problem::Compression(_)), "{length}: {error}");
    }
    let mut damaged = whole.clone();
    let last = damaged.len() - 6;
    damaged[last] ^= 1;
    assert!(matches!(read_text(&damaged).unwrap_err().problem, Problem::Compression(_)));
}

struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() { Err(io::ErrorKind::TimedOut.into()) } else { self.0.read(buffer) }
    }
}

#[test]
fn an_input_that_fails_is_not_the_fault_of_the_file() {
    let plain = records(Broken(b">a\nACGT\n"), "a").unwrap_err();
    let packed = records(Broken(&gzip(b">a\nACGT\n")[..20]), "a").unwrap_err();
    assert!(!plain.is_content() && !packed.is_content(), "{plain} {packed}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = records(bytes.as_slice(), "any");
    }

    #[test]
    fn the_size_of_the_chunks_does_not_matter(text in "(>[a-z ]{0,6}|[ACGTNacgtn*-]{0,9})((\r?\n)(>[a-z ]{0,6}|[ACGTNacgtn*-]{0,9})){0,9}", size in 1_usize..7) {
        let mut events = [Vec::new(), Vec::new()];
        for (events, size) in events.iter_mut().zip([size, 1_000]) {
            let mut parser = Parser::new("f");
            let mut sink = |event: Event<'_>| match event {
                Event::Record(name) => events.push(name.as_bytes().to_vec()),
                Event::Letters(letters) => {
                    if let Some(last) = events.last_mut() {
                        last.push(b'|');
                        last.extend_from_slice(letters);
                        last.retain(|byte| *byte != b'|');
                    }
                }
            };
            for chunk in text.as_bytes().chunks(size) {
                parser.feed(chunk, &mut sink).unwrap();
            }
            let _ = parser.finish(&mut sink);
        }
        prop_assert_eq!(&events[0], &events[1]);
    }
}
