//! Where the lake is: what S3 does, as far as the lake needs it.

mod folder;
mod memory;
#[cfg(test)]
mod tests;

use std::fmt;

use bytes::Bytes;

pub use folder::Folder;
pub use memory::Memory;

/// The most objects that one call may delete.
pub const MAXIMUM_DELETE: usize = 1_000;

/// A store of objects with strong consistency: what was written is what every later call sees.
///
/// Calls block. A function whose client is asynchronous runs the steps of this library on a thread for blocking work.
pub trait Storage {
    /// All objects whose keys begin with `prefix`, in the order of their keys.
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError>;

    /// An object, or none when there is none.
    fn get(&self, key: &str) -> Result<Option<Object>, StorageError>;

    /// The contents of several objects, in the order of `keys`. Stores that are far away fetch them at the same time.
    fn contents(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, StorageError> {
        keys.iter().map(|key| Ok(self.get(key)?.map(|object| object.content))).collect()
    }

    /// Writes an object whole if `condition` holds.
    fn put(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError>;

    /// Deletes 1 to [`MAXIMUM_DELETE`] objects. One that is not there is deleted already.
    fn delete(&self, keys: &[String]) -> Result<(), StorageError>;

    /// The URL of an object as engines for queries know it, `s3://bucket/key`.
    fn url(&self, key: &str) -> String;
}

/// An object in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written, in microseconds since 1970.
    pub modified: i64,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its content.
    pub content: Bytes,
    /// The tag of this content.
    pub tag: String,
    /// When it was written, in microseconds since 1970.
    pub modified: i64,
}

/// When an object may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Always.
    Always,
    /// Only if there is none: `If-None-Match: *`.
    New,
    /// Only if it still has this tag: `If-Match`.
    Matches(String),
}

/// Whether an object was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was.
    Done,
    /// The condition does not hold: status 412, or 409 for a writer at the same time.
    Conflict,
}

/// Why the store did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageError {
    action: &'static str,
    key: String,
    reason: String,
}

impl StorageError {
    /// An error of `action`, such as `get`, at a key or prefix.
    pub fn new(action: &'static str, key: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self { action, key: key.into(), reason: reason.to_string() }
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot {} `{}`: {}", self.action, self.key, self.reason)
    }
}

impl std::error::Error for StorageError {}

/// The tag of a content: a hash, so that the same content has the same one.
fn tag(content: &[u8]) -> String {
    crate::digest::hexadecimal(content, 16)
}
