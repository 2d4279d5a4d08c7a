//! Writes the files of an assembly.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{AssemblyError, AssemblyFile, Content, OWN_MANIFEST};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The number of files of the assembly.
    pub files: usize,
    /// Files of an earlier synthesis that were removed.
    pub removed: Vec<String>,
}

/// Writes `files`, of which the last is our own manifest: it names only what is there.
pub(super) fn write(files: &[AssemblyFile], directory: &Path) -> Result<Written, AssemblyError> {
    fs::create_dir_all(directory).map_err(|error| AssemblyError::writing(directory, error))?;
    // Two syntheses at once take turns. Where folders cannot be locked, the one that comes second may end in an error.
    let folder = File::open(directory);
    let _ = folder.as_ref().map(File::lock);
    let earlier = match files_of_earlier_synthesis(directory) {
        Some(earlier) => earlier,
        None => match files.iter().find(|file| is_taken(&directory.join(&file.name), &file.content)) {
            Some(file) => return Err(AssemblyError::foreign(directory, &file.name)),
            None => Vec::new(),
        },
    };
    let mut folders = BTreeSet::new();
    for file in files {
        let path = directory.join(&file.name);
        if let (true, Some(folder)) = (file.name.contains('/'), path.parent())
            && folders.insert(folder.to_owned())
        {
            fs::create_dir_all(folder).map_err(|error| AssemblyError::writing(folder, error))?;
        }
        match &file.content {
            // What did not change keeps its time, and to read it is less work than to replace it.
            Content::Text(text) if holds(&path, text) => {}
            Content::Text(text) => {
                replace(&path, |new| fs::write(new, text)).map_err(|error| AssemblyError::writing(&path, error))?;
            }
            // Its name holds the hash of its content: what is there is right.
            Content::Copy(_) if path.is_file() => {}
            Content::Copy(from) => {
                replace(&path, |new| fs::copy(from, new).map(drop))
                    .map_err(|error| AssemblyError::copying(from, error))?;
            }
        }
    }
    let current: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let mut removed = Vec::new();
    for name in earlier {
        if !current.contains(name.as_str()) && remove(directory, &name) {
            removed.push(name);
        }
    }
    Ok(Written { files: files.len(), removed })
}

/// Whether another file is where one of ours belongs. The names of copies hold the hash of their content.
fn is_taken(path: &Path, content: &Content) -> bool {
    matches!(content, Content::Text(text) if path.exists() && !holds(path, text))
}

/// Whether the file at `path` is `text`.
fn holds(path: &Path, text: &str) -> bool {
    fs::metadata(path).is_ok_and(|file| file.len() == text.len() as u64)
        && fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Writes beside `path` and then puts the new file in its place, so that no one sees half of it.
fn replace(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    write(&new).and_then(|()| fs::rename(&new, path)).inspect_err(|_| {
        // The error that is reported is the first one; the file may not even exist.
        let _ = fs::remove_file(&new);
    })
}

/// What our own manifest in `directory` lists, where there is one. Only names that stay in the directory count, whoever
/// wrote the manifest.
fn files_of_earlier_synthesis(directory: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(directory.join(OWN_MANIFEST)).ok()?;
    let document = stackgen_template::read_json(&text).ok()?;
    let files = document.value.get("files")?.as_list()?;
    Some(files.iter().filter_map(|name| name.as_str()).filter(|name| stays_inside(name)).map(str::to_owned).collect())
}

fn stays_inside(name: &str) -> bool {
    !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Removes a file and the folders that it leaves empty; whether there was one.
fn remove(directory: &Path, name: &str) -> bool {
    if fs::remove_file(directory.join(name)).is_err() {
        return false;
    }
    let mut folder = Path::new(name).parent();
    while let Some(inner) = folder.filter(|inner| !inner.as_os_str().is_empty()) {
        if fs::remove_dir(directory.join(inner)).is_err() {
            break;
        }
        folder = inner.parent();
    }
    true
}
