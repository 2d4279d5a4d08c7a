//! What the app was in a revision of its repository: checked out apart, built, and asked for its templates.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::assembly::OWN_MANIFEST;
use crate::assets::{Digest, hexadecimal};

use super::source::SourceError;

/// A revision of an app.
#[derive(Debug, Clone)]
pub struct Revision<'a> {
    /// The folder of the app's workspace, in a repository of git.
    pub root: &'a Path,
    /// The revision, as git understands it: `main`, `HEAD~3`, a commit.
    pub name: &'a str,
    /// The binary of the app, as `cargo run --bin` calls it.
    pub program: &'a str,
    /// Arguments in front of `synth`, such as `-c key=value`.
    pub arguments: &'a [String],
}

impl Revision<'_> {
    /// The folder with the assembly of the revision.
    ///
    /// The files of the revision are written to a folder of their own below cargo's target folder, built there by
    /// `cargo run`, and removed; the repository and its index stay as they are. The assembly is kept: a commit always gives the
    /// same one. Cargo's messages go to standard error, unless `is_quiet`.
    pub fn assembly(&self, is_quiet: bool) -> Result<PathBuf, SourceError> {
        let commit = self.commit()?;
        let prefix = text(git(self.root).args(["rev-parse", "--show-prefix"]), "ask git where the app is")?;
        let cache = self.target_folder()?.join("stackgen-diff");
        let key = Digest::of_bytes(format!("{}\n{prefix}\n{}", self.program, self.arguments.join("\n")).as_bytes());
        let assembly = cache.join(format!("{commit}-{}", &hexadecimal(&key)[..12]));
        if assembly.join(OWN_MANIFEST).is_file() {
            return Ok(assembly);
        }
        let checkout =
            Checkout::new(self.root, &commit, cache.join(format!("source-{commit}-{}", std::process::id())))?;
        self.synthesize(&checkout.folder.join(&prefix), &assembly, &cache.join("target"), is_quiet)?;
        Ok(assembly)
    }

    fn commit(&self) -> Result<String, SourceError> {
        let object = format!("{}^{{commit}}", self.name);
        let mut command = git(self.root);
        text(command.args(["rev-parse", "--verify", "--quiet", "--end-of-options", &object]), "find the revision")
            .map_err(|error| {
                let message = format!("there is no revision `{}` in the repository of the app", self.name);
                let hint = "in CI, a checkout may hold one commit only: fetch the others (`fetch-depth: 0`)";
                SourceError::new(message).because(error).with_hint(hint)
            })
    }

    /// Cargo's target folder, where nothing is under version control.
    fn target_folder(&self) -> Result<PathBuf, SourceError> {
        let folder = env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from);
        std::path::absolute(&folder)
            .map_err(|error| SourceError::new(format!("cannot use `{}`", folder.display())).because(error))
    }

    fn synthesize(&self, folder: &Path, assembly: &Path, target: &Path, is_quiet: bool) -> Result<(), SourceError> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.current_dir(folder).env("CARGO_TARGET_DIR", target).stdin(Stdio::null()).stdout(Stdio::null());
        command.arg("run").args(is_quiet.then_some("--quiet")).args(["--bin", self.program, "--"]);
        command.args(self.arguments).args(["--quiet", "synth", "--no-validation", "--output"]).arg(assembly);
        let failed = || SourceError::new(format!("the app of revision `{}` gives no templates", self.name));
        let status = command.status().map_err(|error| failed().because(format!("cannot run cargo: {error}")))?;
        if status.success() && assembly.join(OWN_MANIFEST).is_file() {
            return Ok(());
        }
        let hint = format!(
            "`cargo run --bin {} -- synth` in a checkout of that revision shows why; or compare with a folder that its \
             `synth` wrote",
            self.program
        );
        Err(failed().because(format!("cargo ended with {status}")).with_hint(hint))
    }
}

/// The files of a commit in a folder of their own, which is removed in the end.
struct Checkout {
    folder: PathBuf,
}

impl Checkout {
    fn new(root: &Path, commit: &str, folder: PathBuf) -> Result<Self, SourceError> {
        let failed =
            |error: std::io::Error| SourceError::new(format!("cannot write `{}`", folder.display())).because(error);
        fs::create_dir_all(&folder).map_err(failed)?;
        let checkout = Self { folder };
        // An index of its own, so that the one of the repository is not touched.
        let index = checkout.folder.join(".git-index");
        let top = text(git(root).args(["rev-parse", "--show-toplevel"]), "ask git for the top of the repository")?;
        let run = |arguments: &[&OsStr]| {
            let mut command = git(Path::new(&top));
            command.env("GIT_INDEX_FILE", &index).args(arguments);
            text(&mut command, "check out the revision")
        };
        run(&[OsStr::new("read-tree"), OsStr::new(commit)])?;
        let mut prefix = OsString::from("--prefix=");
        prefix.push(&checkout.folder);
        prefix.push("/");
        run(&[OsStr::new("checkout-index"), OsStr::new("--all"), OsStr::new("--force"), &prefix])?;
        Ok(checkout)
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        // What stays is in the way of nobody: the folder is below cargo's own.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    // Within a hook, git tells its children of its own index and folders.
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command.arg("-C").arg(folder).stdin(Stdio::null());
    command
}

/// What a command prints, without the line break at the end.
fn text(command: &mut Command, what: &str) -> Result<String, SourceError> {
    let failed = || SourceError::new(format!("cannot {what}"));
    let output = command.output().map_err(|error| failed().because(error).with_hint("is git installed?"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(failed().because(if said.is_empty() { format!("git ended with {}", output.status) } else { said }))
}
