//! What the steps need of the world around them.

use std::future::Future;

pub use handler_runtime::{Clock, ServiceError};
use jiff::Timestamp;

use crate::contract::WeatherSource;
use crate::request::ApiUrl;

/// The server of the API.
pub trait Fetch: Sync {
    /// GETs `url` once. Connects within [`CONNECT_TIMEOUT`](crate::CONNECT_TIMEOUT), ends within
    /// [`TOTAL_TIMEOUT`](crate::TOTAL_TIMEOUT), follows no redirection, and may stop reading as soon as the body is over
    /// [`MAX_BODY_BYTES`](crate::MAX_BODY_BYTES). The error says what went wrong, in words.
    fn get(&self, url: &ApiUrl) -> impl Future<Output = Result<Answer, String>> + Send;
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The secret of the key.
pub trait Secrets: Sync {
    /// The text of the secret; none when there is no such secret, or none that may be read.
    fn secret(&self) -> impl Future<Output = Result<Option<String>, ServiceError>> + Send;
}

/// The raw bucket, as the first step uses it.
pub trait RawStore: Sync {
    /// The latest version of an object without its content; none when there is no such object.
    fn head(&self, key: &str) -> impl Future<Output = Result<Option<RawObject>, ServiceError>> + Send;

    /// Writes an object with its metadata. Gives its version.
    fn put(
        &self,
        key: &str,
        body: Vec<u8>,
        metadata: &RawMetadata,
    ) -> impl Future<Output = Result<String, ServiceError>> + Send;

    /// Writes a body that was not good.
    fn put_error(&self, key: &str, body: Vec<u8>) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

/// A version of a raw object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawObject {
    /// The version.
    pub version_id: String,
    /// What was written with it; none when it was not written by this system.
    pub metadata: Option<RawMetadata>,
}

/// What is written with a raw object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawMetadata {
    /// When the body came: RFC 3339, UTC.
    pub fetched_at: String,
    /// Where it came from.
    pub source: WeatherSource,
    /// The execution that fetched it.
    pub execution_id: String,
}

impl RawMetadata {
    const FETCHED_AT: &str = "fetched-at";
    const SOURCE: &str = "source";
    const EXECUTION_ID: &str = "execution-id";

    /// As the metadata of an object: names and values.
    pub fn entries(&self) -> [(&'static str, &str); 3] {
        let source = match self.source {
            WeatherSource::Current => "current",
            WeatherSource::History => "history",
        };
        [(Self::FETCHED_AT, &self.fetched_at), (Self::SOURCE, source), (Self::EXECUTION_ID, &self.execution_id)]
    }

    /// Reads what [`entries`](Self::entries) wrote. None when it was written by something else.
    pub fn from_entries<'e>(entry: impl Fn(&str) -> Option<&'e str>) -> Option<Self> {
        let source = match entry(Self::SOURCE)? {
            "current" => WeatherSource::Current,
            "history" => WeatherSource::History,
            _ => return None,
        };
        let fetched_at = entry(Self::FETCHED_AT)?;
        fetched_at.parse::<Timestamp>().ok()?;
        let execution_id = entry(Self::EXECUTION_ID)?.to_owned();
        Some(Self { fetched_at: fetched_at.to_owned(), source, execution_id })
    }
}

/// Both buckets, as the second step uses them.
pub trait CurateStore: Sync {
    /// The content of a version of a raw object; none when there is no such version.
    fn raw(&self, key: &str, version_id: &str) -> impl Future<Output = Result<Option<Vec<u8>>, ServiceError>> + Send;

    /// Writes a Parquet file.
    fn put_curated(&self, key: &str, file: Vec<u8>) -> impl Future<Output = Result<(), ServiceError>> + Send;
}
