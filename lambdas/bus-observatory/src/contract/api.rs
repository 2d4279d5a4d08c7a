//! The HTTP API: its routes and the parts of answers that are not rows.

use serde::{Deserialize, Serialize};

use crate::feeds::{Feed, FeedType};

/// The paths of the API, in the form of API Gateway. The method is always GET.
pub const ROUTES: [&str; 6] = [
    "/",
    "/feeds",
    "/openapi.json",
    "/{system_id}/schema",
    "/buses/bulk/{system_id}/{route}/{year}/{month}/{day}/{hour}",
    "/buses/live/{system_id}",
];

/// What the API tells of a feed: neither URL nor secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedListing {
    /// Id of the feed.
    pub system_id: String,
    /// Whether it is fetched.
    pub enabled: bool,
    /// Name of the network.
    pub system_name: String,
    /// City of the network.
    pub city_name: String,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Format of the feed.
    pub feed_type: FeedType,
    /// Time zone of the network.
    pub tz: String,
    /// Column of the route.
    pub route_column: String,
    /// Column of the time.
    pub timestamp_column: String,
}

impl From<&Feed> for FeedListing {
    fn from(feed: &Feed) -> Self {
        Self {
            system_id: feed.system_id.clone(),
            enabled: feed.enabled,
            system_name: feed.system_name.clone(),
            city_name: feed.city_name.clone(),
            notes: feed.notes.clone(),
            feed_type: feed.feed_type,
            tz: feed.tz.clone(),
            route_column: feed.route_column.clone(),
            timestamp_column: feed.timestamp_column.clone(),
        }
    }
}

/// The request as the answer of the bulk route repeats it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkQuery {
    /// Id of the feed.
    pub system_id: String,
    /// The route.
    pub route: String,
    /// Start of the hour, inclusive: RFC 3339.
    #[serde(rename = "start (gte)")]
    pub start: String,
    /// End of the hour, exclusive.
    #[serde(rename = "end (lt)")]
    pub end: String,
}

/// The body of the bulk route, with rows of the feed's columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkAnswer<Row> {
    /// What was asked for.
    pub query: BulkQuery,
    /// The rows, by time and vehicle.
    pub result: Vec<Row>,
}

/// The body of an answer that is too large to send: where it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportAnswer {
    /// URL to fetch it from.
    pub url: String,
    /// Number of rows.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// When the URL stops to work: RFC 3339, UTC.
    pub expires_at: String,
}

/// The body of an answer to a request that cannot be met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What is wrong.
    pub error: ErrorDetail,
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
    /// The part of the request that it is about.
    pub field: Option<String>,
}
