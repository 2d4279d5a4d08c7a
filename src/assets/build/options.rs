//! How assets are built.

use std::path::PathBuf;

use crate::assets::profile::PROFILE;

/// How assets are built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildOptions {
    /// The profile of Cargo. What another profile than `lambda` builds is kept apart, as keys do not tell them from each
    /// other; it is not to be uploaded to where others deploy from.
    pub profile: String,
    /// Whether everything must have been built before, by another job.
    pub no_build: bool,
    /// Whether Zig links the programs for the glibc of Lambda, also where this machine could build them itself.
    pub zig: bool,
    /// Whether a program that is not written yet is shipped as one that only says so, and fails. It lets a stack be tried
    /// before its functions are there.
    pub stand_ins: bool,
    /// The folder that Cargo builds in; else what `CARGO_TARGET_DIR` says, or `target` in the workspace.
    pub target: Option<PathBuf>,
    /// The folder for what was built; else `stackgen/assets` in the folder that Cargo builds in.
    pub cache: Option<PathBuf>,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { profile: PROFILE.to_owned(), no_build: false, zig: false, stand_ins: false, target: None, cache: None }
    }
}
