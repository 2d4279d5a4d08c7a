//! The commands that talk to AWS, and what they need: `build`, `asset`, `deploy`, `destroy`,
//! `outputs`, `events`, `logs`, `invoke`, `drift`, `import`.

mod asset;
mod aws;
mod bars;
mod build;
#[expect(clippy::module_inception, reason = "each command has a file of its name")]
mod deploy;
mod destroy;
mod diff_deployed;
mod diff_opinion;
mod drift;
mod events;
mod import;
mod interrupt;
mod invoke;
mod logs;
mod outputs;
mod progress;
mod ship;
mod summary;
mod target;
mod time;

use clap::Command;

pub(super) use asset::run as asset;
pub(super) use build::run as build;
pub(super) use deploy::run as deploy;
pub(super) use destroy::run as destroy;
pub(super) use diff_deployed::{
    arguments as deployed_arguments, changes as changes_of_assembly, templates as deployed_templates,
};
pub(super) use drift::run as drift;
pub(super) use events::run as events;
pub(super) use import::run as import;
pub(super) use invoke::run as invoke;
pub(super) use logs::run as logs;
pub(super) use outputs::run as outputs;

use crate::deploy::DeployError;

use super::error::Failure;

/// The commands as clap knows them.
pub(super) fn commands(name: &str) -> [Command; 10] {
    [
        build::command(name),
        asset::command(name),
        deploy::command(name),
        destroy::command(name),
        outputs::command(name),
        events::command(name),
        logs::command(name),
        invoke::command(name),
        drift::command(name),
        import::command(name),
    ]
}

impl From<DeployError> for Failure {
    fn from(error: DeployError) -> Self {
        let failure = Self::of(&error);
        match error.hint_text() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
