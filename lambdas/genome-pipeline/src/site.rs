//! Sites that Cas9 may cut: 20 bases before a PAM that ends with AG or GG, on either strand.

use crate::bases::{Strand, TARGET_LENGTH, Target, code};

const TARGET_BITS: usize = 2 * TARGET_LENGTH;
const TARGET_MASK: u64 = (1 << TARGET_BITS) - 1;

/// The second base of a PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pam {
    /// The PAM that guides are made for.
    Gg,
    /// The PAM that is cut as well, less often.
    Ag,
}

/// A site of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// First base on the plus strand, from 0.
    pub start: u64,
    /// The strand that has the PAM.
    pub strand: Strand,
    /// The bases in the direction of that strand.
    pub target: Target,
}

impl Site {
    /// The base after the last, on the plus strand.
    pub fn end(&self) -> u64 {
        self.start + TARGET_LENGTH as u64
    }

    /// How the PAM ends.
    #[inline]
    pub fn pam(&self) -> Pam {
        if self.target.bits() & 0b1000 == 0 { Pam::Ag } else { Pam::Gg }
    }
}

/// Whether a target ends with AG or GG.
#[inline]
fn has_pam(target: u64) -> bool {
    target & 0b0111 == 0b0010
}

/// Finds the sites of one record whose letters come in pieces.
#[derive(Debug, Clone, Default)]
pub struct SiteScanner {
    plus: u64,
    minus: u64,
    /// Bases since the last letter that is none.
    run: usize,
    /// Letters seen.
    position: u64,
}

impl SiteScanner {
    /// Number of letters seen.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Hands over the sites that end within `letters`: by position, the plus strand first.
    #[inline]
    pub fn scan(&mut self, letters: &[u8], mut sink: impl FnMut(Site)) {
        // Copies stay in registers.
        let Self { mut plus, mut minus, mut run, mut position } = *self;
        for &letter in letters {
            position += 1;
            let Some(base) = code(letter) else {
                run = 0;
                continue;
            };
            let base = u64::from(base);
            plus = (plus << 2 | base) & TARGET_MASK;
            minus = minus >> 2 | (3 - base) << (TARGET_BITS - 2);
            run += 1;
            if run < TARGET_LENGTH {
                continue;
            }
            let start = position - TARGET_LENGTH as u64;
            if has_pam(plus) {
                sink(Site { start, strand: Strand::Plus, target: Target::from_bits(plus) });
            }
            if has_pam(minus) {
                sink(Site { start, strand: Strand::Minus, target: Target::from_bits(minus) });
            }
        }
        *self = Self { plus, minus, run, position };
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scanned(pieces: &[&[u8]]) -> Vec<Site> {
        let mut scanner = SiteScanner::default();
        let mut sites = Vec::new();
        for piece in pieces {
            scanner.scan(piece, |site| sites.push(site));
        }
        sites
    }

    /// Sites as the specification words them, from text alone.
    fn expected(letters: &[u8]) -> Vec<(u64, Strand, String)> {
        let mut sites = Vec::new();
        for (start, window) in letters.windows(23).enumerate() {
            let plus = String::from_utf8(window.to_ascii_uppercase()).unwrap();
            if plus.chars().any(|letter| !"ACGT".contains(letter)) {
                continue;
            }
            let minus: String = plus
                .chars()
                .rev()
                .map(|letter| match letter {
                    'A' => 'T',
                    'C' => 'G',
                    'G' => 'C',
                    _ => 'A',
                })
                .collect();
            for (strand, text) in [(Strand::Plus, plus), (Strand::Minus, minus)] {
                if text.ends_with("AG") || text.ends_with("GG") {
                    sites.push((start as u64, strand, text));
                }
            }
        }
        sites
    }

    #[test]
    fn the_reverse_match_is_complemented_before_it_is_cut() {
        let sites = scanned(&[b"CCAATCGATCGATCGATCGATCG"]);
        assert_eq!(sites.len(), 1);
        assert_eq!((sites[0].start, sites[0].end(), sites[0].strand), (0, 23, Strand::Minus));
        assert_eq!(sites[0].target.to_string(), "CGATCGATCGATCGATCGATTGG");
        assert_eq!(sites[0].target.protospacer().to_string(), "CGATCGATCGATCGATCGAT");
        assert_eq!(sites[0].pam(), Pam::Gg);
    }

    #[test]
    fn sites_that_start_with_t_count() {
        let sites = scanned(&[b"TTCGATCGATCGATCGATCGAAG"]);
        assert_eq!(sites[0].target.to_string(), "TTCGATCGATCGATCGATCGAAG");
        assert_eq!(sites[0].pam(), Pam::Ag);
    }

    proptest! {
        #[test]
        fn sites_are_those_of_the_text(
            letters in prop::collection::vec(prop::sample::select(b"AACCGGGTTacgtN".as_slice()), 0..200),
            cut in any::<prop::sample::Index>(),
        ) {
            let cut = cut.index(letters.len() + 1);
            let (first, second) = letters.split_at(cut);
            let found: Vec<_> = scanned(&[first, second])
                .iter()
                .map(|site| (site.start, site.strand, site.target.to_string()))
                .collect();
            prop_assert_eq!(found, expected(&letters));
        }
    }
}
