use std::{error::Error, fmt};

use super::MAX_DISTANCE;
use crate::contract::Method;

/// How the scores of a guide decide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    method: Method,
    threshold: f64,
    compatible: bool,
}

/// Why options are refused.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum DecisionError {
    /// The threshold is not from 0 to 100.
    Threshold(f64),
    /// The distance is not from 0 to 4.
    Distance(u8),
}

impl fmt::Display for DecisionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold(threshold) => write!(formatter, "the threshold is {threshold}: give one from 0 to 100"),
            Self::Distance(distance) => {
                write!(formatter, "the distance is {distance}: give one from 0 to {MAX_DISTANCE}")
            }
        }
    }
}

impl Error for DecisionError {}

/// Sums over the off-target sites of a guide.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sums {
    /// MIT scores.
    pub(super) mit: f64,
    /// CFD scores with PAMs as GG, the guide's own site included.
    pub(super) cfd: f64,
    /// CFD scores with real PAMs, without the guide's own site.
    pub(super) specificity: f64,
}

/// The score that a published sum gives.
pub(super) fn published_score(sum: f64) -> f64 {
    10_000.0 / (100.0 + sum)
}

impl Sums {
    pub(super) fn cfd_specificity(&self) -> f64 {
        100.0 / (1.0 + self.specificity)
    }
}

impl Decision {
    /// The decision by `method` at `threshold`, from 0 (accept all) to 100. With `compatible`, by the published CFD score.
    pub fn new(method: Method, threshold: f64, compatible: bool) -> Result<Self, DecisionError> {
        if (0.0..=100.0).contains(&threshold) {
            Ok(Self { method, threshold, compatible })
        } else {
            Err(DecisionError::Threshold(threshold))
        }
    }

    fn rejects(&self, mit: bool, cfd: bool, mean: bool) -> bool {
        match self.method {
            Method::Mit => mit,
            Method::Cfd => cfd,
            Method::And => mit && cfd,
            Method::Or => mit || cfd,
            Method::Avg => mean,
        }
    }

    /// Whether scores of these sums are accepted.
    pub(super) fn accepts(&self, sums: &Sums) -> bool {
        let mit = published_score(sums.mit);
        let cfd = if self.compatible { published_score(sums.cfd) } else { sums.cfd_specificity() };
        let threshold = self.threshold;
        !self.rejects(mit < threshold, cfd < threshold, f64::midpoint(mit, cfd) < threshold)
    }

    /// Whether no further site can change the decision: sums only grow.
    pub(super) fn is_certain(&self, sums: &Sums) -> bool {
        if !self.compatible {
            return !self.accepts(sums);
        }
        let limit = (10_000.0 - 100.0 * self.threshold) / self.threshold;
        self.rejects(sums.mit > limit, sums.cfd > limit, f64::midpoint(sums.mit, sums.cfd) > limit)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const METHODS: [Method; 5] = [Method::Mit, Method::Cfd, Method::And, Method::Or, Method::Avg];

    #[test]
    fn methods_decide() {
        // An MIT score of 50 and a specificity of 90.
        let sums = Sums { mit: 100.0, cfd: 1.0, specificity: 1.0 / 9.0 };
        let accepted =
            |threshold| METHODS.map(|method| Decision::new(method, threshold, false).unwrap().accepts(&sums));
        assert_eq!(accepted(0.0), [true; 5]);
        assert_eq!(accepted(50.0), [true; 5]);
        assert_eq!(accepted(60.0), [false, true, true, false, true]);
        assert_eq!(accepted(75.0), [false, true, true, false, false]);
        assert_eq!(accepted(95.0), [false; 5]);
        let compatible = Decision::new(Method::Cfd, 95.0, true).unwrap();
        assert!(compatible.accepts(&sums));
    }

    #[test]
    fn thresholds_are_percentages() {
        for threshold in [-1.0, 100.1, f64::NAN, f64::INFINITY] {
            assert!(Decision::new(Method::And, threshold, false).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_is_certain_stays_rejected(
            method in prop::sample::select(METHODS.as_slice()),
            threshold in prop_oneof![Just(0.0), 0.0..=100.0],
            sums in prop::array::uniform3(0.0..200.0),
            more in prop::array::uniform3(0.0..200.0),
        ) {
            let decision = Decision::new(method, threshold, false).unwrap();
            let [mit, cfd, specificity] = sums;
            let sums = Sums { mit, cfd, specificity };
            let later = Sums { mit: mit + more[0], cfd: cfd + more[1], specificity: specificity + more[2] };
            if decision.is_certain(&sums) {
                prop_assert!(!decision.accepts(&later));
            }
            prop_assert!(threshold > 0.0 || !decision.is_certain(&sums));
        }
    }
}
