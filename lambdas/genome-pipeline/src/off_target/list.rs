use std::{cmp::Ordering, collections::BinaryHeap};

use serde::Serialize;

use crate::{
    bases::{GUIDE_LENGTH, Mismatches, Protospacer, Strand},
    index::{Index, IndexError, Occurrences, Place},
    site::Pam,
};

/// A place in the genome that a guide may bind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OffTarget {
    /// Name of the sequence; none if the index has no places.
    pub contig: Option<String>,
    /// First base on the plus strand, from 0, PAM included.
    pub start: Option<u64>,
    /// The base after the last.
    pub end: Option<u64>,
    /// The strand that has the PAM.
    pub strand: Option<Strand>,
    /// The bases in the direction of that strand: 23 with the PAM, 20 if the index has no places.
    pub sequence: String,
    /// Positions of the mismatches, from 1 (far from the PAM) to 20.
    pub mismatches: Vec<u8>,
    /// Number of mismatches.
    pub distance: u32,
    /// CFD score of the place, 0 to 1.
    pub cfd: f64,
    /// Whether this is the guide's own place, which the specificity leaves out.
    pub on_target: bool,
}

/// The places of a guide with the highest CFD scores.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct OffTargetList {
    /// Number of all places.
    pub total: u64,
    /// Those that are listed: CFD descending, distance ascending, then as in the genome.
    pub sites: Vec<OffTarget>,
}

/// The places of one site that have the same PAM.
#[derive(Debug, Clone, Copy)]
struct Entry {
    cfd: f64,
    distance: u32,
    site: Protospacer,
    pam: Pam,
}

impl Entry {
    /// What comes first in the list is less.
    fn rank(&self, other: &Self) -> Ordering {
        let by_score = other.cfd.total_cmp(&self.cfd).then(self.distance.cmp(&other.distance));
        by_score.then(self.site.cmp(&other.site)).then(self.pam.cmp(&other.pam))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.rank(other).is_eq()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank(other)
    }
}

/// The sites that may be listed: never more than can be.
#[derive(Debug, Default)]
pub(super) struct Kept(BinaryHeap<Entry>);

impl Kept {
    pub(super) fn keep(
        &mut self,
        site: Protospacer,
        weight: f64,
        mismatches: Mismatches,
        occurrences: Occurrences,
        limit: usize,
    ) {
        for (pam, count) in [(Pam::Gg, occurrences.gg), (Pam::Ag, occurrences.ag)] {
            if count == 0 || limit == 0 {
                continue;
            }
            self.0.push(Entry { cfd: weight * pam.weight(), distance: mismatches.count(), site, pam });
            if self.0.len() > limit {
                self.0.pop();
            }
        }
    }

    pub(super) fn into_list(
        self,
        index: &Index,
        guide: Protospacer,
        total: u64,
        limit: usize,
    ) -> Result<OffTargetList, IndexError> {
        let mut sites: Vec<(Option<Place>, OffTarget)> = Vec::new();
        let mut own_is_listed = false;
        for Entry { cfd, distance, site, pam } in self.0.into_sorted_vec() {
            let mut entry = OffTarget {
                contig: None,
                start: None,
                end: None,
                strand: None,
                sequence: site.to_string(),
                mismatches: (1..)
                    .zip(0..GUIDE_LENGTH)
                    .filter_map(|(number, position)| (guide.base(position) != site.base(position)).then_some(number))
                    .collect(),
                distance,
                cfd,
                on_target: false,
            };
            let mut is_own = || site == guide && pam == Pam::Gg && !std::mem::replace(&mut own_is_listed, true);
            let left = limit - sites.len();
            let Some(contigs) = index.contigs() else {
                let count = index.occurrences_of(site).gg.min(left as u64);
                sites.extend((0..count).map(|_| (None, OffTarget { on_target: is_own(), ..entry.clone() })));
                continue;
            };
            for place in index.places_with(site, pam, left)? {
                entry.contig = contigs.get(place.contig).map(|contig| contig.name.clone());
                entry.start = Some(place.start);
                entry.end = Some(place.end());
                entry.strand = Some(place.strand);
                entry.sequence = place.target.to_string();
                entry.on_target = is_own();
                sites.push((Some(place), entry.clone()));
            }
        }
        // Different sites may have equal scores.
        let place = |place: &Option<Place>| place.as_ref().map(|place| (place.contig, place.start, place.strand));
        sites.sort_by(|(at, site), (other_at, other)| {
            let by_score = other.cfd.total_cmp(&site.cfd).then(site.distance.cmp(&other.distance));
            by_score.then_with(|| place(at).cmp(&place(other_at)))
        });
        Ok(OffTargetList { total, sites: sites.into_iter().map(|(_, site)| site).collect() })
    }
}
