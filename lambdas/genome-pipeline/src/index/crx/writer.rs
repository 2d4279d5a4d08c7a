use std::io::{BufWriter, Write};

use super::{
    super::{
        Index, IndexError, bytes,
        planes::Planes,
        slice::{Slice, VALUES},
    },
    ALIGNMENT, MAGIC, Metadata, PAGE_BYTES, Section,
};

struct Writer<W: Write> {
    output: BufWriter<W>,
    position: u64,
    table: Vec<(Section, u32, u64, u64)>,
}

impl<W: Write> Writer<W> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), IndexError> {
        self.output.write_all(bytes)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    /// Writes what `content` hands over in pieces, which it may check on its own.
    fn section(
        &mut self,
        section: Section,
        has_checksum: bool,
        content: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<(), IndexError>) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        let gap = self.position.next_multiple_of(ALIGNMENT) - self.position;
        self.put(&[0; ALIGNMENT as usize][..gap as usize])?;
        let start = self.position;
        let mut checksum = crc32fast::Hasher::new();
        content(&mut |bytes| {
            if has_checksum {
                checksum.update(bytes);
            }
            self.put(bytes)
        })?;
        let checksum = if has_checksum { checksum.finalize() } else { 0 };
        self.table.push((section, checksum, start, self.position - start));
        Ok(())
    }

    fn numbers(&mut self, section: Section, numbers: &[u32]) -> Result<(), IndexError> {
        self.section(section, true, |put| {
            let mut bytes = Vec::new();
            for numbers in numbers.chunks(1 << 16) {
                bytes.clear();
                bytes::push_u32(&mut bytes, numbers);
                put(&bytes)?;
            }
            Ok(())
        })
    }
}

pub(in super::super) fn write(index: &Index, output: impl Write) -> Result<u64, IndexError> {
    let places = index.places.as_ref().ok_or(IndexError::NoPlaces)?;
    let table = &index.table;
    let mut writer = Writer { output: BufWriter::with_capacity(1 << 18, output), position: 0, table: Vec::new() };
    writer.put(&MAGIC)?;

    let mut directory = Vec::new();
    writer.section(Section::Lists, false, |put| {
        let (mut list, mut stored, mut offset) = (Planes::default(), Vec::new(), 0_u64);
        for slice in Slice::ALL {
            let lists = index.lists(slice, &[true; VALUES]);
            for value in 0..=u8::MAX {
                lists.load(value, &mut list)?;
                stored.clear();
                list.store(&mut stored);
                directory.extend(offset.to_le_bytes());
                directory.extend((list.len() as u32).to_le_bytes());
                directory.extend(crc32fast::hash(&stored).to_le_bytes());
                offset += stored.len() as u64;
                put(&stored)?;
            }
        }
        Ok(())
    })?;
    let mut pages = Vec::new();
    writer.section(Section::Places, false, |put| {
        let total = table.total();
        for first in (0..total).step_by(PAGE_BYTES as usize / 8) {
            let page = places.packed(first, (total - first).min(PAGE_BYTES / 8))?;
            let mut bytes = vec![0; 8 * page.len()];
            for (bytes, place) in bytes.as_chunks_mut().0.iter_mut().zip(page) {
                *bytes = place.0.to_le_bytes();
            }
            pages.push(crc32fast::hash(&bytes));
            put(&bytes)?;
        }
        Ok(())
    })?;
    writer.numbers(Section::Pages, &pages)?;
    writer.section(Section::Directory, true, |put| put(&directory))?;
    writer.numbers(Section::Starts, table.starts())?;
    writer.numbers(Section::Low, table.low())?;
    writer.section(Section::Counts, true, |put| put(table.packed_counts()))?;
    writer.section(Section::Large, true, |put| {
        table.large().into_iter().try_for_each(|(site, counts)| {
            put(&site.to_le_bytes())?;
            put(&counts.gg.to_le_bytes())?;
            put(&counts.ag.to_le_bytes())
        })
    })?;
    writer.section(Section::Contigs, true, |put| {
        places.contigs().iter().try_for_each(|contig| {
            put(&(contig.name.len() as u32).to_le_bytes())?;
            put(contig.name.as_bytes())?;
            put(&contig.length.to_le_bytes())
        })
    })?;
    let metadata = Metadata {
        sites: table.len() as u64,
        occurrences: table.total(),
        prefix_bits: table.prefix_bits(),
        compatible: index.compatible,
    };
    let metadata = serde_json::to_vec(&metadata).map_err(std::io::Error::from)?;
    writer.section(Section::Metadata, true, |put| put(&metadata))?;

    let table_start = writer.position;
    let mut entries = Vec::new();
    for (section, checksum, offset, length) in &writer.table {
        entries.extend((*section as u32).to_le_bytes());
        entries.extend(checksum.to_le_bytes());
        entries.extend(offset.to_le_bytes());
        entries.extend(length.to_le_bytes());
    }
    writer.put(&entries)?;
    writer.put(&table_start.to_le_bytes())?;
    writer.put(&(entries.len() as u64).to_le_bytes())?;
    writer.put(&crc32fast::hash(&entries).to_le_bytes())?;
    writer.put(&(writer.table.len() as u32).to_le_bytes())?;
    writer.output.flush()?;
    Ok(writer.position)
}
