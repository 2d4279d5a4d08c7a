use crate::bases;

/// Pair types by their bases, from 1: CG 1, GC 2, GU 3, UG 4, AU 5, UA 6; 0 is no pair.
const PAIRS: [[u8; 5]; 5] = [[0; 5], [0, 0, 0, 0, 5], [0, 0, 0, 1, 0], [0, 0, 2, 0, 3], [0, 6, 0, 4, 0]];

/// The type of the same pair, seen from its other side.
pub(super) fn reversed(pair: u8) -> u8 {
    [0, 2, 1, 4, 3, 6, 5][usize::from(pair)]
}

/// The bases of an RNA, from 1: A 1, C 2, G 3, U 4. There is a 0 before the first and after the last.
#[derive(Debug, Clone)]
pub(super) struct Sequence(Vec<u8>);

impl Sequence {
    pub(super) fn new(letters: &[u8]) -> Option<Self> {
        let code = |letter: &u8| if letter.eq_ignore_ascii_case(&b'U') { Some(3) } else { bases::code(*letter) };
        let mut codes = vec![0];
        for letter in letters {
            codes.push(code(letter)? + 1);
        }
        codes.push(0);
        Some(Self(codes))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len() - 2
    }

    /// Replaces the base at `position` by one of A 0, C 1, G 2, U 3.
    pub(super) fn set(&mut self, position: usize, code: u8) {
        self.0[position] = code + 1;
    }

    /// The base at `position`, and 0 beside the ends.
    #[inline]
    pub(super) fn base(&self, position: usize) -> usize {
        usize::from(self.0[position])
    }

    /// The bases from `first` to `last`, both included.
    pub(super) fn bases(&self, first: usize, last: usize) -> &[u8] {
        &self.0[first..=last]
    }

    /// The type of the pair of two bases, 0 if they do not pair.
    #[inline]
    pub(super) fn pair(&self, first: usize, second: usize) -> u8 {
        PAIRS[self.base(first)][self.base(second)]
    }
}
