//! Numbers that the stack sets and the handlers count on.

/// How often a message is received before it goes to the dead-letter queue. At the last time the job fails with
/// [`Reason::Internal`](super::Reason::Internal).
pub const MAX_RECEIVE_COUNT: u32 = 3;
/// Guides in one message of the queues `consensus` and `offtarget`.
pub const CHUNK_TARGETS: usize = 250;
/// The most letters of a sequence, unless the stack says otherwise.
pub const DEFAULT_MAX_SEQUENCE: u32 = 20_000;
/// Genomes of more MiB than this go to an instance, unless the stack says otherwise.
pub const DEFAULT_EC2_CUTOFF_MIB: u32 = 650;
/// Bytes of a part of a file.
pub const PART_BYTES: u64 = 50_000_000;
/// The largest index that fits into the storage of a function, in bytes.
pub const MAX_LAMBDA_INDEX_BYTES: u64 = 9_500_000_000;
/// The largest file that may be uploaded, in bytes.
pub const MAX_UPLOAD_BYTES: u64 = 5_000_000_000;
/// After how many days rows of jobs, tasks and targets expire, and results.
pub const RETENTION_DAYS: i64 = 30;
/// NCBI's datasets API.
pub const DEFAULT_NCBI_API: &str = "https://api.ncbi.nlm.nih.gov/datasets/v2";
/// NCBI's file server.
pub const DEFAULT_NCBI_FILES: &str = "https://ftp.ncbi.nlm.nih.gov";
