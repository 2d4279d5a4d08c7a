use std::io::{BufRead, Read};

use super::{
    Index, IndexError, Lists, Occurrences,
    places::{Contig, PackedPlace, Places},
    radix,
    table::SiteTable,
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
    Places(Vec<(u64, PackedPlace)>),
    /// Sites only, with half the memory.
    Counts(Vec<u64>),
}

impl Builder {
    /// A builder of an index with PAMs and places. It takes 32 bytes of memory for each place.
    pub fn new(sites: Sites) -> Self {
        Self { sites, contigs: Vec::new(), found: Found::Places(Vec::new()) }
    }

    /// A builder of an index that can be written in the published format only. It takes 16 bytes of memory for each place.
    pub fn without_places(sites: Sites) -> Self {
        Self { sites, contigs: Vec::new(), found: Found::Counts(Vec::new()) }
    }

    /// Adds a FASTA file of the name `file`, plain or gzip.
    pub fn add_fasta(&mut self, input: impl Read, file: &str) -> Result<(), FastaError> {
        let Self { sites, contigs, found } = self;
        let compatible = *sites == Sites::Compatible;
        let mut offset = contigs.iter().map(|contig| contig.length).sum::<u64>();
        let mut scanner = SiteScanner::default();
        fasta::read(input, file, &mut |event| match event {
            Event::Record(name) => {
                offset += scanner.position();
                scanner = SiteScanner::default();
                contigs.push(Contig { name: name.to_owned(), length: 0 });
            }
            Event::Letters(letters) => {
                let is_left_out = |site: Protospacer| compatible && u64::from(site.base(0)) == LEADING_T;
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
                if let Some(contig) = contigs.last_mut() {
                    contig.length = scanner.position();
                }
            }
        })
    }

    /// Adds the sites of a file that has one of 20 letters on each line, in any order.
    ///
    /// Such a file has no places: an index of it has none, and counts all its sites as those of PAM GG.
    pub fn add_sites(&mut self, input: impl BufRead) -> Result<(), IndexError> {
        let mut sites = match std::mem::replace(&mut self.found, Found::Counts(Vec::new())) {
            Found::Places(found) => found.into_iter().map(|(site, _)| site).collect(),
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
            Found::Places(mut found) => {
                radix::sort(&mut found, |(site, _)| *site);
                let table = table(&found, |(site, _)| *site, |(_, place)| place.pam())?;
                let places = found.into_iter().map(|(_, place)| place).collect();
                (table, Some(Places::in_memory(self.contigs, places)))
            }
            Found::Counts(mut found) => {
                radix::sort(&mut found, |site| *site);
                (table(&found, |site| *site, |_| Pam::Gg)?, None)
            }
        };
        Ok(Index { table, lists: Lists::Made, places, compatible })
    }
}

/// The table of sorted sites.
fn table<T>(sorted: &[T], site: impl Fn(&T) -> u64, pam: impl Fn(&T) -> Pam) -> Result<SiteTable, IndexError> {
    let is_equal = |a: &T, b: &T| site(a) == site(b);
    let distinct =
        sorted.windows(2).filter(|pair| !is_equal(&pair[0], &pair[1])).count() + usize::from(!sorted.is_empty());
    let groups = sorted.chunk_by(is_equal).map(|group| {
        let gg = group.iter().filter(|item| pam(item) == Pam::Gg).count() as u64;
        (Protospacer::from_bits(site(&group[0])), Occurrences { gg, ag: group.len() as u64 - gg })
    });
    SiteTable::new(distinct, groups)
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
