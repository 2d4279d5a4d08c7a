//! The services in memory, which fail when they are told to.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use handler_runtime::memory::open;
use handler_runtime::{Clock, ManualClock, ServiceError};
use jiff::Timestamp;

use super::item::{Condition, Item, Key, Page, Table, Update, Updated, Value};
use super::services::{Body, Fetch, Inbox, Instances, LaunchFailure, Objects, Queue, Queues, Response, Tables};
use crate::contract::tables::jobs;

/// Rows of a page: few, so that every reader of pages meets several.
const PAGE: usize = 3;

type Answerer = Box<dyn Fn(&str, Option<(u64, u64)>) -> Result<Response, String> + Send>;

/// All services.
pub(super) struct World {
    pub(super) clock: ManualClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: BTreeMap<Key, Item>,
    objects: BTreeMap<String, Vec<u8>>,
    uploads: BTreeMap<String, (String, BTreeMap<u32, Vec<u8>>)>,
    messages: VecDeque<(Queue, String)>,
    launched: BTreeMap<String, String>,
    no_image: bool,
    requests: Vec<String>,
    answer: Option<Answerer>,
    /// Calls until one fails, counted down.
    dies_after: Option<usize>,
    dies_once_after: Option<usize>,
    calls: usize,
}

impl World {
    pub(super) fn new() -> Self {
        let clock = ManualClock::at("2026-03-01T12:00:00Z".parse().expect("a time"));
        Self { clock, state: Mutex::default() }
    }

    fn state<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut open(&self.state))
    }

    /// Counts a call, which fails when it is the one to fail at, and all after it do.
    fn call(&self, what: &str) -> Result<(), ServiceError> {
        self.state(|state| {
            state.calls += 1;
            if let Some(left) = &mut state.dies_once_after {
                if *left == 0 {
                    state.dies_once_after = None;
                    return Err(ServiceError::new(what, "killed"));
                }
                *left -= 1;
            }
            match &mut state.dies_after {
                Some(0) => Err(ServiceError::new(what, "killed")),
                Some(left) => {
                    *left -= 1;
                    Ok(())
                }
                None => Ok(()),
            }
        })
    }

    /// From now on, so many calls succeed and the rest fail; all succeed for none.
    pub(super) fn die_after(&self, calls: Option<usize>) {
        self.state(|state| (state.dies_after, state.calls) = (calls, 0));
    }

    /// After so many calls one fails; those after it succeed.
    pub(super) fn die_once_after(&self, calls: usize) {
        self.state(|state| state.dies_once_after = Some(calls));
    }

    pub(super) fn clock_seconds(&self) -> i64 {
        self.now().as_second()
    }

    pub(super) fn calls(&self) -> usize {
        self.state(|state| state.calls)
    }

    /// Answers requests by URL and range.
    pub(super) fn serve(&self, answer: impl Fn(&str, Option<(u64, u64)>) -> Result<Response, String> + Send + 'static) {
        self.state(|state| state.answer = Some(Box::new(answer)));
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.state(|state| state.requests.clone())
    }

    pub(super) fn row(&self, key: &Key) -> Option<Item> {
        self.state(|state| state.rows.get(key).cloned())
    }

    /// All rows, messages aside: what a repetition must not change.
    pub(super) fn rows(&self) -> BTreeMap<Key, Item> {
        self.state(|state| state.rows.clone())
    }

    pub(super) fn change(&self, key: &Key, change: impl FnOnce(&mut Item)) {
        self.state(|state| change(state.rows.get_mut(key).expect("a row")));
    }

    pub(super) fn object(&self, key: &str) -> Option<Vec<u8>> {
        self.state(|state| state.objects.get(key).cloned())
    }

    pub(super) fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.state(|state| state.objects.clone())
    }

    pub(super) fn put_object(&self, key: &str, content: &[u8]) {
        self.state(|state| drop(state.objects.insert(key.to_owned(), content.to_vec())));
    }

    pub(super) fn remove_uploads(&self) {
        self.state(|state| state.uploads.clear());
    }

    pub(super) fn messages(&self) -> Vec<(Queue, String)> {
        self.state(|state| state.messages.iter().cloned().collect())
    }

    pub(super) fn launched(&self) -> BTreeMap<String, String> {
        self.state(|state| state.launched.clone())
    }

    pub(super) fn has_image(&self, has: bool) {
        self.state(|state| state.no_image = !has);
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn wait(&self, duration: Duration) {
        self.clock.wait(duration).await;
    }

    fn chance(&self) -> f64 {
        self.clock.chance()
    }
}

