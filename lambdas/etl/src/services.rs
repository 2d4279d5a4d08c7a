//! What the functions need of the world around them.

use std::fmt;
use std::future::Future;

pub use handler_runtime::{Clock, ServiceError};
use serde::{Deserialize, Serialize};

use crate::contract::{Outcome, RefreshEvent};

/// The servers of the sources.
pub trait Fetch: Sync {
    /// GETs `url`, with `If-None-Match` when there is an `etag`, once. Connects within
    /// [`CONNECT_TIMEOUT`](crate::CONNECT_TIMEOUT), ends within [`TOTAL_TIMEOUT`](crate::TOTAL_TIMEOUT), and stops
    /// reading as soon as the body is over [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES). A body that ends before its
    /// announced length is a [`FetchError::Network`].
    fn get(&self, url: &str, etag: Option<&str>) -> impl Future<Output = Result<Fetched, FetchError>> + Send;
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// Header `ETag`.
    pub etag: Option<String>,
    /// Header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// The body is over [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES).
    TooLarge,
    /// No connection, no whole answer, or not in time; in words.
    Network(String),
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => formatter.write_str("the body is too large"),
            Self::Network(told) => formatter.write_str(told),
        }
    }
}

impl std::error::Error for FetchError {}

/// The table, as the API reads it.
pub trait ReadTable: Sync {
    /// The item of the state; none before the first run. Strongly consistent for the refresh.
    fn state(&self) -> impl Future<Output = Result<Option<State>, ServiceError>> + Send;

    /// One page of the figures in ascending order of their dates, after the page that ended with `after`.
    fn figures(&self, after: Option<String>) -> impl Future<Output = Result<Page, ServiceError>> + Send;
}

/// A part of the figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The items.
    pub items: Vec<StoredFigures>,
    /// What the next page comes after; none when this is the last.
    pub next: Option<String>,
}

/// Table and bucket, as the refresh uses them.
pub trait Store: ReadTable {
    /// Writes the item of the lock if there is none, one that has expired by `now` (seconds since 1970), or one of the
    /// same run. Gives whether it did.
    fn lock(&self, lock: &Lock, now: i64) -> impl Future<Output = Result<bool, ServiceError>> + Send;

    /// Deletes the item of the lock if it is this one.
    fn unlock(&self, lock: &Lock) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Writes up to 25 items. Gives those that the table did not take.
    fn write(&self, items: Vec<StoredFigures>)
    -> impl Future<Output = Result<Vec<StoredFigures>, ServiceError>> + Send;

    /// Writes the item of the state.
    fn write_state(&self, state: &State) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// The content of an object; none when there is no such object.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Vec<u8>>, ServiceError>> + Send;

    /// Writes an object.
    fn put(&self, key: &str, content: Vec<u8>) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// The item [`LOCK`](crate::contract::store::table::LOCK).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// When it expires, in seconds since 1970.
    pub expires: i64,
    /// The run that holds it. The retry of a run that died has the same identifier, and may go on at once.
    pub run_id: String,
}

/// An item of the partition [`CASES`](crate::contract::store::table::CASES).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFigures {
    /// The date, `YYYY-MM-DD`.
    pub date: String,
    /// Cases up to this date.
    pub cases: u64,
    /// Deaths up to this date.
    pub deaths: u64,
    /// Recoveries up to this date; absent when not reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recoveries: Option<u64>,
    /// When the item was written: RFC 3339, UTC.
    pub updated_at: String,
    /// The run that wrote it.
    pub run_id: String,
}

/// The item [`STATE`](crate::contract::store::table::STATE).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    /// ETag of source A, as last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag_a: Option<String>,
    /// ETag of source B.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag_b: Option<String>,
    /// The last run that wrote the state.
    pub last_run_id: String,
    /// The last run that changed figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_run_id: Option<String>,
    /// When it did: RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<String>,
    /// Number of dates.
    pub row_count: u64,
    /// First date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_min: Option<String>,
    /// Last date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_max: Option<String>,
}

/// The topic.
pub trait Publish: Sync {
    /// Publishes a message with its subject and the attribute [`OUTCOME_ATTRIBUTE`](crate::contract::OUTCOME_ATTRIBUTE).
    fn publish(
        &self,
        subject: &str,
        outcome: Outcome,
        body: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// Reads the event of an invocation. Whatever is no [`RefreshEvent`] asks for nothing special.
pub fn event(payload: serde_json::Value) -> RefreshEvent {
    serde_json::from_value(payload).unwrap_or_default()
}
