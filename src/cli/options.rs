//! What commands have in common: arguments, and parts of their help.

use clap::{Arg, ArgAction};

/// The exit code of a command that was interrupted: 128 and the number of the signal.
pub(super) const INTERRUPTED: u8 = 130;

/// Calls of the program with what they do, in two columns.
pub(super) fn examples(name: &str, lines: &[(&str, &str)]) -> String {
    let width = lines.iter().map(|(call, _)| call.len()).max().unwrap_or_default();
    lines.iter().fold("Examples:".to_owned(), |text, (call, what)| format!("{text}\n  {name} {call:width$}  {what}"))
}

/// What the exit codes of a command mean, for its help.
pub(super) fn exit_codes(codes: &[(u8, &str)]) -> String {
    let width = if codes.iter().any(|(code, _)| *code > 99) { 3 } else { 1 };
    codes.iter().fold("Exit codes:".to_owned(), |text, (code, what)| format!("{text}\n  {code:<width$}  {what}"))
}

pub(super) fn json() -> Arg {
    Arg::new("json").long("json").help("Prints JSON").action(ArgAction::SetTrue)
}

pub(super) fn stacks() -> Arg {
    Arg::new("stacks")
        .value_name("STACK")
        .help("Names of stacks, or patterns such as 'etl-*' [default: all]")
        .num_args(0..)
        .action(ArgAction::Append)
}
