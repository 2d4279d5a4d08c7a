//! When schedules and rules run, checked by the compiler where it is a constant.

use std::fmt;
use std::time::Duration;

use stackgen_resources::typed::{Arg, TakesExpression};
use stackgen_template::{Text, Value};

use crate::core::Span;

const MINUTE: i64 = 60;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// The name of what a [`Rule`](super::Rule) takes: a [`Rate`], a [`Cron`], or an expression such as a parameter.
#[derive(Debug)]
pub enum RecurringExpression {}
impl TakesExpression for RecurringExpression {}

/// The name of what a [`Schedule`](super::Schedule) takes: a [`Rate`], a [`Cron`], an [`At`], or an expression such as a
/// parameter.
#[derive(Debug)]
pub enum ScheduleExpression {}
impl TakesExpression for ScheduleExpression {}

/// Text is not an expression of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleExpressionError {
    text: String,
    rule: &'static str,
}

impl fmt::Display for ScheduleExpressionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no schedule: {}", self.text, self.rule)
    }
}

impl std::error::Error for ScheduleExpressionError {}

fn error(text: &str, rule: &'static str) -> ScheduleExpressionError {
    ScheduleExpressionError { text: text.to_owned(), rule }
}

macro_rules! expression {
    ($type:ty: $($target:ty),+) => {
        $(impl Arg<$target> for $type {
            fn into_value(self) -> Value {
                self.to_string().into()
            }
        })+
        impl TryFrom<String> for $type {
            type Error = ScheduleExpressionError;

            fn try_from(text: String) -> Result<Self, ScheduleExpressionError> {
                text.parse()
            }
        }
    };
}
expression!(Rate: RecurringExpression, ScheduleExpression);
expression!(Cron: RecurringExpression, ScheduleExpression);
expression!(At: ScheduleExpression);

/// Again and again after the same time: whole minutes, one or more.
///
/// ```
/// use stackgen::prelude::*;
///
/// assert_eq!(Rate::every(minutes::<5>()).to_string(), "rate(5 minutes)");
/// assert_eq!(Rate::every(hours::<24>()).to_string(), "rate(1 day)");
/// assert_eq!("rate(1 minute)".parse::<Rate>()?, Rate::every(minutes::<1>()));
/// # Ok::<(), ScheduleExpressionError>(())
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let rate = Rate::every(seconds::<30>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    minutes: i64,
}

const RATE_RULE: &str = "write `rate(1 minute)` or `rate(5 minutes)`; hours and days in the same way";

impl Rate {
    /// Every `span`.
    pub const fn every<const N: i64, const UNIT: i64>(_: Span<N, UNIT>) -> Self {
        const {
            assert!(N > 0 && N * UNIT % MINUTE == 0, "a rate is whole minutes, one or more");
        }
        Self { minutes: N * UNIT / MINUTE }
    }

    /// How many minutes are between two times.
    pub const fn minutes(self) -> i64 {
        self.minutes
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self.minutes {
            days if days % DAY == 0 => (days / DAY, "day"),
            hours if hours % HOUR == 0 => (hours / HOUR, "hour"),
            minutes => (minutes, "minute"),
        };
        let plural = if number == 1 { "" } else { "s" };
        write!(formatter, "rate({number} {unit}{plural})")
    }
}

impl std::str::FromStr for Rate {
    type Err = ScheduleExpressionError;

    fn from_str(text: &str) -> Result<Self, ScheduleExpressionError> {
        let inner = text.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')'));
        let (number, unit) = inner.and_then(|inner| inner.split_once(' ')).ok_or_else(|| error(text, RATE_RULE))?;
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let number: i64 = number.parse().ok().filter(|_| digits).ok_or_else(|| error(text, RATE_RULE))?;
        let minutes = match (number, unit) {
            (1, "minute") | (2.., "minutes") => Some(number),
            (1, "hour") | (2.., "hours") => number.checked_mul(HOUR),
            (1, "day") | (2.., "days") => number.checked_mul(DAY),
            _ => None,
        };
        minutes.map(|minutes| Self { minutes }).ok_or_else(|| error(text, RATE_RULE))
    }
}

impl TryFrom<Duration> for Rate {
    type Error = ScheduleExpressionError;

    fn try_from(duration: Duration) -> Result<Self, ScheduleExpressionError> {
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        if seconds > 0 && seconds % MINUTE == 0 && duration.subsec_nanos() == 0 {
            Ok(Self { minutes: seconds / MINUTE })
        } else {
            Err(error(&format!("{duration:?}"), "a rate is whole minutes, one or more"))
        }
    }
}

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

/// The number that the digits from `start` to `end` write; `u32::MAX` where there are none, others, or too many.
const fn number(text: &[u8], start: usize, end: usize) -> u32 {
    if start >= end || end - start > 4 {
        return u32::MAX;
    }
    let (mut index, mut number) = (start, 0);
    while index < end {
        if !text[index].is_ascii_digit() {
            return u32::MAX;
        }
        number = number * 10 + (text[index] - b'0') as u32;
        index += 1;
    }
    number
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

    #[test]
    fn rates_say_one_and_many() {
        let good = [("rate(1 minute)", 1), ("rate(60 minutes)", 60), ("rate(2 hours)", 120), ("rate(1 day)", 1_440)];
        for (text, minutes) in good {
            assert_eq!(text.parse::<Rate>().map(Rate::minutes), Ok(minutes));
        }
        for text in
            ["rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "rate(+2 hours)", "5 minutes", "rate(2  hours)"]
        {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
        assert_eq!(Rate::try_from(Duration::from_hours(2)).map(|rate| rate.to_string()), Ok("rate(2 hours)".into()));
        assert!(Rate::try_from(Duration::from_secs(90)).is_err());
    }

    #[test]
    fn a_time_is_a_day_of_the_calendar() {
        assert!("at(2028-02-29T23:59:59)".parse::<At>().is_ok());
        for text in
            ["2027-02-29T00:00:00", "2030-13-01T00:00:00", "2030-01-01T24:00:00", "2030-01-01 00:00:00", "2030-01-01"]
        {
            assert!(text.parse::<At>().is_err(), "{text}");
        }
    }
}
