//! `asset build`: builds one asset, for the CDK's command line.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, ValueHint, value_parser};

use crate::assembly::LoadedAssembly;
use crate::core::App;

use super::super::console::Console;
use super::super::context::Context;
use super::super::error::Failure;
use super::super::options::{examples, exit_codes};
use super::super::outcome::BuildOutcome;
use super::super::synth;
use super::ship;

pub(super) fn command(name: &str) -> Command {
    let build = Command::new("build")
        .about("Builds one asset and prints the path of its file")
        .long_about(
            "Builds one asset and prints the path of its file.\n\n\
             The CDK's command line calls it for what must be built: the assembly names it. It is called in the folder that \
             the CDK's command line was called in.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(name, &[("asset build 1c0a…", "Build what has this hash in stackgen.out")]),
            exit_codes(&[(0, "the file is there"), (1, "it cannot be built"), (2, "the command line is wrong")])
        ))
        .arg(Arg::new("hash").value_name("HASH").help("The hash of the asset, as manifests name it").required(true))
        .arg(
            Arg::new("app")
                .long("app")
                .value_name("DIR")
                .help("The assembly that has the asset")
                .default_value("stackgen.out")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath),
        );
    Command::new("asset")
        .about("What stacks ship, one by one: for the CDK's command line")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(ship::arguments(build))
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: &Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let Some(("build", own)) = own.subcommand() else { return Err(Failure::usage("`asset` takes `build`")) };
    let folder = own.get_one::<PathBuf>("app").cloned().unwrap_or_default();
    let assembly = LoadedAssembly::read(&folder).map_err(|error| synth::failure(&error))?;
    let hash = own.get_one::<String>("hash").map_or("", String::as_str);
    let Some(asset) = assembly.assets().values().find(|asset| asset.hash == hash) else {
        let failure = Failure::usage(format!("no asset of `{}` has the hash `{hash}`", folder.display()));
        return Err(
            failure.hint("the `.assets.json` files in the folder have the hashes of all; `synth` writes them anew")
        );
    };
    let built = ship::build(&assembly, std::slice::from_ref(asset), &context.root(), &ship::options(own), console)?;
    // The object of the asset itself: a program has its checksum beside it.
    for object in built.iter().flat_map(|asset| asset.objects.iter().filter(|object| object.key == asset.key)) {
        let path = std::path::absolute(&object.path)?;
        writeln!(console.output(), "{}", path.display())?;
    }
    Ok(ExitCode::SUCCESS)
}
