//! What is deployed, for `diff` to compare with.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::assembly::LoadedAssembly;
use crate::core::{Environment, Synthesis};
use crate::deploy::{self, Approval, DeployOptions, Mode, deployed_template};
use crate::diff::{Changes, StackTemplate, read_stacks};

use super::super::console::Console;
use super::super::error::Failure;
use super::super::older::Before;
use super::super::synth;
use super::{aws, diff_opinion, target};

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
    let command = command
        .arg(
            Arg::new("change-set")
                .long("change-set")
                .help(
                    "Asks CloudFormation too, and says where it plans otherwise; with --app, under a role that deploys",
                )
                .action(ArgAction::SetTrue)
                .requires("app"),
        )
        .arg(
            Arg::new("drift")
                .long("drift")
                .help("Says too what was changed past CloudFormation since it was deployed")
                .action(ArgAction::SetTrue)
                .requires("deployed"),
        );
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
    let mut changes = deployed(&environments, own, console)?.compare(&after);
    if own.get_many::<String>("stacks").is_some() {
        let chosen = aws::choose(&assembly, own)?;
        changes.stacks.retain(|stack| chosen.contains(&stack.name));
    }
    if own.get_flag("change-set") {
        ask(&mut changes, &assembly, own, console)?;
    }
    Ok(Some(changes))
}

/// Has CloudFormation plan the changes, and adds where it says otherwise. The plans are deleted again.
fn ask(
    changes: &mut Changes,
    assembly: &LoadedAssembly,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let options = DeployOptions { mode: Mode::DryRun, approval: Approval::Never, ..DeployOptions::default() };
    aws::wait("interrupted", async {
        let connection = aws::connect(own, console).await?;
        for stack in &mut changes.stacks {
            let name = [stack.name.clone()];
            let report = deploy::deploy(&connection, assembly, &name, &options, &|_| {}, &|_| Ok(true)).await?;
            for deployed in &report.deployed {
                stack.notices.extend(diff_opinion::of_plan(stack, &deployed.planned));
            }
            stack.notices.extend(report.failed.iter().map(|(_, error)| diff_opinion::of_failure(error)));
            stack.notices.sort_by_key(|notice| notice.gravity);
        }
        Ok(())
    })
}

/// The stacks of the app that are deployed, with the templates that they were deployed with.
pub(in super::super) fn templates(
    synthesis: &Synthesis,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Before, Failure> {
    let environments = synthesis.stacks.iter().map(|stack| (stack.name.as_str(), &stack.environment)).collect();
    deployed(&environments, own, console)
}

fn deployed(
    environments: &BTreeMap<&str, &Environment>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Before, Failure> {
    aws::wait("interrupted", async {
        let connection = aws::connect(own, console).await?;
        let mut before = Before::default();
        for (name, environment) in environments {
            let aws = target::in_environment(&connection, environment);
            if let Some(template) = deployed_template(&aws, name).await? {
                before.templates.push(StackTemplate::new(*name, template));
            }
            if own.get_flag("drift")
                && let Some(drift) = deploy::drift(&aws, name).await?
            {
                before.notices.insert((*name).to_owned(), diff_opinion::of_drift(&drift));
            }
        }
        Ok(before)
    })
}
