//! Attributes of the tables that the stack declares and the handlers use.

/// `AggregationStats`: the summary of each file and its details.
pub mod stats {
    /// Partition key (S): key of the object.
    pub const FILENAME: &str = "filename";
    /// Sort key (S): [`SUMMARY`], or a prefix of the details with what follows it.
    pub const ITEM: &str = "item";
    /// Sort key of the summary.
    pub const SUMMARY: &str = "SUMMARY";
    /// Begins the sort key of a parameter: `P#<object_version>#<parameter>`.
    pub const PARAMETER_PREFIX: &str = "P#";
    /// Begins the sort key of a cast: `C#<object_version>#<expocode>|<station>|<cast>`.
    pub const CAST_PREFIX: &str = "C#";
    /// Begins the sort key of findings beyond those in the summary: `F#<object_version>#<nnnn>`.
    pub const FINDINGS_PREFIX: &str = "F#";
}

/// `FailureLog`: files without a summary, and why.
pub mod failures {
    /// Partition key (S): key of the object.
    pub const FILENAME: &str = "filename";
    /// Sort key (S): `<object_version>#<stage>#<error_class>`.
    pub const FAILURE_ID: &str = "failure_id";
    /// Index of the failures that are not resolved.
    pub const OPEN_INDEX: &str = "open-failures";
    /// Partition key (S) of [`OPEN_INDEX`]: [`OPEN_VALUE`], and only while unresolved.
    pub const OPEN: &str = "open";
    /// The one value of [`OPEN`].
    pub const OPEN_VALUE: &str = "1";
    /// Sort key (S) of [`OPEN_INDEX`]: when the failure was last seen.
    pub const LAST_SEEN: &str = "last_seen";
    /// Time-to-live attribute (N): seconds since 1970.
    pub const EXPIRES_AT: &str = "expires_at";
}
