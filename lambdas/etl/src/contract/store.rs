//! Names in the table and in the snapshot bucket.

/// Attributes and keys of the table.
pub mod table {
    /// Partition key (S): [`CASES`] or [`META`].
    pub const PARTITION: &str = "pk";
    /// Sort key (S): a date `YYYY-MM-DD`, or [`STATE`] or [`LOCK`].
    pub const DATE: &str = "date";
    /// Partition of the figures, one item a date.
    pub const CASES: &str = "CASES";
    /// Partition of what the refresh keeps for itself.
    pub const META: &str = "META";
    /// Item of the state after the last run.
    pub const STATE: &str = "STATE";
    /// Item of the run that is under way.
    pub const LOCK: &str = "LOCK";
    /// Attribute of [`LOCK`]: when it expires (N, seconds since 1970).
    pub const EXPIRES: &str = "expires";
    /// Attribute of [`LOCK`] and of each item of [`CASES`]: the run that wrote it.
    pub const RUN_ID: &str = "run_id";
}

/// Keys of the snapshot bucket. The grants of `etl-refresh` name the prefixes.
pub mod keys {
    /// Prefix of the snapshot.
    pub const SNAPSHOTS: &str = "snapshots/";
    /// Prefix of the archived sources.
    pub const SOURCES: &str = "sources/";
    /// Prefix of rejected rows: `rejects/<run_id>.json`.
    pub const REJECTS: &str = "rejects/";
    /// The full set of rows after the last run.
    pub const LATEST: &str = "snapshots/latest.csv";
    /// Source A as last fetched.
    pub const NYT: &str = "sources/nyt.csv";
    /// Source B as last fetched, rows of the US only.
    pub const JHU: &str = "sources/jhu-us.csv";
    /// Header of the snapshot.
    pub const SNAPSHOT_HEADER: &str = "date,cases,deaths,recoveries";
}
