//! The reader of YAML.
