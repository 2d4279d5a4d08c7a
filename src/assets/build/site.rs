//! Sites that a command of their own builds.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Component, Path};
use std::process::Command;

use super::command::run;
use super::tools::Tools;
use super::{BuildError, BuildEvent};
use crate::assets::error::slashes;
use crate::assets::{Digest, hexadecimal};

/// How many lines of a failed command an error holds.
const LINES: usize = 40;

/// In `node_modules`: the hash of the lockfile that its content was installed by.
const INSTALLED: &str = "node_modules/.stackgen-lock";

/// Builds the site in `root/folder`: `command` fills `output`, a folder below it, which is emptied first.
pub(super) fn build(
    tools: &Tools,
    root: &Path,
    (folder, output, command): (&Path, &Path, &[String]),
    listener: &mut dyn FnMut(BuildEvent),
) -> Result<(), BuildError> {
    let place = root.join(folder);
    let shown = slashes(folder);
    let [program, arguments @ ..] = command else {
        return Err(BuildError::new(format!("the site `{shown}` has no command that builds it")));
    };
    if !is_below(output) {
        let message = format!("the output `{}` of the site `{shown}` is no folder below it", slashes(output));
        return Err(BuildError::new(message).hint("name the folder that its command fills, such as `dist`"));
    }
    listener(BuildEvent::BuildingSite { folder: folder.to_owned() });
    if ["npm", "npx"].contains(&program.as_str()) {
        install(tools, &place, &shown, listener)?;
    }
    let target = place.join(output);
    // What an earlier build left would be shipped by this machine, and by no other.
    match fs::symlink_metadata(&target) {
        Ok(metadata) if metadata.is_dir() => {
            fs::remove_dir_all(&target).map_err(|error| BuildError::file("empty", &target, error))?;
        }
        Ok(_) => {
            let message = format!("the output `{}` of the site `{shown}` is no folder", slashes(output));
            return Err(BuildError::new(message).hint("remove it"));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(BuildError::file("read", &target, error)),
    }
    perform(tools.command(program, &place).args(arguments), &shown, &command.join(" "), listener)?;
    if target.is_dir() {
        return Ok(());
    }
    let message = format!("`{}` built the site `{shown}`, but there is no `{}`", command.join(" "), slashes(output));
    Err(BuildError::new(message).hint("set the output to the folder that the command fills"))
}

/// Whether a path leads to a folder below, and not to the folder itself.
fn is_below(output: &Path) -> bool {
    let mut parts = output.components().filter(|part| *part != Component::CurDir).peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Installs what the lockfile of npm says, unless that was done.
fn install(tools: &Tools, folder: &Path, shown: &str, listener: &mut dyn FnMut(BuildEvent)) -> Result<(), BuildError> {
    let path = folder.join("package-lock.json");
    let lockfile = match fs::read(&path) {
        Ok(lockfile) => lockfile,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = format!("the site `{shown}` is built by npm, and has no `package-lock.json`");
            return Err(BuildError::new(message).hint(
                "run `npm install --package-lock-only` there, and commit the file: it says which versions are built with",
            ));
        }
        Err(error) => return Err(BuildError::file("read", &path, error)),
    };
    let hash = hexadecimal(&Digest::of_bytes(&lockfile));
    let installed = folder.join(INSTALLED);
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == hash) {
        return Ok(());
    }
    let mut command = tools.command("npm", folder);
    perform(command.args(["ci", "--no-audit", "--no-fund"]), shown, "npm ci", listener)?;
    if folder.join("node_modules").is_dir() {
        fs::write(&installed, hash).map_err(|error| BuildError::file("write", &installed, error))?;
    }
    Ok(())
}

/// Runs a command of the site `shown`; `name` is what people call it.
fn perform(
    command: &mut Command,
    shown: &str,
    name: &str,
    listener: &mut dyn FnMut(BuildEvent),
) -> Result<(), BuildError> {
    let mut last: VecDeque<String> = VecDeque::new();
    let status = run(command, &mut |_, line| {
        if last.len() == LINES {
            last.pop_front();
        }
        last.push_back(line.clone());
        listener(BuildEvent::Line(line));
    });
    let status = status.map_err(|error| {
        let failed = BuildError::new(format!("cannot run `{name}`, which builds the site `{shown}`"));
        let program = command.get_program().to_string_lossy();
        match error.kind() {
            io::ErrorKind::NotFound if ["npm", "npx", "node"].contains(&&*program) => {
                failed.hint("install Node.js, which has npm").cause(error)
            }
            io::ErrorKind::NotFound => failed.hint(format!("install `{program}`")).cause(error),
            _ => failed.cause(error),
        }
    })?;
    if status.success() {
        return Ok(());
    }
    let failed = BuildError::new(format!("`{name}`, which builds the site `{shown}`, failed: {status}"));
    if last.is_empty() {
        return Err(failed);
    }
    Err(failed.cause(last.make_contiguous().join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_below_its_site() {
        for output in ["dist", "build/web", "./dist"] {
            assert!(is_below(Path::new(output)), "{output}");
        }
        for output in ["", ".", "..", "../other", "/tmp", "dist/../.."] {
            assert!(!is_below(Path::new(output)), "{output}");
        }
    }
}
