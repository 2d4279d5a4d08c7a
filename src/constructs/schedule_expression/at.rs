//! A time that comes once.

use std::fmt;

use stackgen_template::Text;

use super::{ScheduleExpressionError, error, number};

/// Once, at a time of the clock without zone: see [`Schedule::time_zone`](super::Schedule::time_zone).
///
/// ```
/// use stackgen::prelude::*;
///
/// assert_eq!(at!("2030-01-31T06:00:00").to_string(), "at(2030-01-31T06:00:00)");
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let never = at!("2030-02-30T06:00:00");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At(Text);

const AT_RULE: &str = "write a date and time such as `2030-01-31T06:00:00`";

impl At {
    /// At `time`, such as `2030-01-31T06:00:00`.
    ///
    /// # Panics
    /// In a constant, and then the program does not compile, when there is no such time. Text that is known only at run time
    /// is read with `parse` or `try_from`.
    pub const fn new(time: &'static str) -> Self {
        assert!(is_time(time.as_bytes()), "{}", AT_RULE);
        Self(Text::Borrowed(time))
    }
}

impl fmt::Display for At {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at({})", self.0)
    }
}

impl std::str::FromStr for At {
    type Err = ScheduleExpressionError;

    /// Reads `at(2030-01-31T06:00:00)`, or only what is between the brackets.
    fn from_str(text: &str) -> Result<Self, ScheduleExpressionError> {
        let inner = text.strip_prefix("at(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
        if is_time(inner.as_bytes()) { Ok(Self(Text::Owned(inner.to_owned()))) } else { Err(error(text, AT_RULE)) }
    }
}

/// A time of the clock, checked by the compiler: see [`At`](crate::constructs::At).
#[macro_export]
macro_rules! at {
    ($time:literal) => {{
        const AT: $crate::constructs::At = $crate::constructs::At::new($time);
        AT
    }};
}

/// Whether `text` is `yyyy-mm-ddThh:mm:ss` and a day of the calendar.
const fn is_time(text: &[u8]) -> bool {
    if text.len() != 19 {
        return false;
    }
    let form = b"0000-00-00T00:00:00";
    let mut index = 0;
    while index < 19 {
        if if form[index] == b'0' { !text[index].is_ascii_digit() } else { text[index] != form[index] } {
            return false;
        }
        index += 1;
    }
    let year = number(text, 0, 4);
    let (month, day) = (number(text, 5, 7), number(text, 8, 10));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    day >= 1 && day <= days && number(text, 11, 13) < 24 && number(text, 14, 16) < 60 && number(text, 17, 19) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_of_the_calendar() {
        assert!("at(2028-02-29T23:59:59)".parse::<At>().is_ok());
        for text in
            ["2027-02-29T00:00:00", "2030-13-01T00:00:00", "2030-01-01T24:00:00", "2030-01-01 00:00:00", "2030-01-01"]
        {
            assert!(text.parse::<At>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in ".{0,40}|20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]") {
            if let Ok(read) = text.parse::<At>() {
                proptest::prop_assert_eq!(read.to_string().parse::<At>(), Ok(read));
            }
        }
    }
}
