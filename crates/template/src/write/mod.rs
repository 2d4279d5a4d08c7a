//! Writes documents: JSON and YAML.

pub(crate) mod json;
#[cfg(feature = "yaml")]
pub(crate) mod yaml;

pub use json::{to_json, to_json_compact};
#[cfg(feature = "yaml")]
pub use yaml::{YamlStyle, to_yaml};
