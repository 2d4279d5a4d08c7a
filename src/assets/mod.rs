//! What a stack ships: files, folders, Rust functions, sites.
//!
//! An asset is known by a hash of its *sources*, so synthesis compiles nothing, a change that does not matter changes
//! nothing, and a laptop and a build server agree. Building and uploading happen at deployment.
//!
//! The hash of a Rust program covers what Cargo would compile into it: the files of its package and of the packages
//! that it depends on by path, the entries of `Cargo.lock` that it reaches, profiles, compiler settings and target.
//! Tests, benches, examples, lints and the other programs of the package do not count.

mod architecture;
#[cfg(feature = "build")]
pub mod build;
mod digest;
mod error;
mod files;
mod hasher;
mod location;
mod lock;
mod manifest;
mod package;
mod profile;
mod program;
mod source;
mod suggestion;
mod workspace;

#[cfg(test)]
pub(crate) mod tests;

pub use architecture::Architecture;
pub(crate) use digest::{Digest, hexadecimal};
pub use error::AssetError;
pub(crate) use files::files_to_ship;
pub use hasher::AssetHasher;
pub use location::AssetLocation;
pub use source::{Asset, AssetSource};
pub(crate) use suggestion::nearest;
