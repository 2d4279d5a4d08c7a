//! `logs`: what the functions of a stack write.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use stackgen_template::{Map, Value, to_json_compact};

use crate::core::App;
use crate::deploy::{DeployedFunction, LogLine, Logs, functions};

use super::super::console::{Console, Style};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::glob;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::{aws, target, time};

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("logs")
        .about("Shows what the functions of a stack write")
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("logs etl-backend --since 1h", "The last hour of all functions"),
                    ("logs etl-backend Refresh --follow", "What one writes, as it comes"),
                    ("logs data-review '*Handler' --filter ERROR", "Lines with a word"),
                ],
            ),
            exit_codes(&[
                (0, "the log was shown"),
                (1, "it could not be read"),
                (2, "the command line is wrong"),
                (INTERRUPTED, "interrupted, as with --follow")
            ])
        ))
        .arg(Arg::new("stack").value_name("STACK").help("The stack").required(true))
        .arg(
            Arg::new("function")
                .value_name("FUNCTION")
                .help("Logical ids, or a pattern such as '*Handler' [default: all]"),
        )
        .arg(
            Arg::new("follow")
                .short('f')
                .long("follow")
                .help("Goes on until it is interrupted")
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("since")
                .long("since")
                .value_name("DURATION")
                .help("From how long ago: 90s, 10m, 3h, 2d")
                .default_value("10m")
                .value_parser(value_parser!(time::Span)),
        )
        .arg(
            Arg::new("filter")
                .long("filter")
                .value_name("PATTERN")
                .help("Only what matches a filter pattern of CloudWatch Logs, such as a word"),
        )
        .arg(json().help("Prints JSON, one object a line"));
    aws::arguments(target::app(command))
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let assembly = aws::assembly(context, own, console)?;
    let name = own.get_one::<String>("stack").cloned().unwrap_or_default();
    target::one(&assembly, &name)?;
    let span = own.get_one::<time::Span>("since").map_or(Duration::from_mins(10), |span| span.0);
    let since = SystemTime::now().checked_sub(span).unwrap_or(SystemTime::UNIX_EPOCH);
    aws::wait("interrupted", async {
        let connection = aws::connect(own, console).await?;
        let aws = target::of_stack(&connection, &assembly, &name);
        let Some(functions) = functions(&aws, &name).await? else {
            return Err(Failure::new(format!("{name} is not deployed")).hint(format!("`deploy {name}` deploys it")));
        };
        let functions = choose(functions, own.get_one::<String>("function"), &name)?;
        let filter = own.get_one::<String>("filter").map(String::as_str);
        let mut logs = Logs::of(&aws, &functions, since, filter).await?;
        let width = functions.iter().map(|function| function.logical_id.len()).max().unwrap_or_default();
        loop {
            let lines = logs.more().await?;
            for line in &lines {
                print(line, width, own.get_flag("json"), console)?;
            }
            if !own.get_flag("follow") {
                return Ok(ExitCode::SUCCESS);
            }
            console.flush()?;
            logs.pause().await;
        }
    })
}

/// The functions that a pattern names.
fn choose(
    functions: Vec<DeployedFunction>,
    pattern: Option<&String>,
    stack: &str,
) -> Result<Vec<DeployedFunction>, Failure> {
    let names: Vec<String> = functions.iter().map(|function| function.logical_id.clone()).collect();
    let is_chosen = |function: &DeployedFunction| {
        pattern.is_none_or(|pattern| glob::matches(pattern, &function.logical_id) || *pattern == function.name)
    };
    let chosen: Vec<_> = functions.into_iter().filter(is_chosen).collect();
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let Some(pattern) = pattern else { return Err(Failure::new(format!("{stack} has no function"))) };
    let failure = Failure::usage(format!("no function of {stack} is called `{pattern}`"));
    Err(match crate::assets::nearest(pattern, names.iter().map(String::as_str)) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the functions are {}", names.join(", "))),
    })
}

fn print(line: &LogLine, width: usize, is_json: bool, console: &mut Console<'_>) -> io::Result<()> {
    if is_json {
        let map = Map::from([
            ("time", Value::from(line.time)),
            ("function", line.function.clone().into()),
            ("message", line.message.clone().into()),
        ]);
        return writeln!(console.output(), "{}", to_json_compact(&map.into()));
    }
    let palette = console.output_palette();
    let time = palette.styled(time::utc(line.time), Style::Dim);
    let function = palette.styled(format_args!("{:width$}", line.function), Style::Strong).to_string();
    writeln!(console.output(), "{time} {function} {}", line.message)
}
