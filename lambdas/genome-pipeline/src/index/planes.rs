//! Lists of 16 bases, stored by bits: one machine word holds the same bit of 64 sites.
//!
//! Comparing a guide with 256 sites takes some 130 operations on vectors, without a branch; the sum of the mismatches of
//! each site is never formed, only the bits of it.

use super::bytes;

/// Words side by side, which the compiler makes vectors of.
const LANES: usize = 4;
/// Bits of a site without its slice.
pub(super) const PLANES: usize = 32;
/// Sites of a word.
const WORD_SITES: usize = 64;
/// Sites of a block.
const BLOCK_SITES: usize = LANES * WORD_SITES;
/// Squares of as many sites as bits in a block.
const SQUARES: usize = BLOCK_SITES / PLANES;
/// Blocks that stay in the fastest cache while several guides are compared with them.
const CACHED_BLOCKS: usize = 24;

type Block = [[u64; LANES]; PLANES];

/// The 16 bases of a guide that are compared, spread over words as those of the sites.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Box<Block>);

impl Pattern {
    pub(crate) fn new(rest: u32) -> Self {
        Self(Box::new(std::array::from_fn(|plane| [if rest >> plane & 1 == 1 { u64::MAX } else { 0 }; LANES])))
    }
}

/// A list of sites, to be searched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Planes {
    blocks: Vec<Block>,
    sites: usize,
}

impl Planes {
    /// Number of sites.
    pub(super) fn len(&self) -> usize {
        self.sites
    }

    /// Replaces the list by `rests`.
    pub(super) fn fill(&mut self, rests: &[u32]) {
        self.sites = rests.len();
        self.blocks.clear();
        self.blocks.extend(rests.chunks(BLOCK_SITES).map(|sites| {
            let mut squares = [[0_u32; SQUARES]; PLANES];
            for (square, sites) in sites.chunks(PLANES).enumerate() {
                for (row, site) in squares.iter_mut().zip(sites) {
                    row[square] = *site;
                }
            }
            transpose(&mut squares);
            let mut block = [[0; LANES]; PLANES];
            for (words, row) in block.iter_mut().zip(&squares) {
                for (lane, word) in words.iter_mut().enumerate() {
                    *word = u64::from(row[2 * lane + 1]) << PLANES | u64::from(row[2 * lane]);
                }
            }
            block
        }));
    }

    /// Appends the list as it is stored: the words of each block, of the last one only those that have sites.
    pub(super) fn store(&self, bytes: &mut Vec<u8>) {
        for (block, first) in self.blocks.iter().zip((0..).step_by(BLOCK_SITES)) {
            let words = (self.sites - first).div_ceil(WORD_SITES).min(LANES);
            if words == LANES {
                bytes::push_u64(bytes, block.as_flattened());
            } else {
                for plane in block {
                    bytes::push_u64(bytes, &plane[..words]);
                }
            }
        }
    }

    /// Bytes of a list of `sites`, as it is stored.
    pub(super) fn stored_bytes(sites: usize) -> usize {
        sites.div_ceil(WORD_SITES) * PLANES * 8
    }

    /// Replaces the list by a stored one of `sites`. `bytes` are [`stored_bytes`](Self::stored_bytes).
    pub(super) fn load(&mut self, sites: usize, bytes: &[u8]) {
        self.sites = sites;
        self.blocks.clear();
        let mut words_left = sites.div_ceil(WORD_SITES);
        self.blocks.extend(bytes.chunks(LANES * PLANES * 8).map(|bytes| {
            let words = words_left.min(LANES);
            words_left -= words;
            let mut block = [[0; LANES]; PLANES];
            for (plane, bytes) in block.iter_mut().zip(bytes.chunks_exact(8 * words.max(1))) {
                for (word, bytes) in plane.iter_mut().zip(bytes.as_chunks().0) {
                    *word = u64::from_le_bytes(*bytes);
                }
            }
            block
        }));
    }

    /// Hands over the sites that differ from a pattern in at most four bases: the number of the pattern and the 16 bases
    /// of the site. For each pattern they come in the order of the list.
    pub(crate) fn search(&self, patterns: &[Pattern], mut hit: impl FnMut(usize, u32)) {
        let mut first = 0;
        for blocks in self.blocks.chunks(CACHED_BLOCKS) {
            for (number, pattern) in patterns.iter().enumerate() {
                for (block, first) in blocks.iter().zip((first..).step_by(BLOCK_SITES)) {
                    let near = near(block, &pattern.0);
                    if near == [0; LANES] {
                        continue;
                    }
                    for (lane, mut word) in near.into_iter().enumerate() {
                        while word != 0 {
                            let bit = word.trailing_zeros();
                            word &= word - 1;
                            if first + lane * WORD_SITES + (bit as usize) < self.sites {
                                hit(number, gather(block, lane, bit));
                            }
                        }
                    }
                }
            }
            first += blocks.len() * BLOCK_SITES;
        }
    }
}

