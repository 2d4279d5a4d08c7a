//! `diff`: what a deployment will do.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, ValueHint, value_parser};

use crate::core::{App, Synthesis};
use crate::diff::render::{MarkdownOptions, TextOptions, json, markdown, text};
use crate::diff::{Changes, Notice, Revision, SourceError, StackTemplate, diff, read_stacks};

use super::console::{Console, Style};
use super::context::{Context, Dependencies, select};
use super::error::Failure;
use super::options::{INTERRUPTED, examples, exit_codes, json as json_argument, stacks};
use super::outcome::BuildOutcome;
use super::problems;

/// What stands in front of a revision.
const REVISION: &str = "git:";

/// The bytes that GitHub takes as the summary of a step, and some to spare.
const SUMMARY_LIMIT: usize = 1_000_000;

/// The width of text that is not for a terminal.
const WIDTH: usize = 120;

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

/// The exit code when CloudFormation will refuse the deployment.
const REFUSED: u8 = 7;

/// How changes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Markdown,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Json, Self::Markdown]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Text => PossibleValue::new("text").help("A tree, for people"),
            Self::Json => {
                PossibleValue::new("json").help("For programs; its JSON schema is src/diff/changes.schema.json")
            }
            Self::Markdown => {
                PossibleValue::new("markdown").help("For the comment of a pull request, within its limit")
            }
        })
    }
}

/// What makes the command fail, from harmless to grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Any,
    Broadening,
    Destructive,
    DataLoss,
}

impl Severity {
    const fn exit_code(self) -> u8 {
        match self {
            Self::Any => 3,
            Self::Broadening => 4,
            Self::Destructive => 5,
            Self::DataLoss => 6,
        }
    }

    fn is_in(self, changes: &Changes) -> bool {
        match self {
            Self::Any => !changes.is_empty(),
            Self::Broadening => changes.is_broadening(),
            Self::Destructive => changes.is_destructive(),
            Self::DataLoss => changes.loses_data(),
        }
    }
}

impl ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Any, Self::Broadening, Self::Destructive, Self::DataLoss]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Any => PossibleValue::new("any").help("Anything that differs"),
            Self::Broadening => PossibleValue::new("broadening").help("More is allowed, reachable or public"),
            Self::Destructive => PossibleValue::new("destructive").help("A resource is deleted or replaced, or may be"),
            Self::DataLoss => PossibleValue::new("data-loss").help("Data is lost, or may be"),
        })
    }
}

/// The command as clap knows it.
pub(super) fn command(name: &str) -> Command {
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
        .arg(json_argument().help("The same as --format json").conflicts_with("format"))
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
    super::deploy::deployed_arguments(command)
}

#[cfg(not(all(feature = "deploy", unix)))]
fn with_deployed(command: Command) -> Command {
    command
}

/// The stacks as they are deployed, where it was asked for them.
#[cfg(all(feature = "deploy", unix))]
fn deployed(synthesis: &Synthesis, own: &ArgMatches, console: &mut Console<'_>) -> Result<Option<Before>, Failure> {
    own.get_flag("deployed").then(|| super::deploy::deployed_templates(synthesis, own, console)).transpose()
}

/// What differs between an assembly that was written before and what is deployed, where it was asked for that.
#[cfg(all(feature = "deploy", unix))]
fn of_assembly(own: &ArgMatches, console: &mut Console<'_>) -> Result<Option<Changes>, Failure> {
    super::deploy::changes_of_assembly(own, console)
}

#[cfg(not(all(feature = "deploy", unix)))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
fn of_assembly(_: &ArgMatches, _: &mut Console<'_>) -> Result<Option<Changes>, Failure> {
    Ok(None)
}

#[cfg(not(all(feature = "deploy", unix)))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
fn deployed(_: &Synthesis, _: &ArgMatches, _: &mut Console<'_>) -> Result<Option<Before>, Failure> {
    Ok(None)
}

