//! The command line as clap knows it. What the words mean is decided elsewhere.

use clap::builder::{EnumValueParser, PossibleValue};
use clap::{Arg, ArgAction, Command, ValueEnum, ValueHint, value_parser};

use super::options::{examples, exit_codes, json, stacks};

/// Whether messages are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FindingFormat {
    Text,
    Json,
    Sarif,
}

/// How a graph is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GraphFormat {
    Mermaid,
    Dot,
    Json,
}

macro_rules! choice {
    ($choice:ident { $($variant:ident $text:literal $($help:literal)?,)* }) => {
        impl ValueEnum for $choice {
            fn value_variants<'a>() -> &'a [Self] {
                &[$(Self::$variant,)*]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(match self { $(Self::$variant => PossibleValue::new($text)$(.help($help))?,)* })
            }
        }
    };
}
choice!(ColorChoice {
    Auto "auto",
    Always "always",
    Never "never",
});
choice!(FindingFormat {
    Text "text" "For people",
    Json "json" "One object a finding",
    Sarif "sarif" "SARIF 2.1.0, for code scanning",
});
choice!(GraphFormat {
    Mermaid "mermaid" "Mermaid, which GitHub draws in Markdown",
    Dot "dot" "DOT, for Graphviz",
    Json "json" "Nodes and edges",
});

/// The exit codes of commands that have no others.
const EXIT_CODES: [(u8, &str); 3] = [
    (0, "all is well"),
    (1, "the app or a template has errors, or a file cannot be read or written"),
    (2, "the command line is wrong"),
];

/// The whole command line of the program called `name`.
pub(super) fn command(name: &str) -> Command {
    let version = match name {
        "stackgen" => env!("CARGO_PKG_VERSION"),
        _ => concat!("(stackgen ", env!("CARGO_PKG_VERSION"), ")"),
    };
    let examples = examples(
        name,
        &[
            ("synth", "Write all templates to stackgen.out/"),
            ("synth --stdout web", "Print the template of the stack `web`"),
            ("validate --template a.yaml b.json", "Check templates that anyone wrote"),
            ("graph", "Draw all stacks, for Mermaid"),
            ("list 'etl-*'", "List the stacks whose names begin with `etl-`"),
        ],
    );
    Command::new("stackgen")
        .bin_name(name.to_owned())
        .display_name(name.to_owned())
        .version(version)
        .about("Writes, checks and shows the CloudFormation templates of this app")
        .after_help(format!("{examples}\n\n{}", exit_codes(&EXIT_CODES)))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("context")
                .short('c')
                .long("context")
                .value_name("KEY=VALUE")
                .help("Sets a value that the app reads, such as architecture=arm64")
                .action(ArgAction::Append)
                .value_parser(key_and_value)
                .global(true),
        )
        .arg(
            Arg::new("root")
                .long("root")
                .value_name("DIR")
                .help("The folder that paths of assets begin in [default: the nearest one upward with a Cargo.lock]")
                .value_parser(value_parser!(std::path::PathBuf))
                .value_hint(ValueHint::DirPath)
                .global(true),
        )
        .arg(
            Arg::new("color")
                .long("color")
                .value_name("WHEN")
                .help("Whether the output is coloured; auto: on a terminal where NO_COLOR is not set")
                .default_value("auto")
                .value_parser(EnumValueParser::<ColorChoice>::new())
                .global(true),
        )
        .arg(
            Arg::new("quiet")
                .short('q')
                .long("quiet")
                .help("Tells nothing but errors")
                .action(ArgAction::SetTrue)
                .global(true),
        )
        .subcommands([list(name), synth(name), validate(name), super::diff::command(name), tree(name), graph(name)])
        .subcommands(aws_commands(name))
        .subcommands(local_commands(name))
        .subcommand(super::init::command(name))
        .subcommand(completions(name))
}

#[cfg(all(feature = "deploy", unix))]
fn aws_commands(name: &str) -> [Command; 10] {
    super::deploy::commands(name)
}

/// The commands that talk to AWS come with a feature.
#[cfg(not(all(feature = "deploy", unix)))]
fn aws_commands(_: &str) -> [Command; 0] {
    []
}

#[cfg(unix)]
fn local_commands(name: &str) -> [Command; 1] {
    [super::local::command(name)]
}

/// The local AWS is handled by the signals of Unix.
#[cfg(not(unix))]
fn local_commands(_: &str) -> [Command; 0] {
    []
}

fn list(name: &str) -> Command {
    Command::new("list")
        .about("Lists the stacks, in the order of their deployment")
        .after_help(examples(
            name,
            &[("list", "All stacks"), ("list --json 'etl-*'", "Some of them, with what they hold and need")],
        ))
        .arg(json())
        .arg(stacks())
}

