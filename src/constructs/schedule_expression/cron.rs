//! Times of the clock and the calendar that come again.

use std::fmt;

use stackgen_template::Text;

use super::{ScheduleExpressionError, error, number};

/// At certain times of the clock: minutes, hours, day of the month, month, day of the week, year.
///
/// Constants are written with the macro `cron!`, which the compiler checks:
///
/// ```
/// use stackgen::prelude::*;
///
/// let evening = cron!("45 18 * * ? *");
/// assert_eq!(evening.to_string(), "cron(45 18 * * ? *)");
/// assert!("cron(45 25 * * ? *)".parse::<Cron>().is_err());
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let never = cron!("45 18 * * * *"); // one of the two days must be `?`
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron(Text);

impl Cron {
    /// The times that `fields` say: six, with blanks between them.
    ///
    /// # Panics
    /// In a constant, and then the program does not compile, when a field is wrong. Text that is known only at run time is
    /// read with `parse` or `try_from`.
    pub const fn new(fields: &'static str) -> Self {
        match cron_fault(fields.as_bytes()) {
            None => Self(Text::Borrowed(fields)),
            Some(rule) => panic!("{}", rule),
        }
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cron({})", self.0)
    }
}

impl std::str::FromStr for Cron {
    type Err = ScheduleExpressionError;

    /// Reads `cron(45 18 * * ? *)`, or only what is between the brackets.
    fn from_str(text: &str) -> Result<Self, ScheduleExpressionError> {
        let inner = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(text);
        match cron_fault(inner.as_bytes()) {
            None => Ok(Self(Text::Owned(inner.to_owned()))),
            Some(rule) => Err(error(text, rule)),
        }
    }
}

/// Times of the clock, checked by the compiler: see [`Cron`](crate::constructs::Cron).
#[macro_export]
macro_rules! cron {
    ($fields:literal) => {{
        const CRON: $crate::constructs::Cron = $crate::constructs::Cron::new($fields);
        CRON
    }};
}

/// A field of a cron expression: its range, and what to say when it is wrong.
struct Field {
    least: u32,
    most: u32,
    names: &'static [u8],
    fault: &'static str,
}

const DAY_OF_MONTH: usize = 2;
const DAY_OF_WEEK: usize = 4;
const FIELDS: [Field; 6] = [
    Field { least: 0, most: 59, names: b"", fault: "the first field, minutes, is from 0 to 59" },
    Field { least: 0, most: 23, names: b"", fault: "the second field, hours, is from 0 to 23" },
    Field {
        least: 1,
        most: 31,
        names: b"",
        fault: "the third field, the day of the month, is from 1 to 31, `L` or `W`",
    },
    Field {
        least: 1,
        most: 12,
        names: b"JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC",
        fault: "the fourth field, the month, is from 1 to 12 or JAN to DEC",
    },
    Field {
        least: 1,
        most: 7,
        names: b"SUNMONTUEWEDTHUFRISAT",
        fault: "the fifth field, the day of the week, is from 1 to 7 or SUN to SAT, with `L` or `#`",
    },
    Field { least: 1970, most: 2199, names: b"", fault: "the sixth field, the year, is from 1970 to 2199" },
];

/// What is wrong with the six fields of a cron expression.
const fn cron_fault(text: &[u8]) -> Option<&'static str> {
    let (mut index, mut field) = (0, 0);
    let mut open_days = 0;
    while index < text.len() {
        if text[index] == b' ' {
            index += 1;
            continue;
        }
        if field == FIELDS.len() {
            return Some("it has more than six fields: minutes, hours, day of the month, month, day of the week, year");
        }
        let start = index;
        while index < text.len() && text[index] != b' ' {
            index += 1;
        }
        let is_day = field == DAY_OF_MONTH || field == DAY_OF_WEEK;
        if is_day && index - start == 1 && text[start] == b'?' {
            open_days += 1;
        } else if !is_field(text, start, index, field) {
            return Some(FIELDS[field].fault);
        }
        field += 1;
    }
    if field < FIELDS.len() {
        return Some("it has fewer than six fields: minutes, hours, day of the month, month, day of the week, year");
    }
    if open_days != 1 {
        return Some("one of the third and fifth fields, the day of the month and of the week, is `?`, and only one");
    }
    None
}

