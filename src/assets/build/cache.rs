//! The folder with what was built: one file an object, under its key.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::BuildError;

/// How long an object is kept that is not needed.
const KEEP_OBJECTS: Duration = Duration::from_hours(30 * 24);

/// How long a file is kept that was not written to its end: another run may be at it.
const KEEP_PARTS: Duration = Duration::from_hours(24);

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

    /// Removes objects that nobody needed for long, and what runs that were killed left. `needed` are the keys that are
    /// needed now. A folder that cannot be tidied is no reason to fail.
    pub(super) fn tidy(&self, needed: &BTreeSet<String>) {
        for key in needed {
            if let Ok(file) = File::options().append(true).open(self.path(key)) {
                let _ = file.set_modified(SystemTime::now());
            }
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let (key, keep) = match name.strip_prefix('.') {
                Some(key) => (key, KEEP_PARTS),
                None => (&*name, KEEP_OBJECTS),
            };
            if !begins_with_hash(key) {
                continue;
            }
            let Ok(metadata) = entry.metadata() else { continue };
            let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
            if metadata.is_file() && age.is_some_and(|age| age > keep) {
                let _ = fs::remove_file(entry.path());
            }
        }
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

/// Whether a file has a name of ours: the folder is the user's choice, and may hold other files.
fn begins_with_hash(name: &str) -> bool {
    name.len() >= 64 && name.bytes().take(64).all(|byte| byte.is_ascii_hexdigit())
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
    fn what_nobody_needs_is_removed_after_a_time() {
        let name = |prefix: &str, digit: &str| format!("{prefix}{}.zip", digit.repeat(64));
        let [new, old, needed] = ["a", "b", "c"].map(|digit| name("", digit));
        let [part, fresh] = ["d", "e"].map(|digit| name(".", digit));
        let folder = Folder::with(&[]);
        for name in [&new, &old, &needed, &part, &fresh, "of-others"] {
            folder.write(name, "");
            if [&old, &needed, &part, "of-others"].contains(&name) {
                let file = File::options().append(true).open(folder.path().join(name)).unwrap();
                file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            }
        }
        Cache::new(folder.path().to_owned()).tidy(&BTreeSet::from([needed.clone(), "absent".to_owned()]));
        let entries = fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, [fresh, new, needed, "of-others".to_owned()]);
    }

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
