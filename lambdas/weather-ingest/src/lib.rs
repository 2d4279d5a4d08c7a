//! Hourly weather observations as Parquet.
//!
//! Every hour a state machine fetches the weather of each location, keeps the raw body and writes one row. [`contract`]
//! is what the stack `weather-ingest` and its functions agree on.

pub mod contract;
