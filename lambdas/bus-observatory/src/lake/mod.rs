//! Reading hours of the lake while others write and merge them.

mod pointer;
mod route;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use bytes::Bytes;

pub(crate) use pointer::Pointer;
pub use route::route_rows;

use crate::file::{File, Unreadable};
use crate::partition::{Hour, is_named_after};
use crate::storage::{Storage, StorageError};
use crate::table::{Layout, Table};

/// How often a reader starts again when files are merged under its hands.
const ATTEMPTS: usize = 4;

/// Why an hour cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The store failed.
    Storage(StorageError),
    /// The merged rows cannot be read.
    Compacted {
        /// Key of the file.
        key: String,
        /// Why.
        reason: Unreadable,
    },
    /// A file that could be opened has a part that cannot be read.
    Part(Unreadable),
    /// Files went away each time.
    Contended(Hour),
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(error) => error.fmt(formatter),
            Self::Compacted { key, reason } => {
                write!(formatter, "`{key}`, which the pointer names, cannot be read: {reason}")
            }
            Self::Part(reason) => write!(formatter, "a file of the lake cannot be read: {reason}"),
            Self::Contended(hour) => write!(formatter, "files of the hour {hour} went away {ATTEMPTS} times"),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<StorageError> for ReadError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// The files of an hour that hold each of its rows, some perhaps more than once.
#[derive(Debug, Clone, Default)]
pub struct HourFiles {
    /// The files: the merged one first, then the others in the order of their keys.
    pub files: Vec<File>,
    /// How many of them, from the first, are merged ones.
    pub compacted: usize,
    /// Incoming files that cannot be read, and are left out.
    pub unreadable: u64,
}

/// Opens the files of an hour of a feed.
///
/// Incoming files are listed before the pointer is read, and what the merged rows contain is dropped. In any other
/// order a row could be missed. Files that go away in between were merged: one starts again.
pub fn hour_files(storage: &dyn Storage, system_id: &str, hour: Hour) -> Result<HourFiles, ReadError> {
    for _ in 0..ATTEMPTS {
        if let Some(files) = attempt(storage, system_id, hour)? {
            return Ok(files);
        }
    }
    Err(ReadError::Contended(hour))
}

fn attempt(storage: &dyn Storage, system_id: &str, hour: Hour) -> Result<Option<HourFiles>, ReadError> {
    let incoming = storage.list(&hour.incoming(system_id))?;
    let pointer = Pointer::read(storage, system_id, hour)?;
    let mut found = HourFiles { compacted: pointer.names.len(), ..HourFiles::default() };
    let mut merged = BTreeSet::new();
    for (key, content) in pointer.names.iter().zip(storage.contents(&pointer.names)?) {
        let Some(content) = content else { return Ok(None) };
        let read = File::open(content).and_then(|file| file.inputs().map(|inputs| (file, inputs)));
        let (file, inputs) = read.map_err(|reason| ReadError::Compacted { key: key.clone(), reason })?;
        found.files.push(file);
        merged.extend(inputs);
    }
    let fresh: Vec<_> = incoming.into_iter().map(|listed| listed.key).filter(|key| !merged.contains(key)).collect();
    for (key, content) in fresh.iter().zip(storage.contents(&fresh)?) {
        let Some(content) = content else { return Ok(None) };
        match open_incoming(key, content) {
            Ok(file) => found.files.push(file),
            Err(_) => found.unreadable += 1,
        }
    }
    Ok(Some(found))
}

/// Opens an incoming file. Its name says what its content is: one that was spoilt since it was written is not read at all.
pub(crate) fn open_incoming(key: &str, content: Bytes) -> Result<File, Unreadable> {
    if !is_named_after(key, &content) {
        return Err(Unreadable::new("its content is not the one that its name tells of"));
    }
    File::open(content)
}

impl HourFiles {
    /// Reads the files of the layout's format. When a part of an incoming one cannot be read, reads again without it:
    /// `read` tells the index of the file among those that it was given, of which the first ones are merged.
    fn readable(
        &self,
        layout: Layout,
        read: impl Fn(&[&File], usize) -> Result<Table, (usize, Unreadable)>,
    ) -> Result<Table, ReadError> {
        let own = |file: &&File| file.feed_type() == layout.feed_type();
        let mut files: Vec<&File> = self.files.iter().filter(own).collect();
        let compacted = self.files.iter().take(self.compacted).filter(own).count();
        loop {
            match read(&files, compacted) {
                Err((index, _)) if index >= compacted => files.remove(index),
                Err((_, reason)) => return Err(ReadError::Part(reason)),
                Ok(table) => return Ok(table),
            };
        }
    }
}

/// All rows of an hour, each observation once, in the order of files.
pub fn hour_rows(storage: &dyn Storage, system_id: &str, hour: Hour, layout: Layout) -> Result<Table, ReadError> {
    let files = hour_files(storage, system_id, hour)?;
    let table = files.readable(layout, |files, _| {
        let mut table = Table::new(layout.feed_type());
        for (index, file) in files.iter().enumerate() {
            table.append(file.read_all().map_err(|reason| (index, reason))?);
        }
        Ok(table)
    })?;
    Ok(layout.sorted(&table))
}

/// The rows of a feed's last grab, from the content of its file; none when they have another format by now.
pub fn last_rows(content: Bytes, layout: Layout) -> Result<Option<Table>, Unreadable> {
    let file = File::open(content)?;
    if file.feed_type() == layout.feed_type() { file.read_all().map(Some) } else { Ok(None) }
}
