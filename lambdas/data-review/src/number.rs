//! Numbers in cells.

/// A number that stands for "no value".
pub(crate) const FILL: f64 = -999.0;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    /// A finite number that is no fill value.
    Number(f64),
    /// A number equal to -999, or the fill value of netCDF.
    Fill,
    /// Nothing but padding.
    Blank,
    /// Something else, infinities included.
    NotANumber,
}

impl Value {
    /// Reads a cell without its padding.
    pub(crate) fn parse(cell: &[u8]) -> Self {
        match number(cell) {
            Some(number) => Self::from_number(number),
            None if cell.is_empty() => Self::Blank,
            None => Self::NotANumber,
        }
    }

    /// The value that a number stands for.
    pub(crate) fn from_number(number: f64) -> Self {
        // A text such as `-999.00` parses to exactly this number.
        if number == FILL {
            Self::Fill
        } else if number.is_finite() {
            Self::Number(number)
        } else {
            Self::NotANumber
        }
    }

    pub(crate) fn number(self) -> Option<f64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }
}

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The double that is nearest to a decimal number; none for other texts and for infinities.
fn number(cell: &[u8]) -> Option<f64> {
    short_decimal(cell).or_else(|| {
        // The standard library also reads `inf`, `infinity` and `nan`.
        let text = std::str::from_utf8(cell).ok()?;
        text.parse::<f64>().ok().filter(|number| number.is_finite())
    })
}

/// Plain decimals of at most 15 digits: digits and power of ten are exact then, and so one division rounds correctly.
/// Nearly all cells are such numbers, and the general algorithm takes several times as long.
fn short_decimal(cell: &[u8]) -> Option<f64> {
    let (negative, digits) = match cell.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, cell),
    };
    if digits.len() > 16 {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut count = 0;
    let mut point = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "15 digits are below 2^53")]
    let value = mantissa as f64 / POWERS[count - point.unwrap_or(count)];
    Some(if negative { -value } else { value })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_numbers_fill_values_or_neither() {
        for (cell, value) in [
            ("-999", Value::Fill),
            ("-999.0000", Value::Fill),
            ("-9.99e2", Value::Fill),
            ("", Value::Blank),
            ("12.5", Value::Number(12.5)),
            ("-0.0170", Value::Number(-0.017)),
            ("+1.5", Value::Number(1.5)),
            (".5", Value::Number(0.5)),
            ("5.", Value::Number(5.0)),
            ("1e-3", Value::Number(0.001)),
            ("12345678901234567890", Value::Number(12_345_678_901_234_567_890.0)),
            ("-99.9", Value::Number(-99.9)),
            (".", Value::NotANumber),
            ("-", Value::NotANumber),
            ("nan", Value::NotANumber),
            ("inf", Value::NotANumber),
            ("1e999", Value::NotANumber),
            ("1,5", Value::NotANumber),
            ("12 5", Value::NotANumber),
            ("\u{ff11}", Value::NotANumber),
        ] {
            assert_eq!(Value::parse(cell.as_bytes()), value, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_agrees_with_the_standard_library(text in "-?[0-9]{0,18}(\\.[0-9]{0,18})?") {
            if let Some(short) = short_decimal(text.as_bytes()) {
                prop_assert_eq!(short.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
            }
        }

        #[test]
        fn any_bytes_are_some_value(cell in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Value::parse(&cell);
        }
    }
}
