//! What the stack and its handlers agree on: environments, events, messages, table attributes.
//!
//! | binary | environment | reads | writes |
//! | --- | --- | --- | --- |
//! | [`ORCHESTRATOR`] | [`OrchestratorEnv`] | [`OrchestratorEvent`] | [`FileMessage`], [`SweepReport`] |
//! | [`BOTTLE_HANDLER`], [`CTD_HANDLER`], [`NETCDF_HANDLER`] | [`HandlerEnv`] | [`FileMessage`] | the tables |

mod environment;
mod event;
mod file_type;
mod message;
mod review;
pub mod tables;
#[cfg(test)]
mod tests;

pub use environment::{HandlerEnv, OrchestratorEnv};
pub use event::{
    BucketName, OBJECT_CREATED, OBJECT_CREATED_SOURCE, ObjectCreated, ObjectDetail, ObjectFacts, OrchestratorEvent,
    Sweep, SweepInput, SweepReport,
};
pub use file_type::{FileType, Route};
pub use message::{FileMessage, MESSAGE_SCHEMA};
pub use review::{FailureKind, Severity, Status};

/// Binary that identifies files and queues them.
pub const ORCHESTRATOR: &str = "orchestrator";
/// Binary that analyses bottle samples.
pub const BOTTLE_HANDLER: &str = "bottle-handler";
/// Binary that analyses CTD casts.
pub const CTD_HANDLER: &str = "ctd-handler";
/// Binary that analyses netCDF files.
pub const NETCDF_HANDLER: &str = "netcdf-handler";

/// How often a message is received before it goes to the dead-letter queue. At the last time the handler writes the
/// failure [`FailureKind::AttemptsExhausted`], so the queue's redrive policy and the handler must agree.
pub const MAX_RECEIVE_COUNT: u32 = 5;

/// Prefix of the keys of the samples that the stack uploads.
pub const SAMPLE_PREFIX: &str = "test_data/ocean/";
