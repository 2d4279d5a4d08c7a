//! The HTTP API: a request in, an answer out.

mod query;
mod rows;
#[cfg(test)]
mod tests;

use serde::Serialize;

use self::query::{Query, QueryError};
use crate::contract::Granularity;
use crate::contract::api::{Answer, ErrorBody, ErrorDetail};
use crate::number;
use crate::series::{Figures, Series};
use crate::services::{ReadTable, ServiceError, State};

pub use self::rows::{daily_rows, data_rows, monthly_rows, weekly_rows};

/// How long an answer may be kept, as `Cache-Control` says it.
const CACHED: &str = "public, max-age=300";

/// A GET request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'r> {
    /// The path, without the stage.
    pub path: &'r str,
    /// The query string as it was sent, without the `?`.
    pub query: &'r str,
    /// Header `If-None-Match`.
    pub if_none_match: Option<&'r str>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Headers by name, in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body: JSON, or nothing.
    pub body: String,
}

impl Response {
    /// The answer when something went wrong inside, which is told to nobody outside.
    pub fn internal_error() -> Self {
        Self::error(500, "internal", "the figures could not be read: try again later")
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    fn error(status: u16, code: &str, message: &str) -> Self {
        let body = ErrorBody { error: ErrorDetail { code: code.to_owned(), message: message.to_owned() } };
        let headers = vec![("cache-control", "no-store".to_owned())];
        Self { status, headers, body: String::new() }.with_json(&body)
    }

    fn with_json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_string(body).expect("answers have texts and numbers only");
        self.headers.push(("content-type", "application/json".to_owned()));
        self
    }
}

/// Answers a request from the table.
///
/// # Errors
/// When the table cannot be read, or holds what is no figure: then [`Response::internal_error`] is the answer.
pub async fn respond<T: ReadTable>(table: &T, request: Request<'_>) -> Result<Response, ServiceError> {
    let Some(granularity) = Granularity::of_path(request.path) else {
        return Ok(Response::error(404, "not_found", "the paths are /data, /daily, /weekly and /monthly"));
    };
    let query = match Query::parse(request.query) {
        Ok(query) => query,
        Err(QueryError { code, message }) => return Ok(Response::error(400, code, &message)),
    };
    // The state is read before the figures. If they change in between, they go by the older ETag, and the next request
    // has another one.
    let state = table.state().await?.unwrap_or_default();
    let etag = etag(&state, granularity, &query);
    let mut headers = vec![("cache-control", CACHED.to_owned())];
    headers.extend(etag.clone().map(|etag| ("etag", etag)));
    if let (Some(etag), Some(known)) = (etag, request.if_none_match)
        && matches_etag(known, &etag)
    {
        return Ok(Response { status: 304, headers, body: String::new() });
    }
    let series = stored_figures(table).await?;
    let response = Response { status: 200, headers, body: String::new() };
    Ok(match granularity {
        Granularity::Data => response.with_json(&answer(granularity, query, state, data_rows(&series, query.bounds()))),
        Granularity::Daily => {
            response.with_json(&answer(granularity, query, state, daily_rows(&series, query.bounds())))
        }
        Granularity::Weekly => {
            response.with_json(&answer(granularity, query, state, weekly_rows(&series, query.bounds())))
        }
        Granularity::Monthly => {
            response.with_json(&answer(granularity, query, state, monthly_rows(&series, query.bounds())))
        }
    })
}

/// All figures of the table.
pub(crate) async fn stored_figures<T: ReadTable>(table: &T) -> Result<Series, ServiceError> {
    let mut series = Series::new();
    let mut after = None;
    loop {
        let page = table.figures(after.clone()).await?;
        for item in page.items {
            let date = number::date(item.date.as_bytes())
                .ok_or_else(|| ServiceError::new("read the table", format!("`{}` is not a date", item.date)))?;
            if [item.cases, item.deaths, item.recoveries.unwrap_or(0)].iter().any(|value| *value > number::MAX_COUNT) {
                return Err(ServiceError::new("read the table", format!("a figure of {date} is too large")));
            }
            let figures = Figures { cases: item.cases, deaths: item.deaths, recoveries: item.recoveries };
            series.insert(date, figures);
        }
        match page.next {
            None => return Ok(series),
            Some(next) if Some(&next) <= after.as_ref() => {
                return Err(ServiceError::new("read the table", format!("the page after `{next}` comes again")));
            }
            Some(next) => after = Some(next),
        }
    }
}

fn answer<Row>(granularity: Granularity, query: Query, state: State, rows: Vec<Row>) -> Answer<Row> {
    let text = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let updated_at = if rows.is_empty() && state.row_count == 0 { None } else { state.changed_at };
    Answer { granularity, from: text(query.from), to: text(query.to), updated_at, rows }
}

/// The ETag of an answer: the run that last changed the figures, and what was asked for.
fn etag(state: &State, granularity: Granularity, query: &Query) -> Option<String> {
    let run: String = state.changed_run_id.as_ref()?.chars().filter(|c| c.is_ascii_graphic() && *c != '"').collect();
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let path = granularity.path().trim_start_matches('/');
    Some(format!("\"{run}.{path}.{}.{}\"", date(query.from), date(query.to)))
}

/// Whether a header `If-None-Match` names `etag`. Weak and strong are the same here.
fn matches_etag(header: &str, etag: &str) -> bool {
    header.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}
