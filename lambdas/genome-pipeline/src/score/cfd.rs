//! The CFD score of a site: how often Cas9 cuts there, compared with a perfect match.

use crate::{
    bases::{GUIDE_LENGTH, Protospacer, code},
    site::Pam,
};

/// Weight of a site whose PAM ends with AG.
const AG_WEIGHT: f64 = 0.259_259_259;

/// Weights of mismatches by base of the guide, base of the site (both in the order A, C, G, T) and position. The names
/// are those of the publication (Doench et al., Nature Biotechnology 2016): base of the RNA, and base of the DNA strand
/// that the guide binds, which is the complement of the base of the site.
const WEIGHTS: [[[f64; GUIDE_LENGTH]; 4]; 4] = [
    [
        [1.0; GUIDE_LENGTH],
        // rA:dG
        [
            0.857_142_857,
            0.785_714_286,
            0.428_571_429,
            0.352_941_176,
            0.5,
            0.454_545_455,
            0.4375,
            0.428_571_429,
            0.571_428_571,
            0.333_333_333,
            0.4,
            0.263_157_895,
            0.210_526_316,
            0.214_285_714,
            0.272_727_273,
            0.0,
            0.176_470_588,
            0.190_476_19,
            0.206_896_552,
            0.227_272_727,
        ],
        // rA:dC
        [
            1.0,
            0.8,
            0.611_111_111,
            0.625,
            0.72,
            0.714_285_714,
            0.705_882_353,
            0.733_333_333,
            0.666_666_667,
            0.555_555_556,
            0.65,
            0.722_222_222,
            0.652_173_913,
            0.466_666_667,
            0.65,
            0.192_307_692,
            0.176_470_588,
            0.4,
            0.375,
            0.764_705_882,
        ],
        // rA:dA
        [
            1.0,
            0.727_272_727,
            0.705_882_353,
            0.636_363_636,
            0.363_636_364,
            0.714_285_714,
            0.4375,
            0.428_571_429,
            0.6,
            0.882_352_941,
            0.307_692_308,
            0.333_333_333,
            0.3,
            0.533_333_333,
            0.2,
            0.0,
            0.133_333_333,
            0.5,
            0.538_461_538,
            0.6,
        ],
    ],
    [
        // rC:dT
        [
            1.0,
            0.727_272_727,
            0.866_666_667,
            0.842_105_263,
            0.571_428_571,
            0.928_571_429,
            0.75,
            0.65,
            0.857_142_857,
            0.866_666_667,
            0.75,
            0.714_285_714,
            0.384_615_385,
            0.35,
            0.222_222_222,
            1.0,
            0.466_666_667,
            0.538_461_538,
            0.428_571_429,
            0.5,
        ],
        [1.0; GUIDE_LENGTH],
        // rC:dC
        [
            0.913_043_478,
            0.695_652_174,
            0.5,
            0.5,
            0.6,
            0.5,
            0.470_588_235,
            0.642_857_143,
            0.619_047_619,
            0.388_888_889,
            0.25,
            0.444_444_444,
            0.136_363_636,
            0.0,
            0.05,
            0.153_846_154,
            0.058_823_529,
            0.133_333_333,
            0.125,
            0.058_823_529,
        ],
        // rC:dA
        [
            1.0,
            0.909_090_909,
            0.6875,
            0.8,
            0.636_363_636,
            0.928_571_429,
            0.8125,
            0.875,
            0.875,
            0.941_176_471,
            0.307_692_308,
            0.538_461_538,
            0.7,
            0.733_333_333,
            0.066_666_667,
            0.307_692_308,
            0.466_666_667,
            0.642_857_143,
            0.461_538_462,
            0.3,
        ],
    ],
    [
        // rG:dT
        [
            0.9,
            0.846_153_846,
            0.75,
            0.9,
            0.866_666_667,
            1.0,
            1.0,
            1.0,
            0.642_857_143,
            0.933_333_333,
            1.0,
            0.933_333_333,
            0.923_076_923,
            0.75,
            0.941_176_471,
            1.0,
            0.933_333_333,
            0.692_307_692,
            0.714_285_714,
            0.9375,
        ],
        // rG:dG
        [
            0.714_285_714,
            0.692_307_692,
            0.384_615_385,
            0.529_411_765,
            0.785_714_286,
            0.681_818_182,
            0.6875,
            0.615_384_615,
            0.538_461_538,
            0.4,
            0.428_571_429,
            0.529_411_765,
            0.421_052_632,
            0.428_571_429,
            0.272_727_273,
            0.0,
            0.235_294_118,
            0.476_190_476,
            0.448_275_862,
            0.428_571_429,
        ],
        [1.0; GUIDE_LENGTH],
        // rG:dA
        [
            1.0,
            0.636_363_636,
            0.5,
            0.363_636_364,
            0.3,
            0.666_666_667,
            0.571_428_571,
            0.625,
            0.533_333_333,
            0.8125,
            0.384_615_385,
            0.384_615_385,
            0.3,
            0.266_666_667,
            0.142_857_143,
            0.0,
            0.25,
            0.666_666_667,
            0.666_666_667,
            0.7,
        ],
    ],
    [
        // rU:dT
        [
            1.0,
            0.846_153_846,
            0.714_285_714,
            0.476_190_476,
            0.5,
            0.866_666_667,
            0.875,
            0.8,
            0.928_571_429,
            0.857_142_857,
            0.75,
            0.8,
            0.692_307_692,
            0.619_047_619,
            0.578_947_368,
            0.909_090_909,
            0.533_333_333,
            0.666_666_667,
            0.285_714_286,
            0.5625,
        ],
        // rU:dG
        [
            0.857_142_857,
            0.857_142_857,
            0.428_571_429,
            0.647_058_824,
            1.0,
            0.909_090_909,
            0.6875,
            1.0,
            0.923_076_923,
            0.533_333_333,
            0.666_666_667,
            0.947_368_421,
            0.789_473_684,
            0.285_714_286,
            0.272_727_273,
            0.666_666_667,
            0.705_882_353,
            0.428_571_429,
            0.275_862_069,
            0.090_909_091,
        ],
        // rU:dC
        [
            0.956_521_739,
            0.84,
            0.5,
            0.625,
            0.64,
            0.571_428_571,
            0.588_235_294,
            0.733_333_333,
            0.619_047_619,
            0.5,
            0.4,
            0.5,
            0.260_869_565,
            0.0,
            0.05,
            0.346_153_846,
            0.117_647_059,
            0.333_333_333,
            0.25,
            0.176_470_588,
        ],
        [1.0; GUIDE_LENGTH],
    ],
];

