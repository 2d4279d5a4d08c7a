//! Good bodies, and what is in them.

use serde_json::{Map, Value};

use crate::answer::MAX_BODY_BYTES;
use crate::contract::WeatherSource;
use crate::hour::Hour;
use crate::value::integer;

/// How far from the start of the hour an entry of history may be, in seconds.
const RANGE_SECONDS: u64 = 1_800;

/// What a body says of an hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The member `location`.
    pub location: Map<String, Value>,
    /// The member `current`, or the entry of the hour.
    pub conditions: Map<String, Value>,
    /// Other members of the body.
    pub rest: Map<String, Value>,
    /// Where the conditions came from.
    pub source: WeatherSource,
}

/// Why a body says nothing of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyProblem {
    /// It is not a body of the API.
    Bad(String),
    /// It is one of history, without an entry within range.
    NoEntry,
}

impl Observation {
    /// Reads a body for an hour.
    ///
    /// # Errors
    /// What is wrong with the body, in words.
    pub fn read(body: &[u8], source: WeatherSource, hour: Hour) -> Result<Self, String> {
        Self::find(body, source, hour).map_err(|problem| match problem {
            BodyProblem::Bad(told) => told,
            BodyProblem::NoEntry => format!("the body has no entry within half an hour of {hour}"),
        })
    }

    pub(crate) fn find(body: &[u8], source: WeatherSource, hour: Hour) -> Result<Self, BodyProblem> {
        let bad = |told: &str| BodyProblem::Bad(told.to_owned());
        if body.len() > MAX_BODY_BYTES {
            return Err(BodyProblem::Bad(format!("the body has over {MAX_BODY_BYTES} bytes")));
        }
        let value =
            serde_json::from_slice(body).map_err(|error| BodyProblem::Bad(format!("the body is not JSON: {error}")))?;
        let Value::Object(mut members) = value else { return Err(bad("the body is not a JSON object")) };
        let Some(Value::Object(location)) = members.shift_remove("location") else {
            return Err(bad("the body has no object `location`"));
        };
        let conditions = match source {
            WeatherSource::Current => match members.shift_remove("current") {
                Some(Value::Object(current)) => current,
                _ => return Err(bad("the body has no object `current`")),
            },
            WeatherSource::History => {
                let entries = hours(members.shift_remove("forecast"))
                    .ok_or_else(|| bad("the body has no array `forecast.forecastday[0].hour`"))?;
                nearest(entries, hour).ok_or(BodyProblem::NoEntry)?
            }
        };
        Ok(Self { location, conditions, rest: members, source })
    }

    /// Where a body seems to come from.
    pub fn source_of(body: &[u8]) -> WeatherSource {
        match serde_json::from_slice::<Value>(body) {
            Ok(body) if body.get("current").is_none() && body.get("forecast").is_some() => WeatherSource::History,
            _ => WeatherSource::Current,
        }
    }
}

/// The entries of the one day of a body. A body may have no day at all.
fn hours(forecast: Option<Value>) -> Option<Vec<Value>> {
    let Value::Object(mut forecast) = forecast? else { return None };
    let Value::Array(days) = forecast.shift_remove("forecastday")? else { return None };
    match days.into_iter().next() {
        None => Some(Vec::new()),
        Some(Value::Object(mut day)) => match day.shift_remove("hour")? {
            Value::Array(hours) => Some(hours),
            _ => None,
        },
        Some(_) => None,
    }
}

/// The entry nearest to the start of the hour, the earlier of two; none when it is too far away.
fn nearest(entries: Vec<Value>, hour: Hour) -> Option<Map<String, Value>> {
    let distance = |entry: &Map<String, Value>| {
        let epoch = integer(entry.get("time_epoch")?)?;
        let distance = epoch.abs_diff(hour.epoch());
        (distance <= RANGE_SECONDS).then_some((distance, epoch))
    };
    let objects = entries.into_iter().filter_map(|entry| match entry {
        Value::Object(entry) => Some((distance(&entry)?, entry)),
        _ => None,
    });
    objects.min_by_key(|(distance, _)| *distance).map(|(_, entry)| entry)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn hour() -> Hour {
        Hour::parse("2025-03-01T05").unwrap()
    }

    fn entry(offsets: &[i64]) -> Result<i64, BodyProblem> {
        let hours: Vec<_> = offsets.iter().map(|offset| json!({"time_epoch": hour().epoch() + offset})).collect();
        let body = json!({"location": {}, "forecast": {"forecastday": [{"hour": hours}]}}).to_string();
        let found = Observation::find(body.as_bytes(), WeatherSource::History, hour())?;
        Ok(integer(&found.conditions["time_epoch"]).unwrap() - hour().epoch())
    }

    #[test]
    fn the_nearest_entry_is_taken() {
        assert_eq!(entry(&[-3600, 0, 3600]), Ok(0));
        // A place whose time is half an hour off: the earlier of two.
        assert_eq!(entry(&[-5400, -1800, 1800, 5400]), Ok(-1800));
        assert_eq!(entry(&[1800, -1800]), Ok(-1800));
        assert_eq!(entry(&[1700, -1750]), Ok(1700));
        assert_eq!(entry(&[-1801, 1801]), Err(BodyProblem::NoEntry));
        assert_eq!(entry(&[]), Err(BodyProblem::NoEntry));
    }

    #[test]
    fn a_bad_body_says_what_is_bad() {
        use WeatherSource::{Current, History};
        for (source, body, told) in [
            (Current, "<html>", "the body is not JSON: expected value at line 1 column 1"),
            (Current, "[]", "the body is not a JSON object"),
            (Current, r#"{"current":{}}"#, "the body has no object `location`"),
            (Current, r#"{"location":{},"current":[]}"#, "the body has no object `current`"),
            (History, r#"{"location":{},"current":{}}"#, "the body has no array `forecast.forecastday[0].hour`"),
            (
                History,
                r#"{"location":{},"forecast":{"forecastday":[1]}}"#,
                "the body has no array `forecast.forecastday[0].hour`",
            ),
            (
                History,
                r#"{"location":{},"forecast":{"forecastday":[]}}"#,
                "the body has no entry within half an hour of 2025-03-01T05",
            ),
        ] {
            assert_eq!(Observation::read(body.as_bytes(), source, hour()).unwrap_err(), told);
        }
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(Observation::read(deep.as_bytes(), Current, hour()).unwrap_err().contains("recursion"));
        let long = format!(r#"{{"location":{{}},"current":{{}},"x":"{}"}}"#, "y".repeat(MAX_BODY_BYTES));
        assert_eq!(Observation::read(long.as_bytes(), Current, hour()).unwrap_err(), "the body has over 1048576 bytes");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body: Vec<u8>, text in r#"[{}\[\]":,0-9a-z]{0,40}"#) {
            for source in [WeatherSource::Current, WeatherSource::History] {
                let _ = Observation::read(&body, source, hour());
                let _ = Observation::read(format!(r#"{{"location":{{}},{text}}}"#).as_bytes(), source, hour());
            }
            let _ = Observation::source_of(&body);
        }
    }
}
