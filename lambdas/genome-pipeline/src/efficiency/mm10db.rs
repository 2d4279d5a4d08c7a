//! The rules of mm10db (Sunagawa et al., Cell Reports 2016): bases, and how the RNA folds.

use crate::{
    bases::{GUIDE_LENGTH, Protospacer, Target},
    folding::{Fold, GuideFolder},
};

const A: u8 = 0;
const T: u8 = 3;
/// Free energy from which a guide with the structure of the scaffold is accepted, in 0.01 kcal/mol.
const LEAST_ENERGY_INTACT: i32 = -3_000;
/// Free energy above which a guide without that structure is accepted, in 0.01 kcal/mol.
const LEAST_ENERGY_OTHER: i32 = -1_800;

/// The structure of the scaffold that Cas9 binds, of all 100 bases; `*` may be anything.
const SCAFFOLD_STRUCTURE: &str =
    "****************************((((....))))...))))*********************((((....))))(((((((...)))))))...";

/// What the rules say of a guide. What was not looked at is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Mm10db {
    /// Whether all rules accept.
    pub accepted: bool,
    /// A and T among the 20 bases, in percent.
    pub at_percent: Option<f64>,
    /// The structure of the guide with the scaffold.
    pub fold: Option<Fold>,
    /// Whether the scaffold keeps its structure.
    pub scaffold_intact: Option<bool>,
}

/// Whether the guide starts with T.
pub fn has_leading_t(guide: Protospacer) -> bool {
    guide.base(0) == T
}

/// A and T among the 20 bases, in percent.
pub fn at_percent(guide: Protospacer) -> f64 {
    let count: u8 = (0..GUIDE_LENGTH).map(|position| u8::from(matches!(guide.base(position), A | T))).sum();
    f64::from(count) * 5.0
}

/// Whether the 23 bases have four T in a row, which ends transcription.
pub fn has_tttt(target: Target) -> bool {
    target.letters().windows(4).any(|letters| letters == b"TTTT")
}

/// Whether the scaffold keeps its structure.
pub fn is_scaffold_intact(fold: &Fold) -> bool {
    fold.structure.len() == SCAFFOLD_STRUCTURE.len()
        && fold.structure.bytes().zip(SCAFFOLD_STRUCTURE.bytes()).all(|(found, asked)| asked == b'*' || found == asked)
}

/// Whether the structure is accepted.
pub fn accepts_structure(energy: i32, scaffold_intact: bool) -> bool {
    if scaffold_intact { energy >= LEAST_ENERGY_INTACT } else { energy > LEAST_ENERGY_OTHER }
}

/// Applies the rules; all of them, or with `stops_at_first` none after the first that rejects.
pub fn evaluate(target: Target, folder: &mut GuideFolder, stops_at_first: bool) -> Mm10db {
    let guide = target.protospacer();
    let mut found = Mm10db { accepted: !has_leading_t(guide), at_percent: None, fold: None, scaffold_intact: None };
    let is_done = |found: &Mm10db| stops_at_first && !found.accepted;
    if is_done(&found) {
        return found;
    }
    let at_percent = at_percent(guide);
    found.at_percent = Some(at_percent);
    found.accepted &= (20.0..=65.0).contains(&at_percent) && !has_tttt(target);
    if is_done(&found) {
        return found;
    }
    let fold = folder.fold(guide);
    let intact = is_scaffold_intact(&fold);
    found.accepted &= accepts_structure(fold.energy, intact);
    found.scaffold_intact = Some(intact);
    found.fold = Some(fold);
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        Target::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn published_guides() {
        let mut folder = GuideFolder::new();
        for (text, energy, intact, at, accepted) in [
            ("ACTCCTCATGCTGGACATTCTGG", -2_240, true, 50.0, true),
            ("ATTCTGGTTCCTAGTATATCTGG", -2_520, false, 65.0, false),
            ("GTATATCTGGAGAGTTAAGATGG", -2_250, true, 65.0, true),
            ("AAGCTACATGATGAGTTAACAGG", -2_160, false, 65.0, false),
            ("AATCTTGATTCTAAGGTTGGAGG", -2_230, true, 65.0, true),
        ] {
            let found = evaluate(target(text), &mut folder, false);
            assert_eq!(found.fold.unwrap().energy, energy, "{text}");
            assert_eq!((found.scaffold_intact, found.accepted), (Some(intact), accepted), "{text}");
            assert_eq!(found.at_percent, Some(at));
        }
    }

    #[test]
    fn bases_reject() {
        let at = |text: &str| at_percent(target(text).protospacer());
        assert_eq!(at("GGGGGGGGGGGGGGGGGGGGTTT"), 0.0);
        assert_eq!(at("ATATGGGGGGGGGGGGGGGGTTT"), 20.0);
        assert!(has_leading_t(target("TGGGGGGGGGGGGGGGGGGGAGG").protospacer()));
        assert!(has_tttt(target("AGGGGGGGGGGGGGGGGTTTTGG")) && has_tttt(target("AGGGGGGGGGGGGGGGGGTTTTG")));
        assert!(!has_tttt(target("AGGGGGGGGGGGGGGTTTCTTGG")));
    }

    #[test]
    fn energies_reject() {
        assert!(accepts_structure(-3_000, true) && !accepts_structure(-3_001, true));
        assert!(accepts_structure(-1_799, false) && !accepts_structure(-1_800, false));
        assert_eq!(SCAFFOLD_STRUCTURE.len(), 100);
        let short = Fold { energy: 0, structure: ".".repeat(99) };
        assert!(!is_scaffold_intact(&short));
    }

    #[test]
    fn what_is_decided_is_not_looked_at() {
        let mut folder = GuideFolder::new();
        let leading = evaluate(target("TTTTGGGGGGGGGGGGGGGGAGG"), &mut folder, true);
        assert_eq!((leading.accepted, leading.at_percent, leading.fold), (false, None, None));
        let bases = evaluate(target("GGGGGGGGGGGGGGGGGGGGAGG"), &mut folder, true);
        assert_eq!((bases.accepted, bases.at_percent, bases.fold), (false, Some(0.0), None));
        assert!(evaluate(target("TTTTGGGGGGGGGGGGGGGGAGG"), &mut folder, false).fold.is_some());
    }
}
