//! Bases in two bits, and the fixed lengths of them that Cas9 works with.

use std::fmt;

use serde::{Serialize, Serializer};

/// Bases of a guide.
pub const GUIDE_LENGTH: usize = 20;
/// Bases of a target: a guide and its PAM.
pub const TARGET_LENGTH: usize = 23;

/// Bits of bases that lie on the lower bit of each pair.
const LOW_BITS: u64 = 0x5555_5555_5555_5555;

/// What stands in [`code`] for everything but the four bases.
const NO_BASE: u8 = 4;

const CODES: [u8; 256] = {
    let mut codes = [NO_BASE; 256];
    let mut base = 0;
    while base < 4 {
        let letter = b"ACGT"[base as usize];
        codes[letter as usize] = base;
        codes[letter.to_ascii_lowercase() as usize] = base;
        base += 1;
    }
    codes
};

/// The two bits of a letter in either case: A 0, C 1, G 2, T 3; none for other letters.
#[inline]
pub fn code(letter: u8) -> Option<u8> {
    let code = CODES[usize::from(letter)];
    (code != NO_BASE).then_some(code)
}

/// The letter of the two lowest bits.
pub(crate) fn letter(code: u64) -> u8 {
    b"ACGT"[(code & 3) as usize]
}

fn packed(letters: &[u8]) -> Option<u64> {
    letters.iter().try_fold(0, |bits, letter| Some(bits << 2 | u64::from(code(*letter)?)))
}

fn write_bases(formatter: &mut fmt::Formatter<'_>, bits: u64, length: usize) -> fmt::Result {
    use fmt::Write;
    (0..length).rev().try_for_each(|place| formatter.write_char(char::from(letter(bits >> (2 * place)))))
}

/// The 20 bases that a guide binds.
///
/// The first base is in the highest bits, so that numbers are in the order of their text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protospacer(u64);

impl Protospacer {
    /// The bases of 20 letters in either case; none for other letters or lengths.
    pub fn new(letters: &[u8]) -> Option<Self> {
        (letters.len() == GUIDE_LENGTH).then(|| packed(letters)).flatten().map(Self)
    }

    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits & ((1 << (2 * GUIDE_LENGTH)) - 1))
    }

    /// The 40 bits.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// The two bits of the base at `position`, from 0 (far from the PAM) to 19.
    #[inline]
    pub fn base(self, position: usize) -> u8 {
        (self.0 >> (2 * (GUIDE_LENGTH - 1 - position)) & 3) as u8
    }

    /// Where the two differ.
    #[inline]
    pub fn mismatches(self, other: Self) -> Mismatches {
        let difference = self.0 ^ other.0;
        Mismatches((difference | difference >> 1) & LOW_BITS)
    }
}

impl fmt::Display for Protospacer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_bases(formatter, self.0, GUIDE_LENGTH)
    }
}

impl fmt::Debug for Protospacer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The positions where two protospacers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mismatches(u64);

impl Mismatches {
    /// The mismatches at the positions whose bits `2·position` are set.
    pub(crate) fn from_low_first(mask: u64) -> Self {
        (0..GUIDE_LENGTH)
            .filter(|position| mask >> (2 * position) & 1 == 1)
            .fold(Self(0), |all, position| Self(all.0 | 1 << (2 * (GUIDE_LENGTH - 1 - position))))
    }

    /// Number of mismatches.
    #[inline]
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Positions from 0 (far from the PAM) to 19, ascending.
    #[inline]
    pub fn positions(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            (rest != 0).then(|| {
                let bit = rest.ilog2();
                rest ^= 1 << bit;
                GUIDE_LENGTH - 1 - (bit / 2) as usize
            })
        })
    }

    /// Whether a position from `from` on and before `to` is among them.
    #[inline]
    pub(crate) fn any_within(self, from: usize, to: usize) -> bool {
        let above = |position: usize| (1_u64 << (2 * (GUIDE_LENGTH - position))) - 1;
        self.0 & (above(from) & !above(to)) != 0
    }
}

/// The 23 bases of a target: its protospacer and the three bases of the PAM.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target(u64);

impl Target {
    /// The bases of 23 letters in either case; none for other letters or lengths.
    pub fn new(letters: &[u8]) -> Option<Self> {
        (letters.len() == TARGET_LENGTH).then(|| packed(letters)).flatten().map(Self)
    }

    /// Puts a protospacer before the PAM whose two bits for each base are the lowest of `pam`.
    pub(crate) fn with_pam(protospacer: Protospacer, pam: u64) -> Self {
        Self(protospacer.0 << 6 | pam & 63)
    }

    #[inline]
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The 46 bits.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// The bases before the PAM.
    #[inline]
    pub fn protospacer(self) -> Protospacer {
        Protospacer(self.0 >> 6)
    }

    /// The 23 letters.
    pub fn letters(self) -> [u8; TARGET_LENGTH] {
        std::array::from_fn(|position| letter(self.0 >> (2 * (TARGET_LENGTH - 1 - position))))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_bases(formatter, self.0, TARGET_LENGTH)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A strand of DNA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strand {
    /// As the sequence is written.
    Plus,
    /// Its reverse complement.
    Minus,
}

impl fmt::Display for Strand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Plus => "+",
            Self::Minus => "-",
        })
    }
}

impl Serialize for Strand {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn letters_make_bases_and_back() {
        let text = "ACGTTGCAACGTTGCATTTT";
        let guide = Protospacer::new(text.to_lowercase().as_bytes()).unwrap();
        assert_eq!(guide.to_string(), text);
        assert_eq!([guide.base(0), guide.base(1), guide.base(4), guide.base(19)], [0, 1, 3, 3]);
        assert_eq!(Protospacer::new(b"ACGT"), None);
        assert_eq!(Protospacer::new(b"ACGTTGCAACGTTGCATTTN"), None);
        let target = Target::new(b"ACGTTGCAACGTTGCATTTTAGG").unwrap();
        assert_eq!(target.protospacer(), guide);
        assert_eq!(target.letters(), *b"ACGTTGCAACGTTGCATTTTAGG");
        assert_eq!(Target::with_pam(guide, 0b00_1010), target);
    }

    #[test]
    fn numbers_are_in_the_order_of_text() {
        let [low, high] =
            ["ATTTTTTTTTTTTTTTTTTT", "CAAAAAAAAAAAAAAAAAAA"].map(|text| Protospacer::new(text.as_bytes()).unwrap());
        assert!(low < high);
    }

    #[test]
    fn mismatches_have_positions_from_the_far_end() {
        let [guide, site] =
            ["CTGAGGCTTCTAAGAAGCCT", "CCGAGGCTTCTTAGAAGCCT"].map(|text| Protospacer::new(text.as_bytes()).unwrap());
        let mismatches = guide.mismatches(site);
        assert_eq!(mismatches.positions().collect::<Vec<_>>(), [1, 11]);
        assert_eq!(mismatches.count(), 2);
        assert!(mismatches.any_within(0, 4) && mismatches.any_within(11, 12) && !mismatches.any_within(12, 20));
        assert!(!mismatches.any_within(2, 11));
        assert_eq!(Mismatches::from_low_first(1 << 2 | 1 << 22), mismatches);
    }
}
