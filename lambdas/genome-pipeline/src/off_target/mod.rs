//! Off-target risk of guides against the index of a genome.

mod decision;
mod list;
mod tally;

use rayon::prelude::*;

use self::tally::Tally;
pub use self::{
    decision::{Decision, DecisionError},
    list::{OffTarget, OffTargetList},
};
use crate::{
    bases::Protospacer,
    contract::Options,
    index::{Index, IndexError, Occurrences, Pattern, Planes, Slice, VALUES},
};

/// The most mismatches that a search finds all sites of.
pub const MAX_DISTANCE: u8 = 4;
/// How often each guide is searched for, which [`score`] tells of.
pub const STEPS: usize = Slice::ALL.len();
/// Guides whose patterns are in memory at once, for each thread.
const GUIDES_AT_ONCE: usize = 128;

/// What is searched, and how it is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How scores decide.
    pub decision: Decision,
    /// The most mismatches of an off-target site, at most [`MAX_DISTANCE`].
    pub max_distance: u8,
    /// Whether to stop at a guide as soon as it is rejected. Its scores are upper bounds then.
    pub early_exit: bool,
    /// Off-target places that are listed for each guide: those of the highest CFD.
    pub listed: usize,
}

impl Settings {
    /// The settings that `options` ask for. With `compatible`, scores decide as published.
    pub fn new(options: &Options, compatible: bool) -> Result<Self, DecisionError> {
        if options.max_distance > MAX_DISTANCE {
            return Err(DecisionError::Distance(options.max_distance));
        }
        let decision = Decision::new(options.method, options.threshold, compatible)?;
        Ok(Self { decision, max_distance: options.max_distance, early_exit: false, listed: 0 })
    }
}

/// The off-target risk of a guide.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The MIT score, 0 to 100, higher is safer.
    pub mit: f64,
    /// The CFD score as published: each site as if its PAM were GG, and the guide's own site among them.
    pub cfd: f64,
    /// The CFD score with real PAMs and without the guide's own site, 0 to 100.
    pub cfd_specificity: f64,
    /// How often the guide occurs in the genome.
    pub perfect: Occurrences,
    /// Number of places with 0 to 4 mismatches.
    pub hits: [u64; 5],
    /// Whether the method accepts the scores.
    pub accepted: bool,
    /// Whether the search stopped before its end, so that scores are upper bounds and hits are missing.
    pub stopped: bool,
    /// The places of the highest CFD, as many as were asked for.
    pub list: OffTargetList,
}

impl Score {
    /// Number of places in the genome that match without mismatch.
    pub fn perfect_sites(&self) -> u64 {
        self.perfect.total()
    }

    /// Whether the genome has the guide, with the PAM that it is made for.
    pub fn is_in_genome(&self) -> bool {
        self.perfect.gg > 0
    }
}

/// A guide whose list is searched, and its place among all.
#[derive(Debug)]
struct Member {
    number: usize,
    tally: Tally,
}

/// Scores `guides`, in their order.
///
/// `progress` is told of each further guide of which one of five slices is searched. The work is spread over the threads
/// of rayon's current pool.
pub fn score(
    index: &Index,
    guides: &[Protospacer],
    settings: &Settings,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Score>, IndexError> {
    let mut tallies: Vec<Tally> = guides.iter().map(|guide| Tally::new(*guide, index.occurrences_of(*guide))).collect();
    for slice in Slice::ALL {
        let mut groups: Vec<Vec<Member>> = std::iter::repeat_with(Vec::new).take(VALUES).collect();
        for (number, tally) in tallies.drain(..).enumerate() {
            groups[usize::from(slice.value(tally.guide()))].push(Member { number, tally });
        }
        let mut wanted = [false; VALUES];
        for (wanted, group) in wanted.iter_mut().zip(&groups) {
            *wanted = group.iter().any(|member| !member.tally.is_stopped());
        }
        let lists = index.lists(slice, &wanted);
        (0..=u8::MAX).zip(&mut groups).par_bridge().try_for_each_init(Planes::default, |planes, (value, group)| {
            if wanted[usize::from(value)] {
                lists.load(value, planes)?;
                group
                    .chunks_mut(GUIDES_AT_ONCE)
                    .for_each(|members| search(index, planes, slice, value, members, settings));
            }
            progress(group.len());
            Ok::<_, IndexError>(())
        })?;
        let mut members: Vec<Member> = groups.into_iter().flatten().collect();
        members.sort_unstable_by_key(|member| member.number);
        tallies.extend(members.into_iter().map(|member| member.tally));
    }
    tallies.into_par_iter().map(|tally| tally.into_score(index, settings)).collect()
}

/// Compares the guides of `members` with one list.
fn search(index: &Index, planes: &Planes, slice: Slice, value: u8, members: &mut [Member], settings: &Settings) {
    let patterns: Vec<Pattern> = members.iter().map(|member| Pattern::new(slice.rest(member.tally.guide()))).collect();
    planes.search(&patterns, |number, rest| {
        let tally = &mut members[number].tally;
        let site = slice.join(value, rest);
        let mismatches = tally.guide().mismatches(site);
        // A site that shares an earlier slice was counted there.
        let is_new = Slice::ALL[..slice.number()].iter().all(|earlier| {
            let first = earlier.first_position();
            mismatches.any_within(first, first + 4)
        });
        if !is_new || mismatches.count() > u32::from(settings.max_distance) || tally.is_stopped() {
            return;
        }
        if let Some(id) = index.find(site) {
            tally.count(site, mismatches, index.counts(id), settings);
        }
    });
}
