use std::io::{BufRead, Read};

use super::{
    Index, IndexError, Lists, Occurrences,
    places::{Contig, PackedPlace, Places},
    radix::{Buckets, Keyed},
    table::TableBuilder,
};
use crate::{
    bases::Protospacer,
    fasta::{self, Event, FastaError},
    site::{Pam, SiteScanner},
};

/// Which sites of a genome are indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sites {
    /// All of them.
    #[default]
    All,
    /// As published: without those that start with T.
    Compatible,
}

/// Letters that are scanned at once.
const SCANNED: usize = 16_384;
/// The first base of a protospacer, when it is T.
const LEADING_T: u64 = 3;

/// Builds an index from the files of a genome, or from a list of sites.
#[derive(Debug)]
pub struct Builder {
    sites: Sites,
    contigs: Vec<Contig>,
    found: Found,
}

#[derive(Debug)]
enum Found {
    /// Sites and where each is.
    Places(Buckets<Placed>),
    /// Sites only, with half the memory.
    Counts(Buckets<u64>),
}

/// A site, and where it is.
type Placed = (u64, PackedPlace);

impl Keyed for Placed {
    #[inline]
    fn key(&self) -> u64 {
        self.0
    }
}

impl Builder {
    /// A builder of an index with PAMs and places. It takes 16 bytes of memory for each place, and then
    /// 8 more.
    pub fn new(sites: Sites) -> Self {
        Self { sites, contigs: Vec::new(), found: Found::Places(Buckets::new()) }
    }

    /// A builder of an index that can be written in the published format only. It takes 8 bytes of memory
    /// for each place.
    pub fn without_places(sites: Sites) -> Self {
        Self { sites, contigs: Vec::new(), found: Found::Counts(Buckets::new()) }
    }

    /// Adds a FASTA file of the name `file`, plain or gzip.
    pub fn add_fasta(&mut self, input: impl Read, file: &str) -> Result<(), FastaError> {
        let Self { sites, contigs, found } = self;
        let compatible = *sites == Sites::Compatible;
        let is_left_out = |site: Protospacer| compatible && u64::from(site.base(0)) == LEADING_T;
        let mut offset = contigs.iter().map(|contig| contig.length).sum::<u64>();
        let mut scanner = SiteScanner::default();
        let mut scan = |scanner: &mut SiteScanner, offset: u64, letters: &mut Vec<u8>| {
            match found {
                Found::Places(found) => scanner.scan(letters, |site| {
                    let protospacer = site.target.protospacer();
                    if !is_left_out(protospacer) {
                        found.push((protospacer.bits(), PackedPlace::new(offset, &site)));
                    }
                }),
                Found::Counts(found) => scanner.scan(letters, |site| {
                    let protospacer = site.target.protospacer();
                    if !is_left_out(protospacer) {
                        found.push(protospacer.bits());
                    }
                }),
            }
            letters.clear();
        };
        // Lines are short, and so many letters at once are scanned in half the time.
        let mut letters = Vec::with_capacity(2 * SCANNED);
        let outcome = fasta::read(input, file, &mut |event| match event {
            Event::Record(name) => {
                scan(&mut scanner, offset, &mut letters);
                offset += scanner.position();
                scanner = SiteScanner::default();
                contigs.push(Contig { name: name.to_owned(), length: 0 });
            }
            Event::Letters(more) => {
                letters.extend_from_slice(more);
                if let Some(contig) = contigs.last_mut() {
                    contig.length += more.len() as u64;
                }
                if letters.len() >= SCANNED {
                    scan(&mut scanner, offset, &mut letters);
                }
            }
        });
        scan(&mut scanner, offset, &mut letters);
        outcome
    }

    /// Adds the sites of a file that has one of 20 letters on each line, in any order.
    ///
    /// Such a file has no places: an index of it has none, and counts all its sites as those of PAM GG.
    pub fn add_sites(&mut self, input: impl BufRead) -> Result<(), IndexError> {
        let mut sites = match std::mem::replace(&mut self.found, Found::Counts(Buckets::new())) {
            Found::Places(found) => {
                let mut sites = Buckets::new();
                found.for_each_sorted(|placed| placed.iter().for_each(|(site, _)| sites.push(*site)));
                sites
            }
            Found::Counts(found) => found,
        };
        for_each_guide(input, |_, site| sites.push(site.bits()))?;
        self.found = Found::Counts(sites);
        Ok(())
    }

    /// Sorts what was added.
    pub fn finish(self) -> Result<Index, IndexError> {
        let compatible = self.sites == Sites::Compatible;
        let (table, places) = match self.found {
            Found::Places(found) => {
                let mut table = TableBuilder::new(found.len());
                let mut places = Vec::with_capacity(found.len());
                found.for_each_sorted(|placed| {
                    add(&mut table, placed, |(_, place)| place.pam());
                    places.extend(placed.iter().map(|(_, place)| *place));
                });
                (table, Some(Places::in_memory(self.contigs, places)))
            }
            Found::Counts(found) => {
                let mut table = TableBuilder::new(found.len());
                found.for_each_sorted(|sites| add(&mut table, sites, |_| Pam::Gg));
                (table, None)
            }
        };
        Ok(Index { table: table.finish()?, lists: Lists::Made, places, compatible })
    }
}

/// Adds sorted sites to a table.
fn add<T: Keyed>(table: &mut TableBuilder, sorted: &[T], pam: impl Fn(&T) -> Pam) {
    for group in sorted.chunk_by(|a, b| a.key() == b.key()) {
        let gg = group.iter().filter(|item| pam(item) == Pam::Gg).count() as u64;
        table.add(Protospacer::from_bits(group[0].key()), Occurrences { gg, ag: group.len() as u64 - gg });
    }
}

/// Reads lines of 20 letters and hands over the number of each line, from 1, and its bases. Empty lines at the end are
/// no error.
pub fn for_each_guide(mut input: impl BufRead, mut sink: impl FnMut(u64, Protospacer)) -> Result<(), IndexError> {
    const LONGEST: u64 = 64;
    let mut line = Vec::new();
    let mut empty_line = None;
    for number in 1.. {
        line.clear();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = line.trim_ascii_end();
        if text.is_empty() && line.ends_with(b"\n") {
            empty_line.get_or_insert(number);
            continue;
        }
        match Protospacer::new(text) {
            Some(guide) if empty_line.is_none() => sink(number, guide),
            _ => {
                let (number, text) = empty_line.map_or((number, text), |number| (number, b""));
                return Err(IndexError::Site { line: number, text: text.escape_ascii().to_string() });
            }
        }
    }
    Ok(())
}
