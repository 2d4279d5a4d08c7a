//! `diff`: what a deployment will do.

mod command;
mod output;
mod severity;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;

use crate::core::{App, Synthesis};
use crate::diff::{Changes, Revision, SourceError, StackTemplate, diff, read_stacks};

use super::console::{Console, Style};
use super::context::{Context, Dependencies, select};
use super::error::Failure;
use super::older::Before;
use super::outcome::BuildOutcome;
use super::problems;
use output::{print, summarize};
use severity::exit_code;

pub(super) use command::command;

/// What stands in front of a revision.
const REVISION: &str = "git:";

/// The stacks as they are deployed, where it was asked for them.
#[cfg(all(feature = "deploy", unix))]
fn deployed(synthesis: &Synthesis, own: &ArgMatches, console: &mut Console<'_>) -> Result<Option<Before>, Failure> {
    own.get_flag("deployed").then(|| super::deploy::deployed_templates(synthesis, own, console)).transpose()
}

/// What differs between an assembly that was written before and what is deployed, where it was asked for that.
#[cfg(all(feature = "deploy", unix))]
fn of_assembly(own: &ArgMatches, console: &mut Console<'_>) -> Result<Option<Changes>, Failure> {
    super::deploy::changes_of_assembly(own, console)
}

#[cfg(not(all(feature = "deploy", unix)))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
fn of_assembly(_: &ArgMatches, _: &mut Console<'_>) -> Result<Option<Changes>, Failure> {
    Ok(None)
}

#[cfg(not(all(feature = "deploy", unix)))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
fn deployed(_: &Synthesis, _: &ArgMatches, _: &mut Console<'_>) -> Result<Option<Before>, Failure> {
    Ok(None)
}

pub(super) fn run<O: BuildOutcome>(
    name: &str,
    context: Context<impl FnOnce(&mut App) -> O>,
    matches: &ArgMatches,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let compared = match own.get_many::<PathBuf>("templates") {
        Some(paths) => Compared { changes: of_templates(&paths.collect::<Vec<_>>())?, has_errors: false },
        None => match of_assembly(own, console)? {
            Some(changes) => Compared { changes, has_errors: false },
            None => of_app(name, context, matches, own, console)?,
        },
    };
    print(&compared.changes, own, console)?;
    summarize(&compared.changes, own)?;
    let code = if compared.has_errors { 1 } else { exit_code(&compared.changes, own) };
    Ok(ExitCode::from(code))
}

/// What was compared, and whether the app reported errors: then the changes may not be all.
struct Compared {
    changes: Changes,
    has_errors: bool,
}

fn of_templates(paths: &[&PathBuf]) -> Result<Changes, Failure> {
    let [old, new] = paths else { return Err(Failure::usage("`--templates` takes two files or folders")) };
    let (mut before, after) = (read_stacks(old)?, read_stacks(new)?);
    // Two files are two forms of one stack, whatever they are called.
    if let ([before], [after]) = (&mut *before, &*after)
        && old.is_file()
        && new.is_file()
    {
        before.name.clone_from(&after.name);
    }
    Ok(diff(&before, &after))
}

fn of_app<O: BuildOutcome>(
    name: &str,
    context: Context<impl FnOnce(&mut App) -> O>,
    matches: &ArgMatches,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Compared, Failure> {
    let against = own.get_one::<PathBuf>("against");
    let root = context.root();
    let mut synthesis = context.synthesize(false)?;
    let deployed = deployed(&synthesis, own, console)?;
    if against.is_none() && deployed.is_none() {
        return Err(Failure::usage("nothing is given to compare the app with").hint(
            "`--against stackgen.out` compares with what `synth` wrote last, `--against git:main` with a revision",
        ));
    }
    let after: Vec<StackTemplate> = synthesis.stacks.iter().map(StackTemplate::from).collect();
    select(&mut synthesis, own, Dependencies::Left)?;
    let has_errors = synthesis.has_errors();
    problems::print(&mut synthesis.problems, console)?;
    let file = against.filter(|path| path.is_file());
    let mut before = match (deployed, against) {
        (Some(deployed), _) => deployed,
        (None, Some(path)) => {
            let templates = match path.to_str().and_then(|text| text.strip_prefix(REVISION)) {
                Some(revision) => of_revision(name, revision, &root, matches, console)?,
                None => read_stacks(path)?,
            };
            Before { templates, ..Before::default() }
        }
        (None, None) => Before::default(),
    };
    let chosen: Vec<&str> = synthesis.stacks.iter().map(|stack| stack.name.as_str()).collect();
    if let Some(file) = file {
        one_stack(&mut before.templates, &chosen, file)?;
    }
    // Other stacks may use what a chosen one removes: all are compared, and the chosen ones shown.
    let mut changes = before.compare(&after);
    if file.is_some() || own.get_many::<String>("stacks").is_some() {
        changes.stacks.retain(|stack| chosen.contains(&stack.name.as_str()));
    }
    Ok(Compared { changes, has_errors })
}

/// A file is compared with one stack, whatever it is called.
fn one_stack(before: &mut [StackTemplate], chosen: &[&str], file: &Path) -> Result<(), Failure> {
    match (before, chosen) {
        ([before], [name]) => {
            (*name).clone_into(&mut before.name);
            Ok(())
        }
        _ => {
            let message = format!("`{}` is one template, but there are {} stacks", file.display(), chosen.len());
            Err(Failure::usage(message).hint("name the stack to compare with it: `diff STACK --against FILE`"))
        }
    }
}

fn of_revision(
    program: &str,
    revision: &str,
    root: &Path,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Vec<StackTemplate>, Failure> {
    let values = matches.get_many::<(String, String)>("context").into_iter().flatten();
    let arguments: Vec<String> =
        values.flat_map(|(key, value)| ["--context".to_owned(), format!("{key}={value}")]).collect();
    let label = console.messages_palette().styled("comparing", Style::Success).to_string();
    console.note(format_args!("{label} with the app of {revision}"))?;
    console.flush()?;
    let source = Revision { root, name: revision, program, arguments: &arguments };
    Ok(read_stacks(&source.assembly(console.is_quiet())?)?)
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let failure = Self::of(&error);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
