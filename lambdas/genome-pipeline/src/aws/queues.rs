//! The queues on SQS, and those within the worker.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use aws_sdk_sqs::Client;
use handler_runtime::memory::open;
use handler_runtime::{ServiceError, failed};

use crate::pipeline::services::{Inbox, Queue, Queues};

/// The queues that a function may send to.
#[derive(Debug)]
pub struct Sqs {
    client: Client,
    urls: BTreeMap<Queue, String>,
}

impl Sqs {
    /// Queues at these URLs.
    pub fn new(client: Client, urls: impl IntoIterator<Item = (Queue, String)>) -> Self {
        Self { client, urls: urls.into_iter().collect() }
    }
}

impl Queues for Sqs {
    async fn send(&self, queue: Queue, body: String) -> Result<(), ServiceError> {
        let what = format!("sqs:SendMessage {queue:?}");
        let Some(url) = self.urls.get(&queue) else {
            return Err(ServiceError::new(what, "the URL of the queue was not given"));
        };
        self.client.send_message().queue_url(url).message_body(body).send().await.map_err(failed(what))?;
        Ok(())
    }
}

/// Queues that whoever sends to them empties.
#[derive(Debug, Default)]
pub struct Inside(Mutex<VecDeque<(Queue, String)>>);

impl Queues for Inside {
    async fn send(&self, queue: Queue, body: String) -> Result<(), ServiceError> {
        open(&self.0).push_back((queue, body));
        Ok(())
    }
}

impl Inbox for Inside {
    fn take(&self) -> Option<(Queue, String)> {
        open(&self.0).pop_front()
    }
}
