//! Hours that are done later: which executions to start, and what is told of them.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;

use crate::contract::{Location, RetrieveInput};
use crate::hour::Hour;

/// How many executions run at once.
pub const AT_ONCE: usize = 5;
/// More hours than a month has must be confirmed.
pub const UNCONFIRMED_HOURS: u64 = 744;

/// The hours of a back-fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backfill {
    from: Hour,
    to: Hour,
    locations: Vec<Location>,
    refetch: bool,
}

impl Backfill {
    /// The hours from `from` to `to`, both included, of all `locations`.
    ///
    /// # Errors
    /// When there is nothing to do, hours have not begun by `now`, or there are many and nobody `confirmed` them.
    pub fn new(
        (from, to): (Hour, Hour),
        locations: Vec<Location>,
        refetch: bool,
        confirmed: bool,
        now: Timestamp,
    ) -> Result<Self, BackfillError> {
        if from > to {
            return Err(BackfillError::Reversed(from, to));
        }
        if to.start() > now {
            return Err(BackfillError::Future(to));
        }
        if locations.is_empty() {
            return Err(BackfillError::NoLocation);
        }
        let hours = from.count_to(to);
        if hours > UNCONFIRMED_HOURS && !confirmed {
            return Err(BackfillError::Unconfirmed(hours));
        }
        Ok(Self { from, to, locations, refetch })
    }

    /// How many executions there are.
    pub fn count(&self) -> u64 {
        let locations = u64::try_from(self.locations.len()).unwrap_or(u64::MAX);
        self.from.count_to(self.to).saturating_mul(locations)
    }

    /// The inputs of the executions, hour after hour.
    pub fn inputs(&self) -> impl Iterator<Item = RetrieveInput> {
        let hours =
            std::iter::successors(Some(self.from), |hour| Some(hour.next())).take_while(|hour| *hour <= self.to);
        hours.flat_map(move |hour| {
            self.locations.iter().map(move |location| RetrieveInput {
                location_id: location.id().to_owned(),
                q: location.q().to_owned(),
                scheduled_time: hour.start().to_string(),
                refetch: self.refetch,
                backfill: true,
            })
        })
    }
}

/// The locations with these ids; all when no id is given.
///
/// # Errors
/// When no location has one of the ids.
pub fn chosen(known: &[Location], ids: &[String]) -> Result<Vec<Location>, BackfillError> {
    if ids.is_empty() {
        return Ok(known.to_vec());
    }
    let find = |id: &String| {
        let unknown =
            || BackfillError::UnknownLocation(id.clone(), known.iter().map(|known| known.id().to_owned()).collect());
        known.iter().find(|known| known.id() == id).cloned().ok_or_else(unknown)
    };
    ids.iter().map(find).collect()
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecutionEnd {
    /// The hour has its row.
    Succeeded,
    /// It has none: class of the error, and what is known of it.
    Failed {
        /// The class.
        error: String,
        /// What is known of it.
        cause: String,
    },
}

/// What is told of the executions that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Hours that have their row.
    pub succeeded: u64,
    /// Hours that have none.
    pub failed: u64,
}

impl Tally {
    /// The line that is printed of an execution that is only planned: hour and location.
    pub fn planned(input: &RetrieveInput) -> String {
        let hour =
            Hour::of(&input.scheduled_time).map_or_else(|_| input.scheduled_time.clone(), |hour| hour.to_string());
        format!("{hour} {}", input.location_id)
    }

    /// Counts an execution, and gives the line that is printed of it.
    pub fn add(&mut self, input: &RetrieveInput, end: &ExecutionEnd) -> String {
        let place = Self::planned(input);
        match end {
            ExecutionEnd::Succeeded => {
                self.succeeded += 1;
                format!("{place} SUCCEEDED")
            }
            ExecutionEnd::Failed { error, cause } => {
                self.failed += 1;
                let told = told(cause);
                let words: Vec<&str> = told.split_whitespace().collect();
                format!("{place} FAILED {error}: {}", words.join(" "))
            }
        }
    }

    /// The exit code: 1 if an hour failed.
    pub fn exit_code(self) -> u8 {
        u8::from(self.failed > 0)
    }
}

/// The message in the cause of a function's failure, which Step Functions gives as JSON; another cause as it is.
fn told(cause: &str) -> String {
    #[derive(Deserialize)]
    struct FunctionError {
        #[serde(rename = "errorMessage")]
        message: String,
    }
    serde_json::from_str::<FunctionError>(cause).map_or_else(|_| cause.to_owned(), |error| error.message)
}