pub(super) fn run<O: BuildOutcome>(
    name: &str,
    context: Context<impl FnOnce(&mut App) -> O>,
    matches: &ArgMatches,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let compared = match own.get_many::<PathBuf>("templates") {
        Some(paths) => Compared { changes: of_templates(&paths.collect::<Vec<_>>())?, has_errors: false },
        None => match of_assembly(own, console)? {
            Some(changes) => Compared { changes, has_errors: false },
            None => of_app(name, context, matches, own, console)?,
        },
    };
    print(&compared.changes, own, console)?;
    summarize(&compared.changes, own)?;
    let code = if compared.has_errors { 1 } else { exit_code(&compared.changes, own) };
    Ok(ExitCode::from(code))
}

/// The older side: stacks as they are deployed, or as they were written.
#[derive(Default)]
pub(super) struct Before {
    /// The stacks with their templates.
    pub(super) templates: Vec<StackTemplate>,
    /// What is to be told of each stack, whatever differs.
    pub(super) notices: BTreeMap<String, Vec<Notice>>,
}

impl Before {
    /// What differs between it and `after`.
    pub(super) fn compare(mut self, after: &[StackTemplate]) -> Changes {
        let mut changes = diff(&self.templates, after);
        for stack in &mut changes.stacks {
            stack.notices.extend(self.notices.remove(&stack.name).unwrap_or_default());
            stack.notices.sort_by_key(|notice| notice.gravity);
        }
        changes
    }
}

/// What was compared, and whether the app reported errors: then the changes may not be all.
struct Compared {
    changes: Changes,
    has_errors: bool,
}

fn of_templates(paths: &[&PathBuf]) -> Result<Changes, Failure> {
    let [old, new] = paths else { return Err(Failure::usage("`--templates` takes two files or folders")) };
    let (mut before, after) = (read_stacks(old)?, read_stacks(new)?);
    // Two files are two forms of one stack, whatever they are called.
    if let ([before], [after]) = (&mut *before, &*after)
        && old.is_file()
        && new.is_file()
    {
        before.name.clone_from(&after.name);
    }
    Ok(diff(&before, &after))
}

