//! The server of the API.

use handler_runtime::{HttpClient, HttpFailure, HttpLimits};

use crate::answer::MAX_BODY_BYTES;
use crate::request::{ApiUrl, CONNECT_TIMEOUT, TOTAL_TIMEOUT};
use crate::services::{Answer, Fetch};

/// The server of the API.
#[derive(Debug, Clone)]
pub struct Api(HttpClient);

impl Api {
    /// A client for it, which follows no redirection: the URL has the key.
    ///
    /// # Errors
    /// What this machine lacks, in words.
    pub fn new() -> Result<Self, String> {
        let limits = HttpLimits { connect: CONNECT_TIMEOUT, total: TOTAL_TIMEOUT, body: MAX_BODY_BYTES, redirects: 0 };
        Ok(Self(HttpClient::new(concat!("weather-ingest/", env!("CARGO_PKG_VERSION")), limits).map_err(told)?))
    }
}

impl Fetch for Api {
    async fn get(&self, url: &ApiUrl) -> Result<Answer, String> {
        let response = self.0.get(&url.expose(), &[]).await.map_err(told)?;
        let retry_after = response.header("retry-after").map(str::to_owned);
        Ok(Answer { status: response.status, retry_after, body: response.body })
    }
}

fn told(failure: HttpFailure) -> String {
    match failure {
        HttpFailure::TooLarge => format!("the body has over {MAX_BODY_BYTES} bytes"),
        HttpFailure::Network(told) => told,
    }
}
