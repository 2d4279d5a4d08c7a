//! Minimum free energy of an RNA at 37 °C, with the Turner 2004 parameters.
//!
//! Every stem may have dangling bases on both sides, GU pairs and isolated pairs are allowed. Among structures of equal
//! energy the choice is that of the usual trace back, so that structures can be compared with those of other programs.

mod energy;
mod matrices;
mod parameters;
mod sequence;
mod traceback;

use std::sync::OnceLock;

use self::{matrices::Matrices, parameters::Parameters, sequence::Sequence};
use crate::bases::{GUIDE_LENGTH, Protospacer};

/// The RNA after the bases of the guide.
pub const SCAFFOLD: &str = "GUUUUAGAGCUAGAAAUAGCAAGUUAAAAUAAGGCUAGUCCGUUAUCAACUUGAAAAAGUGGCACCGAGUCGGUGCUUUU";

/// The first row of the matrices that does not see the guide: the base before it is one of the scaffold.
const FIRST_CONSTANT_ROW: usize = GUIDE_LENGTH + 2;

/// The longest sequence that is folded.
pub const MAX_LENGTH: usize = 1_000;

/// The structure of the least free energy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Free energy in 0.01 kcal/mol.
    pub energy: i32,
    /// One character for each base: `(` and `)` are pairs, `.` is none.
    pub structure: String,
}

impl Fold {
    /// Free energy in kcal/mol.
    pub fn kilocalories(&self) -> f64 {
        f64::from(self.energy) / 100.0
    }
}

/// Folds an RNA of A, C, G and U (or T), in either case; none for other letters and for more than [`MAX_LENGTH`] of them.
pub fn fold(letters: &[u8]) -> Option<Fold> {
    let sequence = Sequence::new(letters).filter(|sequence| sequence.len() <= MAX_LENGTH)?;
    let mut matrices = Matrices::new(sequence.len());
    let parameters = Parameters::turner_2004();
    matrices.fill(&sequence, parameters, 1..sequence.len() + 1);
    Some(matrices.trace_back(&sequence, parameters))
}

/// Folds guides with the scaffold. What does not depend on the guide is computed once.
#[derive(Debug, Clone)]
pub struct GuideFolder {
    sequence: Sequence,
    matrices: Matrices,
}

impl GuideFolder {
    /// A folder, which needs 300 KB of memory.
    pub fn new() -> Self {
        static PREPARED: OnceLock<GuideFolder> = OnceLock::new();
        PREPARED.get_or_init(Self::prepared).clone()
    }

    fn prepared() -> Self {
        let letters = [&[b'A'; GUIDE_LENGTH], SCAFFOLD.as_bytes()].concat();
        let sequence = Sequence::new(&letters).expect("the scaffold has bases only");
        let mut matrices = Matrices::new(sequence.len());
        matrices.fill(&sequence, Parameters::turner_2004(), FIRST_CONSTANT_ROW..sequence.len() + 1);
        Self { sequence, matrices }
    }

    /// Folds the RNA of a guide: G, the bases of the guide without the first, and the scaffold.
    pub fn fold(&mut self, guide: Protospacer) -> Fold {
        const G: u8 = 2;
        for position in 0..GUIDE_LENGTH {
            self.sequence.set(position + 1, if position == 0 { G } else { guide.base(position) });
        }
        let parameters = Parameters::turner_2004();
        self.matrices.fill(&self.sequence, parameters, 1..FIRST_CONSTANT_ROW);
        self.matrices.trace_back(&self.sequence, parameters)
    }
}

impl Default for GuideFolder {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_structures() {
        let mut folder = GuideFolder::new();
        for (guide, energy, structure) in [
            (
                "ACTCCTCATGCTGGACATTC",
                -2_240,
                "((.......))(((((..(((((((((.((((....))))...)))))))..))...)))))......((((....))))(((((((...)))))))...",
            ),
            (
                "ATTCTGGTTCCTAGTATATC",
                -2_520,
                ".(((((((((..((........))..)))))))))....((((((...((((.(......).)))).)))))).......(((((((...)))))))...",
            ),
            (
                "GTATATCTGGAGAGTTAAGA",
                -2_250,
                ".......((((.((((....(((((((.((((....))))...)))))))..))))..))))......((((....))))(((((((...)))))))...",
            ),
            (
                "AAGCTACATGATGAGTTAAC",
                -2_160,
                ".((((....((((......))))....))))........((((((...((((.(......).)))).)))))).......(((((((...)))))))...",
            ),
            (
                "AATCTTGATTCTAAGGTTGG",
                -2_230,
                ".....((((.....(((((((((((((.((((....))))...)))))))....)))).))...))))((((....))))(((((((...)))))))...",
            ),
        ] {
            let found = folder.fold(Protospacer::new(guide.as_bytes()).unwrap());
            assert_eq!((found.energy, found.structure.as_str()), (energy, structure), "{guide}");
        }
    }

    #[test]
    fn what_cannot_pair_stays_open() {
        for letters in ["", "A", "ACGU", "AAAAAAAAAA"] {
            let found = fold(letters.as_bytes()).unwrap();
            assert_eq!((found.energy, found.structure), (0, ".".repeat(letters.len())));
        }
        assert_eq!(fold(b"ACGN"), None);
        assert_eq!(fold(&[b'A'; MAX_LENGTH + 1]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_folder_may_be_used_again(guides in prop::collection::vec("[ACGT]{20}", 1..4)) {
            let mut folder = GuideFolder::new();
            for guide in guides {
                let whole = fold(format!("G{}{SCAFFOLD}", &guide[1..]).as_bytes()).unwrap();
                prop_assert_eq!(folder.fold(Protospacer::new(guide.as_bytes()).unwrap()), whole);
            }
        }

        #[test]
        fn structures_have_pairs_that_may_be(letters in "[ACGUacgt]{0,60}") {
            let found = fold(letters.as_bytes()).unwrap();
            let mut open = Vec::new();
            let rna = letters.to_uppercase().replace('T', "U");
            for (position, character) in found.structure.bytes().enumerate() {
                match character {
                    b'(' => open.push(position),
                    b')' => {
                        let partner: usize = open.pop().unwrap();
                        let pair = [rna.as_bytes()[partner], rna.as_bytes()[position]];
                        prop_assert!([b"CG", b"GC", b"GU", b"UG", b"AU", b"UA"].contains(&&pair));
                        prop_assert!(position - partner > 3);
                    }
                    _ => {}
                }
            }
            prop_assert!(open.is_empty() && found.energy <= 0);
        }
    }
}
