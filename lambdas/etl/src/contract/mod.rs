//! What the stacks and their handlers agree on: environments, events, the published message, the API, the store.
//!
//! | binary | environment | reads | gives |
//! | --- | --- | --- | --- |
//! | [`REFRESH`] | [`RefreshEnv`] | [`RefreshEvent`] | [`RunMessage`] |
//! | [`READ`] | [`ReadEnv`] | a request of one of [`Granularity::ALL`] | [`Answer`] |

pub mod api;
mod environment;
mod refresh;
pub mod store;
#[cfg(test)]
mod tests;

pub use api::{Answer, Granularity};
pub use environment::{ReadEnv, RefreshEnv};
pub use refresh::{
    Failure, FailureClass, FetchStatus, Outcome, RefreshEvent, RejectReason, RunMessage, Source, SourceReport, Stage,
};

/// Binary that refreshes the table.
pub const REFRESH: &str = "etl-refresh";
/// Binary that serves the table.
pub const READ: &str = "etl-read";

/// The metric that tells that a run came to its end.
pub mod metric {
    /// Namespace of the metric.
    pub const NAMESPACE: &str = "etl";
    /// Name of the metric: `1` for each run that ended in `SUCCESS` or `NO_CHANGE`.
    pub const REFRESH_COMPLETED: &str = "RefreshCompleted";
    /// Name of its one dimension. Its value is [`RefreshEnv::stack`](super::RefreshEnv).
    pub const DIMENSION: &str = "StackName";
}

/// Name of the attribute of the published message that holds the [`Outcome`].
pub const OUTCOME_ATTRIBUTE: &str = "outcome";

/// The file that tells the page where the API is.
pub mod site {
    /// Its path on the site.
    pub const CONFIG_FILE: &str = "config.json";
    /// The member that holds the URL of the API, without a `/` at its end.
    pub const API_URL: &str = "apiUrl";
}
