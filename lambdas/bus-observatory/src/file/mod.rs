//! Rows as Parquet files, with exactly the columns of their format.

mod footer;
#[cfg(test)]
pub(crate) mod library;
mod page;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod thrift;
mod write;

use std::fmt;

pub(crate) use page::{Encoding, Levels, MAXIMUM_PAGE, Page, Pages, Room};
pub use read::{File, Rows};
pub(crate) use thrift::varint;
pub use write::{Compression, Writer, encode};

/// Rows of a row group.
pub const ROW_GROUP_ROWS: usize = 65_536;

/// Keys of the metadata in a file's footer, beside
/// [`INPUTS_METADATA`](crate::contract::keys::INPUTS_METADATA).
pub mod metadata {
    /// The format of the rows.
    pub const FEED_TYPE: &str = "bus.feed_type";
    /// Name of the column of the route, which the rows are sorted by.
    pub const ROUTE: &str = "bus.route_column";
    /// Name of the column of the time, which the rows are sorted by within a route.
    pub const TIMESTAMP: &str = "bus.timestamp_column";
    /// When the grab was planned for that wrote the file: RFC 3339, UTC.
    pub const SCHEDULED_TIME: &str = "bus.scheduled_time";
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(String);

impl Unreadable {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not a file of these rows: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

impl From<parquet::errors::ParquetError> for Unreadable {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self(error.to_string())
    }
}
