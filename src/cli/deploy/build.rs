//! `build`: builds what stacks ship, and sends nothing.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use stackgen_template::{Map, Value, to_json};

use crate::assets::Asset;
use crate::assets::build::{BuiltAsset, BuiltObject};
use crate::core::App;

use super::super::console::{Console, Style, count, size};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::aws;
use super::ship::{arguments, build, options};

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("build")
        .about("Builds the functions and sites that stacks ship, and sends nothing")
        .long_about(
            "Builds the functions and sites that stacks ship, and sends nothing.\n\n\
             What is built lies below stackgen/assets in Cargo's target folder. With that and stackgen.out another job deploys \
             what this one built: `deploy --app stackgen.out --no-build`. No account is needed.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[("build --all", "What all stacks ship"), ("build --app stackgen.out 'etl-*'", "Of an assembly, and some stacks")],
            ),
            exit_codes(&[(0, "all is built"), (1, "something cannot be built"), (2, "the command line is wrong")])
        ));
    arguments(aws::stacks(command)).arg(json())
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let root = context.root();
    let assembly = aws::assembly(context, own, console)?;
    let names = aws::choose(&assembly, own)?;
    let keys = names.iter().filter_map(|name| assembly.stack(name)).flat_map(|stack| &stack.assets);
    let assets: BTreeMap<&String, &Asset> = keys.filter_map(|key| assembly.assets().get_key_value(key)).collect();
    let assets: Vec<Asset> = assets.into_values().cloned().collect();
    let built = build(&assembly, &assets, &root, &options(own), console)?;
    let objects = || built.iter().flat_map(|asset: &BuiltAsset| &asset.objects);
    if own.get_flag("json") {
        let list = Value::List(objects().map(as_json).collect());
        writeln!(console.output(), "{}", to_json(&list))?;
        return Ok(ExitCode::SUCCESS);
    }
    for object in objects() {
        writeln!(console.output(), "{} {}", object.key, size(object.bytes))?;
    }
    let label = console.messages_palette().styled("built", Style::Success).to_string();
    let bytes = objects().map(|object| object.bytes).sum();
    console.note(format_args!("{label} {}, {}", count(objects().count(), "file"), size(bytes)))?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(object: &BuiltObject) -> Value {
    let bytes = i64::try_from(object.bytes).unwrap_or(i64::MAX);
    let pairs = [
        ("key", Value::from(object.key.clone())),
        ("path", object.path.display().to_string().into()),
        ("bytes", bytes.into()),
    ];
    Map::from(pairs).into()
}
