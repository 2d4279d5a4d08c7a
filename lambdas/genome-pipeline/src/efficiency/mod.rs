//! Cutting efficiency of guides, as three published methods predict it.

pub mod chopchop;
pub mod mm10db;
pub mod sgrnascorer2;

use self::mm10db::Mm10db;
use crate::{bases::Target, folding::GuideFolder};

/// How many of the three methods have to accept.
pub const NEEDED: u8 = 2;

/// What is left out because it cannot change whether a guide passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Optimisation {
    /// Nothing.
    #[default]
    UltraLow,
    /// Guides that are not unique.
    Low,
    /// Also rules of mm10db after one that rejects, and off-target sites of guides that are not efficient.
    Medium,
    /// Also methods when two agree, and off-target sites after a guide is rejected.
    High,
}

/// The predictions for a guide. What was not looked at is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Efficiency {
    /// Whether CHOPCHOP accepts.
    pub chopchop: Option<bool>,
    /// What mm10db says.
    pub mm10db: Option<Mm10db>,
    /// The score of sgRNAScorer 2.0.
    pub sgrnascorer2: Option<f64>,
}

impl Efficiency {
    /// The predictions for a guide.
    pub fn of(target: Target, optimisation: Optimisation, folder: &mut GuideFolder) -> Self {
        let guide = target.protospacer();
        let mut found = Self {
            chopchop: Some(chopchop::accepts(guide)),
            mm10db: None,
            sgrnascorer2: Some(sgrnascorer2::score(guide)),
        };
        // Folding takes the longest and comes last.
        let decided = optimisation == Optimisation::High && found.consensus() != Some(1);
        if !decided {
            found.mm10db = Some(mm10db::evaluate(target, folder, optimisation >= Optimisation::Medium));
        }
        found
    }

    /// How many of the methods that were asked accept; none if none was.
    pub fn consensus(&self) -> Option<u8> {
        let answers = [
            self.chopchop,
            self.mm10db.as_ref().map(|mm10db| mm10db.accepted),
            self.sgrnascorer2.map(sgrnascorer2::accepts),
        ];
        let mut asked = answers.into_iter().flatten().peekable();
        asked.peek()?;
        Some(asked.map(u8::from).sum())
    }

    /// Whether the guide is efficient; none if no method was asked.
    pub fn is_efficient(&self) -> Option<bool> {
        self.consensus().map(|consensus| consensus >= NEEDED)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_guides_of_the_sample_job() {
        let mut folder = GuideFolder::new();
        for (text, answers, energy, score) in [
            ("ATCGATCGATCGATCGATCGAGG", [true, true, true], -2_690, "2.597819"),
            ("ATCGATCGATCGATCGATCGTGG", [true, true, true], -2_690, "2.597819"),
            ("CGATCGATCGATCGATCGATTGG", [false, true, false], -2_660, "-4.637011"),
        ] {
            let found = Efficiency::of(Target::new(text.as_bytes()).unwrap(), Optimisation::UltraLow, &mut folder);
            let consensus = answers.iter().map(|accepted| u8::from(*accepted)).sum::<u8>();
            assert_eq!((found.consensus(), found.is_efficient()), (Some(consensus), Some(consensus >= 2)));
            let mm10db = found.mm10db.unwrap();
            assert_eq!([found.chopchop.unwrap(), mm10db.accepted, found.sgrnascorer2.unwrap() >= 0.0], answers);
            assert_eq!(mm10db.fold.unwrap().energy, energy);
            assert_eq!(format!("{:.6}", found.sgrnascorer2.unwrap()), score);
        }
        assert_eq!(Efficiency::default().is_efficient(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn what_is_left_out_changes_nothing(text in "[ACGT]{21}GG") {
            let target = Target::new(text.as_bytes()).unwrap();
            let mut folder = GuideFolder::new();
            let all = Efficiency::of(target, Optimisation::UltraLow, &mut folder);
            for optimisation in [Optimisation::Low, Optimisation::Medium, Optimisation::High] {
                let found = Efficiency::of(target, optimisation, &mut folder);
                prop_assert_eq!(found.is_efficient(), all.is_efficient());
            }
        }
    }
}
