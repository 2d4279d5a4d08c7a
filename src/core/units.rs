//! Durations and sizes whose range the compiler checks.
//!
//! A property says its range in its type, a constant says its value in its type, and where the two meet the compiler
//! compares them: `.timeout(minutes::<20>())` on a function does not build.

use std::time::Duration;

use stackgen_resources::typed::{Arg, IntRangeError, TakesExpression};
use stackgen_template::Value;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// `N` times `UNIT` seconds, as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<const N: i64, const UNIT: i64>;

/// `N` seconds.
pub const fn seconds<const N: i64>() -> Span<N, 1> {
    Span
}

/// `N` minutes.
pub const fn minutes<const N: i64>() -> Span<N, MINUTE> {
    Span
}

/// `N` hours.
pub const fn hours<const N: i64>() -> Span<N, HOUR> {
    Span
}

/// `N` days.
pub const fn days<const N: i64>() -> Span<N, DAY> {
    Span
}

/// A duration that a property takes: `MIN` to `MAX`, counted in units of `UNIT` seconds.
///
/// ```
/// use stackgen::prelude::*;
///
/// fn timeout(timeout: impl Arg<Period<1, 900>>) {}
///
/// timeout(minutes::<5>());
/// timeout(Period::try_from(std::time::Duration::from_secs(30)).unwrap());
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// fn timeout(timeout: impl Arg<Period<1, 900>>) -> Value {
///     timeout.into_value()
/// }
///
/// timeout(seconds::<1000>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period<const MIN: i64, const MAX: i64, const UNIT: i64 = 1>(i64);

/// A duration that a property takes in whole days.
pub type Days<const MIN: i64, const MAX: i64> = Period<MIN, MAX, DAY>;

impl<const MIN: i64, const MAX: i64, const UNIT: i64> TakesExpression for Period<MIN, MAX, UNIT> {}

impl<const MIN: i64, const MAX: i64, const UNIT: i64> Arg<Self> for Period<MIN, MAX, UNIT> {
    fn into_value(self) -> Value {
        self.0.into()
    }
}

impl<const N: i64, const OF: i64, const MIN: i64, const MAX: i64, const UNIT: i64> Arg<Period<MIN, MAX, UNIT>>
    for Span<N, OF>
{
    #[inline]
    fn into_value(self) -> Value {
        const {
            assert!(N * OF % UNIT == 0, "the duration is not a whole number of the units that this property counts in");
            assert!(N * OF / UNIT >= MIN, "the duration is shorter than this property allows");
            assert!(N * OF / UNIT <= MAX, "the duration is longer than this property allows");
        }
        (N * OF / UNIT).into()
    }
}

impl<const MIN: i64, const MAX: i64, const UNIT: i64> TryFrom<Duration> for Period<MIN, MAX, UNIT> {
    type Error = IntRangeError;

    /// The duration, rounded down to whole units.
    fn try_from(duration: Duration) -> Result<Self, IntRangeError> {
        let units = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX) / UNIT;
        stackgen_resources::typed::Int::<MIN, MAX>::try_from(units).map(|_| Self(units))
    }
}

/// `N` times `UNIT` mebibytes, as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume<const N: i64, const UNIT: i64>;

/// `N` MiB: 1,048,576 bytes each.
pub const fn mib<const N: i64>() -> Volume<N, 1> {
    Volume
}

/// `N` GiB: 1,024 MiB each.
pub const fn gib<const N: i64>() -> Volume<N, 1_024> {
    Volume
}

/// A size that a property takes: `MIN` to `MAX`, counted in units of `UNIT` MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size<const MIN: i64, const MAX: i64, const UNIT: i64 = 1>(i64);

impl<const MIN: i64, const MAX: i64, const UNIT: i64> TakesExpression for Size<MIN, MAX, UNIT> {}

impl<const MIN: i64, const MAX: i64, const UNIT: i64> Arg<Self> for Size<MIN, MAX, UNIT> {
    fn into_value(self) -> Value {
        self.0.into()
    }
}

impl<const N: i64, const OF: i64, const MIN: i64, const MAX: i64, const UNIT: i64> Arg<Size<MIN, MAX, UNIT>>
    for Volume<N, OF>
{
    #[inline]
    fn into_value(self) -> Value {
        const {
            assert!(N * OF % UNIT == 0, "the size is not a whole number of the units that this property counts in");
            assert!(N * OF / UNIT >= MIN, "the size is smaller than this property allows");
            assert!(N * OF / UNIT <= MAX, "the size is larger than this property allows");
        }
        (N * OF / UNIT).into()
    }
}

impl<const MIN: i64, const MAX: i64, const UNIT: i64> TryFrom<i64> for Size<MIN, MAX, UNIT> {
    type Error = IntRangeError;

    /// A size of `units` units of the property.
    fn try_from(units: i64) -> Result<Self, IntRangeError> {
        stackgen_resources::typed::Int::<MIN, MAX>::try_from(units).map(|_| Self(units))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn constants_are_written_in_the_units_of_the_property() {
        assert_eq!(Arg::<Period<1, 900>>::into_value(minutes::<5>()), Value::from(300));
        assert_eq!(Arg::<Days<1, 36_500>>::into_value(hours::<48>()), Value::from(2));
        assert_eq!(Arg::<Size<512, 10_240>>::into_value(gib::<10>()), Value::from(10_240));
    }

    #[test]
    fn run_time_values_are_checked() {
        assert!(Period::<1, 900>::try_from(Duration::from_mins(15)).is_ok());
        let error = Period::<1, 900>::try_from(Duration::from_secs(1_000)).unwrap_err();
        assert_eq!(error.to_string(), "1000 is not from 1 to 900");
    }
}
