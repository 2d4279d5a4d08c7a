use std::collections::HashMap;

use super::{IndexError, Occurrences};
use crate::bases::Protospacer;

/// Bits of the lowest part of a site, which is stored for each.
const LOW_BITS: u32 = 32;
/// Bits of a site.
const SITE_BITS: u32 = 40;
/// In the four bits of a count: look into the table of large ones.
const LARGE: u64 = 15;
/// Sites between two sums of places.
const SUM_STEP: usize = 64;

/// Number of a site, in the order of their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SiteId(u32);

impl SiteId {
    pub(super) fn number(self) -> u32 {
        self.0
    }
}

/// All distinct sites in the order of their text, and how often each occurs: five bytes a site, and one directory.
#[derive(Debug)]
pub(super) struct SiteTable {
    /// Leading bits of a site that `starts` is ordered by.
    prefix_bits: u32,
    /// The first site of each prefix, and the number of sites at the end.
    starts: Vec<u32>,
    /// The lowest 32 bits of each site.
    low: Vec<u32>,
    /// Four bits for each PAM, AG in the higher ones.
    counts: Vec<u8>,
    /// Counts of sites that four bits do not hold.
    large: HashMap<u32, Occurrences>,
    /// Places of all sites before each [`SUM_STEP`]-th, and all places at the end.
    sums: Vec<u64>,
}

/// The parts of a table as they are written.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) prefix_bits: u32,
    pub(super) starts: Vec<u32>,
    pub(super) low: Vec<u32>,
    pub(super) counts: Vec<u8>,
    pub(super) large: Vec<(u32, Occurrences)>,
}

/// Makes a table of ascending sites.
#[derive(Debug)]
pub(super) struct TableBuilder {
    /// The first site of each value of the bits that `low` does not have, of those values that were seen.
    firsts: Vec<usize>,
    low: Vec<u32>,
    counts: Vec<u8>,
    large: Vec<(u32, Occurrences)>,
}

impl TableBuilder {
    /// A table without sites yet, of which there are going to be so many at most.
    pub(super) fn new(most: usize) -> Self {
        let (low, counts) = (Vec::with_capacity(most), Vec::with_capacity(most));
        Self { firsts: Vec::new(), low, counts, large: Vec::new() }
    }

    /// Adds the next site.
    #[inline]
    pub(super) fn add(&mut self, site: Protospacer, occurrences: Occurrences) {
        let high = (site.bits() >> LOW_BITS) as usize;
        let next = self.low.len();
        if self.firsts.len() <= high {
            self.firsts.resize(high + 1, next);
        }
        self.low.push((site.bits() & u64::from(u32::MAX)) as u32);
        let (gg, ag) = (occurrences.gg.min(LARGE) as u8, occurrences.ag.min(LARGE) as u8);
        if u64::from(gg.max(ag)) == LARGE {
            self.large.push((next as u32, occurrences));
        }
        self.counts.push(ag << 4 | gg);
    }

    /// The table.
    pub(super) fn finish(self) -> Result<SiteTable, IndexError> {
        let Self { mut firsts, mut low, mut counts, large } = self;
        let sites = low.len();
        if u32::try_from(sites).is_err() {
            return Err(IndexError::TooManySites(sites));
        }
        low.shrink_to_fit();
        counts.shrink_to_fit();
        firsts.resize((1 << (SITE_BITS - LOW_BITS)) + 1, sites);
        let prefix_bits = sites.checked_ilog2().unwrap_or(0).saturating_sub(1).clamp(8, 24);
        let mut starts = Vec::with_capacity((1 << prefix_bits) + 1);
        // The bits of a prefix that `low` has.
        let within = prefix_bits - (SITE_BITS - LOW_BITS);
        for (high, first) in firsts.windows(2).map(|pair| pair[0]..pair[1]).enumerate() {
            let start = first.start as u32;
            for (site, low) in (start..).zip(&low[first]) {
                let prefix = (high << within) + (u64::from(*low) >> (LOW_BITS - within)) as usize;
                if starts.len() <= prefix {
                    starts.resize(prefix + 1, site);
                }
            }
        }
        starts.resize((1 << prefix_bits) + 1, sites as u32);
        SiteTable::from_parts(Parts { prefix_bits, starts, low, counts, large })
    }
}

