//! `local`: the local AWS, to try stacks on without an account.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use stackgen_template::{Map, Value, to_json};

use crate::local::{Endpoint, LocalAws, LocalError, Progress, Status};

use super::console::Console;
use super::error::Failure;
use super::options::{examples, exit_codes, json};

/// The exit code of `local status` when no server runs.
const STOPPED: u8 = 3;

/// The command as clap knows it.
pub(super) fn command(name: &str) -> Command {
    Command::new("local")
        .about("Starts, stops and shows the local AWS, a server on this machine that needs no account")
        .long_about(
            "Starts, stops and shows the local AWS, a server on this machine that needs no account.\n\n\
             It is the Python program ministack, which is installed below the cache folder of the user when it is first \
             started (STACKGEN_LOCAL names another folder). It listens on 127.0.0.1 only, and keeps what is made in it until \
             it stops.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(
            Command::new("start")
                .about("Starts it, unless it runs, and waits until it answers")
                .after_help(examples(
                    name,
                    &[
                        ("local start", "On port 4566, or a free one when that is taken"),
                        ("local start --port 5000", "On a port of choice"),
                    ],
                ))
                .arg(
                    Arg::new("port")
                        .long("port")
                        .value_name("PORT")
                        .help("The port to listen on")
                        .value_parser(value_parser!(u16).range(1..)),
                )
                .arg(json()),
        )
        .subcommand(Command::new("stop").about("Stops it and the handlers that it runs; what was made in it is gone"))
        .subcommand(
            Command::new("status")
                .about("Says whether it runs, where, and how to point any AWS tool at it")
                .after_help(format!(
                    "{}\n\n{}",
                    examples(
                        name,
                        &[
                            ("local status", "For people"),
                            ("local status --json", "For programs"),
                            ("local status --exports", "Lines for a shell: eval \"$(… local status --exports)\""),
                        ],
                    ),
                    exit_codes(&[
                        (0, "it runs"),
                        (1, "it is there and does not answer"),
                        (2, "the command line is wrong"),
                        (STOPPED, "it does not run"),
                    ])
                ))
                .arg(json())
                .arg(
                    Arg::new("exports")
                        .long("exports")
                        .help("Prints shell commands that set the environment variables of AWS tools")
                        .action(clap::ArgAction::SetTrue)
                        .conflicts_with("json"),
                ),
        )
        .subcommand(Command::new("reset").about("Removes all that was made in it, and keeps it running"))
}

pub(super) fn run(own: &ArgMatches, console: &mut Console<'_>) -> Result<ExitCode, Failure> {
    let local = LocalAws::of_user()?;
    match own.subcommand() {
        Some(("start", own)) => start(&local, own, console),
        Some(("stop", _)) => {
            let was_running = local.stop()?;
            console.note(if was_running { "the local AWS is stopped" } else { "the local AWS did not run" })?;
            Ok(ExitCode::SUCCESS)
        }
        Some(("reset", _)) => {
            let endpoint = local.reset()?;
            console.note(format!("the local AWS at {endpoint} is empty"))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(("status", own)) => status(&local, own, console),
        _ => Err(Failure::usage("`local` takes `start`, `stop`, `status` or `reset`")),
    }
}

fn start(local: &LocalAws, own: &ArgMatches, console: &mut Console<'_>) -> Result<ExitCode, Failure> {
    let mut told = Ok(());
    let started = local.start(own.get_one("port").copied(), &mut |progress| {
        told = tell(progress, console);
    })?;
    told?;
    if own.get_flag("json") {
        writeln!(console.output(), "{}", to_json(&describe(started.endpoint, started.process)))?;
    } else {
        let state = if started.was_running { "runs already" } else { "runs" };
        console.note(format!("the local AWS {state} at {} (process {})", started.endpoint, started.process))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what takes a while.
pub(super) fn tell(progress: Progress, console: &mut Console<'_>) -> io::Result<()> {
    let text = match progress {
        Progress::Installing => "installing the local AWS, which happens once…",
        Progress::Starting => "starting the local AWS…",
    };
    console.note(text)?;
    console.flush()
}

fn status(local: &LocalAws, own: &ArgMatches, console: &mut Console<'_>) -> Result<ExitCode, Failure> {
    let status = local.status()?;
    if own.get_flag("json") {
        let value = match &status {
            Status::Running { endpoint, process } => describe(*endpoint, *process),
            Status::Silent { process } => state("silent", &[("process", i64::from(*process).into())]),
            Status::Stopped => state("stopped", &[]),
        };
        writeln!(console.output(), "{}", to_json(&value))?;
        return Ok(exit_code(&status));
    }
    match &status {
        Status::Running { endpoint, process } => {
            let exports = own.get_flag("exports");
            if !exports {
                writeln!(console.output(), "the local AWS runs at {endpoint} (process {process})")?;
                writeln!(console.output(), "its log: {}\n", local.log().display())?;
                writeln!(console.output(), "to point any AWS tool at it:")?;
            }
            let margin = if exports { "" } else { "  " };
            for (name, value) in endpoint.environment() {
                writeln!(console.output(), "{margin}export {name}={value}")?;
            }
        }
        Status::Silent { process } => {
            let message = format!("the local AWS is there (process {process}) and does not answer");
            return Err(Failure::new(message).hint("wait a moment, or restart it: `local stop`, `local start`"));
        }
        Status::Stopped => console.note("the local AWS does not run; `local start` starts it")?,
    }
    Ok(exit_code(&status))
}

fn exit_code(status: &Status) -> ExitCode {
    match status {
        Status::Running { .. } => ExitCode::SUCCESS,
        _ => ExitCode::from(STOPPED),
    }
}

fn describe(endpoint: Endpoint, process: u32) -> Value {
    let environment: Map =
        endpoint.environment().map(|(name, value)| (name.into(), value.into())).into_iter().collect();
    let process = i64::from(process);
    state(
        "running",
        &[("endpoint", endpoint.to_string().into()), ("process", process.into()), ("environment", environment.into())],
    )
}

fn state(name: &'static str, more: &[(&'static str, Value)]) -> Value {
    let mut map = Map::from([("state", name)]);
    for (key, value) in more {
        map.insert(*key, value.clone());
    }
    map.into()
}

impl From<LocalError> for Failure {
    fn from(error: LocalError) -> Self {
        let failure = Self::of(&error);
        match error.hint_text() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
