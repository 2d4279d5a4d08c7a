//! Environment variables of the functions.

use stackgen_contract::environment;

environment! {
    /// What `etl-refresh` reads at start.
    pub struct RefreshEnv {
        /// Name of the table: see [`store::table`](super::store::table).
        table: "TABLE",
        /// Name of the bucket of snapshots, archived sources and rejected rows: see
        /// [`store::keys`](super::store::keys).
        snapshots: "SNAPSHOT_BUCKET",
        /// ARN of the topic that gets the message of each run.
        topic: "TOPIC_ARN",
        /// URL of source A, the New York Times.
        nyt_url: "NYT_URL",
        /// URL of source B, Johns Hopkins University.
        jhu_url: "JHU_URL",
        /// Name of the stack, the dimension of the metric: see [`metric`](super::metric).
        stack: "STACK_NAME",
    }
}

environment! {
    /// What `etl-read` reads at start.
    pub struct ReadEnv {
        /// Name of the table: see [`store::table`](super::store::table).
        table: "TABLE",
    }
}
