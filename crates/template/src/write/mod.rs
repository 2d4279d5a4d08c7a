//! Writes documents: JSON and YAML.

pub(crate) mod json;

pub use json::{to_json, to_json_compact};
