//! Merging the files of an hour, so that no crash and no neighbour loses or doubles a row.
//!
//! The pointer of an hour is the switch. A file of merged rows names the files that it contains; whoever reads drops
//! those. So before the switch the files count, after it the merged one does, and what is left behind on either side
//! is found by the next run.

mod merge;
mod select;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use bytes::Bytes;

pub use merge::{MergeError, Merged, Merger};
pub use select::{Selection, SelectionError, select};

use crate::contract::CompactReport;
use crate::contract::keys::INPUTS_METADATA;
use crate::file::{File, Unreadable};
use crate::lake::{Pointer, open_incoming};
use crate::partition::{Hour, MICROSECONDS_PER_HOUR};
use crate::storage::{Condition, Listed, MAXIMUM_DELETE, Put, Storage, StorageError};

/// How often a run starts again when others change the hour meanwhile.
const ATTEMPTS: usize = 5;
/// Files that are in memory at the same time before they are merged.
const FETCHED_AT_ONCE: usize = 32;
/// How long merged rows stay that the pointer does not name any more: queries that run may read them.
const KEPT: i64 = MICROSECONDS_PER_HOUR;

/// Why an hour was not merged. Nothing is lost: the next run goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompactError {
    /// The store failed.
    Storage(StorageError),
    /// The rows that are merged already cannot be read.
    Compacted {
        /// Key of the file.
        key: String,
        /// Why.
        reason: Unreadable,
    },
    /// The merged rows cannot be written.
    Write(Unreadable),
    /// Others changed the hour each time.
    Contended(Hour),
}

impl fmt::Display for CompactError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(error) => error.fmt(formatter),
            Self::Compacted { key, reason } => {
                write!(formatter, "`{key}`, which the pointer names, cannot be read: {reason}")
            }
            Self::Write(reason) => write!(formatter, "merged rows cannot be written: {reason}"),
            Self::Contended(hour) => write!(formatter, "others changed the hour {hour} {ATTEMPTS} times meanwhile"),
        }
    }
}

impl std::error::Error for CompactError {}

impl From<StorageError> for CompactError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// Merges the incoming files of an hour of a feed to its merged rows, at the time `now` in microseconds since 1970.
pub fn compact(storage: &dyn Storage, system_id: &str, hour: Hour, now: i64) -> Result<CompactReport, CompactError> {
    let run = Run { storage, system_id, hour, now };
    for _ in 0..ATTEMPTS {
        if let Some(report) = run.attempt()? {
            return Ok(report);
        }
    }
    Err(CompactError::Contended(hour))
}

struct Run<'a> {
    storage: &'a dyn Storage,
    system_id: &'a str,
    hour: Hour,
    now: i64,
}

/// What is merged already.
struct Current {
    files: Vec<File>,
    /// Keys of the incoming files that they contain.
    inputs: BTreeSet<String>,
}

/// What came of merging.
enum Outcome {
    /// There was no file that could be read.
    Nothing,
    /// Others were faster: a file is gone, or the pointer is another one.
    Conflict,
    /// The pointer names the file `key` now, which contains these incoming files.
    Switched { key: String, contains: BTreeSet<String> },
}

