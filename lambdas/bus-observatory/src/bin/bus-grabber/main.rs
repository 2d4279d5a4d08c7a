//! `bus-grabber`: fetches a feed and writes its new rows.

// Futures of the SDK within each other.
#![recursion_limit = "256"]

use std::sync::Arc;

use bus_observatory::aws::{Keys, Missing, S3, Web, blocking};
use bus_observatory::contract::{GrabEvent, GrabReport, GrabberEnv, metric};
use bus_observatory::feeds::Feed;
use bus_observatory::fetch::{Call, FetchError, fetch, loggable_url};
use bus_observatory::grab::{counts, grab};
use handler_runtime::{Diagnostic, Error, aws_config, diagnostic, load, metrics, start};
use jiff::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(GrabberEnv::load)?;
        let config = aws_config().await;
        let grabber = Grabber {
            lake: S3::new(aws_sdk_s3::Client::new(&config), environment.lake, Missing::Forbidden),
            keys: Keys::new(aws_sdk_secretsmanager::Client::new(&config), aws_sdk_ssm::Client::new(&config)),
            web: Web::new().map_err(|failure| format!("no client for HTTP: {failure:?}"))?,
        };
        Ok(async move |event: GrabEvent, _: &_| grabber.run(event).await)
    })
    .await
}

struct Grabber {
    lake: S3,
    keys: Keys,
    web: Web,
}

impl Grabber {
    /// Grabs a feed, and counts what came of it: a failure too.
    async fn run(&self, event: GrabEvent) -> Result<GrabReport, Diagnostic> {
        let feed = Arc::new(event.feed);
        let result = self.grab(&feed, &event.scheduled_time).await;
        let dimension = (metric::DIMENSION, feed.system_id.as_str());
        match &result {
            Ok(report) => {
                metrics::count(metric::NAMESPACE, dimension, &counts(report));
                tracing::info!(feed.system_id, report.rows, report.partial, "grabbed");
            }
            Err(_) => metrics::count(metric::NAMESPACE, dimension, &[(metric::FAILED_FETCHES, 1)]),
        }
        result
    }

    async fn grab(&self, feed: &Arc<Feed>, scheduled_time: &str) -> Result<GrabReport, Diagnostic> {
        let named = |kind: &str, error: &dyn std::fmt::Display| {
            diagnostic(kind, format!("{}: {}: {error}", feed.system_id, loggable_url(feed)))
        };
        let scheduled: Timestamp = scheduled_time
            .parse()
            .map_err(|error| diagnostic("BadEvent", format!("`scheduled_time` is no time: {error}")))?;
        let mut body = self.fetch(feed, false).await?;
        if body.as_ref().is_err_and(|error| error.is_refused()) && feed.auth.secret().is_some() {
            // The key may have been replaced.
            body = self.fetch(feed, true).await?;
        }
        let body = body.map_err(|error| named("FetchFailed", &error))?;
        let (lake, of) = (self.lake.clone(), Arc::clone(feed));
        let report = blocking(move || grab(&lake, &of, scheduled, Timestamp::now(), &body)).await?;
        report.map_err(|error| named("GrabFailed", &error))
    }

    /// The body of the feed. The outer failure is one of AWS.
    async fn fetch(&self, feed: &Feed, anew: bool) -> Result<Result<Vec<u8>, FetchError>, Diagnostic> {
        let key = match feed.auth.secret() {
            None => None,
            Some(name) => {
                let key = if anew { self.keys.read(name).await } else { self.keys.get(name).await };
                Some(key.map_err(|error| diagnostic("NoKey", format!("{}: {error}", feed.system_id)))?)
            }
        };
        let call = Call::new(feed, key.as_deref()).ok_or_else(|| diagnostic("NoKey", &feed.system_id))?;
        let web = self.web.begin();
        blocking(move || fetch(&web, &web, &call)).await
    }
}
