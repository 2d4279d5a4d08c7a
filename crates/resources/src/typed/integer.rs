//! Integers in a range that the compiler checks.

use std::fmt;

use stackgen_template::Value;

use super::argument::{Arg, TakesExpression};

/// An integer from `MIN` to `MAX`, as the schema limits a property.
///
/// ```
/// use stackgen_resources::typed::{Arg, Int, int};
///
/// fn timeout(seconds: impl Arg<Int<1, 900>>) {}
///
/// timeout(int::<30>()); // checked by the compiler: `int::<1000>()` does not build
/// timeout(Int::try_from(30).unwrap()); // checked at run time
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> TakesExpression for Int<MIN, MAX> {}

impl<const MIN: i64, const MAX: i64> Arg<Self> for Int<MIN, MAX> {
    fn into_value(self) -> Value {
        self.0.into()
    }
}

impl<const MIN: i64, const MAX: i64> TryFrom<i64> for Int<MIN, MAX> {
    type Error = IntRangeError;

    fn try_from(number: i64) -> Result<Self, IntRangeError> {
        if (MIN..=MAX).contains(&number) { Ok(Self(number)) } else { Err(IntRangeError { number, min: MIN, max: MAX }) }
    }
}

/// A run-time number is outside the range of its property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntRangeError {
    number: i64,
    min: i64,
    max: i64,
}

impl fmt::Display for IntRangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, min, max } = self;
        match (*min, *max) {
            (i64::MIN, max) => write!(formatter, "{number} is more than {max}"),
            (min, i64::MAX) => write!(formatter, "{number} is less than {min}"),
            (min, max) => write!(formatter, "{number} is not from {min} to {max}"),
        }
    }
}

impl std::error::Error for IntRangeError {}

/// The integer constant `N`, made by [`int`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal<const N: i64>;

/// The integer `N` as a type, so that the compiler compares it with the range of the property it is given to.
pub const fn int<const N: i64>() -> Literal<N> {
    Literal
}

impl<const N: i64, const MIN: i64, const MAX: i64> Arg<Int<MIN, MAX>> for Literal<N> {
    #[inline]
    fn into_value(self) -> Value {
        const { assert!(N >= MIN && N <= MAX, "the number is outside the range that this property allows") };
        N.into()
    }
}

impl<const N: i64> Arg<i64> for Literal<N> {
    #[inline]
    fn into_value(self) -> Value {
        N.into()
    }
}
