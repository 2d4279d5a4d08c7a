//! The command line of an app: `list`, `synth`, `validate`, `diff`, `tree`, `graph`, `init`, `completions`; and, with the feature
//! `deploy`, `build`, `asset`, `deploy`, `destroy`, `outputs`, `events`, `logs`, `invoke`, `drift`, `import`.
//!
//! An app is a program of a few lines:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use stackgen::prelude::*;
//!
//! fn main() -> ExitCode {
//!     stackgen::cli::run(|app| {
//!         let mut stack = app.stack("photos");
//!         stack.add("Photos", RawResource::new("AWS::S3::Bucket"));
//!     })
//! }
//! ```
//!
//! What was asked for goes to standard output, all else to standard error. The exit code is 0 when all is well, 1 when
//! the app or a template has errors, and 2 when the command line itself is wrong. The help of a command says where there
//! are more.

mod arguments;
mod columns;
mod completions;
mod console;
mod context;
#[cfg(all(feature = "deploy", unix))]
mod deploy;
mod diff;
mod error;
mod github_summary;
mod glob;
mod graph;
mod init;
mod list;
#[cfg(unix)]
mod local;
mod older;
mod options;
mod outcome;
mod problems;
mod synth;
#[cfg(all(test, feature = "deploy", unix))]
mod tests;
mod tree;
mod validate;

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

pub use outcome::BuildOutcome;

use arguments::ColorChoice;
use console::{Console, Palette};
use context::Context;
use error::Failure;

use crate::core::App;

/// Runs the command that the program was called with, on the app that `build` fills.
///
/// `build` is only called by commands that need the app. What it finds wrong it reports with
/// [`App::report`](crate::core::App::report), or gives back as an error.
pub fn run<O: BuildOutcome>(build: impl FnOnce(&mut App) -> O) -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().collect();
    let name = program_name(arguments.first());
    let command = arguments::command(&name);
    let matches = match command.try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return answer(&error),
    };
    let choice = matches.get_one("color").copied().unwrap_or(ColorChoice::Auto);
    let palette = |is_terminal: bool| Palette { color: shows_color(choice, is_terminal) };
    let (output, messages) = (io::stdout(), io::stderr());
    let (output_palette, messages_palette) = (palette(output.is_terminal()), palette(messages.is_terminal()));
    let mut console =
        Console::new((output.lock(), output_palette), (messages.lock(), messages_palette), matches.get_flag("quiet"));
    let result = execute(&name, &matches, build, &mut console);
    let result = result.and_then(|code| console.flush().map(|()| code).map_err(Failure::from));
    match result {
        Ok(code) => code,
        Err(failure) => console.fail(&failure),
    }
}

fn execute<O: BuildOutcome>(
    name: &str,
    matches: &clap::ArgMatches,
    build: impl FnOnce(&mut App) -> O,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let Some((verb, own)) = matches.subcommand() else {
        return Err(Failure::usage("no command is given").hint("`--help` lists the commands"));
    };
    let context = Context::new(matches, build);
    match verb {
        "list" => list::run(context, own, console),
        "synth" => synth::run(context, own, console),
        "validate" => validate::run(context, own, console),
        "diff" => diff::run(name, context, matches, own, console),
        "tree" => tree::run(context, own, console),
        "graph" => graph::run(context, own, console),
        "init" => init::run(&context.root(), own, console),
        #[cfg(unix)]
        "local" => local::run(own, console),
        #[cfg(all(feature = "deploy", unix))]
        "asset" => deploy::asset(&context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "build" => deploy::build(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "deploy" => deploy::deploy(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "destroy" => deploy::destroy(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "outputs" => deploy::outputs(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "events" => deploy::events(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "logs" => deploy::logs(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "invoke" => deploy::invoke(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "drift" => deploy::drift(context, own, console),
        #[cfg(all(feature = "deploy", unix))]
        "import" => deploy::import(context, own, console),
        "completions" => completions::run(name, own, console),
        other => Err(Failure::usage(format!("`{other}` is no command"))),
    }
}

/// Prints help, the version, or what is wrong with the command line.
fn answer(error: &clap::Error) -> ExitCode {
    match error.print() {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
    }
}

/// What the program is called by, without folders.
fn program_name(argument: Option<&OsString>) -> String {
    let stem = argument.and_then(|argument| Path::new(argument).file_stem());
    stem.map_or_else(|| "stackgen".to_owned(), |stem| stem.to_string_lossy().into_owned())
}

fn shows_color(choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            is_terminal && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
        }
    }
}

/// Whether an environment variable has a value, as `NO_COLOR` is meant: an empty one does not count.
fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}
