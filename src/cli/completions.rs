//! `completions`: a script that completes commands in a shell.

use std::io::Write;
use std::process::ExitCode;

use clap::ArgMatches;
use clap_complete::Shell;

use super::arguments;
use super::console::Console;
use super::error::Failure;

pub(super) fn run(name: &str, own: &ArgMatches, console: &mut Console<'_>) -> Result<ExitCode, Failure> {
    if let Some(shell) = own.get_one::<Shell>("shell") {
        // The generator takes a failed write for a fault of its own, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut arguments::command(name), name, &mut script);
        console.output().write_all(&script)?;
    }
    Ok(ExitCode::SUCCESS)
}
