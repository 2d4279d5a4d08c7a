//! What is known of each guide, whether it passes, and which is best.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{
    efficiency::{Efficiency, NEEDED, sgrnascorer2},
    folding::Fold,
    guide::Guide,
    off_target::Score,
};

/// The most perfect sites in the genome of a guide that passes.
const MOST_PERFECT_SITES: u64 = 1;

/// A guide and what is known of it: the columns of the results. What was not looked at is none, never 0.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// The rank, from 1; none before [`rank`].
    pub rank: Option<u32>,
    /// Number of the guide, from 0, in the order of the sequence.
    pub target_id: u32,
    /// Name of the record.
    pub record: String,
    /// First base on the plus strand, from 0, PAM included.
    pub start: u64,
    /// The base after the last.
    pub end: u64,
    /// `+` or `-`.
    pub strand: String,
    /// The 23 bases in the direction of that strand.
    pub sequence: String,
    /// How often the 20 bases are a guide of the sequence.
    pub count: u32,
    /// Whether that is once.
    pub unique: bool,
    /// Whether the guide passes: see [`Row::passes`].
    pub passed: bool,
    /// How many of the methods that were asked take it for efficient.
    pub consensus: Option<u8>,
    /// Whether CHOPCHOP does.
    pub chopchop: Option<bool>,
    /// Whether mm10db does.
    pub mm10db: Option<bool>,
    /// Whether sgRNAScorer 2.0 does.
    pub sgrnascorer2: Option<bool>,
    /// The score of sgRNAScorer 2.0.
    pub sgrnascorer2_score: Option<f64>,
    /// A and T among the 20 bases, in percent.
    pub at_percent: Option<f64>,
    /// Free energy of the RNA in kcal/mol.
    pub mfe: Option<f64>,
    /// Structure of the RNA.
    pub structure: Option<String>,
    /// Whether the scaffold keeps its structure.
    pub scaffold_intact: Option<bool>,
    /// The MIT score.
    pub mit: Option<f64>,
    /// The CFD score as published.
    pub cfd: Option<f64>,
    /// The CFD score with real PAMs and without the guide's own site.
    pub cfd_specificity: Option<f64>,
    /// How often the genome has the 20 bases as a site.
    pub perfect_sites: Option<u64>,
    /// Whether the genome has them with a PAM of GG.
    pub in_genome: Option<bool>,
    /// Number of places without mismatch.
    pub d0: Option<u64>,
    /// Number of places with one mismatch.
    pub d1: Option<u64>,
    /// Number of places with two mismatches.
    pub d2: Option<u64>,
    /// Number of places with three mismatches.
    pub d3: Option<u64>,
    /// Number of places with four mismatches.
    pub d4: Option<u64>,
    /// Whether the method accepts the risk.
    pub off_target_accepted: Option<bool>,
}

impl Row {
    /// The row of a guide of which nothing else is known, in the record of this name.
    pub fn new(guide: &Guide, record: &str) -> Self {
        Self {
            target_id: guide.id,
            record: record.to_owned(),
            start: guide.start,
            end: guide.end(),
            strand: guide.strand.to_string(),
            sequence: guide.target.to_string(),
            count: guide.count,
            unique: guide.is_unique(),
            ..Self::default()
        }
    }

    /// Adds how well the guide is predicted to cut.
    pub fn set_efficiency(&mut self, efficiency: Efficiency) {
        self.consensus = efficiency.consensus();
        self.chopchop = efficiency.chopchop;
        self.sgrnascorer2_score = efficiency.sgrnascorer2;
        self.sgrnascorer2 = efficiency.sgrnascorer2.map(sgrnascorer2::accepts);
        if let Some(mm10db) = efficiency.mm10db {
            self.mm10db = Some(mm10db.accepted);
            self.at_percent = mm10db.at_percent;
            self.scaffold_intact = mm10db.scaffold_intact;
            self.mfe = mm10db.fold.as_ref().map(Fold::kilocalories);
            self.structure = mm10db.fold.map(|fold| fold.structure);
        }
    }

    /// Adds the off-target risk.
    pub fn set_off_target(&mut self, score: &Score) {
        self.mit = Some(score.mit);
        self.cfd = Some(score.cfd);
        self.cfd_specificity = Some(score.cfd_specificity);
        self.perfect_sites = Some(score.perfect_sites());
        self.in_genome = Some(score.is_in_genome());
        [self.d0, self.d1, self.d2, self.d3, self.d4] = score.hits.map(Some);
        self.off_target_accepted = Some(score.accepted);
    }

