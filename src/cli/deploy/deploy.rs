//! `deploy`: brings stacks to what the app says.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, ValueHint, value_parser};
use stackgen_template::{Map, Value, to_json};

use crate::assets::build::BuildOptions;
use crate::core::App;
use crate::deploy::{
    self, Approval, DeployError, DeployErrorKind, DeployOptions, Mode, Proposal, Report, StackOptions,
};
use crate::diff::render::{TextOptions, text};

use super::super::console::{Console, Style};
use super::super::context::Context;
use super::super::error::Failure;
use super::super::github_summary;
use super::super::options::{INTERRUPTED, examples, exit_codes, json};
use super::super::outcome::BuildOutcome;
use super::aws;
use super::interrupt::while_asking;
use super::progress::Progress;
use super::ship::{self, ship};
use super::summary;

/// The exit code when changes were not approved.
const NOT_APPROVED: u8 = 3;

const EXIT_CODES: [(u8, &str); 5] = [
    (0, "all stacks are as they shall be"),
    (1, "a stack failed, or the app has errors"),
    (2, "the command line is wrong"),
    (NOT_APPROVED, "changes were not approved"),
    (INTERRUPTED, "interrupted: what was begun goes on, and the same command follows it"),
];

/// The words of `--require-approval`.
#[derive(Debug, Clone, Copy)]
struct ApprovalWord(Approval);

impl ValueEnum for ApprovalWord {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Approval::Never), Self(Approval::Broadening), Self(Approval::Destructive), Self(Approval::Any)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self.0 {
            Approval::Never => PossibleValue::new("never").help("None"),
            Approval::Broadening => PossibleValue::new("broadening").help("What allows or opens more than before"),
            Approval::Destructive => {
                PossibleValue::new("destructive").help("That, and what deletes or replaces a resource")
            }
            Approval::Any => PossibleValue::new("any").help("All changes"),
        })
    }
}

pub(super) fn command(name: &str) -> Command {
    let command = Command::new("deploy")
        .about("Brings stacks to what the app says")
        .long_about(
            "Brings stacks to what the app says.\n\n\
             Functions and sites that are not uploaded yet are built first. Stacks that do not need each other are deployed \
             side by side. What is begun goes on at AWS by itself: when this command is cut short, the same command follows \
             what is under way and ends in the same state.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("deploy --all", "All stacks, asking before access is opened"),
                    ("deploy --local --all --require-approval never", "All stacks on the local AWS"),
                    ("deploy 'etl-*' --dry-run", "Say what would be done to some, and leave nothing behind"),
                    ("deploy --app stackgen.out --all --no-build", "What another job synthesized and built"),
                ],
            ),
            exit_codes(&EXIT_CODES)
        ));
    ship::arguments(aws::arguments(aws::stacks(command))).args([
        Arg::new("require-approval")
            .long("require-approval")
            .value_name("WHICH")
            .help("Which changes need a yes")
            .default_value("broadening")
            .value_parser(EnumValueParser::<ApprovalWord>::new()),
        Arg::new("parameters")
            .long("parameters")
            .value_name("STACK:KEY=VALUE")
            .help("The value of a parameter; others keep theirs")
            .action(ArgAction::Append)
            .value_parser(parameter),
        Arg::new("outputs-file")
            .long("outputs-file")
            .value_name("FILE")
            .help("Writes the outputs of the stacks to a JSON file")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath),
        Arg::new("concurrency")
            .long("concurrency")
            .value_name("N")
            .help("How many stacks are worked on side by side")
            .default_value("4")
            .value_parser(value_parser!(u16).range(1..=50)),
        switch("dry-run", "Says what would be done, and leaves nothing behind"),
        switch("prepare", "Leaves the changes planned, for `--execute` to make").conflicts_with("dry-run"),
        switch("execute", "Makes the changes that `--prepare` planned").conflicts_with_all(["dry-run", "prepare"]),
        switch("no-rollback", "Leaves a change that fails as far as it came"),
        switch("express", "Ends when all is configured, before it is ready for traffic"),
        switch("no-build", "Builds nothing: another job has").conflicts_with_all(["zig", "stand-ins"]),
        Arg::new("role-arn").long("role-arn").value_name("ARN").help("A role for CloudFormation to take on"),
        Arg::new("notification-arn")
            .long("notification-arn")
            .value_name("ARN")
            .help("A topic that is told of every event")
            .action(ArgAction::Append),
        Arg::new("rollback-alarm")
            .long("rollback-alarm")
            .value_name("ARN")
            .help("An alarm that has the changes taken back when it goes off")
            .action(ArgAction::Append),
        Arg::new("stack-policy")
            .long("stack-policy")
            .value_name("FILE")
            .help("A stack policy, as JSON")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath),
        json().help("Prints events as JSON, one object a line"),
    ])
}

fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
}

fn parameter(text: &str) -> Result<(String, String, String), String> {
    let parts = text.split_once('=').and_then(|(key, value)| Some((key.split_once(':')?, value)));
    match parts {
        Some(((stack, key), value)) if !stack.is_empty() && !key.is_empty() => {
            Ok((stack.to_owned(), key.to_owned(), value.to_owned()))
        }
        _ => Err("a parameter is written `Stack:Key=Value`".to_owned()),
    }
}

pub(in super::super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let root = context.root();
    let options = options(own)?;
    let assembly = aws::assembly(context, own, console)?;
    let names = aws::choose(&assembly, own)?;
    for stack in options.parameters.keys() {
        if !names.contains(stack) {
            return Err(Failure::usage(format!("a parameter is given for `{stack}`, which is not deployed")));
        }
    }
    let is_json = own.get_flag("json");
    let interrupted = Failure::new("interrupted: what was begun goes on at AWS").hint(
        "the same command follows it to its end; `aws cloudformation cancel-update-stack --stack-name STACK` takes an update \
         back, and `destroy STACK` deletes a stack that is being made",
    );
    let report = aws::wait_or(interrupted, async {
        let aws = aws::connect(own, console).await?;
        if !matches!(options.mode, Mode::DryRun | Mode::Execute) {
            let build = BuildOptions { no_build: own.get_flag("no-build"), ..ship::options(own) };
            ship(&aws, &assembly, &names, &root, &build, console).await?;
        }
        let console = RefCell::new(&mut *console);
        let progress = Progress::new(&console, is_json, &names);
        let approve = |proposal: &Proposal<'_>| progress.aside(|| approve(proposal, &console));
        let listen = |event| progress.tell(&event);
        let report = progress.during(deploy::deploy(&aws, &assembly, &names, &options, &listen, &approve)).await?;
        progress.finish()?;
        Ok(report)
    })?;
    if let Some(path) = own.get_one::<PathBuf>("outputs-file") {
        let written = fs::write(path, to_json(&outputs(&report)) + "\n");
        written.map_err(|error| {
            Failure::of(&error).hint(format!("`{}` is where `--outputs-file` points", path.display()))
        })?;
    }
    if !is_json {
        print(&report, console)?;
    }
    github_summary::add(|| summary::markdown(&report))?;
    conclude(report)
}

