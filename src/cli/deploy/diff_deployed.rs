//! What is deployed, for `diff` to compare with.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::assembly::LoadedAssembly;
use crate::core::{Environment, Synthesis};
use crate::deploy::deployed_template;
use crate::diff::{Changes, StackTemplate, diff, read_stacks};

use super::super::console::Console;
use super::super::error::Failure;
use super::super::synth;
use super::{aws, target};

/// The arguments that `diff` has beside those for files.
pub(in super::super) fn arguments(command: Command) -> Command {
    let command = command.arg(
        Arg::new("deployed")
            .long("deployed")
            .help("Compares with what is deployed")
            .action(ArgAction::SetTrue)
            .conflicts_with_all(["against", "templates"]),
    );
    let command = target::app(command).mut_arg("app", |argument| argument.requires("deployed"));
    aws::arguments(command)
        .mut_arg("local", |argument| argument.requires("deployed"))
        .mut_arg("region", |argument| argument.requires("deployed"))
        .mut_arg("profile", |argument| argument.requires("deployed"))
}

/// What differs between an assembly that was written before and what is deployed; none where no assembly is named.
pub(in super::super) fn changes(own: &ArgMatches, console: &mut Console<'_>) -> Result<Option<Changes>, Failure> {
    let Some(folder) = own.get_one::<PathBuf>("app") else { return Ok(None) };
    let assembly = LoadedAssembly::read(folder).map_err(|error| synth::failure(&error))?;
    let after = read_stacks(folder)?;
    let environments = assembly.stacks().iter().map(|stack| (stack.name.as_str(), &stack.environment)).collect();
    let before = deployed(&environments, own, console)?;
    let mut changes = diff(&before, &after);
    if own.get_many::<String>("stacks").is_some() {
        let chosen = aws::choose(&assembly, own)?;
        changes.stacks.retain(|stack| chosen.contains(&stack.name));
    }
    Ok(Some(changes))
}

/// The stacks of the app that are deployed, with the templates that they were deployed with.
pub(in super::super) fn templates(
    synthesis: &Synthesis,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Vec<StackTemplate>, Failure> {
    let environments = synthesis.stacks.iter().map(|stack| (stack.name.as_str(), &stack.environment)).collect();
    deployed(&environments, own, console)
}

fn deployed(
    environments: &BTreeMap<&str, &Environment>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Vec<StackTemplate>, Failure> {
    aws::wait("interrupted", async {
        let connection = aws::connect(own, console).await?;
        let mut templates = Vec::new();
        for (name, environment) in environments {
            let aws = target::in_environment(&connection, environment);
            if let Some(template) = deployed_template(&aws, name).await? {
                templates.push(StackTemplate::new(*name, template));
            }
        }
        Ok(templates)
    })
}