    /// Whether enough methods take the guide for efficient.
    pub fn is_efficient(&self) -> bool {
        self.consensus.is_some_and(|consensus| consensus >= NEEDED)
    }

    /// Whether the guide passes: unique, at one place of the genome at most, accepted for its risk, and efficient.
    pub fn passes(&self) -> bool {
        self.unique
            && self.is_efficient()
            && self.off_target_accepted == Some(true)
            && self.perfect_sites.is_some_and(|sites| sites <= MOST_PERFECT_SITES)
    }

    /// What decides the rank: less is better.
    fn compare(&self, other: &Self) -> Ordering {
        let risk = |row: &Self| [row.cfd_specificity, row.mit].map(|score| score.map(millionths));
        let predicted = |row: &Self| row.sgrnascorer2_score.unwrap_or(f64::NEG_INFINITY);
        (other.passes().cmp(&self.passes()))
            .then_with(|| other.consensus.cmp(&self.consensus))
            .then_with(|| risk(other).cmp(&risk(self)))
            .then_with(|| predicted(other).total_cmp(&predicted(self)))
            .then_with(|| self.start.cmp(&other.start))
            // `+` is before `-` in ASCII.
            .then_with(|| self.strand.cmp(&other.strand))
            .then_with(|| self.target_id.cmp(&other.target_id))
    }
}

/// A score from 0 to 100, rounded to six decimals, as a whole number.
#[expect(clippy::cast_possible_truncation, reason = "scores are at most 100")]
fn millionths(score: f64) -> i64 {
    (score * 1e6).round() as i64
}

/// Puts the best guides first, and numbers them.
pub fn rank(rows: &mut [Row]) {
    rows.sort_by(Row::compare);
    for (row, rank) in rows.iter_mut().zip(1..) {
        row.rank = Some(rank);
        row.passed = row.passes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A guide that passes.
    fn row(target_id: u32) -> Row {
        Row {
            target_id,
            start: 100,
            strand: "+".to_owned(),
            count: 1,
            unique: true,
            consensus: Some(2),
            sgrnascorer2_score: Some(0.5),
            mit: Some(90.0),
            cfd_specificity: Some(90.0),
            perfect_sites: Some(1),
            off_target_accepted: Some(true),
            ..Row::default()
        }
    }

    #[test]
    fn each_condition_is_needed_to_pass() {
        assert!(row(0).passes());
        assert!(Row { perfect_sites: Some(0), ..row(0) }.passes());
        for failing in [
            Row { unique: false, ..row(0) },
            Row { consensus: Some(1), ..row(0) },
            Row { consensus: None, ..row(0) },
            Row { perfect_sites: Some(2), ..row(0) },
            Row { off_target_accepted: Some(false), ..row(0) },
            Row { off_target_accepted: None, ..row(0) },
        ] {
            assert!(!failing.passes(), "{failing:?}");
        }
    }

    #[test]
    fn ranks_follow_the_order_of_the_rules() {
        // From best to worst, each by one rule.
        let best_first = [
            Row { consensus: Some(3), cfd_specificity: Some(80.0), ..row(0) },
            Row { cfd_specificity: Some(95.0), mit: Some(10.0), ..row(1) },
            Row { mit: Some(95.0), sgrnascorer2_score: Some(-1.0), ..row(2) },
            Row { mit: Some(90.000_000_2), sgrnascorer2_score: Some(0.6), start: 300, ..row(3) },
            Row { mit: Some(90.000_000_4), start: 99, strand: "-".to_owned(), ..row(4) },
            row(5),
            Row { strand: "-".to_owned(), ..row(6) },
            Row { consensus: Some(3), unique: false, ..row(7) },
            Row { consensus: Some(1), sgrnascorer2_score: None, ..row(8) },
            Row { mit: None, cfd_specificity: None, consensus: Some(1), ..row(9) },
            Row { consensus: None, ..row(10) },
        ];
        let mut rows = best_first.clone();
        rows.reverse();
        rank(&mut rows);
        assert_eq!(rows.each_ref().map(|row| row.target_id), best_first.each_ref().map(|row| row.target_id));
        assert_eq!(rows.iter().filter(|row| row.passed).count(), 7);
        assert_eq!((rows[0].rank, rows[10].rank), (Some(1), Some(11)));
    }
}
