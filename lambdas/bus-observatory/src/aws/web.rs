//! The servers of feeds.

use std::time::{Duration, Instant};

use handler_runtime::{HttpClient, HttpFailure, HttpLimits};
use tokio::runtime::Handle;

use crate::fetch::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, Call, Clock, Fetch, Fetched, MAXIMUM_BODY, NoAnswer};

/// Says who asks.
const USER_AGENT: &str = concat!("bus-observatory/", env!("CARGO_PKG_VERSION"));

/// The servers of feeds, and the time since the first attempt. Its calls block: they belong on a thread for blocking
/// work.
#[derive(Debug, Clone)]
pub struct Web {
    client: HttpClient,
    runtime: Handle,
    start: Instant,
}

impl Web {
    /// A client, from within the runtime that it works in.
    ///
    /// # Errors
    /// When this machine has no certificates that it trusts.
    pub fn new() -> Result<Self, HttpFailure> {
        // Redirections are not followed: they would carry the key to who knows whom. The attempt has its own limit.
        let limits = HttpLimits {
            connect: CONNECT_TIMEOUT,
            total: ATTEMPT_TIMEOUT + CONNECT_TIMEOUT,
            body: MAXIMUM_BODY,
            redirects: 0,
        };
        Ok(Self { client: HttpClient::new(USER_AGENT, limits)?, runtime: Handle::current(), start: Instant::now() })
    }

    /// The same client, whose time begins now.
    #[must_use]
    pub fn begin(&self) -> Self {
        Self { start: Instant::now(), ..self.clone() }
    }
}

impl Fetch for Web {
    fn get(&self, call: &Call, timeout: Duration) -> Result<Fetched, NoAnswer> {
        let headers: Vec<_> = call.header().into_iter().collect();
        let answer = async { tokio::time::timeout(timeout, self.client.get(call.url(), &headers)).await };
        match self.runtime.block_on(answer) {
            Err(_) => Err(NoAnswer::Timeout),
            Ok(Err(HttpFailure::TooLarge)) => Err(NoAnswer::TooLarge),
            Ok(Err(HttpFailure::Network(_))) => Err(NoAnswer::Network),
            Ok(Ok(response)) => Ok(Fetched {
                status: response.status,
                retry_after: response.header("retry-after").map(str::to_owned),
                body: response.body,
            }),
        }
    }
}

impl Clock for Web {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }
}
