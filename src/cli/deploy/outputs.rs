//! `outputs`: the values that deployed stacks give.

use std::io::Write;
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use stackgen_template::{Map, Value, to_json};

use crate::core::App;
use crate::deploy::DeployedStack;

use super::super::console::{Console, Style};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::aws;

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("outputs").about("Shows the outputs of deployed stacks").after_help(format!(
        "{}\n\n{}",
        examples(
            name,
            &[
                ("outputs --local --all", "Of all stacks on the local AWS"),
                ("outputs etl-frontend --json", "Of one, for programs"),
            ],
        ),
        exit_codes(&[
            (0, "the outputs were shown"),
            (1, "they could not be read"),
            (2, "the command line is wrong"),
            (INTERRUPTED, "interrupted"),
        ])
    ));
    aws::arguments(aws::stacks(command)).arg(json())
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let stacks = aws::each(context, own, console, &async |aws, name| DeployedStack::find(aws, name).await)?;
    if own.get_flag("json") {
        let all = stacks.iter().filter_map(|(name, stack)| {
            let outputs = &stack.as_ref()?.outputs;
            let outputs: Map = outputs.iter().map(|(key, value)| (key.clone().into(), value.clone().into())).collect();
            Some((name.clone().into(), Value::from(outputs)))
        });
        writeln!(console.output(), "{}", to_json(&all.collect::<Map>().into()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let palette = console.output_palette();
    for (name, stack) in &stacks {
        let Some(stack) = stack else {
            console.note(format_args!("{name} is not deployed"))?;
            continue;
        };
        writeln!(
            console.output(),
            "{} {}",
            palette.styled(name, Style::Strong),
            palette.styled(&stack.status, Style::Dim)
        )?;
        let width = stack.outputs.keys().map(String::len).max().unwrap_or_default();
        for (key, value) in &stack.outputs {
            writeln!(console.output(), "  {key:width$}  {value}")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
