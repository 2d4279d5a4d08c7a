//! How a review ends.

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably a defect.
    Warning,
    /// A defect.
    Error,
}

/// The state of a file by the worst severity of its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No finding, or only information.
    Ok,
    /// At least one warning and no error.
    Warnings,
    /// At least one error.
    Errors,
}

/// Why a file has no summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No known kind of file.
    Unrecognised,
    /// A known kind that no handler reads.
    Unsupported,
    /// A damaged file.
    Unreadable,
    /// Over a limit of size, count or compression.
    TooLarge,
    /// No bytes at all.
    Empty,
    /// The last attempt is under way, and the earlier ones failed for reasons outside the file.
    AttemptsExhausted,
}
