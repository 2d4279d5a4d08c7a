//! Hourly weather observations as Parquet.
//!
//! Every hour a state machine fetches the weather of each location, keeps the raw body and writes one row. [`contract`]
//! is what the stack `weather-ingest` and its functions agree on. The feature `ingest` adds the work itself, which knows
//! nothing of AWS: [`Retrieve`] and [`Curate`] are the two steps, [`backfill`] plans hours that are done later. They reach
//! the world through the small traits of [`services`], which [`memory`] implements for tests; the feature `handler` adds
//! `aws`, which implements them with the AWS SDK.

pub mod contract;

#[cfg(feature = "ingest")]
mod answer;
#[cfg(feature = "handler")]
pub mod aws;
#[cfg(feature = "ingest")]
pub mod backfill;
#[cfg(feature = "ingest")]
mod body;
#[cfg(feature = "ingest")]
mod curate;
#[cfg(feature = "ingest")]
mod escape;
#[cfg(feature = "ingest")]
mod failure;
#[cfg(feature = "ingest")]
mod hour;
#[cfg(feature = "ingest")]
mod key;
#[cfg(feature = "ingest")]
mod key_cache;
#[cfg(feature = "ingest")]
pub mod memory;
#[cfg(feature = "ingest")]
mod parquet_file;
#[cfg(feature = "ingest")]
mod request;
#[cfg(feature = "ingest")]
mod retrieve;
#[cfg(feature = "ingest")]
mod row;
#[cfg(feature = "ingest")]
pub mod services;
#[cfg(feature = "ingest")]
mod value;

#[cfg(feature = "ingest")]
pub use self::{
    answer::{MAX_BODY_BYTES, Verdict, verdict},
    body::Observation,
    curate::Curate,
    failure::Failure,
    hour::{Hour, HourError},
    key::ApiKey,
    key_cache::KeyCache,
    parquet_file::parquet_file,
    request::{ApiUrl, CONNECT_TIMEOUT, TOTAL_TIMEOUT, check_base_url},
    retrieve::Retrieve,
    row::Row,
    value::Cell,
};
