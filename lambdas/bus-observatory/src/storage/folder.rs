//! A store in a folder of this machine.

use std::fs::{self, DirEntry, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use bytes::Bytes;

use super::{Condition, Listed, MAXIMUM_DELETE, Object, Put, Storage, StorageError, tag};

/// Name of the file that is locked while conditions are looked at.
const LOCK: &str = ".lock";
/// Begins the names of files that are being written.
const BEGUN: &str = ".begun-";

/// A store in a folder: keys are paths below it.
///
/// An object is written beside its place and moved there, so that it is whole or not there. Conditions hold between
/// processes of this machine: writers lock a file.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The store in the folder `root`, which is created when it is missing.
    pub fn new(root: impl Into<PathBuf>) -> Result<Self, StorageError> {
        let root = root.into();
        let made = fs::create_dir_all(&root).and_then(|()| fs::canonicalize(&root));
        let root = made.map_err(|error| StorageError::new("create", root.display().to_string(), error))?;
        Ok(Self { root })
    }

    fn path(&self, action: &'static str, key: &str) -> Result<PathBuf, StorageError> {
        let relative = Path::new(key);
        let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
        let hidden = key.split('/').any(|name| name.is_empty() || name.starts_with('.'));
        if !plain || hidden {
            return Err(StorageError::new(action, key, "a key must be a path without empty or hidden names"));
        }
        Ok(self.root.join(relative))
    }

    fn locked(&self) -> io::Result<File> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.root.join(LOCK))?;
        file.lock()?;
        Ok(file)
    }

    fn visit(&self, folder: &Path, prefix: &str, found: &mut Vec<Listed>) -> io::Result<()> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            match self.visit_entry(&entry?, prefix, found) {
                // Another process has deleted it meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                result => result?,
            }
        }
        Ok(())
    }

    fn visit_entry(&self, entry: &DirEntry, prefix: &str, found: &mut Vec<Listed>) -> io::Result<()> {
        let path = entry.path();
        let Some(key) = path.strip_prefix(&self.root).ok().and_then(Path::to_str) else { return Ok(()) };
        if entry.file_name().to_string_lossy().starts_with('.') {
            return Ok(());
        }
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            let below = format!("{key}/");
            if below.starts_with(prefix) || prefix.starts_with(&below) {
                self.visit(&path, prefix, found)?;
            }
        } else if key.starts_with(prefix) {
            found.push(Listed { key: key.to_owned(), size: metadata.len(), modified: modified(&metadata) });
        }
        Ok(())
    }

    fn write(&self, path: &Path, content: &[u8], condition: &Condition) -> io::Result<Put> {
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let _lock = self.locked()?;
        let current = match (condition, fs::read(path)) {
            (Condition::Always, _) => None,
            (_, Ok(content)) => Some(tag(&content)),
            (_, Err(error)) if error.kind() == ErrorKind::NotFound => None,
            (_, Err(error)) => return Err(error),
        };
        let holds = match condition {
            Condition::Always => true,
            Condition::New => current.is_none(),
            Condition::Matches(tag) => current.as_ref() == Some(tag),
        };
        if !holds {
            return Ok(Put::Conflict);
        }
        // One writer at a time: the lock is held.
        let begun = folder.join(format!("{BEGUN}{}", std::process::id()));
        let mut file = File::create(&begun)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&begun, path)?;
        Ok(Put::Done)
    }
}

impl Storage for Folder {
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        let start = prefix.rsplit_once('/').map_or_else(|| self.root.clone(), |(folder, _)| self.root.join(folder));
        let mut found = Vec::new();
        self.visit(&start, prefix, &mut found).map_err(|error| StorageError::new("list", prefix, error))?;
        found.sort_by(|left, right| left.key.cmp(&right.key));
        Ok(found)
    }

    fn get(&self, key: &str) -> Result<Option<Object>, StorageError> {
        let path = self.path("get", key)?;
        let read = || -> io::Result<Object> {
            let content = fs::read(&path)?;
            let modified = modified(&fs::metadata(&path)?);
            Ok(Object { tag: tag(&content), content: content.into(), modified })
        };
        match read() {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StorageError::new("get", key, error)),
        }
    }

    /// Without tags, which take longer than reading.
    fn contents(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, StorageError> {
        let content = |key: &String| match fs::read(self.path("get", key)?) {
            Ok(content) => Ok(Some(content.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StorageError::new("get", key, error)),
        };
        keys.iter().map(content).collect()
    }

    fn put(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError> {
        let path = self.path("put", key)?;
        self.write(&path, &content, condition).map_err(|error| StorageError::new("put", key, error))
    }

    fn delete(&self, keys: &[String]) -> Result<(), StorageError> {
        if keys.is_empty() || keys.len() > MAXIMUM_DELETE {
            return Err(StorageError::new("delete", "", format!("{} keys at once", keys.len())));
        }
        for key in keys {
            match fs::remove_file(self.path("delete", key)?) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(StorageError::new("delete", key, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn url(&self, key: &str) -> String {
        format!("file://{}/{key}", self.root.display())
    }
}

fn modified(metadata: &fs::Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_micros()).ok()).unwrap_or_default()
}
