//! The Cargo workspace that an app ships programs of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::lock::Lock;
use super::manifest::{Dependency, Manifest, WorkspaceManifest, parse_toml, write_entry};
use super::package::Package;
use super::{AssetError, nearest};

/// The tables of `.cargo/config.toml` that reach the compiler.
const COMPILER_SETTINGS: [&str; 5] = ["build", "target", "profile", "env", "paths"];

/// A workspace, read as far as it was asked for.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) root: PathBuf,
    pub(super) manifest: WorkspaceManifest,
    pub(super) lock: Lock,
    /// Profiles and settings of the compiler that hold for every program.
    pub(super) settings: String,
    /// The folders of the members, by the names of their packages.
    members: BTreeMap<String, PathBuf>,
    packages: BTreeMap<PathBuf, Rc<Package>>,
}

impl Workspace {
    /// Reads the manifests of the workspace in `root`.
    pub(super) fn open(root: &Path) -> Result<Self, AssetError> {
        let path = root.join("Cargo.toml");
        let text = fs::read_to_string(&path).map_err(|error| {
            AssetError::reading(&path, error)
                .with_hint("run the command in the folder of the Cargo workspace, or below it")
        })?;
        let mut own = Manifest::parse(&text, &path)?;
        let manifest = own.workspace.take().unwrap_or_default();
        let lock_path = root.join("Cargo.lock");
        let lock = fs::read_to_string(&lock_path).map_err(|error| {
            AssetError::reading(&lock_path, error)
                .with_hint("run `cargo generate-lockfile`, and commit the file: it says which versions are compiled")
        })?;
        let lock = Lock::parse(&lock, &lock_path)?;
        let mut workspace = Self {
            root: root.to_owned(),
            settings: format!("{}{}", manifest.essence, compiler_settings(root)?),
            manifest,
            lock,
            members: BTreeMap::new(),
            packages: BTreeMap::new(),
        };
        workspace.find_members(own.package)?;
        Ok(workspace)
    }

    fn find_members(&mut self, own_package: Option<String>) -> Result<(), AssetError> {
        if let Some(name) = own_package {
            self.members.insert(name, self.root.clone());
        }
        let mut folders = Vec::new();
        for pattern in &self.manifest.members {
            expand(&self.root, pattern, &mut folders)?;
        }
        let excluded: Vec<_> = self.manifest.exclude.iter().map(|folder| plain(&self.root.join(folder))).collect();
        folders.retain(|folder| !excluded.iter().any(|excluded| folder.starts_with(excluded)));
        for folder in folders {
            if let Some(name) = read_manifest(&folder)?.package {
                self.members.insert(name, folder);
            }
        }
        Ok(())
    }

    /// The member called `name`.
    pub(super) fn member(&mut self, name: &str) -> Result<Rc<Package>, AssetError> {
        match self.members.get(name).cloned() {
            Some(folder) => self.package(&folder),
            None => {
                let error = AssetError::new(format!("the workspace has no package `{name}`"));
                let names = || self.members.keys().map(String::as_str);
                Err(match nearest(name, names()) {
                    Some(near) => error.with_hint(format!("did you mean `{near}`?")),
                    None => error.with_hint(format!("its packages are {}", listed(names()))),
                })
            }
        }
    }

    /// The package in `folder`.
    pub(super) fn package(&mut self, folder: &Path) -> Result<Rc<Package>, AssetError> {
        let folder = plain(folder);
        if let Some(package) = self.packages.get(&folder) {
            return Ok(Rc::clone(package));
        }
        let package = Rc::new(Package::load(&folder, read_manifest(&folder)?)?);
        self.packages.insert(folder, Rc::clone(&package));
        Ok(package)
    }

    /// The folder that `package` names by `dependency`; none when it is not of a folder.
    pub(super) fn folder_of(&self, package: &Package, dependency: &Dependency) -> Option<PathBuf> {
        match &dependency.path {
            Some(path) => Some(package.folder.join(path)),
            None if dependency.is_inherited => {
                let (inherited, _) = self.manifest.dependencies.get(&dependency.key)?;
                Some(self.root.join(inherited.path.as_ref()?))
            }
            None => None,
        }
    }

    /// The name of the package that a dependency stands for, with what the workspace says of it.
    pub(super) fn package_of<'a>(&'a self, dependency: &'a Dependency) -> &'a str {
        match self.manifest.dependencies.get(&dependency.key) {
            Some((inherited, _)) if dependency.is_inherited => &inherited.package,
            _ => &dependency.package,
        }
    }

    /// The folder that `[patch]` takes the package from.
    pub(super) fn patch(&self, package: &str) -> Option<PathBuf> {
        let patch = self.manifest.patches.iter().find(|patch| patch.package == package)?;
        Some(self.root.join(patch.path.as_ref()?))
    }
}

fn read_manifest(folder: &Path) -> Result<Manifest, AssetError> {
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(|error| AssetError::reading(&path, error))?;
    Manifest::parse(&text, &path)
}

/// What the files beside the workspace say to the compiler.
fn compiler_settings(root: &Path) -> Result<String, AssetError> {
    let mut settings = String::new();
    for (name, keys) in [
        (".cargo/config.toml", Some(COMPILER_SETTINGS.as_slice())),
        ("rust-toolchain.toml", None),
        ("rust-toolchain", None),
    ] {
        let path = root.join(name);
        if !path.is_file() {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| AssetError::reading(&path, error))?;
        match keys {
            Some(keys) => {
                let document = parse_toml(&text, &path)?;
                for key in keys {
                    if let Some(value) = document.get(*key) {
                        write_entry(&mut settings, key, value.get_ref());
                    }
                }
            }
            None => settings.push_str(text.trim()),
        }
    }
    Ok(settings)
}

/// The folders with a `Cargo.toml` that a pattern of `members` names; `*` stands for any part of one name.
fn expand(root: &Path, pattern: &str, folders: &mut Vec<PathBuf>) -> Result<(), AssetError> {
    let mut found = vec![root.to_owned()];
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if !part.contains('*') {
            for folder in &mut found {
                folder.push(part);
            }
            continue;
        }
        let mut below = Vec::new();
        for folder in found {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries {
                let entry = entry.map_err(|error| AssetError::reading(&folder, error))?;
                if entry.file_name().to_str().is_some_and(|name| matches(part, name)) && entry.path().is_dir() {
                    below.push(entry.path());
                }
            }
        }
        found = below;
    }
    folders.extend(found.iter().map(|folder| plain(folder)).filter(|folder| folder.join("Cargo.toml").is_file()));
    Ok(())
}

/// Whether `name` is of the form of `pattern`, in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(index, _)| index).chain([rest.len()]).any(|index| matches(after, &rest[index..]))
        }),
    }
}

/// The path without `.` and with `..` taken back, so that one folder has one name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
