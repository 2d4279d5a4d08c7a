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
    #[inline]
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
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

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
#[inline]
fn short_decimal(cell: &[u8]) -> Option<f64> {
    let (negative, digits) = match cell.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, cell),
    };
    let (mantissa, places) = if (4..=8).contains(&digits.len()) { in_one_word(digits)? } else { one_by_one(digits)? };
    // A signed number converts to a double in one instruction.
    #[expect(clippy::cast_precision_loss, reason = "15 digits are below 2^53")]
    let value = mantissa as f64 / POWERS[places];
    Some(if negative { -value } else { value })
}

/// The digits of a decimal of 4 to 8 bytes, and how many of them are behind the point.
///
/// The length of cells varies from one to the next, so that a loop over their bytes is mispredicted at nearly every cell.
/// Here all bytes are handled at once in one word, whose lowest byte is the first.
#[inline]
fn in_one_word(digits: &[u8]) -> Option<(i64, usize)> {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    let first = u32::from_le_bytes(*digits.first_chunk::<4>()?);
    let last = u32::from_le_bytes(*digits.last_chunk::<4>()?);
    // For less than eight bytes the two halves overlap, and agree where they do.
    let mut word = u64::from(first) | u64::from(last) << (8 * (digits.len() - 4));
    let (mut count, mut places) = (digits.len(), 0);
    let points = bytes_equal(word, b'.');
    // Bytes beyond the cell are zero, and no points.
    if points != 0 {
        let before = points.trailing_zeros() as usize / 8;
        let mask = (1 << (8 * before)) - 1;
        word = word & mask | word >> 8 & !mask;
        count -= 1;
        places = count - before;
    }
    // Up to eight digits at the end of the word, behind zeros.
    let digits = word << (64 - 8 * count) | ZEROS.checked_shr(u32::try_from(8 * count).ok()?).unwrap_or(0);
    let high = 0xf0f0_f0f0_f0f0_f0f0;
    let are_digits = digits & high == ZEROS && (digits.wrapping_add(0x0606_0606_0606_0606)) & high == ZEROS;
    if !are_digits {
        return None;
    }
    // Pairs of digits, pairs of pairs, and both halves.
    let ones = digits - ZEROS;
    let pairs = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let eight = (fours * 10_000 + (fours >> 32)) & 0xffff_ffff;
    Some((i64::try_from(eight).ok()?, places))
}

/// The highest bit of each byte of a word that equals this one.
#[inline]
pub(crate) fn bytes_equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    // A byte is zero now where it was equal, and no carry leaves a byte.
    let different = word ^ u64::from_ne_bytes([byte; 8]);
    !(((different & LOW) + LOW) | different | LOW)
}

/// The digits of any other decimal of at most 15, and how many of them are behind the point.
#[inline]
fn one_by_one(digits: &[u8]) -> Option<(i64, usize)> {
    // 15 digits and a point.
    if digits.len() > 16 {
        return None;
    }
    let (mut mantissa, whole) = leading_digits(0, digits);
    let (count, places) = match digits.get(whole) {
        None => (whole, 0),
        Some(b'.') => {
            let fraction = &digits[whole + 1..];
            let places;
            (mantissa, places) = leading_digits(mantissa, fraction);
            if places < fraction.len() {
                return None;
            }
            (whole + places, places)
        }
        Some(_) => return None,
    };
    (1..=15).contains(&count).then_some((mantissa, places))
}

/// Appends the digits at the beginning of a text to a number: the number, and how many they are.
#[inline]
fn leading_digits(mut number: i64, text: &[u8]) -> (i64, usize) {
    for (index, byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return (number, index);
        }
        number = number * 10 + i64::from(digit);
    }
    (number, text.len())
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
        fn the_short_way_agrees_with_the_standard_library(text in "-?[0-9]{0,9}(\\.[0-9]{0,9})?") {
            if let Some(short) = short_decimal(text.as_bytes()) {
                prop_assert_eq!(short.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{}", text);
            }
        }

        #[test]
        fn the_short_way_reads_what_the_long_way_reads(text in "[-+0-9./:;eE ]{1,9}") {
            if let Some(short) = short_decimal(text.as_bytes()) {
                prop_assert_eq!(Some(short.to_bits()), text.parse::<f64>().ok().map(f64::to_bits), "{}", text);
            }
        }

        #[test]
        fn any_bytes_are_some_value(cell in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Value::parse(&cell);
        }
    }
}
