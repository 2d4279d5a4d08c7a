//! What lies outside the app.

/// Stands in a handle for a resource that no stack of the app holds, such as `BucketHandle<Outside>`.
///
/// Such a resource can be named and granted access to, but not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside;
