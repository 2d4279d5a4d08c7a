//! Chores of the project: `cargo xtask <task>`.

mod source;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::source::Sources;

const USAGE: &str = "\
usage: cargo xtask <task>

  sources   fetches and verifies the pinned schema packages, and says what is in them

options:
  --offline FOLDER   takes the packages from there instead of downloading them (or the variable SCHEMA_SOURCES)";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&mut arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &mut Vec<String>) -> Result<()> {
    let offline =
        take_option(arguments, "--offline")?.or_else(|| std::env::var("SCHEMA_SOURCES").ok()).map(PathBuf::from);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["sources"] => summary(&Sources::load(offline.as_deref())?),
        _ => bail!("unknown task\n\n{USAGE}"),
    }
    Ok(())
}

fn summary(sources: &Sources) {
    for package in [&sources.lock.cfn_lint, &sources.lock.service_spec] {
        report(&format!("{} {} ({})", package.name, package.version, package.licence));
    }
    report(&format!("{} resource types", sources.schemas.len()));
    report(&format!("{} regions", sources.regions.len()));
    report(&format!("{} types with rules across properties", sources.extensions.len()));
    report(&format!("{} other schemas", sources.other.len()));
    report(&format!("{} services with IAM actions", sources.iam_actions.as_object().map_or(0, serde_json::Map::len)));
}

/// Takes `name VALUE` out of the arguments.
fn take_option(arguments: &mut Vec<String>, name: &str) -> Result<Option<String>> {
    let Some(index) = arguments.iter().position(|argument| argument == name) else { return Ok(None) };
    if index + 1 >= arguments.len() {
        bail!("{name} needs a value");
    }
    arguments.remove(index);
    Ok(Some(arguments.remove(index)))
}

/// Says something to the person at the terminal.
#[expect(clippy::print_stderr, reason = "the one place where this program prints")]
fn report(line: &str) {
    eprintln!("{line}");
}