/// The 32 bits of one site.
fn gather(block: &Block, lane: usize, bit: u32) -> u32 {
    block.iter().rev().fold(0, |rest, plane| rest << 1 | (plane[lane] >> bit & 1) as u32)
}

/// Adds three bits in each place: the sum and the carry.
#[inline]
fn add(a: u64, b: u64, c: u64) -> (u64, u64) {
    let half = a ^ b;
    (half ^ c, a & b | half & c)
}

/// The sites with at most four mismatches.
#[inline]
fn near(block: &Block, pattern: &Block) -> [u64; LANES] {
    let mut near = [0; LANES];
    // The compiler turns the lanes into vectors, as the loop over them is the outer one.
    for lane in 0..LANES {
        let differs = |base: usize| {
            (block[2 * base][lane] ^ pattern[2 * base][lane])
                | (block[2 * base + 1][lane] ^ pattern[2 * base + 1][lane])
        };
        let [mut ones, mut twos, mut fours, mut eights] = [0; 4];
        for base in (0..PLANES / 2).step_by(4) {
            let (sum, first) = add(ones, differs(base), differs(base + 1));
            let (sum, second) = add(sum, differs(base + 2), differs(base + 3));
            ones = sum;
            let (sum, carry) = add(twos, first, second);
            twos = sum;
            eights |= fours & carry;
            fours ^= carry;
        }
        near[lane] = !(eights | fours & (ones | twos));
    }
    near
}

/// Exchanges rows and bits of squares of 32 by 32 that lie side by side, so that the compiler makes vectors of them.
fn transpose(squares: &mut [[u32; SQUARES]; PLANES]) {
    exchange::<16>(squares, 0x0000_ffff);
    exchange::<8>(squares, 0x00ff_00ff);
    exchange::<4>(squares, 0x0f0f_0f0f);
    exchange::<2>(squares, 0x3333_3333);
    exchange::<1>(squares, 0x5555_5555);
}

/// Exchanges the bits of `WIDTH` rows that `mask` does not have with those of the next rows that it has.
#[inline]
fn exchange<const WIDTH: usize>(squares: &mut [[u32; SQUARES]; PLANES], mask: u32) {
    for rows in squares.chunks_exact_mut(2 * WIDTH) {
        let (upper, lower) = rows.split_at_mut(WIDTH);
        for (upper, lower) in upper.iter_mut().zip(lower) {
            for square in 0..SQUARES {
                let swapped = (upper[square] >> WIDTH ^ lower[square]) & mask;
                upper[square] ^= swapped << WIDTH;
                lower[square] ^= swapped;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mismatches(a: u32, b: u32) -> usize {
        (0..16).filter(|base| (a ^ b) >> (2 * base) & 3 != 0).count()
    }

    proptest! {
        #[test]
        fn rows_and_bits_are_exchanged(rows in prop::array::uniform32(prop::array::uniform8(any::<u32>()))) {
            let mut squares = rows;
            transpose(&mut squares);
            for (row, bits) in squares.iter().enumerate() {
                for (bit, original) in rows.iter().enumerate() {
                    for (bits, original) in bits.iter().zip(original) {
                        prop_assert_eq!(bits >> bit & 1, original >> row & 1);
                    }
                }
            }
        }

        #[test]
        fn finds_what_is_near_and_nothing_else(
            guide: u32,
            flips in prop::collection::vec((any::<u32>(), any::<u32>(), any::<u32>()), 0..600),
        ) {
            // Few bits differ, so that all numbers of mismatches occur.
            let rests: Vec<u32> = flips.iter().map(|(a, b, c)| guide ^ (a & b & c)).collect();
            let expected: Vec<(usize, u32)> =
                [guide, !guide].iter().enumerate().flat_map(|(number, guide)| {
                    rests.iter().filter(|rest| mismatches(**rest, *guide) <= 4).map(move |rest| (number, *rest))
                }).collect();
            let mut planes = Planes::default();
            planes.fill(&rests);
            let mut bytes = Vec::new();
            planes.store(&mut bytes);
            prop_assert_eq!(bytes.len(), Planes::stored_bytes(rests.len()));
            let mut loaded = Planes::default();
            loaded.load(rests.len(), &bytes);
            let patterns = [Pattern::new(guide), Pattern::new(!guide)];
            for planes in [planes, loaded] {
                let mut found = Vec::new();
                planes.search(&patterns, |number, rest| found.push((number, rest)));
                found.sort_by_key(|(number, _)| *number);
                prop_assert_eq!(&found, &expected);
            }
        }
    }
}
