use std::{fs::File, sync::Arc};

use super::{
    super::{
        Index, IndexError, Lists, Occurrences,
        bytes::{u32_at, u64_at},
        places::{Contig, Places},
        planes::Planes,
        slice::{Slice, VALUES},
        table::{Parts, SiteTable},
    },
    ENTRY_BYTES, LIST_BYTES, MAGIC, Metadata, PAGE_BYTES, Section, TRAILER_BYTES,
};

/// Reads at a place of a file, without moving where others read.
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> Result<(), IndexError> {
    #[cfg(unix)]
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)?;
    #[cfg(windows)]
    {
        let mut done = 0;
        while done < buffer.len() {
            match std::os::windows::fs::FileExt::seek_read(file, &mut buffer[done..], offset + done as u64)? {
                0 => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
                read => done += read,
            }
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: u32,
    checksum: u32,
    offset: u64,
    bytes: u64,
}

struct Reader {
    file: Arc<File>,
    entries: Vec<Entry>,
}

impl Reader {
    fn open(file: File) -> Result<Self, IndexError> {
        let size = file.metadata()?.len();
        let mut magic = [0; 8];
        read_at(&file, &mut magic, 0)?;
        if magic != MAGIC {
            return Err(IndexError::Version(magic.escape_ascii().to_string()));
        }
        let trailer_start = size.checked_sub(TRAILER_BYTES).ok_or_else(|| IndexError::damaged("it has no end"))?;
        let mut trailer = [0; TRAILER_BYTES as usize];
        read_at(&file, &mut trailer, trailer_start)?;
        let (start, bytes) = (u64_at(&trailer, 0), u64_at(&trailer, 8));
        let fits = start.checked_add(bytes) == Some(trailer_start);
        if !fits || bytes > 1 << 16 || bytes != u64::from(u32_at(&trailer, 20)) * ENTRY_BYTES as u64 {
            return Err(IndexError::damaged("its end is not that of an index, perhaps it was cut"));
        }
        let mut table = vec![0; bytes as usize];
        read_at(&file, &mut table, start)?;
        if crc32fast::hash(&table) != u32_at(&trailer, 16) {
            return Err(IndexError::damaged("the checksum of its table is wrong"));
        }
        let entries: Vec<Entry> = table
            .chunks_exact(ENTRY_BYTES)
            .map(|entry| Entry {
                kind: u32_at(entry, 0),
                checksum: u32_at(entry, 4),
                offset: u64_at(entry, 8),
                bytes: u64_at(entry, 16),
            })
            .collect();
        if entries.iter().any(|entry| entry.offset.checked_add(entry.bytes).is_none_or(|end| end > size)) {
            return Err(IndexError::damaged("a section is longer than the file"));
        }
        Ok(Self { file: Arc::new(file), entries })
    }

    fn entry(&self, section: Section) -> Result<Entry, IndexError> {
        let entry = self.entries.iter().find(|entry| entry.kind == section as u32);
        entry.copied().ok_or_else(|| IndexError::damaged(format!("it has no section {section:?}")))
    }

    /// Hands over a section in pieces whose lengths, but for the last, are multiples of eight, and checks it.
    fn pieces(&self, section: Section, mut sink: impl FnMut(&[u8])) -> Result<u64, IndexError> {
        let entry = self.entry(section)?;
        let mut checksum = crc32fast::Hasher::new();
        let mut buffer = vec![0; 1 << 18];
        let mut done = 0;
        while done < entry.bytes {
            let piece = &mut buffer[..(entry.bytes - done).min(1 << 18) as usize];
            read_at(&self.file, piece, entry.offset + done)?;
            checksum.update(piece);
            sink(piece);
            done += piece.len() as u64;
        }
        if checksum.finalize() != entry.checksum {
            return Err(IndexError::damaged(format!("the checksum of its section {section:?} is wrong")));
        }
        Ok(entry.bytes)
    }

    fn bytes(&self, section: Section) -> Result<Vec<u8>, IndexError> {
        let mut bytes = Vec::with_capacity(self.entry(section)?.bytes as usize);
        self.pieces(section, |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }

    fn numbers(&self, section: Section) -> Result<Vec<u32>, IndexError> {
        let mut numbers = Vec::with_capacity(self.entry(section)?.bytes as usize / 4);
        self.pieces(section, |piece| {
            numbers.extend(piece.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)));
        })?;
        Ok(numbers)
    }
}

fn contigs(bytes: &[u8]) -> Result<Vec<Contig>, IndexError> {
    let mut contigs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = at + 4 + u32_at(bytes, at) as usize;
        if end + 8 > bytes.len() {
            return Err(IndexError::damaged("the name of a sequence is too long"));
        }
        let name = String::from_utf8_lossy(&bytes[at + 4..end]).into_owned();
        contigs.push(Contig { name, length: u64_at(bytes, end) });
        at = end + 8;
    }
    Ok(contigs)
}

