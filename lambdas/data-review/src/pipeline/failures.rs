//! What is needed of the table `FailureLog`, and what its rows say.

use std::future::Future;

use handler_runtime::ServiceError;
use jiff::{SignedDuration, Timestamp};

use crate::contract::{FailureKind, FileType};

/// How long an open failure is kept after it was last seen.
const OPEN_KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);
/// How long a failure is kept after it was resolved.
const RESOLVED_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The table of files without a summary.
pub trait Failures {
    /// The open failures of a file, as of now.
    fn open_of(&self, filename: &str) -> impl Future<Output = Result<Vec<OpenFailure>, ServiceError>>;

    /// The open failures of all files whose keys begin with `prefix`.
    fn open(&self, prefix: &str) -> impl Future<Output = Result<Vec<OpenFailure>, ServiceError>>;

    /// Writes a failure. A repeat raises `count` and `last_seen`, and opens a resolved one again.
    fn record(&self, record: &FailureRecord<'_>) -> impl Future<Output = Result<(), ServiceError>>;

    /// Resolves a failure that is open, and does nothing to another.
    fn resolve(
        &self,
        filename: &str,
        failure_id: &str,
        resolution: Resolution,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), ServiceError>>;
}

/// A failure that is not resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFailure {
    /// The key of the object.
    pub filename: String,
    /// Its id.
    pub failure_id: String,
    /// What kind of failure.
    pub kind: FailureKind,
    /// The ETag of the version that failed.
    pub etag: String,
    /// When that version was written; none when the failure was written before it was read.
    pub last_modified: Option<String>,
    /// The version of the analysis.
    pub analysis_version: u32,
}

/// A failure to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureRecord<'a> {
    /// The key of the object.
    pub filename: &'a str,
    /// The version of the object.
    pub object_version: String,
    /// Its ETag.
    pub etag: &'a str,
    /// When it was written, if it was read.
    pub last_modified: Option<&'a str>,
    /// Where it failed.
    pub stage: Stage,
    /// What kind of failure.
    pub kind: FailureKind,
    /// What the file was taken for.
    pub detected_type: FileType,
    /// At most 1,000 characters.
    pub message: &'a str,
    /// The request in whose log more is told.
    pub request_id: &'a str,
    /// The function, and its log.
    pub origin: &'a Origin,
    /// When it failed.
    pub now: Timestamp,
}

impl FailureRecord<'_> {
    /// The sort key: the same for each repeat.
    pub fn id(&self) -> String {
        failure_id(&self.object_version, self.stage, self.kind)
    }

    /// When the row may go, in seconds since 1970.
    pub fn expires_at(&self) -> i64 {
        later(self.now, OPEN_KEPT)
    }
}

/// The sort key of a failure.
pub(super) fn failure_id(object_version: &str, stage: Stage, kind: FailureKind) -> String {
    format!("{object_version}#{}#{}", stage.name(), kind_name(kind))
}

/// When the row of a failure that was resolved may go, in seconds since 1970.
pub fn resolved_expires_at(now: Timestamp) -> i64 {
    later(now, RESOLVED_KEPT)
}

fn later(now: Timestamp, duration: SignedDuration) -> i64 {
    now.saturating_add(duration).unwrap_or(Timestamp::MAX).as_second()
}

/// The name of a kind in the table.
pub(crate) fn kind_name(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Unrecognised => "unrecognised",
        FailureKind::Unsupported => "unsupported",
        FailureKind::Unreadable => "unreadable",
        FailureKind::TooLarge => "too_large",
        FailureKind::Empty => "empty",
        FailureKind::AttemptsExhausted => "attempts_exhausted",
    }
}

/// Where a file failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// At the orchestrator.
    Identification,
    /// At a handler.
    Review,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Identification => "identification",
            Self::Review => "review",
        }
    }
}

/// Why a failure is no longer open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The file has a summary.
    Summarised,
    /// The attempt that was the last succeeded.
    AttemptSucceeded,
    /// The object is gone.
    ObjectRemoved,
}

impl Resolution {
    /// The text in the table.
    pub fn text(self) -> &'static str {
        match self {
            Self::Summarised => "summarised",
            Self::AttemptSucceeded => "attempt succeeded",
            Self::ObjectRemoved => "object removed",
        }
    }
}

/// The function that writes failures, and its log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The name of the function.
    pub function: String,
    /// The log group.
    pub log_group: String,
    /// The stream within it.
    pub log_stream: String,
}
