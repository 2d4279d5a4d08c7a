//! `Custom::BucketObjects`: files copied into a bucket.

use std::collections::HashSet;

use futures_util::future::try_join_all;

use crate::archive::{Archive, Limits};
use crate::budget::Budget;
use crate::failure::Failure;
use crate::files::{Files, Planned};
use crate::properties::BucketObjects;
use crate::store::{Entry, NewObject, ObjectId, Store, StoreErrorKind};

/// Questions to the store that are under way at once.
const QUESTIONS: usize = 16;
/// Objects that are written at once.
const WRITES: usize = 8;
/// Bytes that are written at once, beyond the last object. Memory holds the asset too.
const WRITE_BYTES: usize = 16 << 20;
/// What one call deletes.
const DELETIONS: usize = 1000;

/// Makes the bucket hold the files, and returns how many there are. Unchanged ones are not written again.
pub(crate) async fn deploy<S: Store>(
    properties: &BucketObjects,
    owner: &str,
    reference: &str,
    store: &S,
    budget: &Budget,
) -> Result<usize, Failure> {
    let archive = match &properties.source {
        Some((bucket, key)) => {
            let bytes = store.get(bucket, key).await?;
            let archive = Archive::open(bytes, Limits::DEFAULT);
            Some(archive.map_err(|error| Failure::Failed(format!("the asset `{key}`: {error}")))?)
        }
        None => None,
    };
    let mut files = Files::new(archive, properties);
    let planned = files.plan(properties).map_err(Failure::Failed)?;
    let entry = |file: &Planned| Entry {
        fingerprint: Some(file.fingerprint.clone()),
        owner: properties.prune.then(|| owner.to_owned()),
    };
    let changed = changed(&planned, properties, entry, store, budget).await?;
    write(&changed, &mut files, properties, entry, store, budget).await?;
    if properties.prune {
        prune(&planned, properties, store, budget).await?;
    }
    if let Some(distribution) = &properties.distribution {
        // Also when nothing was written: an attempt before this one may have been cut short just here.
        store.invalidate(distribution, properties.invalidation_paths.clone(), reference).await?;
    }
    Ok(planned.len())
}

/// The files that the bucket does not hold as they are to be.
async fn changed<'a, S: Store>(
    planned: &'a [Planned],
    properties: &BucketObjects,
    entry: impl Fn(&Planned) -> Entry,
    store: &S,
    budget: &Budget,
) -> Result<Vec<&'a Planned>, Failure> {
    let mut changed = Vec::new();
    for group in planned.chunks(QUESTIONS) {
        budget_left(budget, || "comparing the files with the bucket".to_owned())?;
        let found = try_join_all(group.iter().map(|file| store.metadata(&properties.bucket, &file.key))).await?;
        let pairs = group.iter().zip(found);
        changed.extend(pairs.filter(|(file, found)| !is_current(found.as_ref(), &entry(file))).map(|(file, _)| file));
    }
    Ok(changed)
}

/// Whether an object is as it is to be. One that belongs to another resource is as good where nobody is to own it.
fn is_current(found: Option<&Entry>, wanted: &Entry) -> bool {
    found.is_some_and(|found| {
        found.fingerprint == wanted.fingerprint && (wanted.owner.is_none() || found.owner == wanted.owner)
    })
}

async fn write<S: Store>(
    changed: &[&Planned],
    files: &mut Files,
    properties: &BucketObjects,
    entry: impl Fn(&Planned) -> Entry,
    store: &S,
    budget: &Budget,
) -> Result<(), Failure> {
    let mut done = 0;
    while done < changed.len() {
        budget_left(budget, || format!("writing {done} of {} files", changed.len()))?;
        let mut group = Vec::new();
        let mut bytes = 0;
        let late = changed[done].late;
        for file in changed[done..].iter().take_while(|file| file.late == late).take(WRITES) {
            let body = files.read(&file.path).map_err(|error| Failure::Failed(format!("the asset: {error}")))?;
            bytes += body.len();
            group.push(NewObject {
                key: file.key.clone(),
                body,
                content_type: file.content_type.clone(),
                cache_control: file.cache_control.clone(),
                entry: entry(file),
            });
            if bytes > WRITE_BYTES {
                break;
            }
        }
        done += group.len();
        try_join_all(group.into_iter().map(|object| store.put(&properties.bucket, object))).await?;
    }
    Ok(())
}

/// Deletes what is below the prefix and not planned.
async fn prune<S: Store>(
    planned: &[Planned],
    properties: &BucketObjects,
    store: &S,
    budget: &Budget,
) -> Result<(), Failure> {
    let wanted: HashSet<&str> = planned.iter().map(|file| file.key.as_str()).collect();
    let mut after = None;
    loop {
        budget_left(budget, || "deleting old files".to_owned())?;
        let page = store.list(&properties.bucket, &properties.prefix, after).await?;
        let old: Vec<_> = page.items.into_iter().filter(|key| !wanted.contains(key.as_str())).collect();
        delete(old, properties, store).await?;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Deletes what this resource wrote, and nothing else.
pub(crate) async fn remove<S: Store>(
    properties: &BucketObjects,
    owner: &str,
    store: &S,
    budget: &Budget,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        budget_left(budget, || "deleting the files".to_owned())?;
        let page = match store.list(&properties.bucket, &properties.prefix, after).await {
            Err(error) if error.kind == StoreErrorKind::NoSuchBucket => return Ok(()),
            page => page?,
        };
        let mut own = Vec::new();
        for group in page.items.chunks(QUESTIONS) {
            let found = try_join_all(group.iter().map(|key| store.metadata(&properties.bucket, key))).await?;
            let is_own =
                |entry: &Option<Entry>| entry.as_ref().is_some_and(|entry| entry.owner.as_deref() == Some(owner));
            own.extend(group.iter().zip(found).filter(|(_, entry)| is_own(entry)).map(|(key, _)| key.clone()));
        }
        delete(own, properties, store).await?;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn delete<S: Store>(keys: Vec<String>, properties: &BucketObjects, store: &S) -> Result<(), Failure> {
    for group in keys.chunks(DELETIONS) {
        let objects = group.iter().map(|key| ObjectId { key: key.clone(), version: None }).collect();
        let removal = store.delete(&properties.bucket, objects).await?;
        if let Some(reason) = removal.first_failure {
            return Err(Failure::Failed(format!(
                "files that could not be deleted: {}, the first: {reason}",
                removal.failed
            )));
        }
    }
    Ok(())
}

fn budget_left(budget: &Budget, step: impl FnOnce() -> String) -> Result<(), Failure> {
    if budget.is_spent() { Err(Failure::Unfinished(step())) } else { Ok(()) }
}
