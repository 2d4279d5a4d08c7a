//! Vehicle positions of public bus feeds, collected every minute into a Parquet lake.
//!
//! [`feeds`] is the configuration: the file `feeds.json`, read and checked at synthesis. [`contract`] is what the stack
//! `bus-observatory` and its handlers agree on.
//!
//! The feature `lake` has what the handlers do, without AWS: a body is fetched (`fetch`), decoded (`decode`) and
//! written (`grab`); the files of an hour are merged (`compact`); and rows are read (`lake`) and told
//! (`answer`). All of it goes through `storage`, which is S3, a folder, or memory.
//!
//! The feature `handler` adds AWS (`aws`) and the three functions.

#[cfg(feature = "lake")]
pub mod answer;
#[cfg(feature = "handler")]
pub mod aws;
#[cfg(feature = "lake")]
mod coded;
#[cfg(feature = "lake")]
pub mod compact;
pub mod contract;
#[cfg(feature = "lake")]
pub mod decode;
#[cfg(feature = "lake")]
mod digest;
pub mod feeds;
#[cfg(feature = "lake")]
pub mod fetch;
#[cfg(feature = "lake")]
pub mod file;
#[cfg(feature = "lake")]
pub mod grab;
#[cfg(feature = "lake")]
pub mod lake;
#[cfg(feature = "lake")]
pub mod partition;
#[cfg(feature = "simulate")]
pub mod simulate;
#[cfg(feature = "lake")]
pub mod storage;
#[cfg(feature = "lake")]
pub mod table;
#[cfg(all(test, feature = "lake"))]
mod testing;
