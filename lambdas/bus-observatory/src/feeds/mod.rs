//! The feeds that are collected, as the file `feeds.json` says.
//!
//! [`Configuration::read`] checks all of it and reports every problem at once, each with its line.

mod columns;
mod feed;
mod problem;
mod rate;
mod read;
#[cfg(test)]
mod tests;

pub use columns::{Column, ColumnKind};
pub use feed::{Auth, Feed, FeedType, SecretName, SecretStore, TableFormat, UnknownTableFormat};
pub use problem::Problem;
pub use rate::{Rate, RateError};

/// What one parameter of the parameter store holds at most, in bytes: the limit of a feed as JSON.
pub const MAXIMUM_FEED_BYTES: usize = 4096;
/// The most feeds that a configuration may have.
pub const MAXIMUM_FEEDS: usize = 200;

/// The content of `feeds.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Name of the stack.
    pub stack: String,
    /// Name of the lake bucket; none lets CloudFormation choose one.
    pub bucket: Option<String>,
    /// How the tables are kept.
    pub table_format: TableFormat,
    /// A domain of one's own for the API.
    pub domain: Option<Domain>,
    /// The feeds, at least one.
    pub feeds: Vec<Feed>,
}

/// A domain of one's own for the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The domain of the hosted zone.
    pub domain: String,
    /// What stands before it.
    pub subdomain: String,
    /// Id of the Route 53 hosted zone.
    pub hosted_zone_id: String,
}

impl Domain {
    /// The domain of the API.
    pub fn full(&self) -> String {
        format!("{}.{}", self.subdomain, self.domain)
    }
}

impl Configuration {
    /// Reads the configuration from `text`, which `file` holds: the name is only for the problems.
    ///
    /// # Errors
    /// Every problem of the text, in the order of their lines. A text that is no JSON is one problem.
    pub fn read(text: &str, file: &str) -> Result<Self, Vec<Problem>> {
        read::configuration(text, file)
    }
}
