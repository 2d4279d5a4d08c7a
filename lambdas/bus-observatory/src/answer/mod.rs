//! The answers of the HTTP API, from a request, the feeds and the lake.

mod bulk;
mod hour;
mod live;
mod negotiate;
mod openapi;
mod pages;
mod problem;
mod request;
mod rows;
#[cfg(test)]
mod tests;

pub use hour::{HourError, hour_of};
pub use negotiate::Format;
pub use openapi::document;
pub use problem::Problem;
pub use request::Request;

use crate::contract::api::ExportAnswer;
use crate::feeds::Feed;
use crate::storage::Storage;

/// A body over this many bytes goes to the results bucket: with base64 it would be near the limit of a function.
pub const MAXIMUM_BODY: usize = 4 << 20;

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header `Content-Type`.
    pub content_type: &'static str,
    /// Header `Location`, when the answer is elsewhere.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// Rows in the body.
    pub rows: u64,
}

/// What is wrong inside, for the log; who asked is told nothing of it.
pub type Cause = String;

impl Answer {
    fn new(content_type: &'static str, body: Vec<u8>, rows: usize) -> Self {
        Self { status: 200, content_type, location: None, body, rows: rows as u64 }
    }

    /// Whether the body must be exported, since it is over [`MAXIMUM_BODY`].
    pub fn is_too_large(&self) -> bool {
        self.status == 200 && self.body.len() > MAXIMUM_BODY
    }

    /// The answer in place of one of so many bytes that was exported to `url`, which works until `expires_at`: RFC 3339,
    /// UTC.
    #[must_use]
    pub fn exported(&self, url: String, bytes: u64, expires_at: String) -> Self {
        let export = ExportAnswer { url: url.clone(), rows: self.rows, bytes, expires_at };
        let body = serde_json::to_vec(&export).expect("texts and numbers are JSON");
        Self { status: 303, content_type: Format::JSON, location: Some(url), body, rows: self.rows }
    }
}

/// Answers a GET request. What goes wrong inside is an answer too, with its cause for the log.
pub fn answer(request: &Request, feeds: &[Feed], storage: &dyn Storage) -> (Answer, Option<Cause>) {
    match route(request, feeds, storage) {
        Ok(answer) => (answer, None),
        Err(problem) => (problem.answer(), problem.cause),
    }
}

/// The answer when something is wrong that is not the asker's fault.
pub fn internal() -> Answer {
    Problem::internal(&"").answer()
}

fn route(request: &Request, feeds: &[Feed], storage: &dyn Storage) -> Result<Answer, Problem> {
    let segments: Vec<&str> = request.path.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [] => Ok(pages::index(feeds)),
        ["feeds"] => Ok(pages::feeds(feeds)),
        ["openapi.json"] => Ok(pages::openapi()),
        ["buses", "live", system_id] => live::answer(published(feeds, system_id)?, storage),
        ["buses", "bulk", system_id, route, year, month, day, hour] => {
            let feed = published(feeds, system_id)?;
            bulk::answer(request, feed, route, [year, month, day, hour], storage)
        }
        [system_id, "schema"] => Ok(pages::schema(published(feeds, system_id)?)),
        _ => Err(Problem::new(404, "not_found", "there is no such path; see /openapi.json", None)),
    }
}

/// A feed that the API tells of.
fn published<'f>(feeds: &'f [Feed], system_id: &str) -> Result<&'f Feed, Problem> {
    let found = feeds.iter().find(|feed| feed.publish && feed.system_id == system_id);
    found.ok_or_else(|| {
        Problem::new(404, "unknown_system", "there is no such system; /feeds lists them", Some("system_id"))
    })
}
