//! The functions with the services of AWS.

mod attributes;
mod failures;
mod objects;
mod queues;
mod serve;
mod stats;

pub use failures::FailureTable;
pub use objects::Buckets;
pub use queues::FileQueues;
pub use serve::{serve_files, serve_objects};
pub use stats::StatsTable;
