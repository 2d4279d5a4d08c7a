//! Vehicle positions of public bus feeds, collected every minute into a Parquet lake.
//!
//! [`feeds`] is the configuration: the file `feeds.json`, read and checked at synthesis. [`contract`] is what the stack
//! `bus-observatory` and its handlers agree on.

#[cfg(feature = "lake")]
pub mod answer;
#[cfg(feature = "lake")]
pub mod compact;
pub mod contract;
#[cfg(feature = "lake")]
pub mod decode;
#[cfg(feature = "lake")]
mod digest;
pub mod feeds;
#[cfg(feature = "lake")]
pub mod file;
#[cfg(feature = "lake")]
pub mod grab;
#[cfg(feature = "lake")]
pub mod lake;
#[cfg(feature = "lake")]
pub mod partition;
#[cfg(feature = "lake")]
pub mod storage;
#[cfg(feature = "lake")]
pub mod table;
#[cfg(all(test, feature = "lake"))]
mod testing;
