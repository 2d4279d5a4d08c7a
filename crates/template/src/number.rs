//! A number that is written as it was read.

use std::borrow::Cow;
use std::fmt;

/// A JSON number: an integer, or any other number with its text.
///
/// A floating-point type would turn `1.10` into `1.1` and lose digits of long numbers; a template that is read and
/// written must not change.
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    Integer(i64),
    Other(Box<str>),
}

impl Number {
    /// The number of a finite `value`.
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then(|| {
            let mut text = format!("{value:?}");
            if text.contains('e') {
                text = format!("{value:e}");
            }
            Self(Repr::Other(text.into()))
        })
    }

    /// Reads a number by JSON's grammar. Other texts (`.5`, `+1`, `0x1f`, `1_000`) are none.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_json_number(text) {
            return None;
        }
        // `-0` is not the integer 0, and must be written as it was read.
        if let Ok(integer) = text.parse::<i64>()
            && text != "-0"
        {
            return Some(Self(Repr::Integer(integer)));
        }
        Some(Self(Repr::Other(text.into())))
    }

    /// The number as an integer, when it is one (`5`, `5.0`, `5e2`) within range.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(integer) => Some(*integer),
            Repr::Other(text) => {
                let float = text.parse::<f64>().ok()?;
                let within = float.abs() < 9_007_199_254_740_992.0 && float.fract() == 0.0;
                #[expect(clippy::cast_possible_truncation, reason = "checked: an integer below 2^53")]
                within.then_some(float as i64)
            }
        }
    }

    /// The number as it is written.
    pub fn as_text(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Integer(integer) => Cow::Owned(integer.to_string()),
            Repr::Other(text) => Cow::Borrowed(text),
        }
    }

    /// The nearest floating-point number.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            #[expect(clippy::cast_precision_loss, reason = "the nearest one is what is asked for")]
            Repr::Integer(integer) => *integer as f64,
            Repr::Other(text) => text.parse().expect("the text was checked against JSON's grammar"),
        }
    }
}

fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

macro_rules! from_integer {
    ($($integer:ty),*) => {
        $(impl From<$integer> for Number {
            fn from(integer: $integer) -> Self {
                Self(Repr::Integer(i64::from(integer)))
            }
        })*
    };
}
from_integer!(i8, i16, i32, i64, u8, u16, u32);

impl From<u64> for Number {
    fn from(integer: u64) -> Self {
        match i64::try_from(integer) {
            Ok(integer) => Self(Repr::Integer(integer)),
            Err(_) => Self(Repr::Other(integer.to_string().into())),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(integer) => integer.fmt(formatter),
            Repr::Other(text) => formatter.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl PartialEq for Number {
    /// Numbers are equal when their values are: `1` equals `1.0`. Integers are compared to their last digit, others as
    /// the nearest floating-point numbers.
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Integer(one), Repr::Integer(two)) => one == two,
            (Repr::Other(one), Repr::Other(two)) if one == two => true,
            (Repr::Other(one), Repr::Other(two)) if is_integer(one) && is_integer(two) => false,
            _ => self.as_f64() == other.as_f64(),
        }
    }
}

/// Whether a number is written without fraction and exponent. Without leading zeros, such texts differ where values do.
fn is_integer(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn a_number_is_written_as_it_was_read() {
        for text in ["0", "-0", "1.10", "1e5", "1E+05", "12345678901234567890", "-9223372036854775808", "0.1e-7"] {
            assert_eq!(number(text).to_string(), text);
            assert_eq!(number(text).as_text(), text);
        }
    }

    #[test]
    fn other_notations_are_no_numbers() {
        for text in ["", "-", "+1", ".5", "5.", "01", "-01", "0x1f", "1_000", "1e", "1e+", "e5", " 1", "NaN", "1.2.3"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn equality_is_of_values() {
        assert_eq!(number("1"), number("1.0"));
        assert_eq!(number("1e2"), number("100"));
        assert_eq!(number("0"), number("-0"));
        assert_ne!(number("12345678901234567890"), number("12345678901234567891"));
        assert_ne!(number("1"), number("2"));
    }

    #[test]
    fn integers_and_floats_convert() {
        assert_eq!(number("5.0").as_i64(), Some(5));
        assert_eq!(number("5e2").as_i64(), Some(500));
        assert_eq!(number("5.5").as_i64(), None);
        assert_eq!(number("1e300").as_i64(), None);
        assert_eq!(Number::from_f64(0.5).unwrap().to_string(), "0.5");
        assert_eq!(Number::from_f64(1e300).unwrap().to_string(), "1e300");
        assert!(Number::from_f64(f64::NAN).is_none());
    }
}
