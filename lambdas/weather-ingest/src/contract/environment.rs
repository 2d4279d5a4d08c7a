//! Environment variables of the functions.

use stackgen_contract::environment;

environment! {
    /// What `weather-retrieve` reads at start.
    pub struct RetrieveEnv {
        /// Name of the bucket of raw bodies.
        raw_bucket: "RAW_BUCKET",
        /// Name of the secret that holds the key of the API. The stack does not create it.
        api_key_secret: "API_KEY_SECRET",
        /// URL that the paths of the API follow, without a `/` at its end.
        api_base_url: "API_BASE_URL",
    }
}

environment! {
    /// What `weather-curate` reads at start.
    pub struct CurateEnv {
        /// Name of the bucket of raw bodies.
        raw_bucket: "RAW_BUCKET",
        /// Name of the bucket of Parquet files.
        curated_bucket: "CURATED_BUCKET",
    }
}
