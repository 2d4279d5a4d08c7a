//! The files below a folder, in an order that every system agrees on.

use std::fs;
use std::path::{Path, PathBuf};

use super::AssetError;
use super::error::slashes;

/// A file below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// The path from the folder down, with `/` between its parts.
    pub(crate) name: String,
    /// Where it is read.
    pub(crate) path: PathBuf,
}

/// What becomes of a symbolic link that leads out of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outside {
    /// It is an error: what is shipped lies in the folder.
    Refused,
    /// It is followed, as Cargo does with the sources of a package.
    Followed,
}

/// The files below `folder`, sorted by name. `skip` is asked with the name, the path and whether it is a folder.
pub(super) fn files_below(
    folder: &Path,
    outside: Outside,
    skip: &dyn Fn(&str, &Path, bool) -> bool,
) -> Result<Vec<SourceFile>, AssetError> {
    // The package in the folder that the program runs in has a path of no parts.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let root = fs::canonicalize(folder).map_err(|error| AssetError::reading(folder, error))?;
    let mut walk = Walk { root: &root, outside, skip, files: Vec::new() };
    walk.enter(folder, "", &mut vec![root.clone()])?;
    let mut files = walk.files;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// The files of a folder that is shipped as it is, sorted by name.
pub(crate) fn files_to_ship(folder: &Path) -> Result<Vec<SourceFile>, AssetError> {
    files_below(folder, Outside::Refused, &|_, _, _| false)
}

struct Walk<'a> {
    root: &'a Path,
    outside: Outside,
    skip: &'a dyn Fn(&str, &Path, bool) -> bool,
    files: Vec<SourceFile>,
}

impl Walk<'_> {
    /// `open` holds the real paths of the folders around: a link back to one of them would never end.
    fn enter(&mut self, folder: &Path, prefix: &str, open: &mut Vec<PathBuf>) -> Result<(), AssetError> {
        let entries = fs::read_dir(folder).map_err(|error| AssetError::reading(folder, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| AssetError::reading(folder, error))?;
            let path = entry.path();
            let Ok(own_name) = entry.file_name().into_string() else {
                let message = format!("the name of `{}` is not Unicode", slashes(&path));
                return Err(AssetError::new(message).with_hint("rename the file"));
            };
            if own_name == ".DS_Store" {
                continue;
            }
            let name = format!("{prefix}{own_name}");
            let kind = entry.file_type().map_err(|error| AssetError::reading(&path, error))?;
            let is_folder = if kind.is_symlink() { self.follow(&path)? } else { kind.is_dir() };
            if (self.skip)(&name, &path, is_folder) {
                continue;
            }
            if !is_folder {
                self.files.push(SourceFile { name, path });
                continue;
            }
            let real = fs::canonicalize(&path).map_err(|error| AssetError::reading(&path, error))?;
            if open.contains(&real) {
                let message = format!("the link `{}` leads back to a folder around it", slashes(&path));
                return Err(AssetError::new(message).with_hint("remove the link"));
            }
            open.push(real);
            self.enter(&path, &format!("{name}/"), open)?;
            open.pop();
        }
        Ok(())
    }

    /// Whether a link leads to a folder; an error when it leads where it must not.
    fn follow(&self, link: &Path) -> Result<bool, AssetError> {
        let target = fs::canonicalize(link).map_err(|error| AssetError::reading(link, error))?;
        if self.outside == Outside::Refused && !target.starts_with(self.root) {
            let message = format!("the link `{}` leads out of the folder that is shipped", slashes(link));
            return Err(AssetError::new(message).with_hint("put the file itself in the folder"));
        }
        Ok(target.is_dir())
    }
}
