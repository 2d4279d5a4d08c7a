//! `drift`: compares what runs with what was deployed.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use stackgen_template::{Map, Value, to_json};

use crate::core::App;
use crate::deploy::{PropertyDrift, ResourceDrift, StackDrift, drift};

use super::super::console::{Console, Style, count};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::aws;

/// The exit code when something differs.
const DRIFTED: u8 = 3;

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("drift")
        .about("Compares what runs with the templates that it was deployed with")
        .long_about(
            "Compares what runs with the templates that it was deployed with.\n\n\
             CloudFormation looks at each resource: what was changed or deleted past it is shown. Types that it cannot look at \
             are left out.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[("drift --all", "All stacks"), ("drift etl-backend --json", "One, for programs")],
            ),
            exit_codes(&[(0, "all is as it was deployed"), (1, "it could not be compared"), (2, "the command line is wrong"), (DRIFTED, "something differs"), (INTERRUPTED, "interrupted")])
        ));
    aws::arguments(aws::stacks(command)).arg(json())
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let stacks = aws::each(context, own, console, &async |aws, name| drift(aws, name).await)?;
    for (name, drift) in &stacks {
        match drift {
            None => console.note(format_args!("{name} is not deployed"))?,
            Some(drift) => {
                if let Some(reason) = &drift.incomplete {
                    let label = console.messages_palette().styled("warning:", Style::Warning).to_string();
                    console.note(format_args!("{label} {name} was not compared in full: {reason}"))?;
                }
            }
        }
    }
    let drifts: Vec<&StackDrift> = stacks.iter().filter_map(|(_, drift)| drift.as_ref()).collect();
    if own.get_flag("json") {
        let all = drifts.iter().map(|stack| (stack.name.clone().into(), as_json(stack)));
        writeln!(console.output(), "{}", to_json(&all.collect::<Map>().into()))?;
    } else {
        for stack in &drifts {
            print(stack, console)?;
        }
    }
    let differs = drifts.iter().any(|stack| !stack.is_empty());
    Ok(if differs { ExitCode::from(DRIFTED) } else { ExitCode::SUCCESS })
}

fn print(stack: &StackDrift, console: &mut Console<'_>) -> io::Result<()> {
    let palette = console.output_palette();
    let name = palette.styled(&stack.name, Style::Strong);
    if stack.is_empty() {
        return writeln!(console.output(), "{name} {}", palette.styled("is as it was deployed", Style::Success));
    }
    let number = count(stack.resources.len(), "resource");
    writeln!(console.output(), "{name} {number} not as deployed")?;
    for resource in &stack.resources {
        let word = if resource.is_deleted { "deleted" } else { "changed" };
        let style = if resource.is_deleted { Style::Error } else { Style::Warning };
        let id = resource.physical_id.as_deref().unwrap_or_default();
        let details = palette.styled(format_args!("{} {id}", resource.type_name), Style::Dim).to_string();
        writeln!(console.output(), "  {} {} {details}", palette.styled(word, style), resource.logical_id)?;
        for property in &resource.properties {
            let expected = property.expected.as_deref().unwrap_or("(nothing)");
            let actual = property.actual.as_deref().unwrap_or("(nothing)");
            writeln!(console.output(), "    {}: {expected} → {actual}", path(property))?;
        }
    }
    Ok(())
}

/// `Tags/0/Value` for `/Tags/0/Value`, as all commands write paths.
fn path(property: &PropertyDrift) -> &str {
    property.path.trim_start_matches('/')
}

fn as_json(stack: &StackDrift) -> Value {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    let property = |property: &PropertyDrift| {
        let pairs = [
            ("path", path(property).to_owned().into()),
            ("expected", text(&property.expected)),
            ("actual", text(&property.actual)),
        ];
        Value::from(Map::from(pairs))
    };
    let resource = |resource: &ResourceDrift| {
        let pairs = [
            ("logicalId", resource.logical_id.clone().into()),
            ("physicalId", text(&resource.physical_id)),
            ("type", resource.type_name.clone().into()),
            ("deleted", resource.is_deleted.into()),
            ("properties", Value::List(resource.properties.iter().map(property).collect())),
        ];
        Value::from(Map::from(pairs))
    };
    let pairs = [
        ("incomplete", text(&stack.incomplete)),
        ("resources", Value::List(stack.resources.iter().map(resource).collect())),
    ];
    Map::from(pairs).into()
}
