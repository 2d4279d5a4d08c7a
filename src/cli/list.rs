//! `list`: the stacks, in the order of their deployment.

use std::io::Write;
use std::process::ExitCode;

use clap::ArgMatches;
use stackgen_template::{Map, Value, to_json};

use crate::core::{App, SynthesizedStack};

use super::console::Console;
use super::context::Context;
use super::error::Failure;
use super::outcome::BuildOutcome;

pub(super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let look = context.look(own, console)?;
    let stacks = &look.synthesis.stacks;
    if own.get_flag("json") {
        let list: Vec<Value> = stacks.iter().map(|stack| describe(stack).into()).collect();
        writeln!(console.output(), "{}", to_json(&list.into()))?;
    } else {
        for stack in stacks {
            writeln!(console.output(), "{}", stack.name)?;
        }
    }
    Ok(ExitCode::from(u8::from(look.has_errors)))
}

fn describe(stack: &SynthesizedStack) -> Map {
    let text = |text: Option<&str>| text.map_or(Value::Null, |text| Value::from(text.to_owned()));
    let resources = i64::try_from(stack.template.resources().count()).unwrap_or(i64::MAX);
    Map::from([
        ("name", Value::from(stack.name.clone())),
        ("description", text(stack.template.description())),
        ("resources", resources.into()),
        ("dependencies", stack.dependencies.clone().into()),
        ("account", text(stack.environment.account_id())),
        ("region", text(stack.environment.region_name())),
    ])
}
