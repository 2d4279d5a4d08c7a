//! A number that is written as it was read.

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

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Repr::Integer(integer))
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
    /// Numbers are equal when their values are: `1` equals `1.0`.
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Integer(one), Repr::Integer(two)) => one == two,
            (Repr::Other(one), Repr::Other(two)) if one == two => true,
            _ => self.as_f64() == other.as_f64(),
        }
    }
}
