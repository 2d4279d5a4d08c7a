use super::{IndexError, crx::PagedFile};
use crate::{
    bases::{Protospacer, Strand, TARGET_LENGTH, Target},
    site::{Pam, Site},
};

/// A sequence of a genome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contig {
    /// Its name.
    pub name: String,
    /// Number of its letters.
    pub length: u64,
}

/// Where a site is in a genome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Number of the sequence, from 0.
    pub contig: usize,
    /// First base on the plus strand, from 0, PAM included.
    pub start: u64,
    /// The strand that has the PAM.
    pub strand: Strand,
    /// The bases in the direction of that strand.
    pub target: Target,
}

impl Place {
    /// The base after the last, on the plus strand.
    pub fn end(&self) -> u64 {
        self.start + TARGET_LENGTH as u64
    }

    /// How the PAM ends.
    pub fn pam(&self) -> Pam {
        Site { start: self.start, strand: self.strand, target: self.target }.pam()
    }
}

/// Bits below the position: the strand, and the first two bases of the PAM.
const DETAIL_BITS: u32 = 5;

/// A place in eight bytes: its position in the genome, the sequences laid end to end, and what the protospacer does not
/// tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PackedPlace(pub(super) u64);

impl PackedPlace {
    /// The place of `site` in a sequence that begins at `offset`.
    #[inline]
    pub(super) fn new(offset: u64, site: &Site) -> Self {
        let strand = u64::from(site.strand == Strand::Minus);
        Self((offset + site.start) << DETAIL_BITS | strand << 4 | site.target.bits() >> 2 & 0b1111)
    }

    #[inline]
    pub(super) fn pam(self) -> Pam {
        if self.0 & 0b10 == 0 { Pam::Ag } else { Pam::Gg }
    }
}

/// The places of all sites, grouped by site.
#[derive(Debug)]
pub(super) struct Places {
    contigs: Vec<Contig>,
    /// Where each contig begins when they are laid end to end.
    offsets: Vec<u64>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Memory(Vec<PackedPlace>),
    File(PagedFile),
}

impl Places {
    pub(super) fn in_memory(contigs: Vec<Contig>, places: Vec<PackedPlace>) -> Self {
        Self { offsets: offsets(&contigs), contigs, source: Source::Memory(places) }
    }

    pub(super) fn in_file(contigs: Vec<Contig>, file: PagedFile) -> Self {
        Self { offsets: offsets(&contigs), contigs, source: Source::File(file) }
    }

    pub(super) fn contigs(&self) -> &[Contig] {
        &self.contigs
    }

    /// `count` places from the number `first` on, which are those of the site `protospacer`.
    pub(super) fn read(&self, first: u64, count: u64, protospacer: Protospacer) -> Result<Vec<Place>, IndexError> {
        self.packed(first, count)?.into_iter().map(|place| self.unpacked(place, protospacer)).collect()
    }

    /// `count` places from the number `first` on.
    pub(super) fn packed(&self, first: u64, count: u64) -> Result<Vec<PackedPlace>, IndexError> {
        match &self.source {
            Source::Memory(places) => {
                let range = usize::try_from(first).ok().zip(usize::try_from(first.saturating_add(count)).ok());
                let places = range.and_then(|(first, end)| places.get(first..end));
                places.map(<[_]>::to_vec).ok_or_else(|| IndexError::damaged("places are missing"))
            }
            Source::File(file) => {
                let bytes = file.read(first.saturating_mul(8), count.saturating_mul(8))?;
                Ok(bytes.as_chunks().0.iter().map(|bytes| PackedPlace(u64::from_le_bytes(*bytes))).collect())
            }
        }
    }

    fn unpacked(&self, place: PackedPlace, protospacer: Protospacer) -> Result<Place, IndexError> {
        let position = place.0 >> DETAIL_BITS;
        let after = self.offsets.partition_point(|offset| *offset <= position);
        let contig = after.checked_sub(1).ok_or_else(|| IndexError::damaged("a place is in no sequence"))?;
        Ok(Place {
            contig,
            start: position - self.offsets[contig],
            strand: if place.0 >> 4 & 1 == 1 { Strand::Minus } else { Strand::Plus },
            target: Target::with_pam(protospacer, (place.0 & 0b1111) << 2 | 0b10),
        })
    }
}

fn offsets(contigs: &[Contig]) -> Vec<u64> {
    contigs
        .iter()
        .scan(0_u64, |next, contig| {
            let offset = *next;
            *next = next.saturating_add(contig.length);
            Some(offset)
        })
        .collect()
}
