//! Services in memory, for tests.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use handler_runtime::ServiceError;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::failures::{FailureRecord, Failures, OpenFailure, Resolution, kind_name, resolved_expires_at};
use super::in_table;
use super::items::Item;
use super::mark::Mark;
use super::objects::{Facts, Listed, ObjectPage, Objects, Part, Piece, Wanted};
use super::queues::Queues;
use super::stats::{Detail, Stats};
use crate::contract::{FileMessage, Route};

/// A bucket, both tables and the queues.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The versions of each key, the latest at the end; none is a deletion.
    pub(super) objects: RefCell<BTreeMap<String, Vec<Option<Stored>>>>,
    pub(super) stats: RefCell<BTreeMap<(String, String), Item>>,
    pub(super) failures: RefCell<BTreeMap<(String, String), Item>>,
    pub(super) sent: RefCell<Vec<(Route, FileMessage)>>,
    /// Every read of an object, as `key start..end` or `key whole`.
    pub(super) reads: RefCell<Vec<String>>,
    /// Calls that begin with this fail.
    pub(super) broken: Cell<Option<&'static str>>,
    /// Objects of a page; 1,000 when 0.
    pub(super) page: Cell<usize>,
    versions: Cell<u32>,
}

#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) facts: Facts,
    pub(super) content: Vec<u8>,
}

impl Memory {
    /// Writes an object; `second` is when. Returns what is known of it.
    pub(super) fn put(&self, key: &str, content: &[u8], second: i64) -> Facts {
        self.versions.set(self.versions.get() + 1);
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let facts = Facts {
            version: Some(format!("v{}", self.versions.get())),
            etag: format!("{:08x}", crc.sum()),
            size: content.len() as u64,
            last_modified: Timestamp::from_second(second).unwrap().to_string(),
        };
        let stored = Stored { facts: facts.clone(), content: content.to_vec() };
        self.objects.borrow_mut().entry(key.to_owned()).or_default().push(Some(stored));
        facts
    }

    pub(super) fn delete(&self, key: &str) {
        self.objects.borrow_mut().entry(key.to_owned()).or_default().push(None);
    }

    /// The message about an object.
    pub(super) fn message(key: &str, facts: &Facts) -> FileMessage {
        FileMessage {
            schema: crate::contract::MESSAGE_SCHEMA,
            bucket: "b".into(),
            key: key.into(),
            version_id: facts.version.clone(),
            etag: facts.etag.clone(),
            size: facts.size,
            file_type: crate::contract::FileType::ExchangeBottle,
            force: false,
            request_id: "r".into(),
        }
    }

    /// An attribute of an item of the table of summaries; null where there is none.
    pub(super) fn stat(&self, key: &str, item: &str, attribute: &str) -> Value {
        let stats = self.stats.borrow();
        stats.get(&(key.to_owned(), item.to_owned())).and_then(|item| item.get(attribute)).cloned().unwrap_or_default()
    }

    /// The sort keys of a file in the table of summaries.
    pub(super) fn items(&self, key: &str) -> Vec<String> {
        self.stats.borrow().keys().filter(|(file, _)| file == key).map(|(_, item)| item.clone()).collect()
    }

    /// Id, whether it is open, and how often, of the failures of a file.
    pub(super) fn failures(&self, key: &str) -> Vec<(String, bool, u64)> {
        let failures = self.failures.borrow();
        let of_file = failures.iter().filter(|((file, _), _)| file == key);
        of_file
            .map(|((_, id), item)| (id.clone(), item.contains_key("open"), item["count"].as_u64().unwrap()))
            .collect()
    }

    fn call(&self, name: &str) -> Result<(), ServiceError> {
        match self.broken.get() {
            Some(broken) if name.starts_with(broken) => Err(ServiceError::new(name, "out of order")),
            _ => Ok(()),
        }
    }
}

impl Objects for &Memory {
    async fn list(&self, _: &str, prefix: &str, after: Option<&str>) -> Result<ObjectPage, ServiceError> {
        self.call("list")?;
        let objects = self.objects.borrow();
        let mut found = objects.iter().filter_map(|(key, versions)| {
            let stored = versions.last()?.as_ref()?;
            let is_wanted = key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after);
            let Facts { etag, size, .. } = &stored.facts;
            is_wanted.then(|| Listed { key: key.clone(), etag: etag.clone(), size: *size })
        });
        let most = if self.page.get() == 0 { 1_000 } else { self.page.get() };
        let page: Vec<Listed> = found.by_ref().take(most).collect();
        Ok(ObjectPage { objects: page, more: found.next().is_some() })
    }

    async fn read(&self, wanted: Wanted<'_>, part: Part) -> Result<Option<Piece>, ServiceError> {
        self.call(&format!("read {}", wanted.key))?;
        let what = match &part {
            Part::Range(range) => format!("{} {}..{}", wanted.key, range.start, range.end),
            Part::Whole { .. } => format!("{} whole", wanted.key),
        };
        self.reads.borrow_mut().push(what);
        let objects = self.objects.borrow();
        let Some(versions) = objects.get(wanted.key) else { return Ok(None) };
        let found = match wanted.version {
            None => versions.last().and_then(Option::as_ref),
            Some(id) => versions.iter().flatten().find(|stored| stored.facts.version.as_deref() == Some(id)),
        };
        let found = found.filter(|stored| wanted.etag.is_none_or(|etag| etag == stored.facts.etag));
        Ok(found.map(|stored| {
            let facts = stored.facts.clone();
            let content = match part {
                Part::Whole { most } => (facts.size <= most).then(|| stored.content.clone()),
                Part::Range(range) => {
                    let at = |offset: u64| usize::try_from(offset).unwrap().min(stored.content.len());
                    Some(stored.content[at(range.start)..at(range.end)].to_vec())
                }
            };
            Piece { facts, content }
        }))
    }
}

