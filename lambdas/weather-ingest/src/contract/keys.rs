//! Keys of the two buckets. Grants and the table's projection name the same prefixes.

/// Prefix of raw bodies in the raw bucket.
pub const RAW_PREFIX: &str = "raw/";
/// Prefix of bodies that were not good, in the raw bucket.
pub const ERRORS_PREFIX: &str = "errors/";
/// Prefix of Parquet files in the curated bucket.
pub const CURATED_PREFIX: &str = "curated/";
/// Prefix of query results in the curated bucket.
pub const ATHENA_RESULTS_PREFIX: &str = "athena-results/";
/// File name of a raw body.
pub const RAW_FILE: &str = "weather.json";
/// File name of a row.
pub const CURATED_FILE: &str = "weather.parquet";

/// The parts of a key between prefix and file name, in order, which are also the partition keys of the table.
pub const PARTITIONS: [&str; 5] = ["location_id", "year", "month", "day", "hour"];

/// The folder of an hour with a `/` at its end, such as `location_id=marysville/year=2025/month=03/day=01/hour=05/`.
/// Each part of the hour is text that is padded already; with `${year}` in place of the year and so on it is the
/// template of the table's projection.
pub fn hour_folder(location_id: &str, year: &str, month: &str, day: &str, hour: &str) -> String {
    format!("location_id={location_id}/year={year}/month={month}/day={day}/hour={hour}/")
}

/// The folder of the hours of the table's partition projection, below [`CURATED_PREFIX`].
pub fn projection_folder() -> String {
    hour_folder("${location_id}", "${year}", "${month}", "${day}", "${hour}")
}
