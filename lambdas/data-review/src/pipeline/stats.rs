//! What is needed of the table `AggregationStats`.

use std::collections::HashMap;
use std::future::Future;

use handler_runtime::ServiceError;

use super::items::Item;
use super::mark::Mark;

/// The table of summaries and their details.
pub trait Stats {
    /// What the summaries of some files say of their versions. Files without a summary are left out.
    fn marks(&self, filenames: &[String]) -> impl Future<Output = Result<HashMap<String, Mark>, ServiceError>>;

    /// The same of one file, as of now.
    fn mark(&self, filename: &str) -> impl Future<Output = Result<Option<Mark>, ServiceError>>;

    /// The detail items of a file, of all its versions, as of now.
    fn details(&self, filename: &str) -> impl Future<Output = Result<Vec<Detail>, ServiceError>>;

    /// Writes detail items, whose keys differ.
    fn put_details(&self, items: Vec<Item>) -> impl Future<Output = Result<(), ServiceError>>;

    /// Deletes detail items of a file by their sort keys.
    fn delete_details(&self, filename: &str, items: Vec<String>) -> impl Future<Output = Result<(), ServiceError>>;

    /// Writes a summary, unless there is one that [`Mark::yields_to`] forbids to replace. `force` replaces any. Returns
    /// whether it was written.
    fn put_summary(&self, item: Item, force: bool) -> impl Future<Output = Result<bool, ServiceError>>;
}

/// A detail item without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The sort key.
    pub item: String,
    /// When the version that it is of was written.
    pub last_modified: String,
}