impl SiteTable {
    /// The table of these parts, which are checked for what the use of the table relies on.
    pub(super) fn from_parts(parts: Parts) -> Result<Self, IndexError> {
        let Parts { prefix_bits, starts, low, counts, large } = parts;
        let sites = low.len();
        let ordered =
            starts.is_sorted() && starts.first() == Some(&0) && starts.last().map(|last| *last as usize) == Some(sites);
        if !(8..=24).contains(&prefix_bits)
            || starts.len() != (1 << prefix_bits) + 1
            || counts.len() != sites
            || !ordered
        {
            return Err(IndexError::damaged("its parts do not fit together"));
        }
        let mut table = Self { prefix_bits, starts, low, counts, large: large.into_iter().collect(), sums: Vec::new() };
        let mut sums = Vec::with_capacity(sites / SUM_STEP + 2);
        let mut total = 0_u64;
        for first in (0..sites).step_by(SUM_STEP) {
            sums.push(total);
            for site in first..(first + SUM_STEP).min(sites) {
                total = total.saturating_add(table.counts(SiteId(site as u32)).total());
            }
        }
        sums.push(total);
        table.sums = sums;
        Ok(table)
    }

    pub(super) fn len(&self) -> usize {
        self.low.len()
    }

    /// Number of places of all sites.
    pub(super) fn total(&self) -> u64 {
        self.sums.last().copied().unwrap_or(0)
    }

    pub(super) fn prefix_bits(&self) -> u32 {
        self.prefix_bits
    }

    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    pub(super) fn low(&self) -> &[u32] {
        &self.low
    }

    pub(super) fn packed_counts(&self) -> &[u8] {
        &self.counts
    }

    /// Counts that do not fit into four bits, by site.
    pub(super) fn large(&self) -> Vec<(u32, Occurrences)> {
        let mut large: Vec<_> = self.large.iter().map(|(site, counts)| (*site, *counts)).collect();
        large.sort_unstable_by_key(|(site, _)| *site);
        large
    }

    /// Number of the site; none if the genome does not have it.
    pub(super) fn find(&self, site: Protospacer) -> Option<SiteId> {
        let prefix = (site.bits() >> (SITE_BITS - self.prefix_bits)) as usize;
        let (first, end) = (self.starts[prefix], self.starts[prefix + 1]);
        let low = (site.bits() & u64::from(u32::MAX)) as u32;
        let within = self.low[first as usize..end as usize].binary_search(&low).ok()?;
        Some(SiteId(first + within as u32))
    }

    /// How often the site occurs.
    #[inline]
    pub(super) fn counts(&self, SiteId(site): SiteId) -> Occurrences {
        let packed = u64::from(self.counts[site as usize]);
        let (gg, ag) = (packed & 15, packed >> 4);
        if gg == LARGE || ag == LARGE {
            return self.large.get(&site).copied().unwrap_or(Occurrences { gg, ag });
        }
        Occurrences { gg, ag }
    }

    /// Number of the first place of the site, among the places of all sites.
    pub(super) fn first_place(&self, SiteId(site): SiteId) -> u64 {
        let step = site as usize / SUM_STEP;
        let before = (step * SUM_STEP) as u32..site;
        self.sums[step] + before.map(|site| self.counts(SiteId(site)).total()).sum::<u64>()
    }

    /// Hands over all sites in the order of their text.
    #[inline]
    pub(super) fn for_each(&self, mut visit: impl FnMut(SiteId, Protospacer)) {
        // The bits above the stored ones are the first eight of the prefix.
        let step = 1 << (self.prefix_bits - (SITE_BITS - LOW_BITS));
        for high in 0..1 << (SITE_BITS - LOW_BITS) {
            let (first, end) = (self.starts[high * step], self.starts[(high + 1) * step]);
            let prefix = (high as u64) << LOW_BITS;
            for (site, low) in (first..end).zip(&self.low[first as usize..end as usize]) {
                visit(SiteId(site), Protospacer::from_bits(prefix | u64::from(*low)));
            }
        }
    }
}
