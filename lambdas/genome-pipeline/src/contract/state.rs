//! States of jobs and genomes, and the options of a job.

use serde::{Deserialize, Serialize};

/// The state of a job. The last two are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    /// Taken.
    Submitted,
    /// Waits for its genome.
    Preparing,
    /// Guides are searched.
    Scanning,
    /// Guides are scored.
    Scoring,
    /// Results are there.
    Succeeded,
    /// There will be no results; [`Reason`] says why.
    Failed,
}

impl JobState {
    /// Whether the state is final.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// The state of a genome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GenomeState {
    /// Its files are fetched.
    Downloading,
    /// Its index is built.
    Indexing,
    /// Its index is there.
    Ready,
    /// The attempt failed.
    Failed,
}

/// Where a genome is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GenomePath {
    /// In functions.
    Lambda,
    /// On an instance.
    Ec2,
}

/// Why a job failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is no such genome.
    GenomeNotFound,
    /// Its files could not be fetched.
    DownloadFailed,
    /// A file is not what its checksum says.
    ChecksumMismatch,
    /// A file is no FASTA.
    BadFasta,
    /// The index could not be built.
    IndexFailed,
    /// The worker has no image yet.
    NoWorkerImage,
    /// It took too long.
    Timeout,
    /// A fault of the service.
    Internal,
}

/// How off-target scores decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Rejects when the MIT score is below the threshold.
    Mit,
    /// Rejects when the CFD score is below it.
    Cfd,
    /// Rejects when both are.
    #[default]
    And,
    /// Rejects when either is.
    Or,
    /// Rejects when their mean is.
    Avg,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 5] = [Self::Mit, Self::Cfd, Self::And, Self::Or, Self::Avg];
}

/// The options of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How off-target scores decide.
    pub method: Method,
    /// The score to reach, 0 to 100.
    pub threshold: f64,
    /// The most mismatches of an off-target site, 0 to 4.
    pub max_distance: u8,
}

impl Default for Options {
    fn default() -> Self {
        Self { method: Method::And, threshold: 75.0, max_distance: 4 }
    }
}
