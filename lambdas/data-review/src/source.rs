//! Bytes that are read by ranges: of a file in memory, or of an object that is somewhere else.

use std::{cell::RefCell, io, ops::Range};

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

/// Bytes of a block of [`Ranges`].
const BLOCK: u64 = 64 << 10;
/// Blocks that [`Ranges`] keeps: the end of an archive, its directory and the beginnings of members.
const BLOCKS: usize = 16;

/// A file somewhere else, of which ranges can be had at a cost for each: it reads whole blocks and keeps some.
#[derive(Debug)]
pub struct Ranges<F> {
    size: u64,
    fetch: F,
    blocks: RefCell<Vec<(u64, Vec<u8>)>>,
}

impl<F: Fn(Range<u64>) -> io::Result<Vec<u8>>> Ranges<F> {
    /// A file of this size. `fetch` returns exactly the bytes of a range, which is not empty and ends within the file.
    pub fn new(size: u64, fetch: F) -> Self {
        Self { size, fetch, blocks: RefCell::default() }
    }
}

impl<F: Fn(Range<u64>) -> io::Result<Vec<u8>>> Source for Ranges<F> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        let start = offset - offset % BLOCK;
        let mut blocks = self.blocks.borrow_mut();
        let index = if let Some(index) = blocks.iter().position(|(at, _)| *at == start) {
            index
        } else {
            let end = (start + BLOCK).min(self.size);
            let block = (self.fetch)(start..end)?;
            if block.len() as u64 != end - start {
                let message = format!("{} bytes of the range {start}..{end}", block.len());
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
            }
            if blocks.len() == BLOCKS {
                blocks.remove(0);
            }
            blocks.push((start, block));
            blocks.len() - 1
        };
        let within = usize::try_from(offset - start).map_err(io::Error::other)?;
        let rest = &blocks[index].1[within..];
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
    use std::cell::Cell;

    use super::*;

    #[test]
    fn ranges_are_read_once_a_block() {
        let content: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
        let count = Cell::new(0);
        let ranges = Ranges::new(content.len() as u64, |range: Range<u64>| {
            count.set(count.get() + 1);
            Ok(content[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()].to_vec())
        });
        for offset in [0, 65_530, 131_072, 199_990, 200_000, 300_000] {
            assert_eq!(read_up_to(&ranges, offset, 20).unwrap(), read_up_to(&content[..], offset, 20).unwrap());
        }
        assert_eq!(count.get(), 4);
    }

    #[test]
    fn a_range_that_fails_or_is_short_is_an_error() {
        let broken = Ranges::new(10, |_| Err(io::Error::other("gone")));
        assert_eq!(read_up_to(&broken, 0, 4).unwrap_err().to_string(), "gone");
        let short = Ranges::new(10, |_| Ok(vec![0; 3]));
        assert_eq!(read_up_to(&short, 0, 4).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
