//! The bodies of feeds as rows, in the columns of their format.
//!
//! Every entity is read alone: one that cannot be read is counted and skipped, and costs no other. A body that was cut
//! short keeps what is whole.

mod gtfsrt;
mod njxml;
mod siri;
mod value;
mod xml;

use std::fmt;

#[cfg(feature = "simulate")]
pub(crate) use gtfsrt::body as gtfsrt_body;

use crate::feeds::FeedType;
use crate::table::Table;

/// What a body tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The rows, in the order of the body.
    pub table: Table,
    /// Entities that could not be read.
    pub rejected: u64,
    /// Whether the body was cut short.
    pub partial: bool,
}

impl Decoded {
    fn new(feed_type: FeedType) -> Self {
        Self { table: Table::new(feed_type), rejected: 0, partial: false }
    }
}

/// Why a body is none of its format. Nothing of the body is repeated: it may echo a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAFeed {
    /// There is no body.
    Empty,
    /// A page for people, often of an error, where protobuf is expected.
    HtmlInsteadOfProtobuf,
    /// No message of GTFS-realtime.
    NotGtfsRealtime,
    /// Neither the JSON nor the XML of SIRI.
    NotSiri,
    /// SIRI says that the request failed.
    ErrorCondition,
    /// Not the XML of the bus map.
    NotBusMap,
}

impl fmt::Display for NotAFeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "the body is empty",
            Self::HtmlInsteadOfProtobuf => "HTML instead of protobuf",
            Self::NotGtfsRealtime => "not a GTFS-realtime message: neither a header nor an entity can be read",
            Self::NotSiri => "not SIRI: there is no `ServiceDelivery`",
            Self::ErrorCondition => "SIRI reports an error condition; is the key accepted?",
            Self::NotBusMap => "not the bus map: there is no `buses`",
        })
    }
}

impl std::error::Error for NotAFeed {}

/// What time a row has when its vehicle says none.
mod source {
    pub(super) const VEHICLE: &str = "vehicle";
    pub(super) const HEADER: &str = "header";
    pub(super) const FETCH: &str = "fetch";
}

/// Decodes the body of a feed that was fetched at `fetched_at`, in microseconds since 1970.
///
/// A body without vehicles is a good one.
pub fn decode(feed_type: FeedType, body: &[u8], fetched_at: i64) -> Result<Decoded, NotAFeed> {
    if body.is_empty() {
        return Err(NotAFeed::Empty);
    }
    match feed_type {
        FeedType::Gtfsrt => gtfsrt::decode(body, fetched_at),
        FeedType::Siri => siri::decode(body, fetched_at),
        FeedType::Njxml => njxml::decode(body, fetched_at),
    }
}
