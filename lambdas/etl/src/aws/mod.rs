//! The services with the AWS SDK.

mod item;
mod objects;
mod sources;
mod table;
mod topic;

pub use self::{objects::Objects, sources::Sources, table::FiguresTable, topic::Topic};

use crate::services::{Lock, Page, ReadTable, ServiceError, State, Store, StoredFigures};

/// Table and bucket together.
#[derive(Debug, Clone)]
pub struct TableAndBucket {
    /// The table of figures.
    pub table: FiguresTable,
    /// The bucket of snapshots, sources and rejected rows.
    pub objects: Objects,
}

impl ReadTable for TableAndBucket {
    async fn state(&self) -> Result<Option<State>, ServiceError> {
        self.table.state().await
    }

    async fn figures(&self, after: Option<String>) -> Result<Page, ServiceError> {
        self.table.figures(after).await
    }
}

impl Store for TableAndBucket {
    async fn lock(&self, lock: &Lock, now: i64) -> Result<bool, ServiceError> {
        self.table.lock(lock, now).await
    }

    async fn unlock(&self, lock: &Lock) -> Result<(), ServiceError> {
        self.table.unlock(lock).await
    }

    async fn write(&self, items: Vec<StoredFigures>) -> Result<Vec<StoredFigures>, ServiceError> {
        self.table.write(items).await
    }

    async fn write_state(&self, state: &State) -> Result<(), ServiceError> {
        self.table.write_state(state).await
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        self.objects.get(key).await
    }

    async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), ServiceError> {
        self.objects.put(key, content).await
    }
}
