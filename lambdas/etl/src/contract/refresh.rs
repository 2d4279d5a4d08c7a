//! A run of the refresh: what starts it and what it tells.

use serde::{Deserialize, Serialize};

/// What `etl-refresh` is invoked with. The schedule's own event is taken too: what is not named here is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RefreshEvent {
    /// Whether both sources are fetched in full, whatever ETags are stored.
    #[serde(rename = "ignoreEtag", default, skip_serializing_if = "std::ops::Not::not")]
    pub ignore_etag: bool,
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// Rows were added or revised.
    Success,
    /// Nothing differs from what is stored.
    NoChange,
    /// Nothing was written, or not all; the message says why.
    Failed,
    /// Another run is under way. Returned, never published.
    Locked,
}

impl Outcome {
    /// The name, as messages and their attribute have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::NoChange => "NO_CHANGE",
            Self::Failed => "FAILED",
            Self::Locked => "LOCKED",
        }
    }

    /// Whether a run that ended so came to its end: [`metric::REFRESH_COMPLETED`](super::metric::REFRESH_COMPLETED).
    pub const fn is_completed(self) -> bool {
        matches!(self, Self::Success | Self::NoChange)
    }
}

/// The message that each run publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMessage {
    /// Identifier of the run.
    pub run_id: String,
    /// When it began: RFC 3339, UTC.
    pub started_at: String,
    /// When it ended: RFC 3339, UTC.
    pub finished_at: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Dates that are new.
    pub added: u64,
    /// Dates whose figures changed.
    pub revised: u64,
    /// Dates that stayed as they were.
    pub unchanged: u64,
    /// Stored dates that the sources no longer have.
    pub vanished: u64,
    /// Rows that were rejected, of both sources.
    pub rejected: u64,
    /// Dates without recoveries.
    pub not_reported: u64,
    /// Warnings, such as a cumulative figure that falls.
    pub warnings: u64,
    /// First date of the table, `YYYY-MM-DD`; none while it is empty.
    pub date_min: Option<String>,
    /// Last date of the table.
    pub date_max: Option<String>,
    /// What became of source A.
    pub nyt: SourceReport,
    /// What became of source B.
    pub jhu: SourceReport,
    /// The first ten rejected rows, one readable line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejects: Vec<String>,
    /// What failed, with the outcome [`Outcome::Failed`] only.
    #[serde(flatten)]
    pub failure: Option<Failure>,
}

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// How its fetch ended.
    pub status: FetchStatus,
    /// Rows that were read, rejected ones too.
    pub rows: u64,
    /// The ETag of the body that was used.
    pub etag: Option<String>,
}

/// How the fetch of a source ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchStatus {
    /// A new body.
    Fetched,
    /// The body is the stored one.
    NotModified,
    /// No body.
    Failed,
    /// Not asked for, since the run failed before.
    Skipped,
}

/// One of the two sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Source A, the New York Times: cases and deaths.
    Nyt,
    /// Source B, Johns Hopkins University: recoveries.
    Jhu,
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Where.
    pub stage: Stage,
    /// What.
    pub error_class: FailureClass,
    /// In words.
    pub message: String,
}

/// The steps of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Fetching the sources.
    Extract,
    /// Reading, checking and joining them.
    Transform,
    /// Writing the table.
    Load,
    /// Writing snapshot, archive and state.
    Snapshot,
}

/// What can make a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// A source did not answer as it should, after all attempts.
    FetchFailed,
    /// A body over 64 MiB.
    TooLarge,
    /// A column that is needed is not there.
    MissingColumn,
    /// A source without rows.
    NoRows,
    /// No date that both sources have.
    JoinEmpty,
    /// More than 5 % of a source's rows, and at least five.
    TooManyRejected,
    /// Fewer than 90 % of the stored dates.
    SourceShrunk,
    /// A service of AWS failed after all attempts.
    StorageFailed,
}

/// Why a row is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Not a real `YYYY-MM-DD`.
    BadDate,
    /// More than a day in the future.
    FutureDate,
    /// Not an integer from 0 on, or an empty one that must be there.
    BadNumber,
    /// A row of the US with a province.
    UnexpectedProvince,
    /// A date twice with different figures.
    DuplicateConflict,
}