/// Whether the text from `start` to `end` is a list of values, ranges and steps.
const fn is_field(text: &[u8], start: usize, end: usize, field: usize) -> bool {
    let (mut from, mut index) = (start, start);
    while index <= end {
        if index == end || text[index] == b',' {
            if !is_item(text, from, index, field) {
                return false;
            }
            from = index + 1;
        }
        index += 1;
    }
    true
}

const fn position(text: &[u8], start: usize, end: usize, byte: u8) -> usize {
    let mut index = start;
    while index < end && text[index] != byte {
        index += 1;
    }
    index
}

const fn is_item(text: &[u8], start: usize, end: usize, field: usize) -> bool {
    let slash = position(text, start, end, b'/');
    if slash < end {
        let step = number(text, slash + 1, end);
        if step == 0 || step == u32::MAX {
            return false;
        }
    }
    if slash == start + 1 && text[start] == b'*' {
        return true;
    }
    let dash = position(text, start, slash, b'-');
    if dash < slash {
        return is_value(text, start, dash, field) && is_value(text, dash + 1, slash, field);
    }
    is_value(text, start, slash, field) || (slash == end && is_special(text, start, end, field))
}

const fn is_value(text: &[u8], start: usize, end: usize, field: usize) -> bool {
    let Field { least, most, names, .. } = &FIELDS[field];
    let number = number(text, start, end);
    if number >= *least && number <= *most {
        return true;
    }
    let mut name = 0;
    while name + 3 <= names.len() {
        let same = end == start + 3
            && text[start].to_ascii_uppercase() == names[name]
            && text[start + 1].to_ascii_uppercase() == names[name + 1]
            && text[start + 2].to_ascii_uppercase() == names[name + 2];
        if same {
            return true;
        }
        name += 3;
    }
    false
}

/// `L`, `LW` and `15W` of the day of the month; `L`, `6L` and `6#3` of the day of the week.
const fn is_special(text: &[u8], start: usize, end: usize, field: usize) -> bool {
    if start >= end {
        return false;
    }
    let (only, last) = (end - start == 1, text[end - 1]);
    match field {
        DAY_OF_MONTH => {
            (only && last == b'L')
                || (last == b'W'
                    && ((end - start == 2 && text[start] == b'L') || is_value(text, start, end - 1, field)))
        }
        DAY_OF_WEEK => {
            let hash = position(text, start, end, b'#');
            (last == b'L' && (only || is_value(text, start, end - 1, field)))
                || (hash < end
                    && is_value(text, start, hash, field)
                    && number(text, hash + 1, end) >= 1
                    && number(text, hash + 1, end) <= 5)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_the_service_takes() {
        let good = [
            "0 * * * ? *",
            "12 * * * ? *",
            "0/15 8-17 ? * MON-FRI *",
            "0 10 1,15 JAN-MAR ? 2030",
            "0 9 L * ? *",
            "0 9 15W * ? *",
            "0 9 LW * ? 2030-2035",
            "0 9 ? * 6L *",
            "0 9 ? * fri#3 *",
            "*/5 * ? * * *",
        ];
        for text in good {
            assert_eq!(text.parse::<Cron>().map(|cron| cron.to_string()), Ok(format!("cron({text})")));
        }
    }

    #[test]
    fn times_that_do_not_exist() {
        let bad = [
            "",
            "0 * * * ?",
            "0 * * * ? * *",
            "60 * * * ? *",
            "0 24 * * ? *",
            "0 * 32 * ? *",
            "0 * * 13 ? *",
            "0 * ? * 8 *",
            "0 * ? * MOD *",
            "0 * * * ? 1969",
            "0 * * * * *",
            "0 * ? * ? *",
            "0 ? * * ? *",
            "0, * * * ? *",
            "0/0 * * * ? *",
            "0-x * * * ? *",
            "-5 * * * ? *",
            "0 9 ? * 6#6 *",
            "rate(5 minutes)",
        ];
        for text in bad {
            assert!(text.parse::<Cron>().is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in ".{0,40}|[0-9*?,/LW#A-Z-]{1,5}( [0-9*?,/LW#A-Z-]{1,5}){5}") {
            if let Ok(read) = text.parse::<Cron>() {
                proptest::prop_assert_eq!(read.to_string().parse::<Cron>(), Ok(read));
            }
        }
    }
}
