//! Messages of the three queues.

use serde::{Deserialize, Serialize};

use super::FileType;

/// The version of [`FileMessage`] that this crate writes.
pub const MESSAGE_SCHEMA: u32 = 1;

/// One version of one file to analyse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMessage {
    /// Always [`MESSAGE_SCHEMA`].
    pub schema: u32,
    /// Name of the bucket.
    pub bucket: String,
    /// Key of the object.
    pub key: String,
    /// Version of the object; none reads the latest.
    pub version_id: Option<String>,
    /// The ETag that was seen, without quotes.
    pub etag: String,
    /// Size in bytes.
    pub size: u64,
    /// What the orchestrator took it for. The handler looks again.
    pub file_type: FileType,
    /// Whether it is analysed again if it was already.
    pub force: bool,
    /// The request of the orchestrator, to find its log.
    pub request_id: String,
}
