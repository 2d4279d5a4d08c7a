//! NCBI's servers.

use std::time::Duration;

use handler_runtime::{HttpClient, HttpFailure, HttpLimits, HttpResponse};

use crate::contract::limits::PART_BYTES;
use crate::pipeline::services::{Fetch, Response};

/// Three retries of a part, with their pauses, fit into the function's time.
const TIMEOUT: Duration = Duration::from_secs(200);
/// Small answers: a function that asks for them has ten seconds to five minutes.
const SMALL_TIMEOUT: Duration = Duration::from_secs(20);
const SMALL_BYTES: usize = 8 << 20;
const AGENT: &str = concat!("genome-pipeline/", env!("CARGO_PKG_VERSION"));

/// NCBI's servers.
#[derive(Debug)]
pub struct Ncbi {
    small: HttpClient,
    parts: HttpClient,
}

impl Ncbi {
    /// A client of theirs.
    ///
    /// # Errors
    /// When this machine has no certificates that it trusts.
    pub fn new() -> Result<Self, String> {
        let client = |total, body| {
            let limits = HttpLimits { connect: Duration::from_secs(5), total, body, redirects: 3 };
            HttpClient::new(AGENT, limits).map_err(told)
        };
        let part_bytes = usize::try_from(PART_BYTES).map_err(|error| error.to_string())?;
        Ok(Self { small: client(SMALL_TIMEOUT, SMALL_BYTES)?, parts: client(TIMEOUT, part_bytes)? })
    }
}

fn told(failure: HttpFailure) -> String {
    match failure {
        HttpFailure::TooLarge => "the answer is larger than what was asked for".to_owned(),
        HttpFailure::Network(what) => what,
    }
}

fn response(answer: HttpResponse) -> Response {
    Response {
        status: answer.status,
        content_range: answer.header("content-range").map(str::to_owned),
        content_length: answer.header("content-length").and_then(|length| length.parse().ok()),
        body: answer.body,
    }
}

impl Fetch for Ncbi {
    async fn get(&self, url: &str, range: Option<(u64, u64)>) -> Result<Response, String> {
        let answer = match range {
            Some((first, last)) => self.parts.get(url, &[("range", &format!("bytes={first}-{last}"))]).await,
            None => self.small.get(url, &[]).await,
        };
        answer.map(response).map_err(told)
    }

    async fn head(&self, url: &str) -> Result<Response, String> {
        self.small.head(url, &[]).await.map(response).map_err(told)
    }
}
