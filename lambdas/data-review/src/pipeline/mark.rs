//! Which version of a file a summary is of.

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
