//! Which server belongs to a folder: `server.json` in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stackgen_template::{Map, Value, read_json, to_json};

use super::LocalError;

/// The server of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    /// Its process.
    pub(super) process: u32,
    /// The port on 127.0.0.1 that it listens on.
    pub(super) port: u16,
}

impl Record {
    /// The record in `folder`, if there is one.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, LocalError> {
        let path = path(folder);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(LocalError::reading(&path, cause)),
        };
        let record = read_json(&text).ok().and_then(|document| {
            let number = |key: &str| document.value.get(key)?.as_number()?.as_i64();
            Some(Self { process: u32::try_from(number("process")?).ok()?, port: u16::try_from(number("port")?).ok()? })
        });
        record.map(Some).ok_or_else(|| {
            LocalError::new(format!("`{}` is not what this program wrote", path.display()))
                .hint("end the process `ministack` yourself, if there is one, and remove the file")
        })
    }

    /// Writes the record, whole or not at all.
    pub(super) fn write(self, folder: &Path) -> Result<(), LocalError> {
        let path = path(folder);
        let value = Value::Map(Map::from_iter([
            ("process".into(), Value::from(i64::from(self.process))),
            ("port".into(), Value::from(i64::from(self.port))),
        ]));
        let new = path.with_extension("new");
        let written = fs::write(&new, to_json(&value) + "\n").and_then(|()| fs::rename(&new, &path));
        written.map_err(|cause| LocalError::writing(&path, cause))
    }

    /// Removes the record of `folder`, if there is one.
    pub(super) fn remove(folder: &Path) -> Result<(), LocalError> {
        let path = path(folder);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(LocalError::writing(&path, cause)),
            _ => Ok(()),
        }
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("server.json")
}
