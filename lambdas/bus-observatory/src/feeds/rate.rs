//! How often a feed is fetched.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How often a feed is fetched: every 1 to 60 minutes. Written as EventBridge does: `rate(1 minute)`, `rate(5
/// minutes)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate(u8);

impl Rate {
    /// Every `minutes`.
    ///
    /// # Errors
    /// When it is not 1 to 60.
    pub fn every(minutes: u8) -> Result<Self, RateError> {
        if (1..=60).contains(&minutes) { Ok(Self(minutes)) } else { Err(RateError) }
    }

    /// The minutes from one fetch to the next.
    pub fn minutes(self) -> u8 {
        self.0
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        if text == "rate(1 minute)" {
            return Ok(Self(1));
        }
        let number = text.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(" minutes)")).ok_or(RateError)?;
        let minutes: u8 = number.parse().map_err(|_| RateError)?;
        // `05` and `+5` are numbers to Rust but not to EventBridge.
        if minutes < 2 || minutes.to_string() != number {
            return Err(RateError);
        }
        Self::every(minutes)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => formatter.write_str("rate(1 minute)"),
            minutes => write!(formatter, "rate({minutes} minutes)"),
        }
    }
}

impl TryFrom<String> for Rate {
    type Error = RateError;

    fn try_from(text: String) -> Result<Self, RateError> {
        text.parse()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

/// A text that is no [`Rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateError;

impl fmt::Display for RateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("must be `rate(1 minute)` or `rate(N minutes)` with N from 2 to 60")
    }
}

impl std::error::Error for RateError {}

#[cfg(test)]
mod tests {
    use super::{Rate, RateError};

    #[test]
    fn rates_are_read_and_written() {
        for minutes in 1..=60 {
            let rate = Rate::every(minutes);
            assert_eq!(rate.and_then(|rate| rate.to_string().parse()), rate);
        }
        for text in [
            "rate(0 minutes)",
            "rate(1 minutes)",
            "rate(2 minute)",
            "rate(61 minutes)",
            "rate(05 minutes)",
            "rate(+5 minutes)",
            "rate(5  minutes)",
            "rate(300 minutes)",
            "rate(5 hours)",
            "cron(* * * * ? *)",
            "5",
            "",
        ] {
            assert_eq!(text.parse::<Rate>(), Err(RateError), "{text}");
        }
        assert_eq!(Rate::every(0), Err(RateError));
    }
}
