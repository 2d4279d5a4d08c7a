//! Sites that Cas9 may cut: 20 bases before a PAM that ends with AG or GG, on either strand.

use crate::bases::{Strand, TARGET_LENGTH, Target};

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

/// Letters that are looked at together: one bit of each makes a word.
const PIECE: usize = 64;
/// Bases of a word.
const WORD_BASES: usize = 32;
/// Above the bases of a packed site: its strand, and the number of the letter that it ends with.
const MINUS: u64 = 1 << TARGET_BITS;
const LETTER_SHIFT: usize = TARGET_BITS + 1;

/// Finds the sites of one record whose letters come in pieces.
#[derive(Debug, Clone, Default)]
pub struct SiteScanner {
    /// The last bases, the last of all in the lowest bits.
    recent: u64,
    /// What the last letters were, the last of all in the highest bit.
    last: Planes<u64>,
    /// Letters seen.
    position: u64,
}

/// Of each letter whether it is a base, and the two bits of that.
#[derive(Debug, Clone, Copy, Default)]
struct Planes<T> {
    known: T,
    low: T,
    high: T,
}

impl SiteScanner {
    /// Number of letters seen.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Hands over the sites that end within `letters`: by position, the plus strand first.
    #[inline]
    pub fn scan(&mut self, letters: &[u8], mut sink: impl FnMut(Site)) {
        for letters in letters.chunks(PIECE) {
            let end_before = self.position + 1;
            let mut found = [0; 2 * PIECE];
            let count = self.find(letters, &mut found);
            for packed in &found[..count] {
                let end = end_before + (packed >> LETTER_SHIFT);
                let strand = if packed & MINUS == 0 { Strand::Plus } else { Strand::Minus };
                let target = Target::from_bits(packed & TARGET_MASK);
                sink(Site { start: end - TARGET_LENGTH as u64, strand, target });
            }
        }
    }

    /// Packs the sites that end within a piece into `found`, and counts them.
    ///
    /// Where one may end is told by words of which each bit is a letter. Only there the bases are put together, for both
    /// strands: one in four letters ends a site, which no processor foresees, so what is none is written too, and then
    /// overwritten.
    #[expect(clippy::cast_possible_truncation, reason = "of two words, one is taken")]
    fn find(&mut self, letters: &[u8], found: &mut [u64; 2 * PIECE]) -> usize {
        let (words, piece) = read(letters);
        let comes_after = |last: u64, new: u64| u128::from(new) << PIECE | u128::from(last);
        let all = Planes {
            known: comes_after(self.last.known, piece.known),
            low: comes_after(self.last.low, piece.low),
            high: comes_after(self.last.high, piece.high),
        };
        let join = |before: u64, after: u64| u128::from(before) << 64 | u128::from(after);
        let halves = [join(self.recent, words[0]), join(words[0], words[1])];

        // The windows of 23 bases, by their last letter.
        let mut whole = all.known;
        for shift in [1, 2, 4, 8, 7] {
            whole &= whole << shift;
        }
        let ends_with_g = all.high & !all.low;
        let plus = whole & ends_with_g & !all.low << 1;
        let begins_with_c = !all.high & all.low;
        let minus = whole & begins_with_c << (TARGET_LENGTH - 1) & all.low << (TARGET_LENGTH - 2);
        let (plus, minus) = ((plus >> PIECE) as u64, (minus >> PIECE) as u64);

        let mut count = 0;
        let mut ends = plus | minus;
        while ends != 0 {
            let letter = ends.trailing_zeros() as usize;
            ends &= ends - 1;
            let after = 2 * (WORD_BASES - 1 - letter % WORD_BASES);
            let bases = (halves[letter / WORD_BASES] >> after) as u64 & TARGET_MASK;
            let number = (letter as u64) << LETTER_SHIFT;
            found[count] = number | bases;
            count += (plus >> letter & 1) as usize;
            found[count] = number | MINUS | reverse_complement(bases);
            count += (minus >> letter & 1) as usize;
        }

        let length = letters.len();
        self.recent = (halves[usize::from(length > WORD_BASES)] >> (2 * (length.wrapping_neg() % WORD_BASES))) as u64;
        let rest = |all: u128| (all >> length) as u64;
        self.last = Planes { known: rest(all.known), low: rest(all.low), high: rest(all.high) };
        self.position += length as u64;
        count
    }
}

/// The bases of a piece, the first in the highest bits of the first word, and what its letters are.
fn read(letters: &[u8]) -> ([u64; 2], Planes<u64>) {
    let mut padded = [0; PIECE];
    padded[..letters.len()].copy_from_slice(letters);
    // In ASCII, these bits of the four letters are those of their codes.
    let (mut codes, mut known) = ([0; PIECE], [0; PIECE]);
    for ((letter, code), known) in padded.iter().zip(&mut codes).zip(&mut known) {
        *code = (letter >> 1 ^ letter >> 2) & 3;
        *known = u8::from(matches!(letter & !0x20, b'A' | b'C' | b'G' | b'T'));
    }
    let mut words = [0; PIECE / WORD_BASES];
    let mut piece = Planes::default();
    let eights = codes.as_chunks::<8>().0.iter().zip(known.as_chunks::<8>().0);
    for (number, (codes, known)) in eights.enumerate() {
        let bases = u64::from_be_bytes(*codes);
        let bases = (bases | bases >> 6) & 0x000f_000f_000f_000f;
        let bases = (bases | bases >> 12) & 0x0000_00ff_0000_00ff;
        let bases = (bases | bases >> 24) & 0xffff;
        words[number / 4] |= bases << (48 - 16 * (number % 4));
        let codes = u64::from_le_bytes(*codes);
        piece.known |= lowest_bits(u64::from_le_bytes(*known)) << (8 * number);
        piece.low |= lowest_bits(codes) << (8 * number);
        piece.high |= lowest_bits(codes >> 1) << (8 * number);
    }
    (words, piece)
}

/// The lowest bit of each byte.
fn lowest_bits(bytes: u64) -> u64 {
    (bytes & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The other strand of 23 bases.
fn reverse_complement(bases: u64) -> u64 {
    let bytes = (!bases).swap_bytes();
    let halves = (bytes & 0x0f0f_0f0f_0f0f_0f0f) << 4 | bytes >> 4 & 0x0f0f_0f0f_0f0f_0f0f;
    let reversed = (halves & 0x3333_3333_3333_3333) << 2 | halves >> 2 & 0x3333_3333_3333_3333;
    reversed >> (64 - TARGET_BITS)
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
            letters in prop::collection::vec(
                prop::sample::select(b"AACCGGGTTAACCGGGTTAACCGGGTTacgtNR*".as_slice()), 0..400),
            cuts in prop::array::uniform4(any::<prop::sample::Index>()),
        ) {
            let mut cuts = cuts.map(|cut| cut.index(letters.len() + 1));
            cuts.sort_unstable();
            let [first, second, third, fourth] = cuts;
            let pieces =
                [&letters[..first], &letters[first..second], &letters[second..third], &letters[third..fourth], &letters[fourth..]];
            let found: Vec<_> = scanned(&pieces)
                .iter()
                .map(|site| (site.start, site.strand, site.target.to_string()))
                .collect();
            prop_assert_eq!(found, expected(&letters));
        }
    }
}
