//! The servers of the sources.

use handler_runtime::{HttpClient, HttpFailure, HttpLimits};

use crate::fetch::{CONNECT_TIMEOUT, MAX_BODY_BYTES, TOTAL_TIMEOUT};
use crate::services::{Fetch, FetchError, Fetched};

/// Redirections that are followed: servers of files move them now and then.
const REDIRECTS: usize = 3;

/// The servers of the sources.
#[derive(Debug, Clone)]
pub struct Sources(HttpClient);

impl Sources {
    /// A client for them.
    ///
    /// # Errors
    /// When this machine has no certificates that it trusts.
    pub fn new() -> Result<Self, FetchError> {
        let limits =
            HttpLimits { connect: CONNECT_TIMEOUT, total: TOTAL_TIMEOUT, body: MAX_BODY_BYTES, redirects: REDIRECTS };
        Ok(Self(HttpClient::new(concat!("etl/", env!("CARGO_PKG_VERSION")), limits).map_err(failure)?))
    }
}

impl Fetch for Sources {
    async fn get(&self, url: &str, etag: Option<&str>) -> Result<Fetched, FetchError> {
        let condition = etag.map(|etag| ("if-none-match", etag));
        let response = self.0.get(url, condition.as_slice()).await.map_err(failure)?;
        let header = |name: &str| response.header(name).map(str::to_owned);
        let (etag, retry_after) = (header("etag"), header("retry-after"));
        Ok(Fetched { status: response.status, etag, retry_after, body: response.body })
    }
}

fn failure(failure: HttpFailure) -> FetchError {
    match failure {
        HttpFailure::TooLarge => FetchError::TooLarge,
        HttpFailure::Network(told) => FetchError::Network(told),
    }
}
