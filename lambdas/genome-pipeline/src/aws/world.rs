//! Services together. A program has those that it needs, and `()` for the others, so that it ships no more of the SDK.

use std::path::Path;
use std::time::Duration;

use handler_runtime::{Clock, ServiceError, SystemClock};
use jiff::Timestamp;

use crate::pipeline::item::{Item, Key, Page, Table, Update, Updated};
use crate::pipeline::services::{Fetch, Inbox, Instances, LaunchFailure, Objects, Queue, Queues, Response, Tables};

/// The services of a program.
#[derive(Debug)]
pub struct World<T = (), O = (), Q = (), F = (), I = ()> {
    /// The tables.
    pub tables: T,
    /// The bucket.
    pub objects: O,
    /// The queues.
    pub queues: Q,
    /// NCBI's servers.
    pub fetch: F,
    /// Instances of the worker.
    pub instances: I,
}

impl<T> World<T> {
    /// A program's tables, to which further services are added.
    pub fn of(tables: T) -> Self {
        Self { tables, objects: (), queues: (), fetch: (), instances: () }
    }
}

impl<T, O, Q, F, I> World<T, O, Q, F, I> {
    /// With the bucket.
    pub fn with_objects<N>(self, objects: N) -> World<T, N, Q, F, I> {
        let Self { tables, queues, fetch, instances, .. } = self;
        World { tables, objects, queues, fetch, instances }
    }

    /// With queues.
    pub fn with_queues<N>(self, queues: N) -> World<T, O, N, F, I> {
        let Self { tables, objects, fetch, instances, .. } = self;
        World { tables, objects, queues, fetch, instances }
    }

    /// With NCBI's servers.
    pub fn with_fetch<N>(self, fetch: N) -> World<T, O, Q, N, I> {
        let Self { tables, objects, queues, instances, .. } = self;
        World { tables, objects, queues, fetch, instances }
    }
}

impl<T: Sync, O: Sync, Q: Sync, F: Sync, I: Sync> Clock for World<T, O, Q, F, I> {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    async fn wait(&self, duration: Duration) {
        SystemClock.wait(duration).await;
    }

    fn chance(&self) -> f64 {
        SystemClock.chance()
    }
}

impl<T: Tables, O, Q, F, I> Tables for World<T, O, Q, F, I> {
    async fn get(&self, key: &Key) -> Result<Option<Item>, ServiceError> {
        self.tables.get(key).await
    }

    async fn update(&self, key: &Key, update: Update) -> Result<Updated, ServiceError> {
        self.tables.update(key, update).await
    }

    async fn insert(&self, rows: Vec<(Key, Item)>) -> Result<bool, ServiceError> {
        self.tables.insert(rows).await
    }

    async fn query(
        &self,
        table: Table,
        partition: &str,
        after: Option<Item>,
        limit: Option<u32>,
    ) -> Result<Page, ServiceError> {
        self.tables.query(table, partition, after, limit).await
    }

    async fn scan(&self, table: Table, after: Option<Item>) -> Result<Page, ServiceError> {
        self.tables.scan(table, after).await
    }

    async fn open_jobs(&self, after: Option<Item>) -> Result<Page, ServiceError> {
        self.tables.open_jobs(after).await
    }
}

impl<T, O: Objects, Q, F, I> Objects for World<T, O, Q, F, I> {
    type Body = O::Body;

    async fn open(&self, key: &str) -> Result<Option<O::Body>, ServiceError> {
        self.objects.open(key).await
    }

    async fn size(&self, key: &str) -> Result<Option<u64>, ServiceError> {
        self.objects.size(key).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<(String, u64)>, ServiceError> {
        self.objects.list(prefix).await
    }

    async fn put(&self, key: &str, content: Vec<u8>, content_type: &str) -> Result<String, ServiceError> {
        self.objects.put(key, content, content_type).await
    }

    async fn put_file(&self, key: &str, file: &Path) -> Result<(), ServiceError> {
        self.objects.put_file(key, file).await
    }

    async fn begin_parts(&self, key: &str) -> Result<String, ServiceError> {
        self.objects.begin_parts(key).await
    }

    async fn put_part(&self, key: &str, upload: &str, part: u32, content: Vec<u8>) -> Result<String, ServiceError> {
        self.objects.put_part(key, upload, part, content).await
    }

    async fn complete_parts(&self, key: &str, upload: &str, parts: Vec<(u32, String)>) -> Result<bool, ServiceError> {
        self.objects.complete_parts(key, upload, parts).await
    }

    async fn sign_get(&self, key: &str, file: &str) -> Result<String, ServiceError> {
        self.objects.sign_get(key, file).await
    }

    async fn sign_put(&self, key: &str, bytes: u64) -> Result<String, ServiceError> {
        self.objects.sign_put(key, bytes).await
    }
}

impl<T, O, Q: Queues, F, I> Queues for World<T, O, Q, F, I> {
    async fn send(&self, queue: Queue, body: String) -> Result<(), ServiceError> {
        self.queues.send(queue, body).await
    }
}

impl<T, O, Q: Inbox, F, I> Inbox for World<T, O, Q, F, I> {
    fn take(&self) -> Option<(Queue, String)> {
        self.queues.take()
    }
}

impl<T, O, Q, F: Fetch, I> Fetch for World<T, O, Q, F, I> {
    async fn get(&self, url: &str, range: Option<(u64, u64)>) -> Result<Response, String> {
        self.fetch.get(url, range).await
    }

    async fn head(&self, url: &str) -> Result<Response, String> {
        self.fetch.head(url).await
    }
}

impl<T, O, Q, F, I: Instances> Instances for World<T, O, Q, F, I> {
    async fn launch(&self, job: &str, user_data: &str) -> Result<(), LaunchFailure> {
        self.instances.launch(job, user_data).await
    }
}
