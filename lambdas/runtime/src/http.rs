//! Requests to other servers than those that the AWS SDK has clients for.

#[cfg(test)]
mod tests;

use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};

use crate::start::chain;

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpLimits {
    /// Until there is a connection.
    pub connect: Duration,
    /// From the first byte to the last.
    pub total: Duration,
    /// Bytes of a body, once decompressed.
    pub body: usize,
    /// How many redirections are followed, but never one from HTTPS to plain HTTP. What is not followed is the answer. A
    /// header or a query with a key should not go to another server: then none.
    pub redirects: usize,
}

/// A client that keeps within limits. It asks for compressed bodies and decompresses them.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    limits: HttpLimits,
}

/// An answer of any status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpFailure {
    /// The body is over the limit. Nothing more of it was read.
    TooLarge,
    /// No connection, no whole answer, or not in time; in words that do not tell the URL.
    Network(String),
}

impl HttpResponse {
    /// The text of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl HttpClient {
    /// A client that says who it is by `user_agent`.
    ///
    /// # Errors
    /// When this machine has no certificates that it trusts.
    pub fn new(user_agent: &str, limits: HttpLimits) -> Result<Self, HttpFailure> {
        let redirect = Policy::custom(move |attempt| {
            let previous = attempt.previous();
            // An answer that is not followed is given as it is.
            let is_followed = previous.len() <= limits.redirects
                && previous.last().is_none_or(|previous| stays_encrypted(previous, attempt.url()));
            if is_followed { attempt.follow() } else { attempt.stop() }
        });
        let client = Client::builder()
            .user_agent(user_agent)
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .redirect(redirect)
            .referer(false)
            .build();
        Ok(Self { client: client.map_err(network)?, limits })
    }

    /// GETs `url` once, with these headers.
    pub async fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<HttpResponse, HttpFailure> {
        self.send(self.client.get(url), headers).await
    }

    /// Asks once for the headers of `url`, which tell of the body as it is: not compressed for the way.
    pub async fn head(&self, url: &str, headers: &[(&str, &str)]) -> Result<HttpResponse, HttpFailure> {
        self.send(self.client.head(url).header(ACCEPT_ENCODING, "identity"), headers).await
    }

    /// POSTs `body` once to `url`, with these headers.
    pub async fn post(&self, url: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<HttpResponse, HttpFailure> {
        self.send(self.client.post(url).body(body), headers).await
    }

    async fn send(&self, mut request: RequestBuilder, headers: &[(&str, &str)]) -> Result<HttpResponse, HttpFailure> {
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send().await.map_err(network)?;
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > self.limits.body) {
            return Err(HttpFailure::TooLarge);
        }
        let mut body = Vec::with_capacity(announced.unwrap_or_default());
        while let Some(chunk) = response.chunk().await.map_err(network)? {
            if body.len() + chunk.len() > self.limits.body {
                return Err(HttpFailure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let status: StatusCode = response.status();
        Ok(HttpResponse { status: status.as_u16(), headers: std::mem::take(response.headers_mut()), body })
    }
}

/// Whether a redirection keeps what was encrypted so.
fn stays_encrypted(from: &Url, to: &Url) -> bool {
    from.scheme() != "https" || to.scheme() == "https"
}

/// URLs hold keys.
fn network(error: reqwest::Error) -> HttpFailure {
    let what = if error.is_timeout() { "no answer in time: " } else { "" };
    HttpFailure::Network(format!("{what}{}", chain(&error.without_url())))
}
