//! The feeds as the parameter store has them.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_sdk_ssm::Client;
use handler_runtime::memory::open;
use handler_runtime::{ServiceError, failed};

use crate::feeds::Feed;

/// How long the feeds are kept without asking again.
const KEPT: Duration = Duration::from_mins(1);
/// Parameters of a page, which is the most that the service gives.
const PAGE: i32 = 10;

/// The feeds below a path of the parameter store, at most a minute old.
#[derive(Debug)]
pub struct FeedList {
    client: Client,
    path: String,
    known: Mutex<Option<(Instant, Arc<Vec<Feed>>)>>,
}

impl FeedList {
    /// The feeds below `path`, which has no `/` at its end.
    pub fn new(client: Client, path: impl Into<String>) -> Self {
        Self { client, path: path.into(), known: Mutex::default() }
    }

    /// The feeds by their ids. When they cannot be read anew, those from before do.
    pub async fn get(&self) -> Result<Arc<Vec<Feed>>, ServiceError> {
        let known = open(&self.known).clone();
        if let Some((_, feeds)) = known.as_ref().filter(|(since, _)| since.elapsed() < KEPT) {
            return Ok(Arc::clone(feeds));
        }
        match (self.read().await, known) {
            (Ok(feeds), _) => {
                let feeds = Arc::new(feeds);
                *open(&self.known) = Some((Instant::now(), Arc::clone(&feeds)));
                Ok(feeds)
            }
            (Err(error), Some((_, feeds))) => {
                tracing::warn!(%error, "the feeds are those from before");
                Ok(feeds)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self) -> Result<Vec<Feed>, ServiceError> {
        let pages = self.client.get_parameters_by_path().path(&self.path).max_results(PAGE);
        let mut pages = pages.into_paginator().send();
        let mut feeds = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed(format!("ssm:GetParametersByPath `{}`", self.path)))?;
            for parameter in page.parameters.unwrap_or_default() {
                match serde_json::from_str(parameter.value().unwrap_or_default()) {
                    Ok(feed) => feeds.push(feed),
                    // It must hide no other.
                    Err(error) => tracing::warn!(parameter = parameter.name(), %error, "no feed"),
                }
            }
        }
        feeds.sort_by(|left: &Feed, right: &Feed| left.system_id.cmp(&right.system_id));
        Ok(feeds)
    }
}
