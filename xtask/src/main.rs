//! Chores of the project: `cargo xtask <task>`.

mod codegen;
mod database;
mod source;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::source::Sources;

const USAGE: &str = "\
usage: cargo xtask <task>

  codegen [--check]  writes the typed resources of crates/resources, or says which files differ
  import-type FILE   prints a Rust module for the resource type of one schema file
  database  writes the embedded database of crates/schema
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
    let check = take_flag(arguments, "--check");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["database"] => {
            let database = database::Database::compile(&Sources::load(offline.as_deref())?)?;
            database.write(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/schema/data")))?;
            report(database.report());
        }
        ["codegen"] => codegen(&Sources::load(offline.as_deref())?, check)?,
        ["import-type", file] => import_type(&Sources::load(offline.as_deref())?, file)?,
        ["sources"] => summary(&Sources::load(offline.as_deref())?),
        _ => bail!("unknown task\n\n{USAGE}"),
    }
    Ok(())
}

fn codegen(sources: &Sources, check: bool) -> Result<()> {
    let codegen::Generated { output, summary, notes } = codegen::generate(sources)?;
    for note in notes {
        report(&format!("note: {note}"));
    }
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/resources"));
    if check {
        output.check(root)?;
    } else {
        output.write(root)?;
    }
    report(&format!("{summary}; {} features, {} KB", output.features(), output.size() / 1000));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the module is what the task prints")]
fn import_type(sources: &Sources, file: &str) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
    let schema = serde_json::from_str(&text).with_context(|| format!("{file} is not JSON"))?;
    // The folder is nobody's business but the author's.
    let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
    print!("{}", codegen::import(&schema, sources, &name)?);
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

/// Takes `name` out of the arguments, and says whether it was there.
fn take_flag(arguments: &mut Vec<String>, name: &str) -> bool {
    let before = arguments.len();
    arguments.retain(|argument| argument != name);
    arguments.len() < before
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
