//! The tools that programs are built with.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::BuildError;
use crate::assets::Architecture;

/// The glibc that Zig links against: that of Amazon Linux 2023.
const ZIG_GLIBC: &str = "2.34";

/// Where the tools are.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    cargo: OsString,
    rustc: OsString,
    /// What the tools find others by.
    path: OsString,
    /// Where Cargo looks for its subcommands besides.
    cargo_folder: Option<PathBuf>,
    /// Where Cargo builds, when it is not to decide by itself.
    target_folder: Option<PathBuf>,
}

/// How a program is built for an architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the compiler and linker of this machine.
    Native,
    /// By Zig, which links for other machines and other versions of glibc.
    Zig,
}

impl Tools {
    /// The tools of this machine.
    pub(super) fn of_environment(target_folder: Option<PathBuf>) -> Self {
        let or = |name: &str, default: &str| env::var_os(name).unwrap_or_else(|| default.into());
        let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
        Self {
            cargo: or("CARGO", "cargo"),
            rustc: or("RUSTC", "rustc"),
            path: or("PATH", ""),
            cargo_folder: env::var_os("CARGO_HOME").map(PathBuf::from).or(home).map(|home| home.join("bin")),
            target_folder,
        }
    }

    /// These tools, with others found first in `folder`.
    #[cfg(test)]
    pub(super) fn with_path(mut self, folder: &Path) -> Self {
        let before = env::split_paths(&self.path).collect::<Vec<_>>();
        self.path = env::join_paths([folder.to_owned()].into_iter().chain(before)).unwrap_or_default();
        self
    }

    /// These tools, with subcommands of Cargo found in `folder` only.
    #[cfg(test)]
    pub(super) fn without_subcommands(mut self, folder: &Path) -> Self {
        self.path = folder.into();
        self.cargo_folder = None;
        self
    }

    /// Cargo, in the folder `root`.
    pub(super) fn cargo(&self, root: &Path) -> Command {
        let mut command = self.command(&self.cargo, root);
        // A build server may have turned them on for its own logs.
        command.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
        if let Some(folder) = &self.target_folder {
            command.env("CARGO_TARGET_DIR", folder);
        }
        command
    }

    /// Any command, in `folder`.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("PATH", &self.path);
        command
    }

    /// How this machine builds for `architecture`. `programs` are the names of those that need it.
    pub(super) fn way(
        &self,
        architecture: Architecture,
        zig: bool,
        root: &Path,
        programs: &str,
    ) -> Result<Way, BuildError> {
        if !zig && is_native(architecture) {
            return Ok(Way::Native);
        }
        if !self.has("cargo-zigbuild") {
            let message =
                format!("building {programs} for {architecture} needs `cargo zigbuild`, which is not installed");
            return Err(BuildError::new(message).hint(format!(
                "install it with `pip install cargo-zigbuild ziglang` and `rustup target add {}`",
                architecture.target()
            )));
        }
        self.check_standard_library(architecture, root)?;
        Ok(Way::Zig)
    }

    fn check_standard_library(&self, architecture: Architecture, root: &Path) -> Result<(), BuildError> {
        let target = architecture.target();
        let output = self.command(&self.rustc, root).args(["--print", "target-libdir", "--target", target]).output();
        let output = output.map_err(|error| BuildError::new("cannot run `rustc`").cause(error))?;
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        if output.status.success() && !folder.is_dir() {
            let message = format!("the Rust toolchain has no standard library for {architecture}");
            return Err(BuildError::new(message).hint(format!("run `rustup target add {target}`")));
        }
        Ok(())
    }

    fn has(&self, program: &str) -> bool {
        env::split_paths(&self.path)
            .chain(self.cargo_folder.clone())
            .any(|folder| folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file())
    }
}

/// Whether this machine runs what it builds for `architecture`.
fn is_native(architecture: Architecture) -> bool {
    let own = if cfg!(target_arch = "aarch64") { Architecture::Arm64 } else { Architecture::X86_64 };
    cfg!(all(target_os = "linux", target_env = "gnu")) && own == architecture
}

impl Way {
    /// The arguments of Cargo that begin a build.
    pub(super) fn arguments(self, architecture: Architecture) -> Vec<String> {
        match self {
            Self::Native => vec!["build".to_owned()],
            Self::Zig => {
                let target = format!("{}.{ZIG_GLIBC}", architecture.target());
                vec!["zigbuild".to_owned(), "--target".to_owned(), target]
            }
        }
    }
}
