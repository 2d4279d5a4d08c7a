//! Times that come again after the same while.

use std::fmt;
use std::time::Duration;

use super::{ScheduleExpressionError, error};
use crate::core::Span;

const MINUTE: i64 = 60;
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

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

#[cfg(test)]
mod tests {
    use super::*;

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

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in ".{0,40}|rate\\([0-9]{1,20} (minute|hour|day)s?\\)") {
            if let Ok(read) = text.parse::<Rate>() {
                proptest::prop_assert_eq!(read.to_string().parse::<Rate>(), Ok(read));
            }
        }
    }
}
