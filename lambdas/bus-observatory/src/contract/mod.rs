//! What the stack and its handlers agree on: environments, events, metrics, keys, routes.
//!
//! | binary | environment | reads | gives |
//! | --- | --- | --- | --- |
//! | [`GRABBER`] | [`GrabberEnv`] | [`GrabEvent`] | [`GrabReport`], [`metric`] |
//! | [`COMPACTOR`] | [`CompactorEnv`] | [`CompactEvent`] | [`CompactReport`] |
//! | [`API`] | [`ApiEnv`] | a request of one of [`api::ROUTES`] | its answer |
//!
//! The functions may list by prefix only, and the grabber not at all: to them an object that is not there is
//! "forbidden", not "not found".

pub mod api;
mod environment;
mod event;
pub mod keys;
#[cfg(test)]
mod tests;

pub use environment::{ApiEnv, CompactorEnv, GrabberEnv};
pub use event::{CompactEvent, CompactReport, GrabEvent, GrabReport};

/// Binary that fetches a feed and writes its rows.
pub const GRABBER: &str = "bus-grabber";
/// Binary that merges the files of an hour.
pub const COMPACTOR: &str = "bus-compactor";
/// Binary that answers requests.
pub const API: &str = "bus-api";

/// The metrics of a grab.
pub mod metric {
    /// Namespace of the metrics.
    pub const NAMESPACE: &str = "BusObservatory";
    /// Name of their one dimension. Its value is the id of the feed.
    pub const DIMENSION: &str = "system_id";
    /// Rows that were written.
    pub const ROWS: &str = "Rows";
    /// Rows that the grab before had already.
    pub const DUPLICATES: &str = "Duplicates";
    /// Entities that could not be read.
    pub const REJECTED: &str = "Rejected";
    /// Observations that are too old.
    pub const STALE: &str = "Stale";
    /// Observations that lie in the future.
    pub const FUTURE: &str = "Future";
    /// Rows at most 15 minutes old: what the freshness alarm watches.
    pub const FRESH_ROWS: &str = "FreshRows";
    /// Incoming files that could not be read when their hour was merged.
    pub const UNREADABLE: &str = "Unreadable";
    /// Grabs without a body that could be read.
    pub const FAILED_FETCHES: &str = "FailedFetches";
}
