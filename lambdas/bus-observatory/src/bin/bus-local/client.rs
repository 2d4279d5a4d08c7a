//! HTTP.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bus_observatory::fetch::{CONNECT_TIMEOUT, Call, Clock, Fetch, Fetched, MAXIMUM_BODY, NoAnswer};
use rustls::crypto::aws_lc_rs;
use ureq::Agent;
use ureq::tls::TlsConfig;

/// Fetches over HTTP, and keeps the time.
pub(crate) struct Client {
    agent: Agent,
    start: Instant,
}

impl Client {
    pub(crate) fn new() -> Self {
        let tls = TlsConfig::builder().unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()));
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .http_status_as_error(false)
            .tls_config(tls.build());
        Self { agent: config.build().into(), start: Instant::now() }
    }
}

impl Fetch for Client {
    fn get(&self, call: &Call, timeout: Duration) -> Result<Fetched, NoAnswer> {
        let mut request = self.agent.get(call.url());
        if let Some((name, value)) = call.header() {
            request = request.header(name, value);
        }
        let answer = request.config().timeout_global(Some(timeout)).build().call().map_err(|error| match error {
            ureq::Error::Timeout(_) => NoAnswer::Timeout,
            _ => NoAnswer::Network,
        })?;
        let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        // One byte more shows that it is too large.
        let limit = MAXIMUM_BODY as u64 + 1;
        answer.into_body().into_reader().take(limit).read_to_end(&mut body).map_err(|_| NoAnswer::Network)?;
        if body.len() > MAXIMUM_BODY { Err(NoAnswer::TooLarge) } else { Ok(Fetched { status, retry_after, body }) }
    }
}

impl Clock for Client {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }
}