fn synth(name: &str) -> Command {
    Command::new("synth")
        .about("Writes the templates, checked, and what deployment needs beside them")
        .long_about(
            "Writes the templates, checked, and what deployment needs beside them.\n\n\
             The folder can be read by the CDK's command line too: `cdk list --app stackgen.out`. \
             When anything is wrong, nothing is written.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("synth", "Write all stacks to stackgen.out/"),
                    ("synth -o out 'etl-*'", "Write some of them, and what they depend on, to out/"),
                    ("synth --stdout --yaml web", "Print one template as YAML"),
                ]
            ),
            exit_codes(&EXIT_CODES)
        ))
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_name("DIR")
                .help("The folder to write to")
                .default_value("stackgen.out")
                .value_parser(value_parser!(std::path::PathBuf))
                .value_hint(ValueHint::DirPath),
        )
        .arg(
            Arg::new("stdout")
                .long("stdout")
                .help("Prints the template of one stack and writes no file")
                .conflicts_with("output")
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("yaml")
                .long("yaml")
                .help("Writes the templates as YAML too; with --stdout, instead of JSON")
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("no-validation")
                .long("no-validation")
                .help("Does not check the templates; errors of the app itself still count")
                .action(ArgAction::SetTrue),
        )
        .arg(
            stacks()
                .help("Names of stacks, or patterns such as 'etl-*'; with them come the stacks that they depend on"),
        )
}

fn validate(name: &str) -> Command {
    Command::new("validate")
        .about("Checks the stacks of the app, or any template")
        .long_about(
            "Checks the stacks of the app, or any template: JSON or YAML, whoever wrote it.\n\n\
             Findings have a stable code. On a resource, the entry \
             `Metadata: {stackgen: {suppress: [{code: SG3101, reason: why}]}}` accepts one.",
        )
        .after_help(format!(
            "{}\n\n{}",
            examples(
                name,
                &[
                    ("validate", "Check the stacks of the app"),
                    ("validate --template a.yaml --region eu-west-1", "Check a template for a region"),
                    ("validate --template - < a.json", "Check standard input"),
                    ("validate --format sarif > findings.sarif", "Write findings for code scanning"),
                ]
            ),
            exit_codes(&EXIT_CODES)
        ))
        .arg(
            Arg::new("template")
                .long("template")
                .short('t')
                .value_name("FILE")
                .help("Template files to check instead of the app; `-` is standard input")
                .num_args(1..)
                .action(ArgAction::Append)
                .value_parser(value_parser!(std::path::PathBuf))
                .value_hint(ValueHint::FilePath)
                .conflicts_with("stacks"),
        )
        .arg(
            Arg::new("region")
                .long("region")
                .value_name("REGION")
                .help("A region that the template files are for: types that it lacks are errors")
                .action(ArgAction::Append)
                .requires("template"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .help("How findings are printed")
                .default_value("text")
                .value_parser(EnumValueParser::<FindingFormat>::new()),
        )
        .arg(json().help("The same as --format json").conflicts_with("format"))
        .arg(stacks())
}

fn tree(name: &str) -> Command {
    Command::new("tree")
        .about("Shows the constructs of the stacks, with the types and logical ids of resources")
        .after_help(examples(name, &[("tree", "All stacks"), ("tree --json web", "The stack `web`, for programs")]))
        .arg(json())
        .arg(stacks())
}

fn graph(name: &str) -> Command {
    Command::new("graph")
        .about("Draws the resources and how data flows between them")
        .long_about(
            "Draws the resources and how data flows between them.\n\n\
             Arrows lead from what gives data to what takes it. Roles, policies, permissions and log groups are left \
             out: what they allow shows as an arrow.",
        )
        .after_help(examples(
            name,
            &[
                ("graph web", "Draw one stack, for Mermaid"),
                ("graph --overview web", "Draw it without alarms, and what is alike once"),
                ("graph --format dot | dot -Tsvg > stacks.svg", "Draw all stacks with Graphviz"),
            ],
        ))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .help("How the graph is printed")
                .default_value("mermaid")
                .value_parser(EnumValueParser::<GraphFormat>::new()),
        )
        .arg(
            Arg::new("overview")
                .long("overview")
                .help("Leaves out alarms and where failures end, and draws constructs that are alike once")
                .action(ArgAction::SetTrue),
        )
        .arg(json().help("The same as --format json").conflicts_with("format"))
        .arg(stacks())
}

fn completions(name: &str) -> Command {
    Command::new("completions")
        .about("Prints a script that completes commands in a shell")
        .after_help(examples(
            name,
            &[
                ("completions bash > ~/.local/share/bash-completion/completions/stackgen", "For bash"),
                ("completions zsh > ~/.zfunc/_stackgen", "For zsh, where ~/.zfunc is in fpath"),
            ],
        ))
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .help("The shell")
                .required(true)
                .value_parser(value_parser!(clap_complete::Shell)),
        )
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("a context value is written `key=value`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        command("stackgen").debug_assert();
    }
}
