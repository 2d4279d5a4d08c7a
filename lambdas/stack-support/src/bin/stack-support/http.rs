//! Sending the answer over HTTPS.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Request};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lambda_runtime::Error;
use stack_support::Transport;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// A client for the signed URL. Plain HTTP is for a local CloudFormation.
pub(crate) struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Http {
    pub(crate) fn new() -> Result<Self, Error> {
        // Named, since another program of the same build may bring a second implementation of TLS, and then there is no default.
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let connector = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider)?;
        let connector = connector.https_or_http().enable_http1().build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }
}

impl Transport for Http {
    async fn put(&self, url: &str, body: Vec<u8>) -> Result<u16, String> {
        // The URL is signed without a content type, so none is sent.
        let request = Request::builder().method(Method::PUT).uri(url).body(Full::from(body));
        let request = request.map_err(|_| "the URL of the request is no URL".to_owned())?;
        match tokio::time::timeout(ATTEMPT, self.0.request(request)).await {
            Ok(Ok(response)) => Ok(response.status().as_u16()),
            Ok(Err(error)) => Err(chain(&error)),
            Err(_) => Err(format!("no answer in {ATTEMPT:?}")),
        }
    }

    async fn wait(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// An error with its causes, none of which names more than the host.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
