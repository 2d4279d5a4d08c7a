//! The HTTP API: its routes, requests and answers.

use serde::{Deserialize, Serialize};

use super::{GenomeState, JobState, Options, Reason};

/// Path that takes jobs: POST.
pub const SUBMIT_ROUTE: &str = "/api/submit";
/// Path that signs uploads: POST.
pub const UPLOAD_ROUTE: &str = "/api/uploads";
/// Paths that `genome-job-api` answers: GET.
pub const JOB_ROUTES: [&str; 7] = [
    "/api/jobs/{id}",
    "/api/jobs/{id}/tasks",
    "/api/results/{id}/targets",
    "/api/results/{id}/targets.csv",
    "/api/results/{id}/targets.bed",
    "/api/results/{id}/targets/{n}/offtargets",
    "/api/genomes",
];
/// Header that makes a second request the same job.
pub const IDEMPOTENCY_HEADER: &str = "Idempotency-Key";

/// A job to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitRequest {
    /// DNA, as letters or as one FASTA record.
    pub sequence: String,
    /// Accession or custom name of the genome.
    pub genome: String,
    /// How it is done.
    #[serde(default)]
    pub options: Options,
}

/// The job that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitAnswer {
    /// Its id.
    pub job_id: String,
    /// Its state.
    pub state: JobState,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobAnswer {
    /// Its id.
    pub job_id: String,
    /// Its state.
    pub state: JobState,
    /// State of its genome, when there is an attempt at it.
    pub genome_state: Option<GenomeState>,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// Why, in words.
    pub message: Option<String>,
    /// Accession or custom name of its genome.
    pub genome: String,
    /// When it was taken: RFC 3339, UTC.
    pub created: String,
    /// When it last changed: RFC 3339, UTC.
    pub updated: String,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TasksAnswer {
    /// Guides that were found; none before the search.
    pub num_guides: Option<u64>,
    /// Guides whose efficiency is known.
    pub num_scored_ontarget: u64,
    /// Guides whose off-target risk is known.
    pub num_scored_offtarget: u64,
}

/// One page of the guides of a job, with rows of the fields of the CSV file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetsAnswer<Row> {
    /// Number of all guides.
    #[serde(rename = "recordsTotal")]
    pub records_total: u64,
    /// The guides of this page.
    pub data: Vec<Row>,
    /// Where the next page begins; none on the last.
    pub cursor: Option<String>,
}

/// Genomes whose index is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenomesAnswer {
    /// The genomes, by name.
    pub genomes: Vec<GenomeEntry>,
}

/// A genome whose index is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenomeEntry {
    /// Accession or custom name.
    pub genome: String,
    /// Distinct sites of its index.
    pub sites: Option<u64>,
    /// Bytes of its index.
    pub index_bytes: Option<u64>,
}

/// A genome to upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadRequest {
    /// Custom name of the genome.
    pub name: String,
    /// Name of the file.
    pub file: String,
    /// Size in bytes.
    pub size: u64,
}

/// Where to upload it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadAnswer {
    /// URL to PUT it to.
    pub url: String,
    /// Key that it gets.
    pub key: String,
    /// When the URL stops to work: RFC 3339, UTC.
    pub expires: String,
}

/// The body of an answer to a request that cannot be met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What is wrong.
    pub error: ErrorDetail,
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// The field that it is about, such as `genome` or `options.threshold`.
    pub field: Option<String>,
}
