//! `destroy`: deletes stacks.

use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::core::App;
use crate::deploy::{self, Destroyed};

use super::super::console::{Console, count};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::aws;
use super::progress::Progress;

/// The exit code when the deletion was not confirmed.
const NOT_CONFIRMED: u8 = 3;

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("destroy")
        .about("Deletes stacks, in the reverse order of their deployment")
        .long_about(
            "Deletes stacks, in the reverse order of their deployment.\n\n\
             What a template retains stays, and is listed. It is asked for confirmation first.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("destroy 'etl-*'", "Some stacks, after a yes"),
                    ("destroy --local --all --yes", "All stacks of the local AWS, unasked"),
                ],
            ),
            exit_codes(&[
                (0, "the stacks are gone"),
                (1, "one could not be deleted"),
                (2, "the command line is wrong"),
                (NOT_CONFIRMED, "it was not confirmed"),
                (INTERRUPTED, "interrupted: what was begun goes on")
            ])
        ));
    aws::arguments(aws::stacks(command))
        .arg(Arg::new("yes").short('y').long("yes").help("Asks nothing").action(ArgAction::SetTrue))
        .arg(json().help("Prints events as JSON, one object a line"))
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let assembly = aws::assembly(context, own, console)?;
    let mut names = aws::choose(&assembly, own)?;
    names.reverse();
    if !own.get_flag("yes") && !confirm(&names, console)? {
        return Err(Failure::new("not confirmed, and nothing was deleted").code(NOT_CONFIRMED));
    }
    let is_json = own.get_flag("json");
    let destroyed = aws::wait("interrupted: what was begun goes on at AWS", async {
        let connection = aws::connect(own, console).await?;
        let console = RefCell::new(&mut *console);
        let progress = Progress::new(&console, is_json, &names);
        let mut destroyed = Vec::new();
        for name in &names {
            let regional = assembly.stack(name).and_then(|stack| stack.environment.region_name());
            let regional = regional.filter(|region| *region != connection.region());
            let regional = regional.map(|region| connection.in_region(region));
            let aws = regional.as_ref().unwrap_or(&connection);
            let listen = |event| progress.tell(&event);
            destroyed.push(progress.during(deploy::destroy(aws, name, &listen)).await?);
        }
        progress.finish()?;
        Ok(destroyed)
    })?;
    if !is_json {
        print(&destroyed, console)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks whether the stacks shall be deleted.
fn confirm(names: &[String], console: &mut Console<'_>) -> Result<bool, Failure> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let failure = Failure::new("nobody can be asked whether stacks shall be deleted").code(NOT_CONFIRMED);
        return Err(failure.hint("say so with `--yes`"));
    }
    write!(console.messages(), "delete {}: {}? [y/N] ", count(names.len(), "stack"), names.join(", "))?;
    console.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Prints what stays.
fn print(destroyed: &[Destroyed], console: &mut Console<'_>) -> io::Result<()> {
    let retained: Vec<_> =
        destroyed.iter().flat_map(|stack| stack.retained.iter().map(move |event| (stack, event))).collect();
    if retained.is_empty() {
        return Ok(());
    }
    writeln!(console.output(), "these stay, since their templates retain them:")?;
    for (stack, event) in retained {
        let id = event.physical_id.as_deref().unwrap_or("no id");
        writeln!(console.output(), "  {}/{} {} {id}", stack.name, event.logical_id, event.type_name)?;
    }
    Ok(())
}
