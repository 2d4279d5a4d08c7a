//! Zip archives that are the same bytes for the same files.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The mode of files.
const PLAIN: u32 = 0o644;

/// The mode of programs.
const EXECUTABLE: u32 = 0o755;

/// A file of an archive.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry<'a> {
    /// A program, which is executable.
    Program {
        /// Its name in the archive.
        name: &'a str,
        /// Its content.
        content: &'a [u8],
    },
    /// A file, which is not.
    File {
        /// Its name in the archive, with `/` between its parts.
        name: &'a str,
        /// Where it is read.
        path: &'a Path,
    },
}

impl Entry<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Program { name, .. } | Self::File { name, .. } => name,
        }
    }
}

/// Writes an archive of `entries`. Order, times and modes of the files themselves leave no trace in it.
pub(super) fn write_archive(file: &mut File, mut entries: Vec<Entry<'_>>) -> io::Result<()> {
    entries.sort_by(|one, other| one.name().cmp(other.name()));
    let mut archive = ZipWriter::new(BufWriter::new(file));
    for entry in entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        match entry {
            Entry::Program { name, content } => {
                let is_large = u32::try_from(content.len()).is_err();
                archive.start_file(name, options.unix_permissions(EXECUTABLE).large_file(is_large))?;
                archive.write_all(content)?;
            }
            Entry::File { name, path } => {
                let mut content = File::open(path)?;
                let is_large = u32::try_from(content.metadata()?.len()).is_err();
                archive.start_file(name, options.unix_permissions(PLAIN).large_file(is_large))?;
                io::copy(&mut content, &mut archive)?;
            }
        }
    }
    archive.finish()?.flush()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use std::fs;
    use std::io::Read as _;

    use zip::ZipArchive;

    use super::*;
    use crate::assets::tests::Folder;

    #[test]
    fn order_and_time_of_files_leave_no_trace() {
        let folder = Folder::with(&[("a.txt", "first"), ("b/c.txt", "second")]);
        let (one, two) = (folder.path().join("a.txt"), folder.path().join("b/c.txt"));
        let write = |name: &str, entries: Vec<Entry<'_>>| {
            let path = folder.path().join(name);
            write_archive(&mut File::create(&path).unwrap(), entries).unwrap();
            path
        };
        let first = Entry::File { name: "a.txt", path: &one };
        let second = Entry::File { name: "b/c.txt", path: &two };
        let program = Entry::Program { name: "bootstrap", content: b"run" };
        let forward = write("1.zip", vec![first, second, program]);
        File::open(&two).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        let backward = write("2.zip", vec![program, second, first]);
        assert_eq!(fs::read(&forward).unwrap(), fs::read(&backward).unwrap());

        let mut archive = ZipArchive::new(File::open(&forward).unwrap()).unwrap();
        let mut found = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            let year = file.last_modified().unwrap().year();
            found.push((file.name().to_owned(), file.unix_mode().unwrap() & 0o777, year, content));
        }
        let expected = [("a.txt", PLAIN, "first"), ("b/c.txt", PLAIN, "second"), ("bootstrap", EXECUTABLE, "run")];
        assert_eq!(found, expected.map(|(name, mode, content)| (name.to_owned(), mode, 1980, content.to_owned())));
    }
}
