//! What the functions of the stack do with a file, over traits for the services.
//!
//! [`Orchestrator`] identifies objects and queues them; [`Analyst`] reviews those of a queue and writes what it found.
//! [`Objects`], [`Stats`], [`Failures`] and [`Queues`] are all that they need of the world.

mod analyst;
mod failures;
mod identification;
mod items;
mod mark;
#[cfg(test)]
mod memory;
mod objects;
mod orchestrator;
mod queues;
mod stats;
#[cfg(test)]
mod tests;

pub use analyst::{Analyst, Refusal};
pub use failures::{FailureRecord, Failures, OpenFailure, Origin, Resolution, Stage, resolved_expires_at};
pub use items::Item;
pub use mark::Mark;
pub use objects::{Facts, Listed, ObjectPage, Objects, Part, Piece, Wanted};
pub use orchestrator::{Orchestrator, SWEEP_RESERVE};
pub use queues::Queues;
pub use stats::{Detail, Stats};

use jiff::Timestamp;

/// A time as the tables have it, whose order as text is that of time.
pub(crate) fn in_table(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Names a version of an object: its id, or its ETag where the bucket keeps no versions.
pub(crate) fn object_version(version: Option<&str>, etag: &str) -> String {
    match version {
        Some(id) => id.to_owned(),
        None => format!("etag:{etag}"),
    }
}
