//! What a request asks for.

use jiff::civil::Date;

use crate::contract::api::{FROM, TO};
use crate::number;

/// Characters of a value that a message repeats.
const SHOWN_CHARACTERS: usize = 40;

/// First and last date, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Query {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

/// A query that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryError {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Query {
    /// Parses a query string. Parameters of other names are ignored.
    pub(super) fn parse(text: &str) -> Result<Self, QueryError> {
        let mut query = Self::default();
        for parameter in text.split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, place) = match name {
                FROM => (FROM, &mut query.from),
                TO => (TO, &mut query.to),
                _ => continue,
            };
            if place.is_some() {
                return Err(QueryError { code: "bad_date", message: format!("`{name}` is given twice") });
            }
            *place = Some(date(name, value)?);
        }
        match (query.from, query.to) {
            (Some(from), Some(to)) if from > to => {
                Err(QueryError { code: "bad_range", message: format!("`from` ({from}) is after `to` ({to})") })
            }
            _ => Ok(query),
        }
    }

    /// From when to when.
    pub(super) fn bounds(&self) -> (Date, Date) {
        (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX))
    }
}

/// A date has nothing that a URL has to escape, but some programs escape all: `%2D` is a hyphen.
fn date(name: &str, value: &str) -> Result<Date, QueryError> {
    let plain = value.replace("%2D", "-").replace("%2d", "-");
    number::date(plain.as_bytes()).ok_or_else(|| {
        let shown: String = value.chars().take(SHOWN_CHARACTERS).collect();
        QueryError { code: "bad_date", message: format!("`{name}` is not a date YYYY-MM-DD: `{shown}`") }
    })
}
