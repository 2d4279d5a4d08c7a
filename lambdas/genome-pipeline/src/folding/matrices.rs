use std::ops::Range;

use super::{
    energy::Loops,
    parameters::{FORBIDDEN, LONGEST_LOOP, Parameters},
    sequence::{Sequence, reversed},
};

/// Least bases between two that pair.
pub(super) const LEAST_HAIRPIN: usize = 3;

/// A number for each two positions from 0 to one after the last.
#[derive(Debug, Clone)]
pub(super) struct Square {
    width: usize,
    numbers: Vec<i32>,
}

impl Square {
    fn new(width: usize) -> Self {
        Self { width, numbers: vec![FORBIDDEN; width * width] }
    }

    #[inline]
    pub(super) fn at(&self, i: usize, j: usize) -> i32 {
        self.numbers[i * self.width + j]
    }

    #[inline]
    fn set(&mut self, i: usize, j: usize, number: i32) {
        self.numbers[i * self.width + j] = number;
    }

    #[inline]
    fn row(&self, i: usize, columns: Range<usize>) -> &[i32] {
        &self.numbers[i * self.width..][columns]
    }
}

/// The least energies of all parts of a sequence.
#[derive(Debug, Clone)]
pub(super) struct Matrices {
    length: usize,
    /// Of what the pair (i, j) encloses.
    pub(super) pair: Square,
    /// Of i to j in a multiloop, with one stem at least.
    pub(super) multiloop: Square,
    /// The same, with rows and columns exchanged.
    multiloop_by_end: Square,
    /// Of i to j in a multiloop, with two stems at least.
    multiloop_of_two: Square,
    /// Of the pair (i, j), and what it costs as the inner one of a general interior loop, of one with a single base on
    /// one side, and of a bulge.
    inner_general: Square,
    inner_single: Square,
    inner_bulge: Square,
    /// Of the bases up to j.
    pub(super) exterior: Vec<i32>,
}

/// The least sum of two numbers in the same place.
#[inline]
fn least_sum(first: &[i32], second: &[i32]) -> i32 {
    first.iter().zip(second).map(|(first, second)| first + second).fold(2 * FORBIDDEN, i32::min)
}

impl Matrices {
    /// Matrices for a sequence of `length` bases.
    pub(super) fn new(length: usize) -> Self {
        let square = || Square::new(length + 2);
        Self {
            length,
            pair: square(),
            multiloop: square(),
            multiloop_by_end: square(),
            multiloop_of_two: square(),
            inner_general: square(),
            inner_single: square(),
            inner_bulge: square(),
            exterior: vec![0; length + 1],
        }
    }

    /// Fills `rows`, and the energies up to each base. Rows after those are filled already.
    pub(super) fn fill(&mut self, sequence: &Sequence, parameters: &Parameters, rows: Range<usize>) {
        let loops = Loops { sequence, parameters };
        for i in rows.rev() {
            for j in i + LEAST_HAIRPIN + 1..=self.length {
                self.fill_cell(&loops, i, j);
            }
        }
        for j in 1..=self.length {
            let mut least = self.exterior[j - 1];
            for i in 1..j.saturating_sub(LEAST_HAIRPIN) {
                let pair = sequence.pair(i, j);
                if pair != 0 {
                    least = least.min(self.exterior[i - 1] + self.pair.at(i, j) + loops.exterior_stem(pair, i, j));
                }
            }
            self.exterior[j] = least;
        }
    }

