//! Messages of the queues, and the event of the tick.

use serde::{Deserialize, Serialize};

/// An attempt at a genome: message of the queues `download` and `index`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenomeMessage {
    /// Accession or custom name of the genome.
    pub genome: String,
    /// Number of the attempt, from 1. Messages of an older one are dropped.
    pub attempt: u32,
}

/// A part of a file: message of the queue `parts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartMessage {
    /// Accession of the genome.
    pub genome: String,
    /// Number of the attempt.
    pub attempt: u32,
    /// Name of the file.
    pub file: String,
    /// Where the file is.
    pub url: String,
    /// Key of the object that it becomes.
    pub key: String,
    /// Number of the part, from 1.
    pub part: u32,
    /// How many parts there are.
    pub parts: u32,
    /// First byte.
    pub start: u64,
    /// Last byte, inclusive.
    pub end: u64,
    /// The multipart upload; none when the file is one part.
    pub upload_id: Option<String>,
}

/// A job whose genome is ready: message of the queue `scan`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanMessage {
    /// Id of the job.
    pub job_id: String,
}

/// Guides to score: message of the queues `consensus` and `offtarget`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkMessage {
    /// Id of the job.
    pub job_id: String,
    /// Accession or custom name of the genome.
    pub genome: String,
    /// Number of the chunk, from 0.
    pub chunk: u32,
    /// Id and 23 bases of each guide.
    pub targets: Vec<(u32, String)>,
}

/// What the tick sends to `genome-scheduler`, which gets the stream of jobs as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// Says that this is a tick.
    pub action: TickAction,
}

/// The one action that the scheduler can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TickAction {
    /// Look for what is overdue.
    #[default]
    Tick,
}
