//! What the page is told of its stack. The API needs no address: it is below [`API_PATHS`] of the page's own.

/// File of JSON beside the page.
pub const CONFIG_FILE: &str = "config.json";
/// Field of [`CONFIG_FILE`]: the most letters that a sequence may have.
pub const MAX_SEQUENCE: &str = "maxSequence";
/// Field of [`CONFIG_FILE`]: whether genomes can be uploaded.
pub const UPLOADS: &str = "uploads";
/// Paths that the API answers, not the page's files.
pub const API_PATHS: &str = "/api/*";
