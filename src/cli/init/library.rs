//! Where a new app finds the library.

use std::path::{Path, PathBuf};

use stackgen_template::{Value, to_json};
use toml::de::DeTable;

use super::super::error::Failure;

/// Where a new app finds the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Library {
    /// A folder, as an absolute path.
    Folder(PathBuf),
    /// The address of a Git repository.
    Repository(String),
}

impl Library {
    /// What `--library` names.
    pub(super) fn at(place: &str) -> Result<Self, Failure> {
        if place.contains("://") {
            return Ok(Self::Repository(place.to_owned()));
        }
        let folder = Path::new(place);
        if !is_library(folder) {
            return Err(Failure::usage(format!("`{place}` is no copy of the library")).hint(
                "name the folder whose Cargo.toml is that of the package `stackgen`, or the URL of a Git repository",
            ));
        }
        Self::folder(folder)
    }

    /// The workspace that one is in when it is the library's own, else the repository of the library.
    pub(super) fn of_workspace(root: &Path) -> Result<Self, Failure> {
        if is_library(root) {
            return Self::folder(root);
        }
        Ok(Self::Repository(env!("CARGO_PKG_REPOSITORY").to_owned()))
    }

    fn folder(folder: &Path) -> Result<Self, Failure> {
        let whole = folder.canonicalize().map_err(|error| super::cannot("find", folder, &error))?;
        Ok(Self::Folder(whole))
    }

    /// The keys of a dependency on the package in a folder of the library.
    pub(super) fn dependency(&self, package: &str) -> String {
        // JSON's texts are TOML's too.
        let text = |text: &str| to_json(&Value::from(text.to_owned()));
        match self {
            Self::Folder(folder) if package.is_empty() => format!("path = {}", text(&folder.to_string_lossy())),
            Self::Folder(folder) => format!("path = {}", text(&folder.join(package).to_string_lossy())),
            Self::Repository(address) => format!("git = {}", text(address)),
        }
    }
}

/// Whether the package of a folder is this library.
fn is_library(folder: &Path) -> bool {
    let Ok(manifest) = std::fs::read_to_string(folder.join("Cargo.toml")) else { return false };
    let Ok(manifest) = DeTable::parse(&manifest) else { return false };
    let name = manifest.get_ref().get("package").and_then(|package| package.get_ref().get("name"));
    name.and_then(|name| name.get_ref().as_str()) == Some(env!("CARGO_PKG_NAME"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_found_in_its_own_workspace() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(Library::of_workspace(root).expect("found"), Library::Folder(root.canonicalize().expect("there")));
        let elsewhere = Library::of_workspace(&root.join("crates/contract")).expect("found");
        assert_eq!(elsewhere, Library::Repository(env!("CARGO_PKG_REPOSITORY").to_owned()));
    }

    #[test]
    fn a_folder_that_is_not_the_library_is_refused() {
        let failure = Library::at(concat!(env!("CARGO_MANIFEST_DIR"), "/crates")).expect_err("no library");
        assert!(failure.message.contains("crates` is no copy of the library"), "{failure:?}");
    }

    #[test]
    fn a_dependency_reads_as_toml_whatever_the_path() {
        for path in ["/a/b", "/with \"quotes\" and \\", "/ümlaut\u{1}"] {
            let dependency = Library::Folder(PathBuf::from(path)).dependency("crates/contract");
            let table = DeTable::parse(&dependency).expect(&dependency).into_inner();
            assert_eq!(table["path"].get_ref().as_str(), Some(format!("{path}/crates/contract").as_str()));
        }
    }
}
