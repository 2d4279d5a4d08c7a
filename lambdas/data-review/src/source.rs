//! Bytes that are read by ranges: of a file in memory, or of an object that is somewhere else.

use std::{cell::RefCell, collections::BTreeMap, io, ops::Range};

/// A file that is read by ranges.
pub trait Source {
    /// Size in bytes.
    fn size(&self) -> u64;

    /// Reads from an offset as much as fits into the buffer, or less; nothing only at the end.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl Source for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// Bytes of a block of [`Blocks`]: objects are read in whole blocks.
pub const BLOCK: u64 = 64 << 10;

/// What is known so far of a file that is somewhere else, in whole blocks.
///
/// Reading what is not there fails with [`io::ErrorKind::WouldBlock`], and [`Blocks::missing`] says then what to fetch
/// before the next try. So a look at a file needs neither all of it nor a thread that waits for ranges.
#[derive(Debug)]
pub struct Blocks {
    size: u64,
    known: BTreeMap<u64, Vec<u8>>,
    missing: RefCell<Option<Range<u64>>>,
}

impl Blocks {
    /// A file of this size, of which nothing is known.
    pub fn new(size: u64) -> Self {
        Self { size, known: BTreeMap::new(), missing: RefCell::default() }
    }

    /// How many blocks are kept.
    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// What the last look at the file needed and did not find: whole blocks.
    pub fn missing(&self) -> Option<Range<u64>> {
        self.missing.borrow().clone()
    }

    /// Adds what was fetched from `start` on, which is the beginning of a block.
    ///
    /// # Errors
    /// When a block is not whole: more of the file was announced than there is.
    pub fn add(&mut self, start: u64, content: &[u8]) -> io::Result<()> {
        *self.missing.borrow_mut() = None;
        let mut offset = start;
        for block in content.chunks(usize::try_from(BLOCK).map_err(io::Error::other)?) {
            let whole = BLOCK.min(self.size.saturating_sub(offset));
            if block.len() as u64 != whole {
                let message = format!("{} bytes at {offset} of a file of {}", block.len(), self.size);
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
            }
            self.known.insert(offset, block.to_vec());
            offset += BLOCK;
        }
        Ok(())
    }
}

impl Source for Blocks {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        let start = offset - offset % BLOCK;
        let Some(block) = self.known.get(&start) else {
            // All that the buffer has room for, so that one request fetches it.
            let end = offset.saturating_add(buffer.len() as u64).next_multiple_of(BLOCK).min(self.size);
            let next = self.known.range(start..).next().map_or(end, |(next, _)| *next);
            *self.missing.borrow_mut() = Some(start..end.min(next));
            return Err(io::ErrorKind::WouldBlock.into());
        };
        let within = usize::try_from(offset - start).map_err(io::Error::other)?;
        let rest = block.get(within..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// Reads a buffer full from an offset, or what there is until the end.
pub(crate) fn read_up_to<S: Source + ?Sized>(source: &S, offset: u64, size: usize) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; size];
    let mut filled = 0;
    while filled < size {
        match source.read_at(offset + filled as u64, &mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    buffer.truncate(filled);
    Ok(buffer)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn content(size: u32) -> Vec<u8> {
        (0..size).map(|number| (number % 251) as u8).collect()
    }

    fn part(content: &[u8], range: &Range<u64>) -> Vec<u8> {
        content[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()].to_vec()
    }

    #[test]
    fn blocks_are_asked_for_once_and_in_one_piece() {
        let content = content(200_000);
        let mut blocks = Blocks::new(content.len() as u64);
        let mut asked = Vec::new();
        for (offset, size) in
            [(0, 20), (65_530, 20), (131_072, 20), (199_990, 20), (200_000, 20), (300_000, 20), (5, 70_000)]
        {
            let found = loop {
                match read_up_to(&blocks, offset, size) {
                    Ok(found) => break found,
                    Err(error) => {
                        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
                        let missing = blocks.missing().unwrap();
                        blocks.add(missing.start, &part(&content, &missing)).unwrap();
                        asked.push(missing);
                    }
                }
            };
            assert_eq!(found, read_up_to(&content[..], offset, size).unwrap());
        }
        assert_eq!(asked, [0..65_536, 65_536..131_072, 131_072..196_608, 196_608..200_000]);
        let wide = Blocks::new(200_000);
        assert!(read_up_to(&wide, 70_000, 100_000).is_err());
        assert_eq!(wide.missing(), Some(65_536..196_608));
    }

    #[test]
    fn a_block_that_is_not_whole_is_an_error() {
        let mut blocks = Blocks::new(100);
        assert_eq!(blocks.add(0, &[0; 3]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        blocks.add(0, &[0; 100]).unwrap();
        assert_eq!((blocks.count(), blocks.missing()), (1, None));
    }
}
