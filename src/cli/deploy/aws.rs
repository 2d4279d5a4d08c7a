//! Which AWS a command talks to, and how long it does.

use std::future::Future;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};

use crate::assembly::LoadedAssembly;
use crate::core::App;
use crate::deploy::{Aws, Connection, DeployError};
use crate::local::LocalAws;

use super::super::console::Console;
use super::super::context::Context;
use super::super::error::Failure;
use super::super::glob;
use super::super::options::INTERRUPTED;
use super::super::outcome::BuildOutcome;
use super::super::synth;
use super::{interrupt, target};

/// The arguments that say which AWS it is.
pub(super) fn arguments(command: Command) -> Command {
    command
        .arg(
            Arg::new("local")
                .long("local")
                .help("Uses the local AWS, which is started when it does not run")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["region", "profile"]),
        )
        .arg(
            Arg::new("region")
                .long("region")
                .value_name("REGION")
                .help("The region of stacks that are not fixed to one"),
        )
        .arg(Arg::new("profile").long("profile").value_name("PROFILE").help("A profile of the AWS configuration files"))
}

/// The arguments that say which stacks: of the app, or of an assembly that was written before.
pub(super) fn stacks(command: Command) -> Command {
    command
        .arg(
            Arg::new("app")
                .long("app")
                .value_name("DIR")
                .help("Uses an assembly that `synth` wrote, instead of the app")
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath),
        )
        .arg(Arg::new("all").long("all").help("All stacks").action(ArgAction::SetTrue).conflicts_with("stacks"))
        .arg(
            Arg::new("stacks")
                .value_name("STACK")
                .help("Names of stacks, or patterns such as 'etl-*'")
                .num_args(0..)
                .action(ArgAction::Append),
        )
}

/// Finds the AWS that the arguments name. Nothing is sent yet.
pub(super) async fn connect(own: &ArgMatches, console: &mut Console<'_>) -> Result<Aws, Failure> {
    let text = |name: &str| own.get_one::<String>(name).cloned();
    let mut connection = Connection { region: text("region"), profile: text("profile"), ..Connection::default() };
    if own.get_flag("local") {
        let local = LocalAws::of_user()?;
        let mut told = Ok(());
        let started = local.start(None, &mut |progress| {
            told = super::super::local::tell(progress, console);
        })?;
        told?;
        let environment = started.endpoint.environment();
        let value = |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        connection.endpoint = value("AWS_ENDPOINT_URL");
        connection.region = value("AWS_REGION");
        connection.access_key = value("AWS_ACCESS_KEY_ID").zip(value("AWS_SECRET_ACCESS_KEY"));
    }
    Ok(Aws::connect(&connection).await?)
}

/// The assembly: the one that the arguments name, or the app's, which is written first.
pub(super) fn assembly<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<LoadedAssembly, Failure> {
    let folder = match own.get_one::<PathBuf>("app") {
        Some(folder) => folder.clone(),
        None => synth::write_assembly(context, console)?,
    };
    LoadedAssembly::read(folder).map_err(|error| synth::failure(&error))
}

/// The stacks that the arguments name, in the order of their deployment.
pub(super) fn choose(assembly: &LoadedAssembly, own: &ArgMatches) -> Result<Vec<String>, Failure> {
    let names: Vec<&str> = assembly.stacks().iter().map(|stack| stack.name.as_str()).collect();
    let patterns: Vec<&String> = own.get_many("stacks").into_iter().flatten().collect();
    if patterns.is_empty() {
        if own.get_flag("all") || names.len() == 1 {
            return Ok(names.into_iter().map(str::to_owned).collect());
        }
        let failure = Failure::usage("no stack is named");
        return Err(
            failure.hint(format!("name stacks or patterns, or all with `--all`; they are {}", names.join(", ")))
        );
    }
    for pattern in &patterns {
        if !names.iter().any(|name| glob::matches(pattern, name)) {
            let failure = Failure::usage(format!("no stack is called `{pattern}`"));
            return Err(match crate::assets::nearest(pattern, names.iter().copied()) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint(format!("the stacks are {}", names.join(", "))),
            });
        }
    }
    let is_chosen = |name: &&&str| patterns.iter().any(|pattern| glob::matches(pattern, name));
    Ok(names.iter().filter(is_chosen).map(|name| (*name).to_owned()).collect())
}

/// What `look` finds of each stack that the arguments name, in the order of their deployment. It is called with the services
/// in the region of the stack, and its name.
pub(super) fn each<O: BuildOutcome, T>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
    look: &impl AsyncFn(&Aws, &str) -> Result<T, DeployError>,
) -> Result<Vec<(String, T)>, Failure> {
    let assembly = assembly(context, own, console)?;
    let names = choose(&assembly, own)?;
    wait("interrupted", async {
        let connection = connect(own, console).await?;
        let mut found = Vec::new();
        for name in names {
            let aws = target::of_stack(&connection, &assembly, &name);
            let seen = look(&aws, &name).await?;
            found.push((name, seen));
        }
        Ok(found)
    })
}

/// Runs a command that waits for AWS to its end, or until it is interrupted: then `interrupted` says what goes on without
/// it.
pub(super) fn wait<T>(interrupted: &str, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    wait_or(Failure::new(interrupted), work)
}

/// As [`wait`], with what to do about the interruption.
pub(super) fn wait_or<T>(interrupted: Failure, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of(&error))?;
    let interrupt = interrupt::listen();
    runtime.block_on(async {
        tokio::select! {
            result = work => result,
            // Where interrupts cannot be heard of, they end the program.
            Ok(()) = interrupt => Err(interrupted.code(INTERRUPTED)),
        }
    })
}