pub(in super::super) fn open(file: File) -> Result<Index, IndexError> {
    let reader = Reader::open(file)?;
    let metadata: Metadata = serde_json::from_slice(&reader.bytes(Section::Metadata)?)
        .map_err(|error| IndexError::damaged(format!("its description cannot be read: {error}")))?;
    let large = reader.bytes(Section::Large)?;
    let large = large
        .chunks_exact(20)
        .map(|entry| (u32_at(entry, 0), Occurrences { gg: u64_at(entry, 4), ag: u64_at(entry, 12) }))
        .collect();
    let table = SiteTable::from_parts(Parts {
        prefix_bits: metadata.prefix_bits,
        starts: reader.numbers(Section::Starts)?,
        low: reader.numbers(Section::Low)?,
        counts: reader.bytes(Section::Counts)?,
        large,
    })?;
    let places = reader.entry(Section::Places)?;
    if places.bytes != table.total().saturating_mul(8) || table.len() as u64 != metadata.sites {
        return Err(IndexError::damaged("its places are not as many as its sites say"));
    }
    let file = PagedFile {
        file: Arc::clone(&reader.file),
        start: places.offset,
        bytes: places.bytes,
        pages: reader.numbers(Section::Pages)?,
    };
    let places = Places::in_file(contigs(&reader.bytes(Section::Contigs)?)?, file);
    let lists = CrxFile::new(&reader)?;
    Ok(Index { table, lists: Lists::Read(lists), places: Some(places), compatible: metadata.compatible })
}

/// The lists of a file.
#[derive(Debug)]
pub(in super::super) struct CrxFile {
    file: Arc<File>,
    /// Offset in the file, number of sites and CRC-32 of each list, by slice and value.
    directory: Vec<(u64, u32, u32)>,
}

impl CrxFile {
    fn new(reader: &Reader) -> Result<Self, IndexError> {
        let lists = reader.entry(Section::Lists)?;
        let directory: Vec<_> = reader
            .bytes(Section::Directory)?
            .chunks_exact(LIST_BYTES)
            .map(|entry| (u64_at(entry, 0), u32_at(entry, 8), u32_at(entry, 12)))
            .collect();
        let fits = directory.iter().all(|(offset, sites, _)| {
            offset.checked_add(Planes::stored_bytes(*sites as usize) as u64).is_some_and(|end| end <= lists.bytes)
        });
        if !fits || directory.len() != Slice::ALL.len() * VALUES {
            return Err(IndexError::damaged("its directory of lists is wrong"));
        }
        let directory =
            directory.into_iter().map(|(offset, sites, checksum)| (lists.offset + offset, sites, checksum)).collect();
        Ok(Self { file: Arc::clone(&reader.file), directory })
    }

    pub(in super::super) fn load_list(&self, slice: Slice, value: u8, planes: &mut Planes) -> Result<(), IndexError> {
        let (offset, sites, checksum) = self.directory[slice.number() * VALUES + usize::from(value)];
        let mut bytes = vec![0; Planes::stored_bytes(sites as usize)];
        read_at(&self.file, &mut bytes, offset)?;
        if crc32fast::hash(&bytes) != checksum {
            let slice = slice.number();
            return Err(IndexError::damaged(format!("the checksum of list {value} of slice {slice} is wrong")));
        }
        planes.load(sites as usize, &bytes);
        Ok(())
    }
}

/// A section of which each page is checked when it is read.
#[derive(Debug)]
pub(in super::super) struct PagedFile {
    file: Arc<File>,
    start: u64,
    bytes: u64,
    /// CRC-32 of each page.
    pages: Vec<u32>,
}

impl PagedFile {
    /// `count` bytes from the byte `first` of the section on.
    pub(in super::super) fn read(&self, first: u64, count: u64) -> Result<Vec<u8>, IndexError> {
        let end = first.checked_add(count).filter(|end| *end <= self.bytes);
        let end = end.ok_or_else(|| IndexError::damaged("places are missing"))?;
        let mut bytes = Vec::with_capacity(count as usize);
        let mut page = vec![0; PAGE_BYTES as usize];
        for number in first / PAGE_BYTES..end.div_ceil(PAGE_BYTES) {
            let start = number * PAGE_BYTES;
            let page = &mut page[..(self.bytes - start).min(PAGE_BYTES) as usize];
            read_at(&self.file, page, self.start + start)?;
            if self.pages.get(number as usize) != Some(&crc32fast::hash(page)) {
                return Err(IndexError::damaged(format!("the checksum of page {number} of its places is wrong")));
            }
            let [from, to] = [first.max(start) - start, end.min(start + page.len() as u64) - start];
            bytes.extend_from_slice(&page[from as usize..to as usize]);
        }
        Ok(bytes)
    }
}