fn holds(condition: &Condition, row: Option<&Item>) -> bool {
    let value = |name: &str| row.and_then(|row| row.get(name));
    match condition {
        Condition::Absent(name) => value(name).is_none(),
        Condition::Among(name, values) => value(name).is_some_and(|value| values.contains(value)),
        Condition::Below(name, limit) => value(name).and_then(Value::whole).is_some_and(|value| value < *limit),
        Condition::All(all) => all.iter().all(|condition| holds(condition, row)),
        Condition::Any(any) => any.iter().any(|condition| holds(condition, row)),
    }
}

/// The first rows of `rows` that come after the key `after`.
fn page<'a>(rows: impl Iterator<Item = (&'a Key, &'a Item)>, after: Option<&Item>, limit: Option<u32>) -> Page {
    let limit = limit.map_or(PAGE, |limit| PAGE.min(limit as usize));
    let after = |key: &Key| after.is_none_or(|after| key_value(&key.attributes()) > key_value(after));
    let mut rows: Vec<_> = rows.filter(|(key, _)| after(key)).collect();
    rows.sort_by_key(|(key, _)| key_value(&key.attributes()));
    let is_last = rows.len() <= limit;
    rows.truncate(limit);
    let next = rows.last().map(|(key, _)| key.attributes()).filter(|_| !is_last);
    Page { items: rows.into_iter().map(|(_, item)| item.clone()).collect(), next }
}

/// Keys in the order of the service, in which 10 comes after 9.
fn key_value(key: &Item) -> Vec<(Option<i64>, Value)> {
    key.values().map(|value| (value.whole(), value.clone())).collect()
}

impl Tables for World {
    async fn get(&self, key: &Key) -> Result<Option<Item>, ServiceError> {
        self.call("get")?;
        Ok(self.row(key))
    }

    async fn update(&self, key: &Key, update: Update) -> Result<Updated, ServiceError> {
        self.call("update")?;
        self.state(|state| {
            let found = state.rows.get(key);
            if update.condition.as_ref().is_some_and(|condition| !holds(condition, found)) {
                return Ok(Updated::Refused(found.cloned()));
            }
            let row = state.rows.entry(key.clone()).or_insert_with(|| key.attributes());
            row.extend(update.set);
            for name in update.remove {
                row.remove(name);
            }
            for (name, more) in update.add {
                match (row.get_mut(name), more) {
                    (Some(Value::Texts(set)), Value::Texts(more)) => set.extend(more),
                    (Some(Value::Numbers(set)), Value::Numbers(more)) => set.extend(more),
                    (None, more) => drop(row.insert(name.to_owned(), more)),
                    (Some(_), _) => return Err(ServiceError::new("update", "no set")),
                }
            }
            Ok(Updated::Done(row.clone()))
        })
    }

    async fn insert(&self, rows: Vec<(Key, Item)>) -> Result<bool, ServiceError> {
        self.call("insert")?;
        self.state(|state| {
            let is_free = rows.iter().all(|(key, _)| !state.rows.contains_key(key));
            if is_free {
                state.rows.extend(rows);
            }
            Ok(is_free)
        })
    }

    async fn query(
        &self,
        table: Table,
        partition: &str,
        after: Option<Item>,
        limit: Option<u32>,
    ) -> Result<Page, ServiceError> {
        self.call("query")?;
        self.state(|state| {
            let rows = state.rows.iter().filter(|(key, _)| key.table == table && key.partition == partition);
            Ok(page(rows, after.as_ref(), limit))
        })
    }

    async fn scan(&self, table: Table, after: Option<Item>) -> Result<Page, ServiceError> {
        self.call("scan")?;
        self.state(|state| Ok(page(state.rows.iter().filter(|(key, _)| key.table == table), after.as_ref(), None)))
    }

    async fn open_jobs(&self, after: Option<Item>) -> Result<Page, ServiceError> {
        self.call("open jobs")?;
        self.state(|state| {
            let rows = state.rows.iter().filter(|(key, row)| key.table == Table::Jobs && row.contains_key(jobs::OPEN));
            Ok(page(rows, after.as_ref(), None))
        })
    }
}

/// An object that comes in pieces, of which so many bytes came.
pub(super) struct Pieces(Vec<u8>, usize);

