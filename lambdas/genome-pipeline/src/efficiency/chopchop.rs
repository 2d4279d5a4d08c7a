//! The rule of CHOPCHOP (Labun et al., Nucleic Acids Research 2016) that the last base before the PAM is G.

use crate::bases::{GUIDE_LENGTH, Protospacer};

const G: u8 = 2;

/// Whether the guide is taken for efficient.
pub fn accepts(guide: Protospacer) -> bool {
    guide.base(GUIDE_LENGTH - 1) == G
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_base_counts() {
        for (guide, accepted) in [("AAAAAAAAAAAAAAAAAAAG", true), ("GGGGGGGGGGGGGGGGGGGA", false)] {
            assert_eq!(accepts(Protospacer::new(guide.as_bytes()).unwrap()), accepted);
        }
    }
}
