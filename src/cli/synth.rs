//! `synth`: writes the templates.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use stackgen_template::{Template, YamlStyle, to_yaml};

use crate::assembly::{Assembly, AssemblyError};
use crate::core::{App, Synthesis};

use super::console::{Console, Style, count, size};
use super::context::{Context, Dependencies, select};
use super::error::Failure;
use super::outcome::BuildOutcome;
use super::problems;

/// The folder that is written to unless another is named.
const OUTPUT: &str = "stackgen.out";

pub(super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let root = context.root();
    let to_stdout = own.get_flag("stdout");
    let mut synthesis = context.synthesize(!own.get_flag("no-validation"))?;
    select(&mut synthesis, own, if to_stdout { Dependencies::Left } else { Dependencies::Included })?;
    problems::print(&mut synthesis.problems, console)?;
    let tally = problems::tally(synthesis.problems.iter().map(|problem| problem.severity));
    if synthesis.has_errors() {
        return Err(Failure::new(format!("nothing was written: {}", tally.unwrap_or_default())));
    }
    if to_stdout {
        print(&synthesis, own.get_flag("yaml"), console)?;
    } else {
        let directory = own.get_one::<PathBuf>("output").map_or(Path::new(OUTPUT), PathBuf::as_path);
        write(&synthesis, &root, directory, own.get_flag("yaml"), tally, console)?;
    }
    // The program ends here. To give back the memory of a large app piece by piece takes a tenth of its time.
    std::mem::forget(synthesis);
    Ok(ExitCode::SUCCESS)
}

/// Writes all stacks to the usual folder, for commands that go on from there, and gives the folder.
#[cfg(feature = "deploy")]
pub(super) fn write_assembly<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    console: &mut Console<'_>,
) -> Result<PathBuf, Failure> {
    let root = context.root();
    let mut synthesis = context.synthesize(true)?;
    problems::print(&mut synthesis.problems, console)?;
    if synthesis.has_errors() {
        let tally = problems::tally(synthesis.problems.iter().map(|problem| problem.severity));
        return Err(Failure::new(format!("nothing was done: {}", tally.unwrap_or_default())));
    }
    let folder = PathBuf::from(OUTPUT);
    let assembly = Assembly::new(&synthesis, &root).map_err(|error| failure(&error))?;
    assembly.write(&folder).map_err(|error| failure(&error))?;
    Ok(folder)
}

fn print(synthesis: &Synthesis, yaml: bool, console: &mut Console<'_>) -> Result<(), Failure> {
    let [stack] = &*synthesis.stacks else {
        let message =
            format!("`--stdout` prints one template, but there are {}", count(synthesis.stacks.len(), "stack"));
        return Err(Failure::usage(message).hint("name the stack: `synth --stdout STACK`"));
    };
    let text = if yaml { as_yaml(&stack.template) } else { stack.template.to_json() + "\n" };
    Ok(console.output().write_all(text.as_bytes())?)
}

fn write(
    synthesis: &Synthesis,
    root: &Path,
    directory: &Path,
    yaml: bool,
    tally: Option<String>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let mut assembly = Assembly::new(synthesis, root).map_err(|error| failure(&error))?;
    if yaml {
        assembly = assembly.with_yaml(synthesis, as_yaml);
    }
    assembly.write(directory).map_err(|error| failure(&error))?;
    let resources = synthesis.stacks.iter().map(|stack| stack.template.resources().count()).sum();
    let mut summary = format!(
        "{}, {}, {} of templates",
        count(synthesis.stacks.len(), "stack"),
        count(resources, "resource"),
        size(assembly.template_bytes())
    );
    if let Some(tally) = tally {
        summary = format!("{summary}, {tally}");
    }
    let label = console.messages_palette().styled("wrote", Style::Success).to_string();
    Ok(console.note(format_args!("{label} {}: {summary}", directory.display()))?)
}

pub(super) fn failure(error: &AssemblyError) -> Failure {
    let failure = Failure::of(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn as_yaml(template: &Template) -> String {
    to_yaml(&template.clone().into(), YamlStyle::default())
}
