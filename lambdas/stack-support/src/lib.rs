//! The custom resources of the library: what their handler does, without AWS.
//!
//! CloudFormation sends a [`Request`], [`handle`] does what it asks for with a [`Store`], and the [`Response`] goes to
//! the URL that came with the request. Two resource types are served, whose properties [`stackgen_contract::support`]
//! names:
//!
//! - `Custom::BucketObjects` copies the files of an asset into a bucket. It deletes nothing unless told to.
//! - `Custom::EmptyBucket` empties a bucket, with all versions, before CloudFormation deletes it.
//!
//! CloudFormation may deliver a request twice, and Lambda repeats one that failed: everything here can be done again.

mod archive;
mod budget;
mod content_type;
mod empty;
mod failure;
mod files;
mod handle;
mod objects;
mod pattern;
mod properties;
mod request;
mod response;
mod send;
mod store;

#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;

pub use archive::{Archive, ArchiveError, Limits};
pub use budget::Budget;
pub use handle::{Outcome, answer, failed, handle, is_last_attempt};
pub use properties::{BucketObjects, EmptyBucket, GeneratedFile, PropertyErrors, Rule};
pub use request::{Request, RequestType, ResponseUrl};
pub use response::{Response, Status};
pub use send::{SendError, Transport, send};
pub use store::{Entry, NewObject, ObjectId, Page, Removal, Store, StoreError, StoreErrorKind};