fn mark_of(item: &Item) -> Mark {
    let text = |name: &str| item[name].as_str().unwrap().to_owned();
    Mark {
        object_version: text("object_version"),
        etag: text("etag"),
        last_modified: text("last_modified"),
        analysis_version: u32::try_from(item["analysis_version"].as_u64().unwrap()).unwrap(),
    }
}

impl Stats for &Memory {
    async fn marks(&self, filenames: &[String]) -> Result<HashMap<String, Mark>, ServiceError> {
        self.call("marks")?;
        let stats = self.stats.borrow();
        let mark = |name: &String| Some((name.clone(), mark_of(stats.get(&(name.clone(), "SUMMARY".to_owned()))?)));
        Ok(filenames.iter().filter_map(mark).collect())
    }

    async fn mark(&self, filename: &str) -> Result<Option<Mark>, ServiceError> {
        Ok(self.marks(&[filename.to_owned()]).await?.remove(filename))
    }

    async fn details(&self, filename: &str) -> Result<Vec<Detail>, ServiceError> {
        self.call("details")?;
        let stats = self.stats.borrow();
        let details = stats.iter().filter(|((file, item), _)| file == filename && item != "SUMMARY");
        Ok(details
            .map(|((_, key), item)| Detail {
                item: key.clone(),
                last_modified: item["last_modified"].as_str().unwrap().to_owned(),
            })
            .collect())
    }

    async fn put_details(&self, items: Vec<Item>) -> Result<(), ServiceError> {
        self.call("put_details")?;
        for item in items {
            let key = |name: &str| item[name].as_str().unwrap().to_owned();
            self.stats.borrow_mut().insert((key("filename"), key("item")), item);
        }
        Ok(())
    }

    async fn delete_details(&self, filename: &str, items: Vec<String>) -> Result<(), ServiceError> {
        self.call("delete_details")?;
        for item in items {
            self.stats.borrow_mut().remove(&(filename.to_owned(), item));
        }
        Ok(())
    }

    async fn put_summary(&self, item: Item, force: bool) -> Result<bool, ServiceError> {
        self.call("put_summary")?;
        let key = (item["filename"].as_str().unwrap().to_owned(), "SUMMARY".to_owned());
        let mut stats = self.stats.borrow_mut();
        let gives_way = stats.get(&key).is_none_or(|old| mark_of(old).yields_to(&mark_of(&item)));
        if force || gives_way {
            stats.insert(key, item);
        }
        Ok(force || gives_way)
    }
}

impl Memory {
    fn open_failures(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<OpenFailure> {
        let failures = self.failures.borrow();
        let open = failures.iter().filter(|((file, _), item)| item.contains_key("open") && is_wanted(file));
        open.map(|((file, id), item)| OpenFailure {
            filename: file.clone(),
            failure_id: id.clone(),
            kind: serde_json::from_value(item["kind"].clone()).unwrap(),
            etag: item["etag"].as_str().unwrap().to_owned(),
            last_modified: item["last_modified"].as_str().map(str::to_owned),
            analysis_version: crate::ANALYSIS_VERSION,
        })
        .collect()
    }
}

impl Failures for &Memory {
    async fn open_of(&self, filename: &str) -> Result<Vec<OpenFailure>, ServiceError> {
        self.call("open_of")?;
        Ok(self.open_failures(|file| file == filename))
    }

    async fn open(&self, prefix: &str) -> Result<Vec<OpenFailure>, ServiceError> {
        self.call("open")?;
        Ok(self.open_failures(|file| file.starts_with(prefix)))
    }

    async fn record(&self, record: &FailureRecord<'_>) -> Result<(), ServiceError> {
        self.call("record")?;
        let mut failures = self.failures.borrow_mut();
        let item = failures.entry((record.filename.to_owned(), record.id())).or_default();
        let count = item.get("count").and_then(Value::as_u64).unwrap_or_default() + 1;
        for (name, value) in [
            ("kind", json!(kind_name(record.kind))),
            ("etag", json!(record.etag)),
            ("message", json!(record.message)),
            ("last_modified", json!(record.last_modified)),
            ("last_seen", json!(in_table(record.now))),
            ("expires_at", json!(record.expires_at())),
            ("open", json!("1")),
            ("count", json!(count)),
        ] {
            item.insert(name.to_owned(), value);
        }
        item.remove("resolution");
        Ok(())
    }

    async fn resolve(
        &self,
        filename: &str,
        failure_id: &str,
        resolution: Resolution,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        self.call("resolve")?;
        let mut failures = self.failures.borrow_mut();
        if let Some(item) = failures.get_mut(&(filename.to_owned(), failure_id.to_owned()))
            && item.remove("open").is_some()
        {
            item.insert("resolution".to_owned(), resolution.text().into());
            item.insert("expires_at".to_owned(), resolved_expires_at(now).into());
        }
        Ok(())
    }
}

impl Queues for &Memory {
    async fn send(&self, route: Route, message: &FileMessage) -> Result<(), ServiceError> {
        self.call("send")?;
        self.sent.borrow_mut().push((route, message.clone()));
        Ok(())
    }
}
