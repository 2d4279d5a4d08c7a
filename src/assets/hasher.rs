//! Hashes the assets of one app, reading what they share once.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::slashes;
use super::files::{Outside, SourceFile, files_below, files_to_ship};
use super::workspace::Workspace;
use super::{Architecture, Asset, AssetError, AssetSource, Digest, nearest, program};

/// Hashes the assets of one app, reading what they share once.
#[derive(Debug, Default)]
pub struct AssetHasher {
    root: PathBuf,
    architecture: Architecture,
    workspace: Option<Workspace>,
    known: HashMap<AssetSource, Asset>,
}

impl AssetHasher {
    /// A hasher of assets with paths from `root`: the folder with the workspace's `Cargo.lock`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), ..Self::default() }
    }

    /// Sets what functions are built for.
    pub fn set_architecture(&mut self, architecture: Architecture) {
        if architecture != self.architecture {
            self.known.clear();
        }
        self.architecture = architecture;
    }

    /// The asset of `source`, hashed.
    pub fn asset(&mut self, source: AssetSource) -> Result<Asset, AssetError> {
        if let Some(asset) = self.known.get(&source) {
            return Ok(asset.clone());
        }
        let (hash, architecture) = match &source {
            AssetSource::RustFunction { package, binary } => {
                let architecture = self.architecture;
                (program::hash(self.workspace()?, "rust-function", package, binary, architecture)?, Some(architecture))
            }
            AssetSource::RustBinary { package, binary, architecture } => {
                let hash = program::hash(self.workspace()?, "rust-binary", package, binary, *architecture)?;
                (hash, Some(*architecture))
            }
            AssetSource::Site { folder, output, command } => (self.site(folder, output, command)?, None),
            AssetSource::Folder(folder) => (self.folder(folder)?, None),
            AssetSource::File(file) => (self.file(file)?, None),
        };
        let asset = Asset { source: source.clone(), hash, architecture };
        self.known.insert(source, asset.clone());
        Ok(asset)
    }

    fn workspace(&mut self) -> Result<&mut Workspace, AssetError> {
        if self.workspace.is_none() {
            self.workspace = Some(Workspace::open(&self.root)?);
        }
        Ok(self.workspace.as_mut().expect("it was opened above"))
    }

    fn site(&self, folder: &Path, output: &Path, command: &[String]) -> Result<String, AssetError> {
        let output = slashes(output);
        if command.is_empty() {
            return Err(AssetError::new(format!("the site `{}` has no command that builds it", slashes(folder))));
        }
        let path = self.existing(folder, true)?;
        let skip = |name: &str, _: &Path, is_folder: bool| {
            let own_name = name.rsplit('/').next().unwrap_or(name);
            is_folder && (own_name == "node_modules" || own_name == ".git" || name == output)
        };
        let mut digest = Digest::new("site");
        digest.entry("output", output.as_bytes());
        for argument in command {
            digest.entry("command", argument.as_bytes());
        }
        hash_files(&mut digest, &files_below(&path, Outside::Followed, &skip)?)?;
        Ok(digest.finish())
    }

    fn folder(&self, folder: &Path) -> Result<String, AssetError> {
        let path = self.existing(folder, true)?;
        let files = files_to_ship(&path)?;
        if files.is_empty() {
            return Err(AssetError::new(format!("the folder `{}` holds no file to ship", slashes(folder))));
        }
        let mut digest = Digest::new("folder");
        hash_files(&mut digest, &files)?;
        Ok(digest.finish())
    }

    fn file(&self, file: &Path) -> Result<String, AssetError> {
        let path = self.existing(file, false)?;
        let content = fs::read(&path).map_err(|error| AssetError::reading(&path, error))?;
        let mut digest = Digest::new("file");
        digest.entry("content", &content);
        Ok(digest.finish())
    }

    /// The path below the root, when there is such a file or folder.
    fn existing(&self, path: &Path, is_folder: bool) -> Result<PathBuf, AssetError> {
        let full = self.root.join(path);
        let shown = slashes(path);
        match fs::metadata(&full) {
            Ok(metadata) if metadata.is_dir() == is_folder => Ok(full),
            Ok(_) if is_folder => Err(AssetError::new(format!("`{shown}` is a file, not a folder"))
                .with_hint("ship it with `AssetSource::File`")),
            Ok(_) => Err(AssetError::new(format!("`{shown}` is a folder, not a file"))
                .with_hint("ship it with `AssetSource::Folder`")),
            Err(error) => {
                let error = AssetError::reading(path, error);
                Err(match similar(&full) {
                    Some(near) => error.with_hint(format!("did you mean `{near}`?")),
                    None => error.with_hint(format!("paths of assets begin in `{}`", slashes(&self.root))),
                })
            }
        }
    }
}

fn hash_files(digest: &mut Digest, files: &[SourceFile]) -> Result<(), AssetError> {
    for file in files {
        let content = fs::read(&file.path).map_err(|error| AssetError::reading(&file.path, error))?;
        digest.entry(&file.name, &content);
    }
    Ok(())
}

/// A name beside `path` that it may have been meant to be.
fn similar(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let names: Vec<String> =
        fs::read_dir(path.parent()?).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned)
}
