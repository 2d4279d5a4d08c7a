//! Environment variables of the functions.

use stackgen_contract::environment;

use crate::feeds::TableFormat;

environment! {
    /// What `bus-grabber` reads at start. The feed comes with the event.
    pub struct GrabberEnv {
        /// Name of the lake bucket.
        lake: "LAKE_BUCKET",
    }
}

environment! {
    /// What `bus-compactor` reads at start.
    pub struct CompactorEnv {
        /// Name of the lake bucket.
        lake: "LAKE_BUCKET",
        /// How the tables are kept.
        table_format: "TABLE_FORMAT" as TableFormat,
        /// Name of the Glue database, whose tables are committed to when they are Iceberg tables.
        database: "GLUE_DATABASE",
    }
}

environment! {
    /// What `bus-api` reads at start.
    pub struct ApiEnv {
        /// Name of the lake bucket.
        lake: "LAKE_BUCKET",
        /// Name of the bucket of large answers.
        results: "RESULTS_BUCKET",
        /// Path of the feeds in the parameter store, without a `/` at its end: see
        /// [`keys::feeds_path`](super::keys::feeds_path).
        feeds: "FEEDS_PATH",
        /// How the tables are kept.
        table_format: "TABLE_FORMAT" as TableFormat,
        /// Name of the Glue database, whose tables are read when they are Iceberg tables.
        database: "GLUE_DATABASE",
    }
}
