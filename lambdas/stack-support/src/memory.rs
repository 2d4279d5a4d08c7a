//! A store in memory, for tests.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::store::{Entry, NewObject, ObjectId, Page, Removal, Store, StoreError, StoreErrorKind};

#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<State>);

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) buckets: BTreeMap<String, Bucket>,
    pub(crate) invalidations: Vec<(String, Vec<String>, String)>,
    /// Every call as a line, such as `put site/index.html`.
    pub(crate) calls: Vec<String>,
    /// The number of calls after which every other fails, as if the process were gone.
    pub(crate) dies_after: Option<usize>,
    /// Items of a page; 1,000 when 0.
    pub(crate) page: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Bucket {
    pub(crate) versioned: bool,
    pub(crate) tags: BTreeMap<String, String>,
    /// The versions of each key, the latest at the end.
    pub(crate) objects: BTreeMap<String, Vec<Version>>,
    pub(crate) versions_made: usize,
}

#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) id: String,
    /// None is a delete marker.
    pub(crate) object: Option<NewObject>,
    /// Cannot be deleted.
    pub(crate) locked: bool,
}

impl Bucket {
    fn add(&mut self, key: &str, object: Option<NewObject>) {
        self.versions_made += 1;
        let id = if self.versioned { format!("v{}", self.versions_made) } else { "null".to_owned() };
        let versions = self.objects.entry(key.to_owned()).or_default();
        if !self.versioned {
            versions.clear();
        }
        versions.push(Version { id, object, locked: false });
    }

    pub(crate) fn latest(&self, key: &str) -> Option<&NewObject> {
        self.objects.get(key)?.last()?.object.as_ref()
    }

    pub(crate) fn keys(&self) -> Vec<&str> {
        self.objects.keys().map(String::as_str).filter(|key| self.latest(key).is_some()).collect()
    }

    pub(crate) fn put(&mut self, object: NewObject) {
        let key = object.key.clone();
        self.add(&key, Some(object));
    }
}

impl Memory {
    pub(crate) fn with_bucket(self, name: &str, versioned: bool) -> Self {
        self.state(|state| state.buckets.insert(name.to_owned(), Bucket { versioned, ..Bucket::default() }));
        self
    }

    pub(crate) fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().expect("no test panics while it holds the lock"))
    }

    pub(crate) fn bucket<T>(&self, name: &str, look: impl FnOnce(&mut Bucket) -> T) -> T {
        self.state(|state| look(state.buckets.get_mut(name).expect("the test made the bucket")))
    }

    /// The calls so far, and forgets them.
    pub(crate) fn take_calls(&self) -> Vec<String> {
        self.state(|state| std::mem::take(&mut state.calls))
    }

    fn call<T>(
        &self,
        line: String,
        bucket: &str,
        work: impl FnOnce(&mut Bucket, usize) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.state(|state| {
            let page = if state.page == 0 { 1000 } else { state.page };
            state.note(line)?;
            let found = state.buckets.get_mut(bucket);
            let found = found.ok_or_else(|| error(StoreErrorKind::NoSuchBucket, format!("no bucket `{bucket}`")))?;
            work(found, page)
        })
    }
}

impl State {
    fn note(&mut self, line: String) -> Result<(), StoreError> {
        if self.dies_after.is_some_and(|most| self.calls.len() >= most) {
            return Err(error(StoreErrorKind::Other, format!("killed before `{line}`")));
        }
        self.calls.push(line);
        Ok(())
    }
}

fn error(kind: StoreErrorKind, message: String) -> StoreError {
    StoreError { kind, message }
}

fn page<T: Clone>(mut items: Vec<T>, size: usize) -> Page<T> {
    let more = items.len() > size;
    items.truncate(size);
    Page { next: if more { items.last().cloned() } else { None }, items }
}

impl Store for Memory {
    async fn get(&self, bucket: &str, key: &str) -> Result<Vec<u8>, StoreError> {
        self.call(format!("get {bucket}/{key}"), bucket, |found, _| {
            let object =
                found.latest(key).ok_or_else(|| error(StoreErrorKind::NoSuchKey, format!("no object `{key}`")))?;
            Ok(object.body.clone())
        })
    }

    async fn metadata(&self, bucket: &str, key: &str) -> Result<Option<Entry>, StoreError> {
        self.call(format!("head {bucket}/{key}"), bucket, |found, _| {
            Ok(found.latest(key).map(|object| object.entry.clone()))
        })
    }

    async fn put(&self, bucket: &str, object: NewObject) -> Result<(), StoreError> {
        self.call(format!("put {bucket}/{}", object.key), bucket, |found, _| {
            found.put(object);
            Ok(())
        })
    }

    async fn list(&self, bucket: &str, prefix: &str, after: Option<String>) -> Result<Page<String>, StoreError> {
        self.call(format!("list {bucket}/{prefix}"), bucket, |found, size| {
            let keys = found.keys().into_iter().filter(|key| key.starts_with(prefix));
            Ok(page(keys.filter(|key| Some(*key) > after.as_deref()).map(str::to_owned).collect(), size))
        })
    }

    async fn versions(&self, bucket: &str, after: Option<ObjectId>) -> Result<Page<ObjectId>, StoreError> {
        self.call(format!("versions {bucket}"), bucket, |found, size| {
            let all = found.objects.iter().flat_map(|(key, versions)| {
                versions.iter().map(move |version| ObjectId { key: key.clone(), version: Some(version.id.clone()) })
            });
            let mut all: Vec<_> = all.collect();
            all.sort();
            Ok(page(all.into_iter().filter(|id| Some(id) > after.as_ref()).collect(), size))
        })
    }

    async fn delete(&self, bucket: &str, objects: Vec<ObjectId>) -> Result<Removal, StoreError> {
        assert!(objects.len() <= 1000, "S3 deletes 1,000 at once");
        self.call(format!("delete {bucket} {}", objects.len()), bucket, |found, _| {
            let mut removal = Removal::default();
            for id in objects {
                match &id.version {
                    None if found.versioned => found.add(&id.key, None),
                    None => {
                        found.objects.remove(&id.key);
                    }
                    Some(version) => {
                        let versions = found.objects.entry(id.key.clone()).or_default();
                        if versions.iter().any(|known| known.id == *version && known.locked) {
                            removal.failed += 1;
                            removal.first_failure.get_or_insert_with(|| format!("`{}` is locked", id.key));
                            continue;
                        }
                        versions.retain(|known| known.id != *version);
                        if versions.is_empty() {
                            found.objects.remove(&id.key);
                        }
                    }
                }
            }
            Ok(removal)
        })
    }

    async fn tag(&self, bucket: &str, key: &str) -> Result<Option<String>, StoreError> {
        self.call(format!("tag {bucket}"), bucket, |found, _| Ok(found.tags.get(key).cloned()))
    }

    async fn invalidate(&self, distribution: &str, paths: Vec<String>, reference: &str) -> Result<(), StoreError> {
        self.state(|state| {
            state.note(format!("invalidate {distribution}"))?;
            let invalidation = (distribution.to_owned(), paths, reference.to_owned());
            if !state.invalidations.contains(&invalidation) {
                state.invalidations.push(invalidation);
            }
            Ok(())
        })
    }
}
