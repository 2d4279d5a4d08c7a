//! The MIT score of a site (Hsu et al., Nature Biotechnology 2013).

use crate::bases::{GUIDE_LENGTH, Mismatches};

/// How much a mismatch hinders the cut, by position.
const WEIGHTS: [f64; GUIDE_LENGTH] = [
    0.0, 0.0, 0.014, 0.0, 0.0, 0.395, 0.317, 0.0, 0.389, 0.079, 0.445, 0.508, 0.613, 0.851, 0.732, 0.828, 0.615, 0.804,
    0.685, 0.583,
];

/// Score of one site, from 0 to 100. Without mismatches it is 100.
pub fn local_score(mismatches: Mismatches) -> f64 {
    let count = f64::from(mismatches.count());
    if count == 0.0 {
        return 100.0;
    }
    let mut weight = 1.0;
    let (mut first, mut last) = (None, 0);
    for position in mismatches.positions() {
        weight *= 1.0 - WEIGHTS[position];
        first.get_or_insert(position);
        last = position;
    }
    #[expect(clippy::cast_precision_loss, reason = "positions are below 20")]
    let span = (last - first.unwrap_or(last)) as f64;
    let mean_gap = if count > 1.0 { span / (count - 1.0) } else { 19.0 };
    let nearness = 1.0 / ((19.0 - mean_gap) / 19.0 * 4.0 + 1.0);
    weight * nearness * (1.0 / (count * count)) * 100.0
}

#[cfg(test)]
#[expect(clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        for (positions, score) in [
            (&[][..], 100.0),
            (&[0], 100.0),
            (&[2], 98.6),
            (&[13], 14.9),
            (&[0, 1], 5.219_780_219_780_221),
            (&[0, 2], 5.383_333_333_333_333),
            (&[0, 1, 2], 2.287_423_687_423_687_7),
            (&[0, 1, 2, 3], 1.286_675_824_175_824_3),
            (&[0, 19], 10.425),
        ] {
            let mask = positions.iter().fold(0, |mask, position| mask | 1 << (2 * position));
            let found = local_score(Mismatches::from_low_first(mask));
            assert!((found - score).abs() < 1e-14 * score, "{positions:?}: {found}");
        }
        assert_eq!(local_score(Mismatches::from_low_first(1)), 100.0);
    }
}