impl Run<'_> {
    /// One attempt; none when others changed the hour meanwhile.
    fn attempt(&self) -> Result<Option<CompactReport>, CompactError> {
        let mut report = CompactReport { partitions: 1, ..CompactReport::default() };
        // This order: a file that is listed now and named by the pointer later is dropped. The other way round, one
        // that is merged in between would be neither listed nor named.
        let incoming = self.storage.list(&self.hour.incoming(self.system_id))?;
        let pointer = Pointer::read(self.storage, self.system_id, self.hour)?;
        let Some(current) = self.current(&pointer)? else { return Ok(None) };
        let mut committed = current.inputs.clone();
        let mut names = pointer.names.clone();
        let mut switched = pointer.modified;
        let fresh: Vec<String> = keys_of(&incoming).filter(|key| !current.inputs.contains(*key)).cloned().collect();
        if !fresh.is_empty() {
            let still_there = keys_of(&incoming).filter(|key| current.inputs.contains(*key)).cloned().collect();
            match self.merged(&pointer, &current, &fresh, still_there, &mut report)? {
                Outcome::Nothing => {}
                Outcome::Conflict => return Ok(None),
                Outcome::Switched { key, contains } => {
                    (committed, names, switched) = (contains, vec![key], Some(self.now));
                }
            }
        }
        report.deleted = self.clean(&incoming, &committed, &names, switched)?;
        Ok(Some(report))
    }

    /// What the pointer names; none when it has moved on.
    fn current(&self, pointer: &Pointer) -> Result<Option<Current>, CompactError> {
        let mut current = Current { files: Vec::new(), inputs: BTreeSet::new() };
        for (key, content) in pointer.names.iter().zip(self.storage.contents(&pointer.names)?) {
            let Some(content) = content else {
                return if Pointer::read(self.storage, self.system_id, self.hour)? == *pointer {
                    let reason = Unreadable::new("it is not there");
                    Err(CompactError::Compacted { key: key.clone(), reason })
                } else {
                    Ok(None)
                };
            };
            let read = File::open(content).and_then(|file| file.inputs().map(|inputs| (file, inputs)));
            let (file, inputs) = read.map_err(|reason| CompactError::Compacted { key: key.clone(), reason })?;
            current.files.push(file);
            current.inputs.extend(inputs);
        }
        Ok(Some(current))
    }

    /// Writes the merged rows and switches the pointer to them.
    fn merged(
        &self,
        pointer: &Pointer,
        current: &Current,
        keys: &[String],
        still_there: BTreeSet<String>,
        report: &mut CompactReport,
    ) -> Result<Outcome, CompactError> {
        // The newest file says how the feed is looked at now.
        let mut older = keys;
        let newest = loop {
            let Some((key, rest)) = older.split_last() else { return Ok(Outcome::Nothing) };
            older = rest;
            let Some(content) = self.storage.contents(std::slice::from_ref(key))?.pop().flatten() else {
                return Ok(Outcome::Conflict);
            };
            match open_incoming(key, content) {
                Ok(file) => break (key, file),
                Err(_) => report.unreadable += 1,
            }
        };
        let mut merger = Merger::new(newest.1.layout());
        for (key, file) in pointer.names.iter().zip(&current.files) {
            merger.add_merged(file).map_err(|error| of_current(key, error))?;
        }
        let mut inputs = Vec::new();
        for keys in older.chunks(FETCHED_AT_ONCE) {
            for (key, content) in keys.iter().zip(self.storage.contents(keys)?) {
                let Some(content) = content else { return Ok(Outcome::Conflict) };
                add(&mut merger, key, open_incoming(key, content), &mut inputs, report)?;
            }
        }
        let (key, file) = newest;
        add(&mut merger, key, Ok(file), &mut inputs, report)?;
        if inputs.is_empty() {
            return Ok(Outcome::Nothing);
        }
        report.inputs = inputs.len() as u64;
        let key = self.hour.compacted_key(self.system_id, &pointer.names, &inputs);
        let mut contains = still_there;
        contains.extend(inputs);
        let named = (INPUTS_METADATA, contains.iter().cloned().collect::<serde_json::Value>().to_string());
        let of_first = |error| of_current(pointer.names.first().map_or("", String::as_str), error);
        let result = merger.finish(&[named]).map_err(of_first)?;
        (report.rows, report.duplicates) = (result.rows, result.duplicates);
        self.storage.put(&key, Bytes::from(result.content), &Condition::Always)?;
        let lines = Bytes::from(format!("{}\n", self.storage.url(&key)));
        let condition = pointer.tag.clone().map_or(Condition::New, Condition::Matches);
        if self.storage.put(&self.hour.pointer(self.system_id), lines, &condition)? == Put::Conflict {
            return Ok(Outcome::Conflict);
        }
        Ok(Outcome::Switched { key, contains })
    }

    /// Deletes what the committed rows contain, and merged rows that no query reads any more.
    fn clean(
        &self,
        incoming: &[Listed],
        committed: &BTreeSet<String>,
        names: &[String],
        switched: Option<i64>,
    ) -> Result<u64, CompactError> {
        let merged: Vec<String> = keys_of(incoming).filter(|key| committed.contains(*key)).cloned().collect();
        let long_ago = self.now.saturating_sub(KEPT);
        // A query may have read the pointer just before it was switched.
        let mut old = Vec::new();
        if switched.is_none_or(|switched| switched <= long_ago) {
            let compacted = self.storage.list(&self.hour.compacted(self.system_id))?;
            let unnamed = compacted.iter().filter(|listed| listed.modified <= long_ago && !names.contains(&listed.key));
            old.extend(unnamed.map(|listed| listed.key.clone()));
        }
        let all: Vec<String> = merged.into_iter().chain(old).collect();
        for batch in all.chunks(MAXIMUM_DELETE) {
            self.storage.delete(batch)?;
        }
        Ok(all.len() as u64)
    }
}

/// Adds an incoming file, or counts it when it cannot be read.
fn add(
    merger: &mut Merger,
    key: &str,
    file: Result<File, Unreadable>,
    inputs: &mut Vec<String>,
    report: &mut CompactReport,
) -> Result<(), CompactError> {
    match file.map_err(MergeError::Read).and_then(|file| merger.add(&file)) {
        Ok(()) => inputs.push(key.to_owned()),
        Err(MergeError::Read(_)) => report.unreadable += 1,
        Err(MergeError::Write(reason)) => return Err(CompactError::Write(reason)),
    }
    Ok(())
}

/// The error of merging when it is that of the merged rows `key`.
fn of_current(key: &str, error: MergeError) -> CompactError {
    match error {
        MergeError::Read(reason) => CompactError::Compacted { key: key.to_owned(), reason },
        MergeError::Write(reason) => CompactError::Write(reason),
    }
}

fn keys_of(listed: &[Listed]) -> impl Iterator<Item = &String> {
    listed.iter().map(|listed| &listed.key)
}
