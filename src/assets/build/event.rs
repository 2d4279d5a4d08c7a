//! What building tells while it runs.

use std::path::PathBuf;

use super::GlibcVersion;
use crate::assets::Architecture;

/// A step of building.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildEvent {
    /// Programs are compiled, all in one run of Cargo.
    Building {
        /// Their names, sorted.
        programs: Vec<String>,
        /// What they are compiled for.
        architecture: Architecture,
    },
    /// A package is compiled.
    Compiled {
        /// Its name.
        package: String,
        /// Whether it was compiled already.
        fresh: bool,
    },
    /// The command of a site runs.
    BuildingSite {
        /// The folder of the site.
        folder: PathBuf,
    },
    /// A line that the compiler, or the command of a site, wrote.
    Line(String),
    /// A program runs where it is shipped to.
    Checked {
        /// The program.
        program: String,
        /// The version of glibc that it needs; none when it needs none.
        glibc: Option<GlibcVersion>,
    },
    /// A program that is not written yet is shipped as one that only says so.
    StandIn {
        /// The package.
        package: String,
        /// The program.
        program: String,
    },
    /// A file is ready for upload.
    Packed {
        /// The key of the object.
        key: String,
        /// The size.
        bytes: u64,
    },
}
