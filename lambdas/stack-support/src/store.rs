//! What the handler needs of S3 and CloudFront.

use std::fmt;
use std::future::Future;

/// Buckets, their objects, and the caches before them.
pub trait Store: Sync {
    /// The content of an object.
    fn get(&self, bucket: &str, key: &str) -> impl Future<Output = Result<Vec<u8>, StoreError>> + Send;

    /// The metadata of an object by name, in lower case; none when there is no such object.
    fn metadata(&self, bucket: &str, key: &str) -> impl Future<Output = Result<Option<Entry>, StoreError>> + Send;

    /// Writes an object.
    fn put(&self, bucket: &str, object: NewObject) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// One page of the objects whose keys begin with `prefix`, after the page that ended with `after`.
    fn list(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<String>,
    ) -> impl Future<Output = Result<Page<String>, StoreError>> + Send;

    /// The first page, of at most 1,000, of all versions and delete markers of a bucket that come after `after`.
    fn versions(
        &self,
        bucket: &str,
        after: Option<ObjectId>,
    ) -> impl Future<Output = Result<Page<ObjectId>, StoreError>> + Send;

    /// Deletes up to 1,000 objects, or versions of objects.
    fn delete(&self, bucket: &str, objects: Vec<ObjectId>) -> impl Future<Output = Result<Removal, StoreError>> + Send;

    /// The value of a bucket's tag.
    fn tag(&self, bucket: &str, key: &str) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;

    /// Makes a distribution fetch paths anew. A second call with the same `reference` does nothing.
    fn invalidate(
        &self,
        distribution: &str,
        paths: Vec<String>,
        reference: &str,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// What is known of an object without its content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The fingerprint that this handler wrote, if it wrote the object.
    pub fingerprint: Option<String>,
    /// The resource that wrote the object, if it was to own it.
    pub owner: Option<String>,
}

/// An object to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewObject {
    /// Its key.
    pub key: String,
    /// Its content.
    pub body: Vec<u8>,
    /// Header `Content-Type`.
    pub content_type: String,
    /// Header `Cache-Control`.
    pub cache_control: Option<String>,
    /// What is kept beside it.
    pub entry: Entry,
}

/// An object, or one version of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The key.
    pub key: String,
    /// The version; none is the latest.
    pub version: Option<String>,
}

/// A part of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; none on the last.
    pub next: Option<T>,
}

/// What became of a deletion of many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removal {
    /// How many could not be deleted.
    pub failed: usize,
    /// Why the first of them could not.
    pub first_failure: Option<String>,
}

/// A call that failed after all attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// What is to be told apart.
    pub kind: StoreErrorKind,
    /// What was called, and what was answered.
    pub message: String,
}

/// The failures that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreErrorKind {
    /// There is no such bucket.
    NoSuchBucket,
    /// There is no such object.
    NoSuchKey,
    /// Any other.
    Other,
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}
