use crate::bases::Protospacer;

/// Number of slices of a protospacer.
pub(crate) const SLICES: usize = 5;
/// Number of values that a slice of four bases can have.
pub(crate) const VALUES: usize = 256;

/// One of the five slices of four bases: slice `i` has the positions 4·i to 4·i + 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice(u8);

impl Slice {
    /// All slices in their order.
    pub(crate) const ALL: [Self; SLICES] = [Self(0), Self(1), Self(2), Self(3), Self(4)];

    /// Number of the slice, from 0.
    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The first position of the slice.
    pub(crate) fn first_position(self) -> usize {
        4 * self.number()
    }

    /// Bits of the bases after the slice.
    fn after(self) -> u32 {
        32 - 8 * u32::from(self.0)
    }

    /// The four bases of the slice, the first in the highest bits.
    #[inline]
    pub(crate) fn value(self, site: Protospacer) -> u8 {
        (site.bits() >> self.after() & 0xff) as u8
    }

    /// The 16 other bases, the first in the highest bits.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "40 bits without the 8 of the slice")]
    pub(crate) fn rest(self, site: Protospacer) -> u32 {
        let after = self.after();
        let low = site.bits() & ((1 << after) - 1);
        (site.bits() >> (after + 8) << after | low) as u32
    }

    /// The protospacer of the four bases of the slice and the 16 others.
    pub(crate) fn join(self, value: u8, rest: u32) -> Protospacer {
        let after = self.after();
        let rest = u64::from(rest);
        let low = rest & ((1 << after) - 1);
        Protospacer::from_bits(rest >> after << (after + 8) | u64::from(value) << after | low)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slices_join_again(bits in 0_u64..1 << 40) {
            let site = Protospacer::from_bits(bits);
            for slice in Slice::ALL {
                prop_assert_eq!(slice.join(slice.value(site), slice.rest(site)), site);
                let first = slice.first_position();
                let value = (first..first + 4).fold(0, |value, position| value << 2 | site.base(position));
                prop_assert_eq!(slice.value(site), value);
            }
        }
    }
}
