//! Building what stacks ship, up to the files that are uploaded.
//!
//! | asset | becomes |
//! | --- | --- |
//! | function | a zip with the program as `bootstrap` |
//! | program | the executable file, and its SHA-256 beside it |
//! | site | a zip of what its command made |
//! | folder | a zip of its files |
//! | file | the file |
//!
//! All programs are compiled by one run of Cargo, with the profile `lambda`: the workspace's own, or a default one that is
//! small and quick to compile. Each is checked before it is shipped: the processor, the version of glibc, the libraries.
//! Zips are the same bytes for the same files. What was built lies in `target/stackgen/assets`, under its key, and is built
//! again only when its sources change.
//!
//! ```no_run
//! use stackgen::assets::build::{AssetBuilder, BuildEvent};
//! use stackgen::assembly::LoadedAssembly;
//!
//! let assembly = LoadedAssembly::read("stackgen.out")?;
//! let assets: Vec<_> = assembly.assets().values().cloned().collect();
//! for built in AssetBuilder::new(".").of_assembly(&assembly).build(&assets, &mut |_: BuildEvent| {})? {
//!     for object in built.objects {
//!         println!("{} is {}", object.key, object.path.display());
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod builder;
mod cache;
mod cargo;
mod command;
mod error;
mod event;
mod executable;
mod metadata;
mod object;
mod options;
mod pack;
mod selection;
mod site;
#[cfg(test)]
mod tests;
mod tools;

pub use self::object::{BuiltAsset, BuiltObject, object_keys};
pub use builder::AssetBuilder;
pub use error::BuildError;
pub use event::BuildEvent;
pub use executable::GlibcVersion;
pub use options::BuildOptions;
