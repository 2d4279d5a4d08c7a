//! The command line of `diff`.

use std::path::PathBuf;

use clap::builder::EnumValueParser;
use clap::{Arg, ArgAction, Command, ValueHint, value_parser};

use super::super::options::{INTERRUPTED, examples, exit_codes, json, stacks};
use super::output::Format;
use super::severity::{REFUSED, Severity};

const EXIT_CODES: [(u8, &str); 9] = [
    (0, "nothing that --fail-on names"),
    (1, "the app has errors, or a template cannot be read"),
    (2, "the command line is wrong"),
    (Severity::Any.exit_code(), "something differs"),
    (Severity::Broadening.exit_code(), "something is allowed, reachable or public that was not before"),
    (Severity::Destructive.exit_code(), "a resource is deleted or replaced, or may be"),
    (Severity::DataLoss.exit_code(), "data is lost, or may be"),
    (REFUSED, "CloudFormation will refuse the deployment; this one without --fail-on too"),
    (INTERRUPTED, "interrupted"),
];

/// The command as clap knows it.
pub(in super::super) fn command(name: &str) -> Command {
    let deployed = cfg!(all(feature = "deploy", unix)).then_some(("diff --deployed", "What a deployment would do now"));
    let lines = [
        ("diff --against stackgen.out", "What changed since the last synth"),
        ("diff --against git:main", "What this branch changes"),
        ("diff web --against old.yaml", "One stack, against a template that anyone wrote"),
        ("diff --templates old.json new.json", "Any two templates, or two folders of them"),
        ("diff --against git:main --fail-on broadening,data-loss", "For a check in CI"),
    ];
    let examples = examples(name, &deployed.into_iter().chain(lines).collect::<Vec<_>>());
    let command = Command::new("diff")
        .about("Shows what a deployment will do: to resources, data, access and networks")
        .long_about(
            "Shows what a deployment will do: to resources, data, access and networks.\n\n\
             Values are compared by what they mean. The schema of each resource type says which change replaces the resource; \
             what refers to it is followed. Where GITHUB_STEP_SUMMARY is set, the changes are added to that file as Markdown.",
        )
        .after_help(format!("{examples}\n\n{}\nOf several, the gravest of what --fail-on names is given.", exit_codes(&EXIT_CODES)))
        .arg(
            Arg::new("against")
                .long("against")
                .value_name("FILE|DIR|git:REV")
                .help("What to compare the app with: a template, an assembly or folder of templates, or a revision of the app")
                .long_help(
                    "What to compare the app with: a template, an assembly or folder of templates, or a revision of the app.\n\n\
                     A revision is checked out apart below cargo's target folder, built there and asked for its templates, which \
                     are kept for the next time.",
                )
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::AnyPath),
        )
        .arg(
            Arg::new("templates")
                .long("templates")
                .value_names(["OLD", "NEW"])
                .help("Compares two templates, or two folders of them, instead of the app")
                .num_args(2)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::AnyPath)
                .conflicts_with_all(["against", "stacks"]),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .help("How the changes are printed")
                .default_value("text")
                .value_parser(EnumValueParser::<Format>::new()),
        )
        .arg(json().help("The same as --format json").conflicts_with("format"))
        .arg(
            Arg::new("unified")
                .short('U')
                .long("unified")
                .value_name("N")
                .help("How many lines to show around those that differ, in texts of several lines")
                .default_value("3")
                .value_parser(value_parser!(usize)),
        )
        .arg(
            Arg::new("fail-on")
                .long("fail-on")
                .value_name("WHAT")
                .help("What makes the command fail: one of these, or several with commas between them")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .value_parser(EnumValueParser::<Severity>::new()),
        )
        .arg(stacks());
    with_deployed(command)
}

/// What is deployed can be compared with too, where the commands that talk to AWS are.
#[cfg(all(feature = "deploy", unix))]
fn with_deployed(command: Command) -> Command {
    super::super::deploy::deployed_arguments(command)
}

#[cfg(not(all(feature = "deploy", unix)))]
fn with_deployed(command: Command) -> Command {
    command
}