fn of_app<O: BuildOutcome>(
    name: &str,
    context: Context<impl FnOnce(&mut App) -> O>,
    matches: &ArgMatches,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Compared, Failure> {
    let against = own.get_one::<PathBuf>("against");
    let root = context.root();
    let mut synthesis = context.synthesize(false)?;
    let deployed = deployed(&synthesis, own, console)?;
    if against.is_none() && deployed.is_none() {
        return Err(Failure::usage("nothing is given to compare the app with").hint(
            "`--against stackgen.out` compares with what `synth` wrote last, `--against git:main` with a revision",
        ));
    }
    let after: Vec<StackTemplate> = synthesis.stacks.iter().map(StackTemplate::from).collect();
    select(&mut synthesis, own, Dependencies::Left)?;
    let has_errors = synthesis.has_errors();
    problems::print(&mut synthesis.problems, console)?;
    let file = against.filter(|path| path.is_file());
    let mut before = match (deployed, against) {
        (Some(deployed), _) => deployed,
        (None, Some(path)) => {
            let templates = match path.to_str().and_then(|text| text.strip_prefix(REVISION)) {
                Some(revision) => of_revision(name, revision, &root, matches, console)?,
                None => read_stacks(path)?,
            };
            Before { templates, ..Before::default() }
        }
        (None, None) => Before::default(),
    };
    let chosen: Vec<&str> = synthesis.stacks.iter().map(|stack| stack.name.as_str()).collect();
    if let Some(file) = file {
        one_stack(&mut before.templates, &chosen, file)?;
    }
    // Other stacks may use what a chosen one removes: all are compared, and the chosen ones shown.
    let mut changes = before.compare(&after);
    if file.is_some() || own.get_many::<String>("stacks").is_some() {
        changes.stacks.retain(|stack| chosen.contains(&stack.name.as_str()));
    }
    Ok(Compared { changes, has_errors })
}

/// A file is compared with one stack, whatever it is called.
fn one_stack(before: &mut [StackTemplate], chosen: &[&str], file: &Path) -> Result<(), Failure> {
    match (before, chosen) {
        ([before], [name]) => {
            (*name).clone_into(&mut before.name);
            Ok(())
        }
        _ => {
            let message = format!("`{}` is one template, but there are {} stacks", file.display(), chosen.len());
            Err(Failure::usage(message).hint("name the stack to compare with it: `diff STACK --against FILE`"))
        }
    }
}

fn of_revision(
    program: &str,
    revision: &str,
    root: &Path,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Vec<StackTemplate>, Failure> {
    let values = matches.get_many::<(String, String)>("context").into_iter().flatten();
    let arguments: Vec<String> =
        values.flat_map(|(key, value)| ["--context".to_owned(), format!("{key}={value}")]).collect();
    let label = console.messages_palette().styled("comparing", Style::Success).to_string();
    console.note(format_args!("{label} with the app of {revision}"))?;
    console.flush()?;
    let source = Revision { root, name: revision, program, arguments: &arguments };
    Ok(read_stacks(&source.assembly(console.is_quiet())?)?)
}

fn print(changes: &Changes, own: &ArgMatches, console: &mut Console<'_>) -> Result<(), Failure> {
    let format =
        if own.get_flag("json") { Format::Json } else { own.get_one("format").copied().unwrap_or(Format::Text) };
    let context = context_of(own);
    let output = match format {
        Format::Text => {
            let color = console.output_palette().color;
            text(changes, &TextOptions { color, width: width(), context })
        }
        Format::Json => json(changes),
        Format::Markdown => markdown(changes, &MarkdownOptions { context, ..MarkdownOptions::default() }),
    };
    Ok(console.output().write_all(output.as_bytes())?)
}

fn context_of(own: &ArgMatches) -> usize {
    own.get_one("unified").copied().unwrap_or(3)
}

/// Adds the changes to the summary of a step, where GitHub asks for one.
fn summarize(changes: &Changes, own: &ArgMatches) -> Result<(), Failure> {
    let options = MarkdownOptions { limit: SUMMARY_LIMIT, context: context_of(own), ..MarkdownOptions::default() };
    add_to_summary(|| markdown(changes, &options))
}

/// Adds a page of Markdown to the summary of a step, where GitHub asks for one.
pub(super) fn add_to_summary(page: impl FnOnce() -> String) -> Result<(), Failure> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let page = page();
    let written =
        OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| file.write_all(page.as_bytes()));
    written.map_err(|error| {
        let mut failure = Failure::new("cannot write the summary that GITHUB_STEP_SUMMARY names");
        failure.causes.push(error.to_string());
        failure
    })
}

fn exit_code(changes: &Changes, own: &ArgMatches) -> u8 {
    if changes.is_refused() {
        return REFUSED;
    }
    let named: Vec<Severity> = own.get_many("fail-on").into_iter().flatten().copied().collect();
    let all = Severity::value_variants().iter().rev();
    let counts = |severity: &&Severity| named.contains(&Severity::Any) || named.contains(severity);
    all.filter(counts).find(|severity| severity.is_in(changes)).map_or(0, |severity| severity.exit_code())
}

/// The columns of the terminal.
fn width() -> usize {
    let of_variable = || std::env::var("COLUMNS").ok()?.parse().ok();
    if !io::stdout().is_terminal() {
        return WIDTH;
    }
    of_variable().or_else(of_terminal).filter(|width| *width > 0).unwrap_or(WIDTH)
}

/// The columns as `stty` tells them: asking the terminal itself takes unsafe code or a further library.
fn of_terminal() -> Option<usize> {
    let terminal = std::fs::File::open("/dev/tty").ok()?;
    let mut command = std::process::Command::new("stty");
    let output = command.arg("size").stdin(terminal).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.split_whitespace().nth(1)?.parse().ok()
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let failure = Self::of(&error);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
