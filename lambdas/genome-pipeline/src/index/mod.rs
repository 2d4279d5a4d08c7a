//! The index of a genome: its distinct sites, found again by what resembles them.
//!
//! Four mismatches in 20 bases leave one of five slices of four bases without any. So the sites are listed five times,
//! each time by the four bases of one slice, and a guide needs to look only at the sites that share a slice with it.

#![expect(
    clippy::cast_possible_truncation,
    reason = "an index has fewer sites than 2^32, and sizes are those of a file that is there"
)]

mod builder;
mod bytes;
mod crx;
mod error;
mod lists;
mod places;
mod planes;
mod radix;
mod slice;
mod table;
#[cfg(test)]
mod tests;
mod v2;

use std::{
    fs::File,
    io::{BufWriter, Read, Seek, Write},
    path::Path,
};

pub use self::{
    builder::{Builder, Sites, for_each_guide},
    error::IndexError,
    places::{Contig, Place},
};
use self::{crx::CrxFile, places::Places, table::SiteTable};
pub(crate) use self::{
    lists::SliceLists,
    planes::{Pattern, Planes},
    slice::{Slice, VALUES},
    table::SiteId,
};
use crate::{bases::Protospacer, site::Pam};

/// How often a site occurs in the genome, by its PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occurrences {
    /// With a PAM that ends with GG.
    pub gg: u64,
    /// With a PAM that ends with AG.
    pub ag: u64,
}

impl Occurrences {
    /// With either PAM.
    pub fn total(self) -> u64 {
        self.gg + self.ag
    }
}

/// How an index is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// The own format: with PAMs and places, read in parts.
    #[default]
    Crx,
    /// The published format, to exchange with other programs.
    V2,
}

/// An index in memory, or a file of which only the sites are.
#[derive(Debug)]
pub struct Index {
    table: SiteTable,
    lists: Lists,
    places: Option<Places>,
    compatible: bool,
}

#[derive(Debug)]
enum Lists {
    /// Made of the table when they are needed.
    Made,
    /// Read from a file.
    Read(CrxFile),
}

impl Index {
    /// Opens a file of either format.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let mut file = File::open(path).map_err(|error| IndexError::from(error).of(path))?;
        let mut magic = [0; 8];
        let crx = match file.read_exact(&mut magic) {
            Ok(()) => crx::is_magic(magic),
            Err(_) => false,
        };
        let opened =
            if crx { crx::open(file) } else { file.rewind().map_err(IndexError::from).and_then(|()| v2::open(&file)) };
        opened.map_err(|error| error.of(path))
    }

    /// Number of distinct sites.
    pub fn sites(&self) -> usize {
        self.table.len()
    }

    /// Number of places of all sites.
    pub fn occurrences(&self) -> u64 {
        self.table.total()
    }

    /// The sequences of the genome; none in an index of the published format.
    pub fn contigs(&self) -> Option<&[Contig]> {
        self.places.as_ref().map(Places::contigs)
    }

    /// Whether sites that start with T were left out, as published.
    pub fn is_compatible(&self) -> bool {
        self.compatible
    }

    /// How often `protospacer` is a site of the genome.
    pub fn occurrences_of(&self, protospacer: Protospacer) -> Occurrences {
        self.find(protospacer).map(|site| self.counts(site)).unwrap_or_default()
    }

    /// Where the site `protospacer` is in the genome, in the order of the genome; none if the index has no places.
    pub fn places_of(&self, protospacer: Protospacer) -> Result<Option<Vec<Place>>, IndexError> {
        let (Some(places), Some(site)) = (&self.places, self.find(protospacer)) else { return Ok(None) };
        let (first, counts) = (self.table.first_place(site), self.counts(site));
        places.read(first, counts.total(), protospacer).map(Some)
    }

    /// The first places of the site `protospacer` that have this PAM, at most `limit`; none if the index has no places.
    pub(crate) fn places_with(
        &self,
        protospacer: Protospacer,
        pam: Pam,
        limit: usize,
    ) -> Result<Vec<Place>, IndexError> {
        /// Places that are read at once.
        const READ: u64 = 4_096;
        let mut found = Vec::new();
        let (Some(places), Some(site)) = (&self.places, self.find(protospacer)) else { return Ok(found) };
        let (first, total) = (self.table.first_place(site), self.counts(site).total());
        let mut done = 0;
        while done < total && found.len() < limit {
            let count = READ.min(total - done);
            let read = places.read(first + done, count, protospacer)?;
            found.extend(read.into_iter().filter(|place| place.pam() == pam).take(limit - found.len()));
            done += count;
        }
        Ok(found)
    }

    pub(crate) fn find(&self, protospacer: Protospacer) -> Option<SiteId> {
        self.table.find(protospacer)
    }

    pub(crate) fn counts(&self, site: SiteId) -> Occurrences {
        self.table.counts(site)
    }

    /// The lists of `slice`, of which those of the values in `wanted` can be loaded.
    pub(crate) fn lists(&self, slice: Slice, wanted: &[bool; VALUES]) -> SliceLists<'_> {
        match &self.lists {
            Lists::Made => SliceLists::made(&self.table, slice, wanted),
            Lists::Read(file) => SliceLists::read(file, slice),
        }
    }

    /// Writes the sites in the order of their text, one a line, each as often as it occurs.
    pub fn write_sites(&self, output: impl Write) -> Result<(), IndexError> {
        let mut output = BufWriter::new(output);
        let mut outcome = Ok(());
        self.table.for_each(|id, site| {
            for _ in 0..self.counts(id).total() {
                if outcome.is_ok() {
                    outcome = writeln!(output, "{site}");
                }
            }
        });
        outcome?;
        Ok(output.flush()?)
    }

    /// Writes the index, and returns how many bytes it has.
    pub fn write(&self, format: Format, output: impl Write) -> Result<u64, IndexError> {
        match format {
            Format::Crx => crx::write(self, output),
            Format::V2 => v2::write(&self.table, output),
        }
    }
}
