//! What messages tell people to type, compared with the commands.

use std::fmt::Write as _;
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

/// The exit codes in the help of a command.
fn codes(command: &Command) -> Vec<(String, String)> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let Some((_, codes)) = help.split_once("Exit codes:\n") else { return Vec::new() };
    let lines = codes.lines().map_while(|line| line.strip_prefix("  ")?.split_once("  "));
    lines.map(|(code, what)| (code.trim().to_owned(), what.trim().to_owned())).collect()
}

/// The commands that have exit codes of their own, with what they are called by.
fn with_codes<'a>(command: &'a Command, name: &str) -> Vec<(String, &'a Command)> {
    let mut found = Vec::new();
    for inner in command.get_subcommands() {
        let name = format!("{name} {}", inner.get_name());
        found.extend(with_codes(inner, &name));
        if !codes(inner).is_empty() {
            found.push((name, inner));
        }
    }
    found
}

/// The page about exit codes, from the help of all commands.
fn page_of_exit_codes() -> String {
    let root = command("stackgen");
    let own = with_codes(&root, "stackgen");
    let mut page = "# Exit codes\n\nThe help of each command says the same. 2 is always the command line's own fault; what ends by a \
                    signal ends as the shell tells it, 128 and the number of the signal.\n"
        .to_owned();
    let same = |(_, inner): &&(String, &Command)| codes(inner) == codes(&root);
    let mut section = |title: &str, codes: &[(String, String)]| {
        let _ = write!(page, "\n## {title}\n\n| code | means |\n| ---: | --- |\n");
        for (code, what) in codes {
            let _ = writeln!(page, "| {code} | {what} |");
        }
    };
    section("All commands that are not below", &codes(&root));
    for (name, inner) in own.iter().filter(|entry| !same(entry)) {
        section(&format!("`{name}`"), &codes(inner));
    }
    page
}

#[test]
fn exit_codes_are_published() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/exit-codes.md");
    let page = page_of_exit_codes();
    if std::env::var_os("WRITE_DOCS").is_some() {
        fs::write(path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == written,
        "`WRITE_DOCS=1 cargo test --features deploy --lib exit_codes` writes docs/exit-codes.md anew"
    );
}
