//! One run of Cargo, and what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stackgen_template::{Value, read_json};

use super::command::{Stream, run};
use super::metadata::{Metadata, items, text};
use super::selection::{Program, Selection};
use super::tools::Tools;
use super::{BuildError, BuildEvent};
use crate::assets::manifest::{parse_toml, table};
use crate::assets::profile::{PROFILE, PROFILE_SETTINGS};
use crate::assets::program::packages_of;
use crate::assets::workspace::Workspace;

/// How many messages of the compiler an error holds.
const MESSAGES: usize = 10;

/// Builds what is selected, and gives the executable file of each program. `profile` is one of Cargo's.
pub(super) fn build(
    tools: &Tools,
    root: &Path,
    metadata: &Metadata,
    selection: &Selection,
    profile: &str,
    zig: bool,
    listener: &mut dyn FnMut(BuildEvent),
) -> Result<BTreeMap<Program, PathBuf>, BuildError> {
    let names: Vec<String> = selection.programs.iter().map(|program| program.binary.clone()).collect();
    let architecture = selection.architecture;
    let way = tools.way(architecture, zig, root, &quoted(&names))?;
    listener(BuildEvent::Building { programs: names, architecture });
    let mut command = tools.cargo(root);
    command.args(way.arguments(architecture));
    command.args(["--locked", "--message-format", "json", "--profile", profile]);
    if profile == PROFILE && !declares_profile(root) {
        for (key, value) in PROFILE_SETTINGS {
            command.args(["--config", &format!("profile.{PROFILE}.{key}={value}")]);
        }
    }
    for package in &selection.packages {
        command.args(["--package", package]);
    }
    for binary in selection.programs.iter().map(|program| &program.binary).collect::<BTreeSet<_>>() {
        command.args(["--bin", binary]);
    }
    for feature in &selection.features {
        command.args(["--features", feature]);
    }
    let mut said = Said::default();
    let status = run(&mut command, &mut |stream, line| match stream {
        Stream::Output => said.message(&line, metadata, listener),
        Stream::Error => said.line(line, listener),
    });
    let status = status.map_err(|error| cannot_run(&error))?;
    if !status.success() {
        return Err(said.failure(root, selection));
    }
    said.executables(selection)
}

/// An error of starting Cargo.
pub(super) fn cannot_run(error: &io::Error) -> BuildError {
    let failed = BuildError::new("cannot run `cargo`").cause(error.to_string());
    if error.kind() == io::ErrorKind::NotFound { failed.hint("install Rust: https://rustup.rs") } else { failed }
}

/// Whether the workspace says by itself what the profile for what is shipped is.
fn declares_profile(root: &Path) -> bool {
    ["Cargo.toml", ".cargo/config.toml"].iter().any(|name| {
        let path = root.join(name);
        let Ok(content) = fs::read_to_string(&path) else { return false };
        let Ok(document) = parse_toml(&content, &path) else { return false };
        table(&document, "profile").is_some_and(|profiles| profiles.contains_key(PROFILE))
    })
}

/// What Cargo said so far.
#[derive(Debug, Default)]
struct Said {
    /// The executable files, by package and program.
    executables: BTreeMap<(String, String), PathBuf>,
    /// Messages of the compiler, each of a package and, where it is of a program, its name.
    errors: Vec<CompilerError>,
    /// What Cargo itself wrote since it first said that something failed.
    complaint: Vec<String>,
}

#[derive(Debug)]
struct CompilerError {
    package: String,
    /// None for a library.
    program: Option<String>,
    text: String,
}

impl Said {
    /// Takes in a line of JSON.
    fn message(&mut self, line: &str, metadata: &Metadata, listener: &mut dyn FnMut(BuildEvent)) {
        // Whatever else writes to standard output is no message.
        let Ok(document) = read_json(line) else { return };
        let message = &document.value;
        let id = text(message, "package_id");
        let package = metadata.name_of(&id).to_owned();
        let empty = Value::Null;
        let target = message.get("target").unwrap_or(&empty);
        let is_program = items(target, "kind").any(|kind| kind.as_str() == Some("bin"));
        let program = is_program.then(|| text(target, "name"));
        match text(message, "reason").as_str() {
            "compiler-artifact" => {
                if let (Some(program), Some(path)) = (program, message.get("executable").and_then(Value::as_str)) {
                    self.executables.insert((package.clone(), program), path.into());
                }
                let fresh = message.get("fresh").and_then(Value::as_bool).unwrap_or_default();
                if !items(target, "kind").any(|kind| kind.as_str() == Some("custom-build")) {
                    listener(BuildEvent::Compiled { package, fresh });
                }
            }
            "compiler-message" => {
                let message = message.get("message").unwrap_or(&empty);
                let rendered = text(message, "rendered");
                if text(message, "level").starts_with("error") {
                    self.errors.push(CompilerError { package, program, text: rendered });
                } else {
                    rendered.lines().for_each(|line| listener(BuildEvent::Line(line.to_owned())));
                }
            }
            _ => {}
        }
    }

