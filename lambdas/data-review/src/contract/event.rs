//! Events of the orchestrator.

use serde::{Deserialize, Serialize};

/// Source of S3's events at EventBridge.
pub const OBJECT_CREATED_SOURCE: &str = "aws.s3";
/// Detail type of the event that S3 sends for a new object.
pub const OBJECT_CREATED: &str = "Object Created";

/// What the orchestrator is invoked with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OrchestratorEvent {
    /// A new object, or a new version of one.
    ObjectCreated(ObjectCreated),
    /// Look at the whole bucket.
    Sweep(SweepInput),
}

/// The part that is used of EventBridge's event `Object Created`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectCreated {
    /// Always [`OBJECT_CREATED_SOURCE`].
    pub source: String,
    /// Always [`OBJECT_CREATED`].
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// The object.
    pub detail: ObjectDetail,
}

/// The object of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectDetail {
    /// Its bucket.
    pub bucket: BucketName,
    /// What is known of it.
    pub object: ObjectFacts,
}

/// The bucket of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketName {
    /// Its name.
    pub name: String,
}

/// An object as S3's event tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectFacts {
    /// The key in plain text: EventBridge's events, unlike those of S3 itself, are not URL-encoded.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// The ETag, without quotes.
    pub etag: String,
    /// The version; none in a bucket without versioning.
    #[serde(rename = "version-id", default, skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
}

/// A wish to look at the whole bucket: the input of the daily rule, and of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SweepInput {
    /// Says that this is a sweep.
    pub action: Sweep,
    /// Whether files are analysed again that were analysed already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
    /// Prefix of the keys to look at; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
}

/// The one action that the orchestrator can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sweep {
    /// List the bucket and queue what is new.
    #[default]
    Sweep,
}

/// What the orchestrator returns: numbers of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SweepReport {
    /// Objects that were seen.
    pub listed: u64,
    /// Objects that need nothing: analysed already, or failed already for a reason that stays.
    pub skipped: u64,
    /// Messages sent to the bottle queue.
    pub sent_bottle: u64,
    /// Messages sent to the CTD queue.
    pub sent_ctd: u64,
    /// Messages sent to the netCDF queue.
    pub sent_netcdf: u64,
    /// Files of a known kind that no handler reads.
    pub unsupported: u64,
    /// Files of no known kind.
    pub unrecognised: u64,
    /// Objects that are empty, damaged or too large, and those whose handling failed.
    pub errors: u64,
    /// Whether the whole bucket was seen; the next sweep catches up otherwise.
    pub complete: bool,
}
