//! What messages tell people to type, compared with the commands.

use std::fs;
use std::path::PathBuf;

use clap::{Arg, Command};

use super::arguments::command;

/// Commands that hints name beside our own.
const OTHERS: [&str; 8] = ["aws", "cargo", "git", "npm", "pip", "python3", "rustc", "rustup"];

/// What stands in backticks in a source file, without comments and tests.
fn quoted(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> = source.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    // A text may be broken over lines.
    let code = code.join("\n").replace("\\\n", "");
    code.lines().flat_map(|line| line.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The flags of a command and of those below it.
fn flags(command: &Command) -> Vec<&str> {
    let own = command.get_arguments().filter_map(Arg::get_long).chain(["help", "version"]);
    own.chain(command.get_subcommands().flat_map(flags)).collect()
}

#[test]
fn what_messages_tell_people_to_type_exists() {
    let root = command("stackgen");
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut checked = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the sources are there") {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") || name == "tests.rs" {
                continue;
            }
            let source = fs::read_to_string(&path).expect("sources are text");
            for call in quoted(&source).iter().filter(|call| call.contains("--")) {
                let mut words = call.split_whitespace().peekable();
                let first = words.peek().copied().unwrap_or_default();
                if OTHERS.contains(&first) {
                    continue;
                }
                let verb = root.find_subcommand(first);
                let globals = root.get_arguments().filter_map(Arg::get_long);
                let known: Vec<&str> = flags(verb.unwrap_or(&root)).into_iter().chain(globals).collect();
                for word in words.filter_map(|word| word.strip_prefix("--")) {
                    let flag = word.split(['=', ',', '.']).next().unwrap_or_default();
                    assert!(known.contains(&flag), "{}: `{call}`: there is no `--{flag}`", path.display());
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 20, "{checked} were found only");
}
