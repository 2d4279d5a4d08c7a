use std::{collections::HashMap, sync::OnceLock};

/// More than any energy; two of them add up to a number that can be compared.
pub(super) const FORBIDDEN: i32 = 1_000_000;
/// The longest loop whose energy is in a table, and the longest interior loop.
pub(super) const LONGEST_LOOP: usize = 30;

/// The published numbers, as `tools/turner2004.py` writes them.
const TABLE: &str = include_str!("turner2004.txt");

/// Growth of loops beyond the table, for the logarithm of their length.
const LOOP_GROWTH: f64 = 107.856;

/// Energies in 0.01 kcal/mol. Tables are row-major; the first indices are types of pairs, less 1.
#[derive(Debug)]
pub(super) struct Parameters {
    pub(super) stack: Vec<i32>,
    pub(super) mismatch_hairpin: Vec<i32>,
    pub(super) mismatch_internal: Vec<i32>,
    pub(super) mismatch_internal_1n: Vec<i32>,
    pub(super) mismatch_internal_23: Vec<i32>,
    pub(super) mismatch_multi: Vec<i32>,
    pub(super) mismatch_exterior: Vec<i32>,
    pub(super) dangle5: Vec<i32>,
    pub(super) dangle3: Vec<i32>,
    pub(super) int11: Vec<i32>,
    pub(super) int21: Vec<i32>,
    pub(super) int22: Vec<i32>,
    pub(super) hairpin: Vec<i32>,
    pub(super) bulge: Vec<i32>,
    pub(super) internal: Vec<i32>,
    /// Hairpins that have an energy of their own, by the codes of their bases.
    pub(super) special_hairpins: HashMap<Vec<u8>, i32>,
    /// For each number of unpaired bases on the left, what a general interior loop costs by the number on the right,
    /// counted down from [`LONGEST_LOOP`].
    pub(super) general_interior: Vec<[i32; LONGEST_LOOP + 1]>,
}

impl Parameters {
    /// Closes a multiloop.
    pub(super) const MULTILOOP_CLOSING: i32 = 930;
    /// For each stem of a multiloop.
    pub(super) const MULTILOOP_STEM: i32 = -90;
    const ASYMMETRY: i32 = 60;
    const MAX_ASYMMETRY: i32 = 300;
    const TERMINAL_AU: i32 = 50;

    /// The parameters, read once.
    pub(super) fn turner_2004() -> &'static Self {
        static PARAMETERS: OnceLock<Parameters> = OnceLock::new();
        PARAMETERS.get_or_init(|| Self::read(TABLE).expect("the table has every block, which tests check"))
    }

    fn read(text: &str) -> Option<Self> {
        let mut blocks: HashMap<&str, Vec<i32>> = HashMap::new();
        let mut special_hairpins = HashMap::new();
        let mut block = "";
        for line in text.lines().filter(|line| !line.starts_with(';')) {
            if let Some(name) = line.strip_prefix("# ") {
                block = name;
                continue;
            }
            if let Some((bases, energy)) =
                line.split_once(' ').filter(|(bases, _)| bases.starts_with(['A', 'C', 'G', 'U']))
            {
                let codes = bases
                    .bytes()
                    .map(|base| (1..).zip(*b"ACGU").find(|(_, letter)| *letter == base).map(|(code, _)| code));
                special_hairpins.insert(codes.collect::<Option<_>>()?, energy.parse().ok()?);
                continue;
            }
            let numbers = line.split(' ').map(|word| if word == "INF" { Some(FORBIDDEN) } else { word.parse().ok() });
            blocks.entry(block).or_default().extend(numbers.collect::<Option<Vec<_>>>()?);
        }
        let mut take = |name: &str, count: usize| blocks.remove(name).filter(|numbers| numbers.len() == count);
        let no_penalty = |numbers: Vec<i32>| numbers.into_iter().map(|number| number.min(0)).collect();
        let internal = take("internal", LONGEST_LOOP + 1)?;
        let general_interior = (0..=LONGEST_LOOP)
            .map(|left| {
                std::array::from_fn(|down| {
                    let right = LONGEST_LOOP - down;
                    internal
                        .get(left + right)
                        .map_or(FORBIDDEN, |energy| energy + Self::asymmetry(left.abs_diff(right)))
                })
            })
            .collect();
        Some(Self {
            stack: take("stack", 49)?,
            mismatch_hairpin: take("mismatch_hairpin", 175)?,
            mismatch_internal: take("mismatch_internal", 175)?,
            mismatch_internal_1n: take("mismatch_internal_1n", 175)?,
            mismatch_internal_23: take("mismatch_internal_23", 175)?,
            mismatch_multi: no_penalty(take("mismatch_multi", 175)?),
            mismatch_exterior: no_penalty(take("mismatch_exterior", 175)?),
            dangle5: no_penalty(take("dangle5", 35)?),
            dangle3: no_penalty(take("dangle3", 35)?),
            int11: take("int11", 1_225)?,
            int21: take("int21", 6_125)?,
            int22: take("int22", 9_216)?,
            hairpin: take("hairpin", LONGEST_LOOP + 1)?,
            bulge: take("bulge", LONGEST_LOOP + 1)?,
            internal,
            special_hairpins,
            general_interior,
        })
    }

    /// The energy of a loop of `length` unpaired bases, by one of the tables of 31.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "sequences are short")]
    pub(super) fn of_length(table: &[i32], length: usize) -> i32 {
        match table.get(length) {
            Some(energy) => *energy,
            None => table[LONGEST_LOOP] + (LOOP_GROWTH * (length as f64 / LONGEST_LOOP as f64).ln()) as i32,
        }
    }

    /// For interior loops whose sides differ by `difference` bases.
    #[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "loops have at most 30 bases")]
    pub(super) fn asymmetry(difference: usize) -> i32 {
        (Self::ASYMMETRY * difference.min(LONGEST_LOOP) as i32).min(Self::MAX_ASYMMETRY)
    }

    /// For stems that end with AU or GU.
    #[inline]
    pub(super) fn terminal_au(pair: u8) -> i32 {
        if pair > 2 { Self::TERMINAL_AU } else { 0 }
    }

    /// A number of a table of mismatches: the pair, and the bases after its first and before its second.
    #[inline]
    pub(super) fn mismatch(table: &[i32], pair: u8, after: usize, before: usize) -> i32 {
        table[(usize::from(pair) - 1) * 25 + after * 5 + before]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let parameters = Parameters::turner_2004();
        assert_eq!(parameters.special_hairpins.len(), 22);
        assert_eq!(parameters.special_hairpins[&vec![2, 1, 1, 2, 3]], 680);
        assert_eq!((parameters.stack[0], parameters.stack[1]), (-240, -330));
        assert_eq!(parameters.general_interior[2][LONGEST_LOOP - 4], parameters.internal[6] + 120);
        assert_eq!(parameters.general_interior[30][0], FORBIDDEN);
    }

    #[test]
    fn a_table_that_is_not_whole_is_none() {
        assert!(Parameters::read(&TABLE.replace("# int22", "# other")).is_none());
        assert!(Parameters::read(&TABLE.replace("CAACG 680", "CAACG x")).is_none());
        assert!(Parameters::read(&TABLE[..TABLE.len() / 2]).is_none());
    }

    #[test]
    fn long_loops_grow_slowly() {
        let table = &Parameters::turner_2004().hairpin;
        assert_eq!(Parameters::of_length(table, 30), 770);
        assert_eq!(Parameters::of_length(table, 31), 773);
        assert_eq!(Parameters::of_length(table, 60), 844);
    }
}
