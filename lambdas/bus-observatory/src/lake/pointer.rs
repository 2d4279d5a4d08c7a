//! The pointer of an hour: which files hold its merged rows.

use crate::contract::keys::COMPACTED_PREFIX;
use crate::partition::Hour;
use crate::storage::{Storage, StorageError};

/// What the pointer of an hour says, and its tag. An hour without a pointer has no merged rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pointer {
    /// Keys of the files of merged rows.
    pub(crate) names: Vec<String>,
    /// The tag of the pointer.
    pub(crate) tag: Option<String>,
    /// When it was switched, in microseconds since 1970.
    pub(crate) modified: Option<i64>,
}

impl Pointer {
    /// Reads the pointer of an hour.
    pub(crate) fn read(storage: &dyn Storage, system_id: &str, hour: Hour) -> Result<Self, StorageError> {
        let key = hour.pointer(system_id);
        let Some(object) = storage.get(&key)? else { return Ok(Self::default()) };
        let spoilt = || StorageError::new("read", &key, "it must hold the URLs of merged rows of its hour, one a line");
        let text = std::str::from_utf8(&object.content).map_err(|_| spoilt())?;
        let mut names = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            // Merged rows always lie in the folder of their hour, whatever bucket the lake was copied to.
            let name = line.rsplit('/').next().unwrap_or_default();
            if !name.starts_with(COMPACTED_PREFIX) {
                return Err(spoilt());
            }
            names.push(format!("{}{name}", hour.rows(system_id)));
        }
        Ok(Self { names, tag: Some(object.tag), modified: Some(object.modified) })
    }
}
