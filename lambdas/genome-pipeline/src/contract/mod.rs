//! What the stacks and their handlers agree on: environments, messages, job and genome states, the API, tables and
//! keys.
//!
//! | binary | environment | reads | sends |
//! | --- | --- | --- | --- |
//! | [`CREATE_JOB`] | [`CreateJobEnv`] | [`api::SubmitRequest`] | a row of the jobs table |
//! | [`JOB_API`] | [`JobApiEnv`] | a request of one of [`api::JOB_ROUTES`] | its answer |
//! | [`UPLOAD_URL`] | [`UploadUrlEnv`] | [`api::UploadRequest`] | [`api::UploadAnswer`] |
//! | [`SCHEDULER`] | [`SchedulerEnv`] | the stream of jobs, [`Tick`] | [`GenomeMessage`], [`ScanMessage`], an instance |
//! | [`DOWNLOADER`] | [`DownloaderEnv`] | [`GenomeMessage`] | [`PartMessage`] |
//! | [`PART_LOADER`] | [`PartLoaderEnv`] | [`PartMessage`] | [`GenomeMessage`] |
//! | [`INDEX_BUILDER`] | [`IndexBuilderEnv`] | [`GenomeMessage`] | [`ScanMessage`] |
//! | [`TARGET_SCAN`] | [`TargetScanEnv`] | [`ScanMessage`] | [`ChunkMessage`] |
//! | [`CONSENSUS`] | [`ConsensusEnv`] | [`ChunkMessage`] | results |
//! | [`OFF_TARGET_SCORER`] | [`OffTargetScorerEnv`] | [`ChunkMessage`] | results |
//! | [`WORKER`] | [`WorkerEnv`] | the id of a job | all of these |

pub mod api;
mod environment;
pub mod keys;
pub mod limits;
mod message;
pub mod site;
mod state;
pub mod tables;
#[cfg(test)]
mod tests;

pub use environment::{
    ConsensusEnv, CreateJobEnv, DownloaderEnv, IndexBuilderEnv, JobApiEnv, OffTargetScorerEnv, PartLoaderEnv,
    SchedulerEnv, TargetScanEnv, UploadUrlEnv, WorkerEnv,
};
pub use message::{ChunkMessage, GenomeMessage, PartMessage, ScanMessage, Tick, TickAction};
pub use state::{GenomePath, GenomeState, JobState, Method, Options, Reason};

/// Binary that takes jobs.
pub const CREATE_JOB: &str = "genome-create-job";
/// Binary that tells of jobs, results and genomes.
pub const JOB_API: &str = "genome-job-api";
/// Binary that signs uploads of genomes.
pub const UPLOAD_URL: &str = "genome-upload-url";
/// Binary that starts the work of jobs and ends the overdue.
pub const SCHEDULER: &str = "genome-scheduler";
/// Binary that finds the files of a genome.
pub const DOWNLOADER: &str = "genome-downloader";
/// Binary that fetches a part of a file.
pub const PART_LOADER: &str = "genome-part-loader";
/// Binary that builds the index of a genome.
pub const INDEX_BUILDER: &str = "genome-index-builder";
/// Binary that finds the guides of a job.
pub const TARGET_SCAN: &str = "genome-target-scan";
/// Binary that predicts the efficiency of guides.
pub const CONSENSUS: &str = "genome-consensus";
/// Binary that scores the off-target risk of guides.
pub const OFF_TARGET_SCORER: &str = "genome-off-target-scorer";
/// Binary that runs the whole chain on an instance.
pub const WORKER: &str = "genome-worker";