/// Why there is no back-fill.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BackfillError {
    /// The first hour is after the last.
    Reversed(Hour, Hour),
    /// The last hour has not begun.
    Future(Hour),
    /// There is no location.
    NoLocation,
    /// This id is none of those.
    UnknownLocation(String, Vec<String>),
    /// So many hours must be confirmed.
    Unconfirmed(u64),
}

impl fmt::Display for BackfillError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reversed(from, to) => write!(formatter, "the first hour, {from}, is after the last, {to}"),
            Self::Future(hour) => write!(formatter, "the hour {hour} has not begun"),
            Self::NoLocation => formatter.write_str("no location is configured"),
            Self::UnknownLocation(id, known) => {
                write!(formatter, "no location has the id `{id}`: they are `{}`", known.join("`, `"))
            }
            Self::Unconfirmed(hours) => {
                write!(formatter, "{hours} hours are more than {UNCONFIRMED_HOURS}: add `--yes` if they are meant")
            }
        }
    }
}

impl std::error::Error for BackfillError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn hour(text: &str) -> Hour {
        Hour::parse(text).unwrap()
    }

    fn plan(from: &str, to: &str, confirmed: bool) -> Result<Backfill, BackfillError> {
        let locations = vec![Location::marysville(), Location::new("paris", "Paris").unwrap()];
        let now = "2025-03-01T05:30:00Z".parse().unwrap();
        Backfill::new((hour(from), hour(to)), locations, true, confirmed, now)
    }

    #[test]
    fn each_hour_of_each_location_is_an_execution() {
        let backfill = plan("2025-02-28T23", "2025-03-01T01", false).unwrap();
        let inputs: Vec<_> = backfill.inputs().collect();
        assert_eq!((backfill.count(), inputs.len()), (6, 6));
        assert!(inputs.iter().all(|input| input.backfill && input.refetch));
        let told: Vec<_> =
            inputs.iter().map(|input| (input.scheduled_time.as_str(), input.location_id.as_str())).collect();
        assert_eq!(
            told[1..4],
            [
                ("2025-02-28T23:00:00Z", "paris"),
                ("2025-03-01T00:00:00Z", "marysville"),
                ("2025-03-01T00:00:00Z", "paris"),
            ]
        );
        assert_eq!(plan("2025-03-01T05", "2025-03-01T05", false).unwrap().count(), 2);
    }

    #[test]
    fn a_month_needs_no_word_and_more_does() {
        assert_eq!(plan("2025-01-29T06", "2025-03-01T05", false).unwrap().count(), 2 * 744);
        assert_eq!(plan("2025-01-29T05", "2025-03-01T05", false), Err(BackfillError::Unconfirmed(745)));
        assert!(plan("2025-01-29T05", "2025-03-01T05", true).is_ok());
    }

    #[test]
    fn hours_that_make_no_sense_are_refused() {
        assert!(matches!(plan("2025-03-01T05", "2025-03-01T04", true), Err(BackfillError::Reversed(..))));
        let error = plan("2025-03-01T05", "2025-03-01T06", true).unwrap_err();
        assert_eq!(error.to_string(), "the hour 2025-03-01T06 has not begun");
        let known = [Location::marysville()];
        assert_eq!(chosen(&known, &[]).unwrap(), known);
        assert_eq!(
            chosen(&known, &["paris".into()]).unwrap_err().to_string(),
            "no location has the id `paris`: they are `marysville`"
        );
        let now = Timestamp::UNIX_EPOCH;
        let first = hour("1970-01-01T00");
        assert_eq!(Backfill::new((first, first), vec![], false, false, now), Err(BackfillError::NoLocation));
    }

    #[test]
    fn a_failed_hour_shows_in_the_exit_code() {
        let backfill = plan("2025-03-01T05", "2025-03-01T05", false).unwrap();
        let input = backfill.inputs().next().unwrap();
        let mut tally = Tally::default();
        assert_eq!(tally.add(&input, &ExecutionEnd::Succeeded), "2025-03-01T05 marysville SUCCEEDED");
        assert_eq!(tally.exit_code(), 0);
        let failed = ExecutionEnd::Failed { error: "ApiQuota".into(), cause: "used\nup".into() };
        assert_eq!(tally.add(&input, &failed), "2025-03-01T05 marysville FAILED ApiQuota: used up");
        assert_eq!((tally.exit_code(), tally), (1, Tally { succeeded: 1, failed: 1 }));
        let of_function = r#"{"errorType":"ApiAuth","errorMessage":"no\nkey"}"#;
        let failed = ExecutionEnd::Failed { error: "ApiAuth".into(), cause: of_function.into() };
        assert_eq!(tally.add(&input, &failed), "2025-03-01T05 marysville FAILED ApiAuth: no key");
    }
}
