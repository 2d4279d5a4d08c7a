use super::{
    Score, Settings,
    decision::{Sums, published_score},
    list::Kept,
};
use crate::{
    bases::{Mismatches, Protospacer},
    index::{Index, IndexError, Occurrences},
    score::{cfd, mit},
    site::Pam,
};

/// What is known of a guide while its sites are found.
#[derive(Debug)]
pub(super) struct Tally {
    guide: Protospacer,
    perfect: Occurrences,
    sums: Sums,
    hits: [u64; 5],
    stopped: bool,
    kept: Kept,
}

#[expect(clippy::cast_precision_loss, reason = "no genome has 2^53 places")]
fn number(count: u64) -> f64 {
    count as f64
}

impl Tally {
    pub(super) fn new(guide: Protospacer, perfect: Occurrences) -> Self {
        Self { guide, perfect, sums: Sums::default(), hits: [0; 5], stopped: false, kept: Kept::default() }
    }

    pub(super) fn guide(&self) -> Protospacer {
        self.guide
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Counts a site.
    pub(super) fn count(
        &mut self,
        site: Protospacer,
        mismatches: Mismatches,
        occurrences: Occurrences,
        settings: &Settings,
    ) {
        let distance = mismatches.count() as usize;
        let weight = cfd::mismatch_weight(self.guide, site);
        let own_site = if distance == 0 { occurrences.gg.min(1) } else { 0 };
        if distance > 0 {
            self.sums.mit += mit::local_score(mismatches) * number(occurrences.total());
        }
        self.sums.cfd += weight * number(occurrences.total());
        self.sums.specificity += weight * Pam::Gg.weight() * number(occurrences.gg - own_site)
            + weight * Pam::Ag.weight() * number(occurrences.ag);
        if let Some(hits) = self.hits.get_mut(distance) {
            *hits += occurrences.total();
        }
        self.kept.keep(site, weight, mismatches, occurrences, settings.listed);
        self.stopped = settings.early_exit && settings.decision.is_certain(&self.sums);
    }

    pub(super) fn into_score(self, index: &Index, settings: &Settings) -> Result<Score, IndexError> {
        Ok(Score {
            mit: published_score(self.sums.mit),
            cfd: published_score(self.sums.cfd),
            cfd_specificity: self.sums.cfd_specificity(),
            perfect: self.perfect,
            hits: self.hits,
            accepted: settings.decision.accepts(&self.sums),
            stopped: self.stopped,
            list: self.kept.into_list(index, self.guide, self.hits.iter().sum(), settings.listed)?,
        })
    }
}
