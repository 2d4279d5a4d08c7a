//! The package of a folder: its manifest and the files that are compiled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::files::{Outside, files_below};
use super::manifest::Manifest;
use super::{AssetError, Digest};

/// A package of a folder, with the hashes of its files.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) manifest: Manifest,
    /// Names from the folder down, sorted, with the hash of each content.
    files: Vec<(String, [u8; 32])>,
    /// Files that belong to one program only, with its name.
    programs: Vec<(String, String)>,
}

/// Folders of a package that hold no part of its programs.
const WITHOUT_EFFECT: [&str; 5] = ["tests", "benches", "examples", "target", "node_modules"];

impl Package {
    /// Reads the package whose `Cargo.toml` was read from `folder`.
    pub(super) fn load(folder: &Path, manifest: Manifest) -> Result<Self, AssetError> {
        let name = manifest.package.clone().unwrap_or_default();
        let skip = |name: &str, path: &Path, is_folder: bool| {
            let is_top = !name.contains('/');
            let own_name = name.rsplit('/').next().unwrap_or(name);
            if !is_folder {
                // The manifest counts by what it says, not by how it is written.
                return is_top && ["Cargo.toml", "Cargo.lock"].contains(&name) || own_name.starts_with('.');
            }
            (is_top && WITHOUT_EFFECT.contains(&name))
                || own_name.starts_with('.')
                || path.join("Cargo.toml").is_file()
                || path.join("CACHEDIR.TAG").is_file()
                || path.join(crate::assembly::OWN_MANIFEST).is_file()
        };
        let mut files = Vec::new();
        let mut may_share = false;
        for file in files_below(folder, Outside::Followed, &skip)? {
            let content = fs::read(&file.path).map_err(|error| AssetError::reading(&file.path, error))?;
            let is_source = file.path.extension().is_some_and(|extension| extension == "rs");
            may_share |= is_source && may_include_others(&content);
            files.push((file.name, Digest::of_bytes(&content)));
        }
        let programs = if may_share { Vec::new() } else { own_files_of_programs(&manifest, &name, &files) };
        Ok(Self { name, folder: folder.to_owned(), manifest, files, programs })
    }

    /// Adds all that is compiled into `binary`, or into a program that depends on the package when that is none.
    pub(super) fn hash_into(&self, digest: &mut Digest, binary: Option<&str>) {
        digest.entry("package", self.name.as_bytes());
        digest.entry("manifest", self.manifest.essence.as_bytes());
        for (name, content) in &self.files {
            let owner = self.programs.iter().find(|(file, _)| file == name).map(|(_, program)| program.as_str());
            if owner.is_none() || owner == binary {
                digest.entry(name, content);
            }
        }
    }

    /// The names of the packages that the package itself is compiled with.
    pub(super) fn dependency_names(&self) -> BTreeSet<&str> {
        self.manifest.dependencies.iter().map(|dependency| dependency.package.as_str()).collect()
    }
}

/// Whether a source file may take in files by other ways than `mod`: then no file is known to be of one program only.
fn may_include_others(source: &[u8]) -> bool {
    [b"#[path".as_slice(), b"include!"].iter().any(|word| source.windows(word.len()).any(|part| part == *word))
}

/// Which files are of one program only: another program does not change when they do.
fn own_files_of_programs(manifest: &Manifest, package: &str, files: &[(String, [u8; 32])]) -> Vec<(String, String)> {
    let mut programs = Vec::new();
    for (file, _) in files {
        let listed = manifest.binaries.iter().find(|(_, path)| path.as_deref() == Some(file.as_str()));
        let program = if let Some((name, _)) = listed {
            name.as_str()
        } else if file == "src/main.rs" {
            package
        } else if let Some(rest) = file.strip_prefix("src/bin/") {
            match rest.split_once('/') {
                Some((folder, _)) => folder,
                None => rest.strip_suffix(".rs").unwrap_or(rest),
            }
        } else {
            continue;
        };
        programs.push((file.clone(), program.to_owned()));
    }
    programs
}
