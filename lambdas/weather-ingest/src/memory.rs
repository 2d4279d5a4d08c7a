//! The services in memory, for tests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use handler_runtime::memory::open;
pub use handler_runtime::{ManualClock, memory::finish};

use crate::request::ApiUrl;
use crate::services::{Answer, CurateStore, Fetch, RawMetadata, RawObject, RawStore, Secrets, ServiceError};

/// Buckets and secret in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Content>);

/// A version of a raw object: its content, and what was written with it.
pub type RawVersion = (Vec<u8>, Option<RawMetadata>);

/// What is in a [`Memory`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// Versions of raw objects by key, the latest at the end. The first has the version `1`.
    pub raw: BTreeMap<String, Vec<RawVersion>>,
    /// Bodies that were not good, by key.
    pub errors: BTreeMap<String, Vec<u8>>,
    /// Parquet files by key.
    pub curated: BTreeMap<String, Vec<u8>>,
    /// The secret.
    pub secret: Option<String>,
    /// How often it was read.
    pub secret_reads: usize,
    /// Whether bodies that were not good cannot be written.
    pub errors_broken: bool,
}

impl Memory {
    /// Empty buckets, and a secret.
    pub fn with_key(key: &str) -> Self {
        Self(Mutex::new(Content { secret: Some(key.to_owned()), ..Content::default() }))
    }

    /// Looks at the content, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut Content) -> T) -> T {
        look(&mut open(&self.0))
    }
}

impl Secrets for Memory {
    async fn secret(&self) -> Result<Option<String>, ServiceError> {
        Ok(self.with(|content| {
            content.secret_reads += 1;
            content.secret.clone()
        }))
    }
}

impl RawStore for Memory {
    async fn head(&self, key: &str) -> Result<Option<RawObject>, ServiceError> {
        Ok(self.with(|content| {
            let versions = content.raw.get(key)?;
            let metadata = versions.last()?.1.clone();
            Some(RawObject { version_id: versions.len().to_string(), metadata })
        }))
    }

    async fn put(&self, key: &str, body: Vec<u8>, metadata: &RawMetadata) -> Result<String, ServiceError> {
        Ok(self.with(|content| {
            let versions = content.raw.entry(key.to_owned()).or_default();
            versions.push((body, Some(metadata.clone())));
            versions.len().to_string()
        }))
    }

    async fn put_error(&self, key: &str, body: Vec<u8>) -> Result<(), ServiceError> {
        self.with(|content| {
            if content.errors_broken {
                return Err(ServiceError::new("write an error", "the service is gone"));
            }
            content.errors.insert(key.to_owned(), body);
            Ok(())
        })
    }
}

impl CurateStore for Memory {
    async fn raw(&self, key: &str, version_id: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        Ok(self.with(|content| {
            let version = version_id.parse::<usize>().ok()?.checked_sub(1)?;
            content.raw.get(key)?.get(version).map(|(body, _)| body.clone())
        }))
    }

    async fn put_curated(&self, key: &str, file: Vec<u8>) -> Result<(), ServiceError> {
        self.with(|content| content.curated.insert(key.to_owned(), file));
        Ok(())
    }
}

/// A server that gives prepared answers one after the other.
#[derive(Debug, Default)]
pub struct ScriptedApi {
    answers: Mutex<VecDeque<Result<Answer, String>>>,
    requests: Mutex<Vec<String>>,
}

impl ScriptedApi {
    /// Gives these answers, and after them none.
    pub fn new(answers: impl IntoIterator<Item = Result<Answer, String>>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), requests: Mutex::default() }
    }

    /// The URLs that were asked for.
    pub fn requests(&self) -> Vec<String> {
        open(&self.requests).clone()
    }
}

impl Fetch for ScriptedApi {
    async fn get(&self, url: &ApiUrl) -> Result<Answer, String> {
        open(&self.requests).push(url.expose());
        open(&self.answers).pop_front().unwrap_or_else(|| Err("nobody is there".to_owned()))
    }
}
