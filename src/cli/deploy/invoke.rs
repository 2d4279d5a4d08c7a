//! `invoke`: calls a function and prints its answer.

use std::fs;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command};
use stackgen_template::{Map, Value, read_json, to_json};

use crate::assembly::LoadedAssembly;
use crate::core::App;
use crate::deploy::{self, Answer};

use super::super::console::{Console, Style};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::{aws, target};

/// The exit code when the function failed.
const FUNCTION_FAILED: u8 = 3;

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("invoke")
        .about("Calls a deployed function and prints its answer")
        .long_about(
            "Calls a deployed function and prints its answer.\n\n\
             The answer goes to standard output, the end of the function's log to standard error. The function is called once: \
             when the connection is lost, nothing is tried again.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("invoke Refresh", "A function by its logical id"),
                    ("invoke --local etl-backend/Refresh --payload '{\"day\": 3}'", "With the stack, and with an event"),
                    ("invoke Refresh --payload @event.json", "With the event of a file; @- is standard input"),
                ],
            ),
            exit_codes(&[(0, "the function answered"), (1, "it could not be called"), (2, "the command line is wrong"), (FUNCTION_FAILED, "the function failed"), (INTERRUPTED, "interrupted: the function goes on")])
        ))
        .arg(
            Arg::new("function")
                .value_name("FUNCTION")
                .help("A logical id, with its stack where several have it: STACK/FUNCTION")
                .required(true),
        )
        .arg(
            Arg::new("payload")
                .long("payload")
                .value_name("JSON|@FILE")
                .help("What the function is given")
                .default_value("{}"),
        )
        .arg(json().help("Prints answer, error and log as one JSON object"));
    aws::arguments(target::app(command))
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let payload = payload(own.get_one::<String>("payload").map_or("{}", String::as_str))?;
    let assembly = aws::assembly(context, own, console)?;
    let wanted = own.get_one::<String>("function").cloned().unwrap_or_default();
    let (stack, function) = find(&assembly, &wanted)?;
    let answer = aws::wait("interrupted: the function goes on at AWS", async {
        let connection = aws::connect(own, console).await?;
        let aws = target::of_stack(&connection, &assembly, stack);
        let deployed = deploy::functions(&aws, stack).await?.unwrap_or_default();
        let Some(deployed) = deployed.into_iter().find(|deployed| deployed.logical_id == function) else {
            let failure = Failure::new(format!("the function `{function}` of {stack} is not deployed"));
            return Err(failure.hint(format!("`deploy {stack}` deploys it")));
        };
        Ok(deploy::invoke(&aws, &deployed.name, &payload).await?)
    })?;
    print(&answer, own.get_flag("json"), console)?;
    Ok(if answer.error.is_some() { ExitCode::from(FUNCTION_FAILED) } else { ExitCode::SUCCESS })
}

/// The event, which is JSON: a function would only say that it cannot read it.
fn payload(argument: &str) -> Result<String, Failure> {
    let text = match argument.strip_prefix('@') {
        Some("-") => {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text).map(|_| text)
        }
        Some(path) => fs::read_to_string(path),
        None => Ok(argument.to_owned()),
    };
    let text = text.map_err(|error| {
        let mut failure = Failure::usage(format!("cannot read `{}`", argument.trim_start_matches('@')));
        failure.causes.push(error.to_string());
        failure
    })?;
    if let Err(error) = read_json(&text) {
        let mut failure = Failure::usage("the payload is no JSON");
        failure.causes.push(error.to_string());
        return Err(failure.hint("a text is written with quotes: --payload '\"text\"'"));
    }
    Ok(text)
}

/// The stack and the logical id of the function that is named.
fn find<'a>(assembly: &'a LoadedAssembly, wanted: &'a str) -> Result<(&'a str, &'a str), Failure> {
    let (in_stack, function) = match wanted.split_once('/') {
        Some((stack, function)) => (Some(target::one(assembly, stack)?.name.as_str()), function),
        None => (None, wanted),
    };
    let all: Vec<(&str, &str)> = assembly
        .stacks()
        .iter()
        .filter(|stack| in_stack.is_none_or(|name| name == stack.name))
        .flat_map(|stack| stack.template.resources().map(move |resource| (stack.name.as_str(), resource)))
        .filter(|(_, resource)| resource.type_name() == Some("AWS::Lambda::Function"))
        .map(|(stack, resource)| (stack, resource.logical_id))
        .collect();
    let found: Vec<_> = all.iter().filter(|(_, id)| *id == function).collect();
    match *found {
        [found] => Ok(*found),
        [] => {
            let failure = Failure::usage(format!("no function is called `{wanted}`"));
            Err(match crate::assets::nearest(function, all.iter().map(|(_, id)| *id)) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint("`tree` shows the logical ids of all functions"),
            })
        }
        _ => {
            let names: Vec<_> = found.iter().map(|(stack, id)| format!("`{stack}/{id}`")).collect();
            let failure = Failure::usage(format!("several functions are called `{wanted}`"));
            Err(failure.hint(format!("write {}", names.join(" or "))))
        }
    }
}

fn print(answer: &Answer, is_json: bool, console: &mut Console<'_>) -> io::Result<()> {
    let parsed = read_json(&answer.payload).ok().map(|document| document.value);
    if is_json {
        let map = Map::from([
            ("answer", parsed.unwrap_or_else(|| answer.payload.clone().into())),
            ("error", answer.error.clone().map_or(Value::Null, Value::from)),
            ("log", answer.log.clone().into()),
        ]);
        return writeln!(console.output(), "{}", to_json(&map.into()));
    }
    if !answer.log.trim().is_empty() {
        let log = console.messages_palette().styled(answer.log.trim_end(), Style::Dim).to_string();
        console.note(log)?;
    }
    if let Some(error) = &answer.error {
        let label = console.messages_palette().styled("error:", Style::Error).to_string();
        writeln!(console.messages(), "{label} the function failed ({error})")?;
    }
    let text = parsed.as_ref().map_or_else(|| answer.payload.clone(), to_json);
    writeln!(console.output(), "{text}")
}