impl Pam {
    /// Weight of the PAM, from 0 to 1.
    #[inline]
    pub fn weight(self) -> f64 {
        match self {
            Self::Gg => 1.0,
            Self::Ag => AG_WEIGHT,
        }
    }
}

/// Weight of a PAM by its last two letters, from 0 to 1. Letters that are no bases weigh 0.
pub fn pam_weight(letters: [u8; 2]) -> f64 {
    match letters.map(|letter| code(letter).map(|base| b"ACGT"[usize::from(base)])) {
        [Some(b'G'), Some(b'G')] => Pam::Gg.weight(),
        [Some(b'A'), Some(b'G')] => Pam::Ag.weight(),
        [Some(b'C'), Some(b'G')] => 0.107_142_857,
        [Some(b'G'), Some(b'A')] => 0.069_444_444,
        [Some(b'T'), Some(b'G')] => 0.038_961_039,
        [Some(b'G'), Some(b'C')] => 0.022_222_222,
        [Some(b'G'), Some(b'T')] => 0.016_129_032,
        _ => 0.0,
    }
}

/// Product of the weights of all mismatches, from 0 to 1: the score of a site of PAM GG.
#[inline]
pub fn mismatch_weight(guide: Protospacer, site: Protospacer) -> f64 {
    guide.mismatches(site).positions().fold(1.0, |weight, position| {
        weight * WEIGHTS[usize::from(guide.base(position))][usize::from(site.base(position))][position]
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        let bases = |text: &str| Protospacer::new(text.as_bytes()).unwrap();
        let guide = bases("ATCGATGCTGATGCTAGATA");
        assert_eq!(mismatch_weight(guide, guide), 1.0);
        assert_eq!(mismatch_weight(guide, bases("ACCGATGCTGATGCTAGATA")), 0.857_142_857);
        assert_eq!(mismatch_weight(guide, bases("ATCGATGCTGATGCTAGATT")), 0.6);
        assert_eq!(pam_weight(*b"GA"), 0.069_444_444);
    }

    #[test]
    fn weights_of_pams() {
        let sum: f64 = (0..16).map(|pam| pam_weight([b"ACGT"[pam / 4], b"ACGT"[pam % 4]])).sum();
        assert!((sum - 1.513_158_853).abs() < 1e-12, "{sum}");
        assert_eq!((pam_weight(*b"gg"), pam_weight(*b"AG"), pam_weight(*b"NG")), (1.0, AG_WEIGHT, 0.0));
    }

    #[test]
    fn weights_are_those_of_the_publication() {
        let mismatches = || {
            (0..4)
                .flat_map(|guide| (0..4).map(move |site| (guide, site)))
                .filter(|(guide, site)| guide != site)
                .flat_map(|(guide, site)| WEIGHTS[guide][site].into_iter().zip(1_u8..))
        };
        let sum: f64 = mismatches().map(|(weight, _)| weight).sum();
        let by_position: f64 = mismatches().map(|(weight, position)| weight * f64::from(position)).sum();
        assert!(
            (sum - 136.456_088_08).abs() < 1e-9 && (by_position - 1_246.929_087_489).abs() < 1e-8,
            "{sum} {by_position}"
        );
        assert_eq!((WEIGHTS[3][0][4], WEIGHTS[2][1][19], WEIGHTS[0][3][15]), (0.5, 0.428_571_429, 0.0));
    }
}
