//! Vehicle positions of public bus feeds, collected every minute into a Parquet lake.
//!
//! [`feeds`] is the configuration: the file `feeds.json`, read and checked at synthesis. [`contract`] is what the stack
//! `bus-observatory` and its handlers agree on.

pub mod contract;
pub mod feeds;