/// What the command line says, beyond which stacks and which AWS.
fn options(own: &ArgMatches) -> Result<DeployOptions, Failure> {
    let texts = |name: &str| own.get_many::<String>(name).into_iter().flatten().cloned().collect::<Vec<_>>();
    let stack_policy = match own.get_one::<PathBuf>("stack-policy") {
        Some(path) => Some(fs::read_to_string(path).map_err(|error| {
            Failure::of(&error).hint(format!("`{}` is where `--stack-policy` points", path.display()))
        })?),
        None => None,
    };
    let mut parameters: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (stack, key, value) in own.get_many::<(String, String, String)>("parameters").into_iter().flatten() {
        parameters.entry(stack.clone()).or_default().insert(key.clone(), value.clone());
    }
    let mode = match (own.get_flag("dry-run"), own.get_flag("prepare"), own.get_flag("execute")) {
        (true, ..) => Mode::DryRun,
        (_, true, _) => Mode::Prepare,
        (_, _, true) => Mode::Execute,
        _ => Mode::Deploy,
    };
    Ok(DeployOptions {
        stack: StackOptions {
            role: own.get_one("role-arn").cloned(),
            notification_topics: texts("notification-arn"),
            rollback_alarms: texts("rollback-alarm"),
            stack_policy,
            no_rollback: own.get_flag("no-rollback"),
            express: own.get_flag("express"),
        },
        parameters,
        concurrency: own.get_one::<u16>("concurrency").copied().unwrap_or(4).into(),
        mode,
        approval: own.get_one::<ApprovalWord>("require-approval").map(|word| word.0).unwrap_or_default(),
    })
}

/// Shows changes and asks. Where nobody can be asked, the answer is no, with what to do.
fn approve(proposal: &Proposal<'_>, console: &RefCell<&mut Console<'_>>) -> Result<bool, DeployError> {
    let mut console = console.borrow_mut();
    let options = TextOptions { color: console.messages_palette().color, ..TextOptions::default() };
    let unreadable = |error: io::Error| {
        DeployError::new(DeployErrorKind::Local, "cannot ask whether changes are approved").cause(error)
    };
    write!(console.messages(), "\n{}\n", text(proposal.changes, &options)).map_err(unreadable)?;
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        console.flush().map_err(unreadable)?;
        let message = format!("the changes of `{}` need a yes, and nobody can be asked", proposal.stack);
        let error = DeployError::new(DeployErrorKind::NotApproved, message);
        return Err(error.hint("look at them with `diff`, and deploy with `--require-approval never`"));
    }
    let mut answer = String::new();
    let asked = while_asking(|| {
        write!(console.messages(), "make these changes to `{}`? [y/N] ", proposal.stack)?;
        console.flush()?;
        io::stdin().lock().read_line(&mut answer)
    });
    asked.map_err(unreadable)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

fn outputs(report: &Report) -> Value {
    let stacks = report.deployed.iter().map(|stack| {
        let outputs: Map =
            stack.outputs.iter().map(|(key, value)| (key.clone().into(), value.clone().into())).collect();
        (stack.name.clone().into(), outputs.into())
    });
    stacks.collect::<Map>().into()
}

/// Prints what was planned, or the outputs.
fn print(report: &Report, console: &mut Console<'_>) -> io::Result<()> {
    let palette = console.output_palette();
    for stack in &report.deployed {
        for change in &stack.planned {
            let replaces = if change.replacement.as_deref() == Some("True") { ", replaced" } else { "" };
            let (action, id, kind) = (&change.action, &change.logical_id, &change.type_name);
            writeln!(console.output(), "{}: {action} {id} ({kind}{replaces})", stack.name)?;
        }
    }
    let with_outputs = || report.deployed.iter().filter(|stack| !stack.outputs.is_empty() && stack.planned.is_empty());
    for stack in with_outputs() {
        writeln!(console.output(), "\n{}", palette.styled(&stack.name, Style::Strong))?;
        let width = stack.outputs.keys().map(String::len).max().unwrap_or_default();
        for (key, value) in &stack.outputs {
            writeln!(console.output(), "  {key:width$}  {value}")?;
        }
    }
    Ok(())
}

/// The exit code, or the failures.
fn conclude(report: Report) -> Result<ExitCode, Failure> {
    let mut failed = report.failed.into_iter();
    let Some((_, first)) = failed.next() else { return Ok(ExitCode::SUCCESS) };
    let code = if first.kind() == DeployErrorKind::NotApproved { NOT_APPROVED } else { 1 };
    let mut failure = Failure::from(first).code(code);
    for (_, error) in failed {
        failure.message = format!("{}\n{error}", failure.message);
    }
    Err(failure)
}
