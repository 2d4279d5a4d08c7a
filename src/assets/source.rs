//! What an asset is made from.

use std::path::PathBuf;

use super::{Architecture, AssetError, AssetHasher, AssetLocation};

/// What an asset is made from. Paths are relative to the root of the app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AssetSource {
    /// A Lambda function: a program of a package of the workspace, shipped in a zip as `bootstrap`. It is built for
    /// the architecture of the app: see [`AssetHasher::set_architecture`].
    RustFunction {
        /// The package.
        package: String,
        /// The program: the name of a `[[bin]]`, or of a file in `src/bin/`.
        binary: String,
    },
    /// A program of a package of the workspace, shipped as the bare executable file.
    RustBinary {
        /// The package.
        package: String,
        /// The program: the name of a `[[bin]]`, or of a file in `src/bin/`.
        binary: String,
        /// The processor it is built for.
        architecture: Architecture,
    },
    /// A folder that a command of its own turns into files, such as a web page. The output is zipped.
    Site {
        /// The folder with the sources.
        folder: PathBuf,
        /// The folder below it that the command fills.
        output: PathBuf,
        /// The command and its arguments, run in `folder`.
        command: Vec<String>,
    },
    /// All files below a folder, zipped.
    Folder(PathBuf),
    /// One file, as it is.
    File(PathBuf),
}

/// Something that a stack ships, and the hash that it is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// What it is made from.
    pub source: AssetSource,
    /// SHA-256 of the sources, in hexadecimal.
    pub hash: String,
    /// The processor that a program is built for; none for what is not compiled.
    pub architecture: Option<Architecture>,
}

impl Asset {
    /// The asset of `source` with paths from `root`, hashed. Several assets of one app are hashed faster by one
    /// [`AssetHasher`].
    pub fn of(source: AssetSource, root: impl Into<PathBuf>) -> Result<Self, AssetError> {
        AssetHasher::new(root).asset(source)
    }

    /// The name of the object that is uploaded: the hash, and the extension of what it holds.
    pub fn key(&self) -> String {
        let extension = match &self.source {
            AssetSource::RustFunction { .. } | AssetSource::Site { .. } | AssetSource::Folder(_) => Some("zip".into()),
            AssetSource::RustBinary { .. } => None,
            AssetSource::File(path) => path.extension().map(|extension| extension.to_string_lossy()),
        };
        match extension {
            Some(extension) => format!("{}.{extension}", self.hash),
            None => self.hash.clone(),
        }
    }

    /// Where the asset will be at deployment.
    pub fn location(&self) -> AssetLocation {
        AssetLocation::of_key(self.key())
    }
}
