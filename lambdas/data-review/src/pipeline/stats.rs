//! What is needed of the table `AggregationStats`.

use std::collections::HashMap;
use std::future::Future;

use handler_runtime::ServiceError;

use super::items::Item;

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

/// What a summary says of its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The version of the object that was analysed.
    pub object_version: String,
    /// Its ETag.
    pub etag: String,
    /// When it was written: see [`Facts::last_modified`](super::Facts::last_modified).
    pub last_modified: String,
    /// The version of the analysis.
    pub analysis_version: u32,
}

impl Mark {
    /// Whether a summary of this version gives way to one of another: to that of a newer object, and of one that is as
    /// old but another version or analysed by another version.
    pub fn yields_to(&self, other: &Self) -> bool {
        let is_other = self.object_version != other.object_version || self.analysis_version != other.analysis_version;
        self.last_modified < other.last_modified || (self.last_modified == other.last_modified && is_other)
    }
}

/// A detail item without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The sort key.
    pub item: String,
    /// When the version that it is of was written.
    pub last_modified: String,
}
