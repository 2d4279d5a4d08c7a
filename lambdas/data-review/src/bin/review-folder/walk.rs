//! The files below a folder.

use std::{fs, io, path::Path};

/// Paths of all files below a folder, relative to it and with `/` between their parts, in order. Links are not followed:
/// they may lead anywhere, and back.
pub(crate) fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    add(folder, "", &mut files)?;
    files.sort_unstable();
    Ok(files)
}

fn add(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            add(&entry.path(), &format!("{name}/"), files)?;
        } else if kind.is_file() {
            files.push(name);
        }
    }
    Ok(())
}
