//! What is needed of the bucket.

use std::future::Future;
use std::ops::Range;

use handler_runtime::ServiceError;

/// Objects of buckets.
pub trait Objects {
    /// The objects whose keys begin with `prefix`, in the order of their keys, after the key `after`; a page of them.
    fn list(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<&str>,
    ) -> impl Future<Output = Result<ObjectPage, ServiceError>>;

    /// Reads an object, or a part of it. None when there is no such object, or none with that version or ETag.
    fn read(&self, wanted: Wanted<'_>, part: Part) -> impl Future<Output = Result<Option<Piece>, ServiceError>>;
}

/// A part of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObjectPage {
    /// The objects.
    pub objects: Vec<Listed>,
    /// Whether there are more.
    pub more: bool,
}

/// An object as a listing tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The key.
    pub key: String,
    /// The ETag, without quotes.
    pub etag: String,
    /// Size in bytes.
    pub size: u64,
}

/// Which object is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// The key.
    pub key: &'a str,
    /// The version; none is the latest.
    pub version: Option<&'a str>,
    /// The ETag that it must have.
    pub etag: Option<&'a str>,
}

/// What of an object is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These bytes, as far as they exist. The range is not empty and begins within the object.
    Range(Range<u64>),
    /// All of it, unless it is larger than so many bytes.
    Whole {
        /// Bytes at most.
        most: u64,
    },
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What is known of the object.
    pub facts: Facts,
    /// The bytes; none when the object is larger than was wanted.
    pub content: Option<Vec<u8>>,
}

/// What is known of a version of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its id; none in a bucket that keeps no versions.
    pub version: Option<String>,
    /// Its ETag, without quotes.
    pub etag: String,
    /// Size of the whole object in bytes.
    pub size: u64,
    /// When it was written: in UTC and to the second, so that the order of texts is that of time.
    pub last_modified: String,
}

impl Facts {
    /// The version's name in the tables.
    pub fn object_version(&self) -> String {
        super::object_version(self.version.as_deref(), &self.etag)
    }
}
