//! The commands that talk to AWS: `deploy`, `destroy`, `outputs`, `events`.

mod aws;
mod deploy;
mod destroy;
mod events;
mod outputs;
mod progress;
mod ship;

use clap::Command;

pub(super) use deploy::run as deploy;
pub(super) use destroy::run as destroy;
pub(super) use events::run as events;
pub(super) use outputs::run as outputs;

use crate::deploy::DeployError;

use super::error::Failure;

/// The commands as clap knows them.
pub(super) fn commands(name: &str) -> [Command; 4] {
    [deploy::command(name), destroy::command(name), outputs::command(name), events::command(name)]
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