    /// Takes in a line of Cargo itself.
    fn line(&mut self, line: String, listener: &mut dyn FnMut(BuildEvent)) {
        // Cargo begins with `error`, subcommands of others with `Error`.
        let is_first = line.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("error"));
        if is_first || !self.complaint.is_empty() {
            self.complaint.push(line.clone());
        }
        listener(BuildEvent::Line(line));
    }

    fn executables(mut self, selection: &Selection) -> Result<BTreeMap<Program, PathBuf>, BuildError> {
        let mut found = BTreeMap::new();
        for program in &selection.programs {
            let Some(path) = self.executables.remove(&(program.package.clone(), program.binary.clone())) else {
                let Program { package, binary, .. } = program;
                return Err(BuildError::new(format!("cargo built no program `{binary}` of `{package}`")));
            };
            found.insert(program.clone(), path);
        }
        Ok(found)
    }

    /// The error of a run that failed.
    fn failure(self, root: &Path, selection: &Selection) -> BuildError {
        let complaint = self.complaint.join("\n");
        let message = match self.errors.first() {
            Some(error) => {
                let failing: Vec<String> = selection
                    .programs
                    .iter()
                    .filter(|program| needs(root, program, error))
                    .map(|p| p.binary.clone())
                    .collect();
                let own = error.program.as_ref().is_some_and(|program| failing == [program.clone()]);
                let all: Vec<String> = selection.programs.iter().map(|program| program.binary.clone()).collect();
                match failing.as_slice() {
                    _ if own => format!("{} of `{}` does not compile", quoted(&failing), error.package),
                    [] => format!("`{}`, which one of {} needs, does not compile", error.package, quoted(&all)),
                    [_] => format!("`{}`, which {} needs, does not compile", error.package, quoted(&failing)),
                    _ => format!("`{}`, which {} need, does not compile", error.package, quoted(&failing)),
                }
            }
            None => {
                let all: Vec<String> = selection.programs.iter().map(|program| program.binary.clone()).collect();
                format!("cargo cannot build {}", quoted(&all))
            }
        };
        let mut texts: Vec<&str> = self.errors.iter().take(MESSAGES).map(|error| error.text.trim_end()).collect();
        // With messages of the compiler, Cargo only repeats that there were some.
        if texts.is_empty() {
            texts.push(&complaint);
        }
        let details = texts.join("\n\n");
        let hint = hint_for(&details).or_else(|| hint_for(&complaint));
        let error = BuildError::new(message).cause(details);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

/// Whether `program` is not built because of `error`.
fn needs(root: &Path, program: &Program, error: &CompilerError) -> bool {
    match &error.program {
        Some(name) => program.package == error.package && program.binary == *name,
        None if program.package == error.package => true,
        None => Workspace::open(root)
            .and_then(|mut workspace| packages_of(&mut workspace, &program.package))
            .is_ok_and(|packages| packages.contains(&error.package)),
    }
}

/// What to do about a failure that many machines have.
fn hint_for(text: &str) -> Option<&'static str> {
    let has = |part: &str| text.contains(part);
    if has("--locked") && has("lock file") {
        Some("`Cargo.lock` is behind the manifests: run `cargo check` once, and commit it")
    } else if has("linker `cc` not found") {
        Some("install a C compiler, such as the package `gcc` or `build-essential`")
    } else if has("ailed to find zig") || has("python -m ziglang") {
        Some("install Zig: `pip install ziglang`")
    } else if has("target may not be installed") {
        Some("the toolchain has no standard library for the target: `rustup target add` adds it")
    } else if has("failed to download") || has("Could not resolve host") || has("network failure") {
        Some("the sources of dependencies are not on this machine, and could not be downloaded")
    } else {
        None
    }
}

/// Names for people: "`a`", "`a` and `b`", "`a`, `b` and 3 others".
fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut texts: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => {}
        1 => texts.push("1 other".to_owned()),
        others => texts.push(format!("{others} others")),
    }
    let last = texts.pop().unwrap_or_default();
    if texts.is_empty() { last } else { format!("{} and {last}", texts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_up_to_a_point() {
        let names = |count: usize| quoted(&(1..=count).map(|number| format!("p{number}")).collect::<Vec<_>>());
        assert_eq!(names(1), "`p1`");
        assert_eq!(names(2), "`p1` and `p2`");
        assert_eq!(names(5), "`p1`, `p2`, `p3`, `p4` and 1 other");
        assert_eq!(names(9), "`p1`, `p2`, `p3`, `p4` and 5 others");
    }

    #[test]
    fn failures_of_the_machine_have_hints() {
        let hint = hint_for("error: cannot update the lock file /app/Cargo.lock because --locked was passed");
        assert!(hint.is_some_and(|hint| hint.contains("commit it")));
        assert_eq!(hint_for("error[E0308]: mismatched types"), None);
    }
}