impl Body for Pieces {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, ServiceError> {
        let piece = self.0.get(self.1..self.0.len().min(self.1 + 1_000)).unwrap_or_default().to_vec();
        self.1 += piece.len();
        Ok((!piece.is_empty()).then_some(piece))
    }
}

fn no_upload(key: &str) -> ServiceError {
    ServiceError::new(key, "no such upload")
}

impl Objects for World {
    type Body = Pieces;

    async fn open(&self, key: &str) -> Result<Option<Pieces>, ServiceError> {
        self.call("open")?;
        Ok(self.object(key).map(|content| Pieces(content, 0)))
    }

    async fn size(&self, key: &str) -> Result<Option<u64>, ServiceError> {
        self.call("size")?;
        Ok(self.object(key).map(|content| content.len() as u64))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<(String, u64)>, ServiceError> {
        self.call("list")?;
        let objects = self.objects().into_iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(objects.map(|(key, content)| (key, content.len() as u64)).collect())
    }

    async fn put(&self, key: &str, content: Vec<u8>, _: &str) -> Result<String, ServiceError> {
        self.call("put")?;
        let etag = format!("etag-{}", content.len());
        self.put_object(key, &content);
        Ok(etag)
    }

    async fn put_file(&self, key: &str, file: &Path) -> Result<(), ServiceError> {
        self.call("put file")?;
        let content = std::fs::read(file).map_err(|error| ServiceError::new(key, error.to_string()))?;
        self.put_object(key, &content);
        Ok(())
    }

    async fn begin_parts(&self, key: &str) -> Result<String, ServiceError> {
        self.call("begin parts")?;
        self.state(|state| {
            let id = format!("upload-{}", state.uploads.len());
            state.uploads.insert(id.clone(), (key.to_owned(), BTreeMap::new()));
            Ok(id)
        })
    }

    async fn put_part(&self, key: &str, upload: &str, part: u32, content: Vec<u8>) -> Result<String, ServiceError> {
        self.call("put part")?;
        self.state(|state| {
            let (_, parts) = state.uploads.get_mut(upload).ok_or_else(|| no_upload(key))?;
            parts.insert(part, content);
            Ok(format!("etag-{part}"))
        })
    }

    async fn complete_parts(&self, key: &str, upload: &str, etags: Vec<(u32, String)>) -> Result<bool, ServiceError> {
        self.call("complete parts")?;
        self.state(|state| {
            let Some((to, parts)) = state.uploads.remove(upload) else { return Ok(false) };
            let expected: Vec<_> = parts.keys().map(|part| (*part, format!("etag-{part}"))).collect();
            assert_eq!((to.as_str(), etags), (key, expected), "all parts are named, ascending");
            state.objects.insert(to, parts.into_values().flatten().collect());
            Ok(true)
        })
    }

    async fn sign_get(&self, key: &str, file: &str) -> Result<String, ServiceError> {
        Ok(format!("https://bucket/{key}?signed&as={file}"))
    }

    async fn sign_put(&self, key: &str, bytes: u64) -> Result<String, ServiceError> {
        Ok(format!("https://bucket/{key}?signed&length={bytes}"))
    }
}

impl Queues for World {
    async fn send(&self, queue: Queue, body: String) -> Result<(), ServiceError> {
        self.call("send")?;
        self.state(|state| state.messages.push_back((queue, body)));
        Ok(())
    }
}

impl Inbox for World {
    fn take(&self) -> Option<(Queue, String)> {
        self.state(|state| state.messages.pop_front())
    }
}

impl Fetch for World {
    async fn get(&self, url: &str, range: Option<(u64, u64)>) -> Result<Response, String> {
        self.call("fetch").map_err(|error| error.to_string())?;
        self.state(|state| {
            state.requests.push(url.to_owned());
            state.answer.as_ref().map_or_else(|| Err("no connection".to_owned()), |answer| answer(url, range))
        })
    }

    async fn head(&self, url: &str) -> Result<Response, String> {
        Fetch::get(self, url, None).await.map(|answer| Response { body: Vec::new(), ..answer })
    }
}

impl Instances for World {
    async fn launch(&self, job: &str, user_data: &str) -> Result<(), LaunchFailure> {
        self.call("launch").map_err(LaunchFailure::Service)?;
        self.state(|state| {
            if state.no_image {
                return Err(LaunchFailure::NoImage);
            }
            state.launched.insert(job.to_owned(), user_data.to_owned());
            Ok(())
        })
    }
}
