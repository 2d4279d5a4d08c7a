//! The server's Python packages, in an environment of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::LocalError;

/// The version of ministack. Pinned exactly: `server/resources.py` uses names that are private to it.
pub const MINISTACK_VERSION: &str = "1.5.33";

/// What is installed: duckdb runs the SQL of Athena, the translator SAM's templates.
const PACKAGES: [&str; 3] = ["ministack==1.5.33", "duckdb==2.0.0", "aws-sam-translator==1.115.0"];

/// The file that says which packages are there.
const COMPLETE: &str = "complete";

/// The oldest Python that ministack runs on.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// The Python that has the packages, which are installed below `folder` first when they are missing. `installing` is called
/// before that, since it takes half a minute.
pub(super) fn ensure(folder: &Path, installing: &mut dyn FnMut()) -> Result<PathBuf, LocalError> {
    let environment = environment(folder);
    let python = environment.join("bin").join("python");
    if fs::read_to_string(environment.join(COMPLETE)).is_ok_and(|installed| installed == wanted()) && python.exists() {
        return Ok(python);
    }
    installing();
    let system = find_python()?;
    run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&environment)).map_err(|error| {
        error.hint("the Python module `venv` is needed: on Debian and Ubuntu the package `python3-venv`")
    })?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]).args(PACKAGES);
    run(&mut pip).map_err(|error| error.hint("packages come from the package index that pip is set up for"))?;
    mark_complete(&environment)?;
    Ok(python)
}

/// The Python environment below `folder`.
pub(super) fn environment(folder: &Path) -> PathBuf {
    folder.join(format!("ministack-{MINISTACK_VERSION}"))
}

/// Says that all packages are there. An installation that was cut short is begun anew.
pub(super) fn mark_complete(environment: &Path) -> Result<(), LocalError> {
    let complete = environment.join(COMPLETE);
    fs::write(&complete, wanted()).map_err(|cause| LocalError::writing(&complete, cause))
}

fn wanted() -> String {
    PACKAGES.join("\n")
}

/// A Python that is new enough.
fn find_python() -> Result<&'static str, LocalError> {
    let mut found = None;
    for program in ["python3", "python"] {
        let print = "import sys; print(*sys.version_info[:2])";
        let Ok(output) = Command::new(program).args(["-c", print]).output() else { continue };
        let Some(version) = version(&output.stdout) else { continue };
        if version >= OLDEST_PYTHON {
            return Ok(program);
        }
        found.get_or_insert(version);
    }
    let (major, minor) = OLDEST_PYTHON;
    let message = match found {
        Some((found_major, found_minor)) => {
            format!("the local AWS needs Python {major}.{minor} or newer, and this is {found_major}.{found_minor}")
        }
        None => format!("the local AWS needs Python {major}.{minor} or newer, and there is none"),
    };
    Err(LocalError::new(message).hint("install it, and have `python3` in `PATH`"))
}

fn version(output: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(output).ok()?;
    let (major, minor) = text.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Runs a program to its end; one that fails is an error with what it printed.
fn run(command: &mut Command) -> Result<(), LocalError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|cause| LocalError::new(format!("cannot run `{program}`")).cause(cause))?;
    if output.status.success() {
        return Ok(());
    }
    Err(LocalError::new(format!(
        "cannot install the local AWS: {program} ended with {}{}",
        output.status,
        tail(&output)
    )))
}

/// The last lines that a program printed.
fn tail(output: &Output) -> String {
    let mut text = String::new();
    for stream in [&output.stdout, &output.stderr] {
        let stream = String::from_utf8_lossy(stream);
        let lines: Vec<&str> = stream.lines().collect();
        for line in &lines[lines.len().saturating_sub(6)..] {
            text.push_str("\n  ");
            text.push_str(line);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_two_numbers_that_python_prints() {
        assert_eq!(version(b"3 11\n"), Some((3, 11)));
        assert!(version(b"3 9\n").is_some_and(|version| version < OLDEST_PYTHON));
        assert_eq!(version(b"Python was not found\n"), None);
    }

    #[test]
    fn the_pinned_packages_have_the_version_that_names_the_folder() {
        assert_eq!(PACKAGES[0], format!("ministack=={MINISTACK_VERSION}"));
        assert!(PACKAGES.iter().all(|package| package.contains("==")));
    }

    #[test]
    fn a_program_that_fails_is_an_error_with_its_words() {
        let error = run(Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).expect_err("it fails");
        assert!(error.to_string().contains("exit status: 3\n  broken"), "{error}");
    }
}
