//! Environment variables of the functions.

use stackgen_contract::environment;

environment! {
    /// What the orchestrator reads at start.
    pub struct OrchestratorEnv {
        /// Name of the bucket that a sweep lists.
        data_bucket: "DATA_BUCKET",
        /// Name of the table `AggregationStats`: see [`tables::stats`](super::tables::stats).
        stats: "STATS_TABLE",
        /// Name of the table `FailureLog`: see [`tables::failures`](super::tables::failures).
        failures: "FAILURES_TABLE",
        /// URL of the queue of bottle samples.
        bottle_queue: "BOTTLE_QUEUE_URL",
        /// URL of the queue of CTD casts.
        ctd_queue: "CTD_QUEUE_URL",
        /// URL of the queue of netCDF files.
        netcdf_queue: "NETCDF_QUEUE_URL",
    }
}

environment! {
    /// What each of the three file handlers reads at start. Bucket and key come with the message.
    pub struct HandlerEnv {
        /// Name of the table `AggregationStats`: see [`tables::stats`](super::tables::stats).
        stats: "STATS_TABLE",
        /// Name of the table `FailureLog`: see [`tables::failures`](super::tables::failures).
        failures: "FAILURES_TABLE",
    }
}
