//! `events`: what happened to a deployed stack.

use std::io::Write;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use stackgen_template::to_json_compact;

use crate::core::App;
use crate::deploy::{Event, EventKind, history};

use super::super::console::{Console, Style};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::aws;

pub(super) fn command(name: &str) -> Command {
    let command =
        Command::new("events").about("Shows what happened to deployed stacks, the newest last").after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("events etl-backend", "The last events of one stack"),
                    ("events --all -n 5", "The last five of each"),
                ],
            ),
            exit_codes(&[
                (0, "the events were shown"),
                (1, "they could not be read"),
                (2, "the command line is wrong"),
                (INTERRUPTED, "interrupted"),
            ])
        ));
    aws::arguments(aws::stacks(command))
        .arg(
            Arg::new("number")
                .short('n')
                .long("number")
                .value_name("N")
                .help("How many events of each stack")
                .default_value("50")
                .value_parser(value_parser!(u32).range(1..)),
        )
        .arg(json().help("Prints JSON, one object a line"))
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let number = own.get_one::<u32>("number").copied().unwrap_or(50) as usize;
    let stacks = aws::each(context, own, console, &async |aws, name| history(aws, name, number).await)?;
    let palette = console.output_palette();
    for (name, events) in &stacks {
        if events.is_empty() {
            console.note(format_args!("{name} is not deployed"))?;
        }
        for event in events {
            if own.get_flag("json") {
                let event = Event { stack: name.clone(), kind: EventKind::Resource(event.clone()) };
                writeln!(console.output(), "{}", to_json_compact(&event.to_json()))?;
                continue;
            }
            let style = if event.is_failure() { Style::Error } else { Style::Dim };
            let reason = event.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let (id, kind) = (&event.logical_id, &event.type_name);
            writeln!(console.output(), "{name} {} {id} ({kind}){reason}", palette.styled(&event.status, style))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
