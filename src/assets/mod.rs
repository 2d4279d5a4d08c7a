//! What a stack ships: files, folders, Rust functions, sites.
//!
//! An asset is known by a hash of its *sources*, so synthesis compiles nothing and a change that does not matter
//! changes nothing. Building and uploading happen at deployment.

use std::fmt;
use std::path::{Path, PathBuf};

use stackgen_template::{Expression, Value};

/// What an asset is made from. Paths are relative to the root of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetSource {
    /// A Lambda function: a binary of a package of the workspace.
    RustFunction {
        /// The package.
        package: String,
        /// The binary.
        binary: String,
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
}

/// Where an asset will be at deployment.
#[derive(Debug, Clone)]
pub struct AssetLocation {
    /// The bucket.
    pub bucket: Value,
    /// The key.
    pub key: Value,
}

/// Why an asset cannot be hashed.
#[derive(Debug)]
pub struct AssetError {
    message: String,
    hint: Option<String>,
}

impl AssetError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for AssetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for AssetError {}

impl Asset {
    /// The asset of `source`, hashed.
    pub fn of(source: AssetSource, root: &Path) -> Result<Self, AssetError> {
        let _ = root;
        Err(AssetError { message: format!("{source:?} cannot be hashed yet"), hint: None })
    }

    /// Where the asset will be at deployment.
    pub fn location(&self) -> AssetLocation {
        AssetLocation {
            bucket: Expression::sub("stackgen-assets-${AWS::AccountId}-${AWS::Region}").into(),
            key: format!("{}.zip", self.hash).into(),
        }
    }
}

impl AssetLocation {
    /// Stands for an asset that could not be hashed; the fault is reported on its own.
    pub fn missing() -> Self {
        Self { bucket: "missing".into(), key: "missing".into() }
    }
}
