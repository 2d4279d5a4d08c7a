//! Attributes of the tables that the stack declares and the handlers use.

/// Time-to-live attribute (N) of jobs, tasks and targets: seconds since 1970.
pub const EXPIRES: &str = "Expires";

/// The table of jobs.
pub mod jobs {
    /// Partition key (S).
    pub const JOB_ID: &str = "JobID";
    /// Index of the jobs that are not finished. It has keys only: rows are read from the table.
    pub const OPEN_INDEX: &str = "open";
    /// Partition key (S) of [`OPEN_INDEX`]: [`OPEN_VALUE`], and only while not finished.
    pub const OPEN: &str = "Open";
    /// The one value of [`OPEN`].
    pub const OPEN_VALUE: &str = "1";
    /// Sort key (N) of [`OPEN_INDEX`]: seconds since 1970.
    pub const DEADLINE: &str = "Deadline";
}

/// The table of tasks.
pub mod tasks {
    /// Partition key (S).
    pub const JOB_ID: &str = "JobID";
    /// Numbers (NS) of the chunks whose efficiency is known.
    pub const ON_CHUNKS: &str = "OnChunks";
    /// Numbers (NS) of the chunks whose off-target risk is known.
    pub const OFF_CHUNKS: &str = "OffChunks";
    /// Number of guides (N).
    pub const NUM_GUIDES: &str = "NumGuides";
    /// Number of chunks (N).
    pub const NUM_CHUNKS: &str = "NumChunks";
}

/// The table of targets.
pub mod targets {
    /// Partition key (S).
    pub const JOB_ID: &str = "JobID";
    /// Sort key (N).
    pub const TARGET_ID: &str = "TargetID";
}

/// The table of genomes.
pub mod genomes {
    /// Partition key (S).
    pub const GENOME: &str = "Genome";
    /// Sort key (S): [`STATE`], or a prefix with what follows it.
    pub const ITEM: &str = "Item";
    /// Item of the state.
    pub const STATE: &str = "STATE";
    /// Begins the item of a file: `FILE#name`.
    pub const FILE_PREFIX: &str = "FILE#";
    /// Begins the item of a part: `PART#file#00001`.
    pub const PART_PREFIX: &str = "PART#";
}
