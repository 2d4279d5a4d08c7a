//! `weather-backfill --from HOUR --to HOUR`: one execution for each hour and location.

mod executions;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use aws_sdk_cloudformation::Client as CloudFormation;
use aws_sdk_sfn::Client as StepFunctions;
use clap::{Arg, ArgAction, ArgMatches, Command};
use futures_util::{StreamExt, stream};
use handler_runtime::{Clock, SystemClock, aws_config, chain};
use weather_ingest::Hour;
use weather_ingest::backfill::{AT_ONCE, Backfill, Tally, chosen};
use weather_ingest::contract::Location;

use crate::executions::Executions;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&command().get_matches()).await {
        Ok(tally) => ExitCode::from(tally.exit_code()),
        Err(error) => {
            // When even this cannot be written, the exit code has to do.
            let _ = writeln!(io::stderr(), "error: {}", chain(&*error));
            ExitCode::from(2)
        }
    }
}

fn command() -> Command {
    let hour = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("HOUR").required(true).value_parser(Hour::parse).help(help)
    };
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    Command::new("weather-backfill")
        .about("Keeps the weather of past hours: starts an execution for each hour and location, and waits for all of them")
        .arg(hour("from", "First hour in UTC, such as 2025-03-01T00"))
        .arg(hour("to", "Last hour"))
        .arg(
            Arg::new("location")
                .long("location")
                .value_name("ID")
                .action(ArgAction::Append)
                .help("A location; all of them when not given"),
        )
        .arg(flag("refetch", "Asks the API again for hours that are there already"))
        .arg(flag("yes", "Does more hours than a month has"))
        .arg(flag("dry-run", "Says which executions would be started, and starts none"))
        .arg(
            Arg::new("stack")
                .long("stack")
                .value_name("NAME")
                .default_value("weather-ingest")
                .help("Stack that has the state machine"),
        )
        .arg(
            Arg::new("state-machine")
                .long("state-machine")
                .value_name("ARN")
                .conflicts_with("stack")
                .help("The state machine itself, where stacks may not be looked at"),
        )
        .after_help("Exit codes: 0 when all hours have their row, 1 when an hour has none, 2 when nothing was started.")
}

async fn run(arguments: &ArgMatches) -> Result<Tally, Box<dyn Error>> {
    let hour = |name: &str| *arguments.get_one::<Hour>(name).expect("the hour is required");
    let text = |name: &str| arguments.get_one::<String>(name).map(String::as_str);
    let ids: Vec<String> = arguments.get_many("location").into_iter().flatten().cloned().collect();
    let backfill = Backfill::new(
        (hour("from"), hour("to")),
        chosen(&Location::all(), &ids)?,
        arguments.get_flag("refetch"),
        arguments.get_flag("yes"),
        SystemClock.now(),
    )?;
    let mut output = io::stdout();
    if arguments.get_flag("dry-run") {
        for input in backfill.inputs() {
            writeln!(output, "{}", Tally::planned(&input))?;
        }
        return Ok(Tally::default());
    }

    let config = aws_config().await;
    let machine = match (text("state-machine"), text("stack")) {
        (Some(machine), _) => machine.to_owned(),
        (None, stack) => executions::machine_of(&CloudFormation::new(&config), stack.unwrap_or_default()).await?,
    };
    let executions = Executions::new(StepFunctions::new(&config), machine);
    let mut tally = Tally::default();
    let ends = stream::iter(backfill.inputs()).map(async |input| {
        let end = executions.run(&input).await;
        (input, end)
    });
    let mut ends = std::pin::pin!(ends.buffered(AT_ONCE));
    while let Some((input, end)) = ends.next().await {
        writeln!(output, "{}", tally.add(&input, &end))?;
    }
    Ok(tally)
}
