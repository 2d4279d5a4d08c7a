//! Names in the buckets and in the parameter store. The grants of the functions name the same prefixes.

/// Prefix of the rows in the lake bucket.
pub const LAKE_PREFIX: &str = "lake/";
/// Prefix of the pointers of Hive tables in the lake bucket.
pub const POINTER_PREFIX: &str = "pointer/";
/// Prefix of what the grabber keeps for itself, in the lake bucket.
pub const STATE_PREFIX: &str = "state/";
/// Prefix of Iceberg tables in the lake bucket.
pub const ICEBERG_PREFIX: &str = "iceberg/";
/// Prefix of large answers in the results bucket.
pub const EXPORTS_PREFIX: &str = "exports/";
/// Prefix of query results in the results bucket.
pub const ATHENA_PREFIX: &str = "athena/";

/// File name of a pointer, which holds the URLs of the files of an hour, one a line.
pub const POINTER_FILE: &str = "symlink.txt";
/// Begins the file name of rows that were not merged yet.
pub const INCOMING_PREFIX: &str = "incoming-";
/// Begins the file name of the merged rows of an hour.
pub const COMPACTED_PREFIX: &str = "compacted-";
/// Key in a file's footer or a snapshot's summary: which files it contains.
pub const INPUTS_METADATA: &str = "bus.inputs";

/// Partition key of the date in UTC, `YYYY-MM-DD`.
pub const DATE_PARTITION: &str = "dt";
/// Partition key of the hour in UTC, two digits.
pub const HOUR_PARTITION: &str = "hr";

/// The folder of an hour of a feed, below [`LAKE_PREFIX`] and [`POINTER_PREFIX`]; `date` and `hour` are text that is
/// padded already, or the placeholders of a partition projection.
pub fn hour_folder(system_id: &str, date: &str, hour: &str) -> String {
    format!("feed={system_id}/{DATE_PARTITION}={date}/{HOUR_PARTITION}={hour}/")
}

/// The folder of all pointers of a feed: the location of its Hive table.
pub fn pointer_folder(system_id: &str) -> String {
    format!("{POINTER_PREFIX}feed={system_id}/")
}

/// The folder of the pointers of the table's partition projection.
pub fn pointer_projection(system_id: &str) -> String {
    format!("{POINTER_PREFIX}{}", hour_folder(system_id, "${dt}", "${hr}"))
}

/// The rows of a feed's last grab, to find duplicates.
pub fn last_grab(system_id: &str) -> String {
    format!("{STATE_PREFIX}feed={system_id}/last.parquet")
}

/// The folder of an Iceberg table.
pub fn iceberg_folder(system_id: &str) -> String {
    format!("{ICEBERG_PREFIX}{system_id}/")
}

/// Path of the feeds in the parameter store, without a `/` at its end.
pub fn feeds_path(stack: &str) -> String {
    format!("/{stack}/feeds")
}

/// Name of the parameter of a feed.
pub fn feed_parameter(stack: &str, system_id: &str) -> String {
    format!("{}/{system_id}", feeds_path(stack))
}

/// Name of the Glue database of a stack.
pub fn database(stack: &str) -> String {
    stack.replace('-', "_")
}