    #[inline]
    fn fill_cell(&mut self, loops: &Loops<'_>, i: usize, j: usize) {
        let pair = loops.sequence.pair(i, j);
        let mut multiloop = self.multiloop.at(i + 1, j).min(self.multiloop.at(i, j - 1));
        if pair != 0 {
            let of_two = self.multiloop_of_two.at(i + 1, j - 1) + loops.multiloop_closing(pair, i, j);
            let energy = loops.hairpin(pair, i, j).min(of_two).min(self.least_interior(loops, pair, i, j));
            self.pair.set(i, j, energy);
            self.set_inner(loops, pair, i, j, energy);
            multiloop = multiloop.min(energy + loops.multiloop_stem(pair, i, j));
        } else {
            for square in [&mut self.pair, &mut self.inner_general, &mut self.inner_single, &mut self.inner_bulge] {
                square.set(i, j, FORBIDDEN);
            }
        }
        let of_two = least_sum(self.multiloop.row(i, i..j), self.multiloop_by_end.row(j, i + 1..j + 1)).min(FORBIDDEN);
        self.multiloop_of_two.set(i, j, of_two);
        multiloop = multiloop.min(of_two);
        self.multiloop.set(i, j, multiloop);
        self.multiloop_by_end.set(j, i, multiloop);
    }

    /// Keeps what a pair costs as the inner one of a loop, apart from what depends on the outer one.
    fn set_inner(&mut self, loops: &Loops<'_>, pair: u8, i: usize, j: usize, energy: i32) {
        let (inner, parameters) = (reversed(pair), loops.parameters);
        let [before, after] = [loops.sequence.base(i - 1), loops.sequence.base(j + 1)];
        // Beside the ends there is no outer pair, and no number of the tables.
        let mismatch = |table: &[i32]| Parameters::mismatch(table, inner, after, before);
        self.inner_general.set(i, j, energy + mismatch(&parameters.mismatch_internal));
        self.inner_single.set(i, j, energy + mismatch(&parameters.mismatch_internal_1n));
        self.inner_bulge.set(i, j, energy + Parameters::terminal_au(inner));
    }

    /// The least energy of a stack, bulge or interior loop that (`i`, `j`) closes, with all it encloses.
    fn least_interior(&self, loops: &Loops<'_>, pair: u8, i: usize, j: usize) -> i32 {
        let parameters = loops.parameters;
        let mut least = FORBIDDEN;
        for (left, right) in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2)] {
            let (p, q) = (i + 1 + left, j - 1 - right);
            if p + LEAST_HAIRPIN >= q {
                continue;
            }
            let inner = loops.sequence.pair(p, q);
            if inner != 0 {
                least = least.min(loops.interior(pair, (i, j), inner, (p, q)) + self.pair.at(p, q));
            }
        }
        // The most unpaired bases that leave room for the inner pair.
        let room = (j - i).saturating_sub(LEAST_HAIRPIN + 3).min(LONGEST_LOOP);
        let [after, before] = [loops.sequence.base(i + 1), loops.sequence.base(j - 1)];
        let bulge_end = Parameters::terminal_au(pair);
        for length in 2..=room {
            let inner = self.inner_bulge.at(i + 1, j - 1 - length).min(self.inner_bulge.at(i + 1 + length, j - 1));
            least = least.min(inner + parameters.bulge[length] + bulge_end);
        }
        let single = Parameters::mismatch(&parameters.mismatch_internal_1n, pair, after, before);
        for length in 3..room {
            let inner = self.inner_single.at(i + 2, j - 1 - length).min(self.inner_single.at(i + 1 + length, j - 2));
            let energy = parameters.internal[length + 1] + Parameters::asymmetry(length - 1);
            least = least.min(inner + energy + single);
        }
        let general = Parameters::mismatch(&parameters.mismatch_internal, pair, after, before);
        for left in 2..=room.saturating_sub(2) {
            // From the longest right side down to the shortest that has no table of its own.
            let shortest = match left {
                2 => 4,
                3 => 3,
                _ => 2,
            };
            let longest = room - left;
            if longest < shortest {
                continue;
            }
            let inner = self.inner_general.row(i + 1 + left, j - 1 - longest..j - shortest);
            let costs = &parameters.general_interior[left][LONGEST_LOOP - longest..=LONGEST_LOOP - shortest];
            least = least.min(least_sum(inner, costs) + general);
        }
        least
    }
}
