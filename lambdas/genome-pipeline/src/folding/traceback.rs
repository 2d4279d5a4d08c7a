use super::{
    Fold,
    energy::Loops,
    matrices::{LEAST_HAIRPIN, Matrices},
    parameters::{LONGEST_LOOP, Parameters},
    sequence::Sequence,
};

/// A part of the sequence whose structure is not known yet.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// The bases up to this one.
    Exterior(usize),
    /// The bases of a multiloop, with one stem at least.
    Multiloop(usize, usize),
    /// What a pair encloses.
    Pair(usize, usize),
}

impl Matrices {
    /// The structure that has the least energy. Where several have, the order of the search decides.
    pub(super) fn trace_back(&self, sequence: &Sequence, parameters: &Parameters) -> Fold {
        let length = sequence.len();
        let loops = Loops { sequence, parameters };
        let mut structure = vec!['.'; length];
        let mut parts = vec![Part::Exterior(length)];
        while let Some(part) = parts.pop() {
            match part {
                Part::Exterior(j) => self.trace_exterior(&loops, j, &mut parts),
                Part::Multiloop(i, j) => self.trace_multiloop(&loops, i, j, &mut parts),
                Part::Pair(i, j) => {
                    structure[i - 1] = '(';
                    structure[j - 1] = ')';
                    self.trace_pair(&loops, i, j, &mut parts);
                }
            }
        }
        Fold { energy: self.exterior[length], structure: structure.into_iter().collect() }
    }

    fn trace_exterior(&self, loops: &Loops<'_>, mut j: usize, parts: &mut Vec<Part>) {
        while j > 0 && self.exterior[j] == self.exterior[j - 1] {
            j -= 1;
        }
        let stem = (1..j.saturating_sub(LEAST_HAIRPIN)).rev().find(|i| {
            let pair = loops.sequence.pair(*i, j);
            pair != 0
                && self.exterior[j] == self.exterior[i - 1] + self.pair.at(*i, j) + loops.exterior_stem(pair, *i, j)
        });
        if let Some(i) = stem {
            parts.extend([Part::Exterior(i - 1), Part::Pair(i, j)]);
        }
    }

    fn trace_multiloop(&self, loops: &Loops<'_>, mut i: usize, mut j: usize, parts: &mut Vec<Part>) {
        let energy = self.multiloop.at(i, j);
        while j > i && self.multiloop.at(i, j - 1) == energy {
            j -= 1;
        }
        while i < j && self.multiloop.at(i + 1, j) == energy {
            i += 1;
        }
        let pair = loops.sequence.pair(i, j);
        if pair != 0 && energy == self.pair.at(i, j) + loops.multiloop_stem(pair, i, j) {
            parts.push(Part::Pair(i, j));
        } else {
            self.split(i, j, energy, parts);
        }
    }

    /// Finds the first base that parts the stems of a multiloop.
    fn split(&self, i: usize, j: usize, energy: i32, parts: &mut Vec<Part>) {
        let at = (i..j).find(|k| energy == self.multiloop.at(i, *k) + self.multiloop.at(k + 1, j));
        if let Some(k) = at {
            parts.extend([Part::Multiloop(i, k), Part::Multiloop(k + 1, j)]);
        }
    }

    fn trace_pair(&self, loops: &Loops<'_>, i: usize, j: usize, parts: &mut Vec<Part>) {
        let energy = self.pair.at(i, j);
        let pair = loops.sequence.pair(i, j);
        if energy == loops.hairpin(pair, i, j) {
            return;
        }
        for p in i + 1..=(i + 1 + LONGEST_LOOP).min(j.saturating_sub(LEAST_HAIRPIN + 2)) {
            let left = p - i - 1;
            let least = (j - 1 - (LONGEST_LOOP - left).min(j - 1)).max(p + LEAST_HAIRPIN + 1);
            for q in (least..j).rev() {
                let inner = loops.sequence.pair(p, q);
                if inner != 0 && energy == loops.interior(pair, (i, j), inner, (p, q)) + self.pair.at(p, q) {
                    parts.push(Part::Pair(p, q));
                    return;
                }
            }
        }
        self.split(i + 1, j - 1, energy - loops.multiloop_closing(pair, i, j), parts);
    }
}
