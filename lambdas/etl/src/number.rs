//! Counts and dates as the sources write them.

use jiff::civil::Date;

/// The largest count that is taken: the largest integer that JSON readers of all languages keep exactly.
pub(crate) const MAX_COUNT: u64 = (1 << 53) - 1;

/// An integer from 0 on; `12.0` is one, `-5`, `12.5`, `t` and the empty text are not.
pub(crate) fn count(field: &[u8]) -> Option<u64> {
    let (whole, fraction) = match field.iter().position(|byte| *byte == b'.') {
        Some(point) => (&field[..point], Some(&field[point + 1..])),
        None => (field, None),
    };
    let zeros = |digits: &[u8]| !digits.is_empty() && digits.iter().all(|byte| *byte == b'0');
    if whole.is_empty() || !whole.iter().all(u8::is_ascii_digit) || !fraction.is_none_or(zeros) {
        return None;
    }
    let value = whole.iter().try_fold(0_u64, |value, digit| value.checked_mul(10)?.checked_add((digit - b'0').into()));
    value.filter(|value| *value <= MAX_COUNT)
}

/// A date that exists, written `YYYY-MM-DD`.
pub(crate) fn date(field: &[u8]) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = field else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i16::from(byte - b'0')))
    };
    let month = i8::try_from(number(&[m1, m2])?).ok()?;
    let day = i8::try_from(number(&[d1, d2])?).ok()?;
    Date::new(number(&[y1, y2, y3, y4])?, month, day).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_count_is_an_integer_from_0_on() {
        for (text, value) in [("0", 0), ("12", 12), ("12.0", 12), ("007", 7), ("12.000", 12)] {
            assert_eq!(count(text.as_bytes()), Some(value), "{text}");
        }
        assert_eq!(count(b"9007199254740991"), Some(MAX_COUNT));
        for text in [
            "",
            "t",
            "-5",
            "+5",
            "12.5",
            "12.",
            ".0",
            "1e3",
            " 1",
            "1,000",
            "9007199254740992",
            "99999999999999999999999",
        ] {
            assert_eq!(count(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_date_exists() {
        assert_eq!(date(b"2020-02-29"), Some(civil::date(2020, 2, 29)));
        for text in [
            "2021-02-29",
            "2020-1-01",
            "2020/01/01",
            "2020-13-01",
            "2020-00-10",
            "20200101",
            "",
            "2020-01-01 ",
            "02/01/2020",
        ] {
            assert_eq!(date(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_what_was_written(value in 0..=MAX_COUNT, days in -700_000..2_000_000_i64) {
            prop_assert_eq!(count(value.to_string().as_bytes()), Some(value));
            if let Ok(day) = civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days))
                && day.year() >= 0
            {
                prop_assert_eq!(date(day.to_string().as_bytes()), Some(day));
            }
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = (count(&bytes), date(&bytes));
        }
    }
}
