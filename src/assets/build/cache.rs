//! The folder with what was built: one file an object, under its key.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::BuildError;

/// The folder with what was built. A file that is there is whole: it gets its name when it is written.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the object is, or will be.
    pub(super) fn path(&self, key: &str) -> PathBuf {
        self.folder.join(key)
    }

    /// Writes an object, and gives its size in bytes.
    pub(super) fn put(
        &self,
        key: &str,
        write: impl FnOnce(&mut File) -> Result<(), BuildError>,
    ) -> Result<u64, BuildError> {
        // Two runs, or two threads, may write the same object; each has a file of its own until then.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        fs::create_dir_all(&self.folder).map_err(|error| BuildError::file("create", &self.folder, error))?;
        let part = Part(self.folder.join(format!(".{key}.{}-{number}", std::process::id())));
        let mut file = File::create(&part.0).map_err(|error| BuildError::file("create", &part.0, error))?;
        write(&mut file)?;
        let metadata = file.metadata().map_err(|error| BuildError::file("read", &part.0, error))?;
        drop(file);
        let path = self.path(key);
        fs::rename(&part.0, &path).map_err(|error| BuildError::file("write", &path, error))?;
        Ok(metadata.len())
    }
}

/// A file that is removed unless it got its name.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use std::io::Write as _;

    use super::*;
    use crate::assets::tests::Folder;

    #[test]
    fn what_could_not_be_written_leaves_nothing() {
        let folder = Folder::with(&[]);
        let cache = Cache::new(folder.path().join("deep/cache"));
        let failed = cache.put("a.zip", |file| {
            file.write_all(b"half").unwrap();
            Err(BuildError::new("full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "full");
        assert_eq!(fs::read_dir(cache.folder()).unwrap().count(), 0);
        let written = cache.put("a.zip", |file| {
            file.write_all(b"whole").unwrap();
            Ok(())
        });
        assert_eq!(written.unwrap(), 5);
        assert_eq!(fs::read(cache.path("a.zip")).unwrap(), b"whole");
        assert_eq!(fs::read_dir(cache.folder()).unwrap().count(), 1);
    }
}
