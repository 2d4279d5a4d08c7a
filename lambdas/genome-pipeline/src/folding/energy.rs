//! Energies of single loops.

use super::{
    parameters::Parameters,
    sequence::{Sequence, reversed},
};

/// The energies of the loops of one sequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loops<'a> {
    pub(super) sequence: &'a Sequence,
    pub(super) parameters: &'a Parameters,
}

impl Loops<'_> {
    /// A hairpin that `i` and `j` close, which have at least three bases between them.
    pub(super) fn hairpin(&self, pair: u8, i: usize, j: usize) -> i32 {
        let (sequence, parameters) = (self.sequence, self.parameters);
        let length = j - i - 1;
        if matches!(length, 3 | 4 | 6)
            && let Some(energy) = parameters.special_hairpins.get(sequence.bases(i, j))
        {
            return *energy;
        }
        let of_length = Parameters::of_length(&parameters.hairpin, length);
        if length == 3 {
            return of_length + Parameters::terminal_au(pair);
        }
        of_length + Parameters::mismatch(&parameters.mismatch_hairpin, pair, sequence.base(i + 1), sequence.base(j - 1))
    }

    /// A stack, bulge or interior loop between the pairs (`i`, `j`) and (`p`, `q`).
    #[expect(clippy::many_single_char_names, reason = "these are the names of the positions in the field")]
    pub(super) fn interior(&self, pair: u8, (i, j): (usize, usize), inner: u8, (p, q): (usize, usize)) -> i32 {
        let Parameters { stack, int11, int21, int22, .. } = self.parameters;
        let parameters = self.parameters;
        let base = |position| self.sequence.base(position);
        let (left, right) = (p - i - 1, j - q - 1);
        let (longer, shorter) = (left.max(right), left.min(right));
        let inner = reversed(inner);
        let [t, t2] = [pair, inner].map(|pair| usize::from(pair) - 1);
        let [a, b, c, d] = [base(i + 1), base(j - 1), base(p - 1), base(q + 1)];
        let both = |table: &[i32]| Parameters::mismatch(table, pair, a, b) + Parameters::mismatch(table, inner, d, c);
        match (shorter, longer) {
            (0, 0) => stack[t * 7 + t2],
            (0, 1) => parameters.bulge[1] + stack[t * 7 + t2],
            (0, _) => {
                let ends = Parameters::terminal_au(pair) + Parameters::terminal_au(inner);
                Parameters::of_length(&parameters.bulge, longer) + ends
            }
            (1, 1) => int11[(t * 7 + t2) * 25 + a * 5 + b],
            (1, 2) if left == 1 => int21[(t * 7 + t2) * 125 + a * 25 + d * 5 + b],
            (1, 2) => int21[(t2 * 7 + t) * 125 + d * 25 + a * 5 + c],
            (1, _) => {
                let of_length = Parameters::of_length(&parameters.internal, longer + 1);
                of_length + Parameters::asymmetry(longer - 1) + both(&parameters.mismatch_internal_1n)
            }
            (2, 2) => int22[(t * 6 + t2) * 256 + (a - 1) * 64 + (c - 1) * 16 + (d - 1) * 4 + (b - 1)],
            (2, 3) => parameters.internal[5] + Parameters::asymmetry(1) + both(&parameters.mismatch_internal_23),
            _ => {
                let of_length = Parameters::of_length(&parameters.internal, left + right);
                of_length + Parameters::asymmetry(longer - shorter) + both(&parameters.mismatch_internal)
            }
        }
    }

    /// A stem outside of all pairs, or in a multiloop without what each stem costs there, by `mismatch`. `before` and
    /// `after` are the bases beside the pair, 0 where the sequence ends.
    fn stem(&self, mismatch: &[i32], pair: u8, before: usize, after: usize) -> i32 {
        let row = (usize::from(pair) - 1) * 5;
        let dangling = match (before, after) {
            (0, 0) => 0,
            (0, after) => self.parameters.dangle3[row + after],
            (before, 0) => self.parameters.dangle5[row + before],
            (before, after) => Parameters::mismatch(mismatch, pair, before, after),
        };
        dangling + Parameters::terminal_au(pair)
    }

    /// The stem of the pair (`i`, `j`) outside of all pairs.
    pub(super) fn exterior_stem(&self, pair: u8, i: usize, j: usize) -> i32 {
        let base = |position| self.sequence.base(position);
        self.stem(&self.parameters.mismatch_exterior, pair, base(i - 1), base(j + 1))
    }

    /// The stem of the pair (`i`, `j`) in a multiloop.
    pub(super) fn multiloop_stem(&self, pair: u8, i: usize, j: usize) -> i32 {
        let base = |position| self.sequence.base(position);
        self.stem(&self.parameters.mismatch_multi, pair, base(i - 1), base(j + 1)) + Parameters::MULTILOOP_STEM
    }

    /// The multiloop that the pair (`i`, `j`) closes, without its other stems.
    pub(super) fn multiloop_closing(&self, pair: u8, i: usize, j: usize) -> i32 {
        let base = |position| self.sequence.base(position);
        let stem = self.stem(&self.parameters.mismatch_multi, reversed(pair), base(j - 1), base(i + 1));
        Parameters::MULTILOOP_CLOSING + Parameters::MULTILOOP_STEM + stem
    }
}
