//! The services in memory: for tests, and for runs without AWS.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use handler_runtime::memory::open;
pub use handler_runtime::{ManualClock, memory::finish};

use crate::contract::Outcome;
use crate::services::{
    Fetch, FetchError, Fetched, Lock, Page, Publish, ReadTable, ServiceError, State, Store, StoredFigures,
};

/// Table, bucket and topic in memory.
#[derive(Debug, Default)]
pub struct Memory {
    content: Mutex<Content>,
}

/// What is in a [`Memory`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// Items of the figures by date.
    pub figures: BTreeMap<String, StoredFigures>,
    /// The item of the state.
    pub state: Option<State>,
    /// The item of the lock.
    pub lock: Option<Lock>,
    /// Objects by key.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// Messages: subject, outcome, body.
    pub published: Vec<(String, Outcome, String)>,
    /// Items of a page; 1,000 when 0.
    pub page: usize,
    /// How many items a write of a batch leaves undone, once.
    pub unprocessed: usize,
    /// Writes from now on that still succeed; all when none.
    pub writes_left: Option<usize>,
    /// Writes of items that were asked for.
    pub item_writes: usize,
}

impl Memory {
    /// Looks at the content, or changes it.
    pub fn with<T>(&self, look: impl FnOnce(&mut Content) -> T) -> T {
        look(&mut open(&self.content))
    }

    fn change<T>(&self, what: &str, change: impl FnOnce(&mut Content) -> T) -> Result<T, ServiceError> {
        self.with(|content| {
            match &mut content.writes_left {
                Some(0) => return Err(ServiceError::new(what, "the service is gone")),
                Some(left) => *left -= 1,
                None => {}
            }
            Ok(change(content))
        })
    }
}

impl ReadTable for Memory {
    async fn state(&self) -> Result<Option<State>, ServiceError> {
        Ok(self.with(|content| content.state.clone()))
    }

    async fn figures(&self, after: Option<String>) -> Result<Page, ServiceError> {
        self.with(|content| {
            let size = if content.page == 0 { 1_000 } else { content.page };
            let after = after.unwrap_or_default();
            let mut rest = content.figures.values().filter(|item| item.date > after);
            let items: Vec<_> = rest.by_ref().take(size).cloned().collect();
            let next = rest.next().and_then(|_| Some(items.last()?.date.clone()));
            Ok(Page { items, next })
        })
    }
}

impl Store for Memory {
    async fn lock(&self, lock: &Lock, now: i64) -> Result<bool, ServiceError> {
        self.change("write the lock", |content| {
            let free = content.lock.as_ref().is_none_or(|held| held.expires <= now || held.run_id == lock.run_id);
            if free {
                content.lock = Some(lock.clone());
            }
            free
        })
    }

    async fn unlock(&self, lock: &Lock) -> Result<(), ServiceError> {
        self.change("delete the lock", |content| content.lock = content.lock.take().filter(|held| held != lock))
    }

    async fn write(&self, items: Vec<StoredFigures>) -> Result<Vec<StoredFigures>, ServiceError> {
        self.change("write items", |content| {
            content.item_writes += items.len();
            let mut items = items;
            let undone = items.split_off(items.len() - content.unprocessed.min(items.len()));
            content.unprocessed = 0;
            content.figures.extend(items.into_iter().map(|item| (item.date.clone(), item)));
            undone
        })
    }

    async fn write_state(&self, state: &State) -> Result<(), ServiceError> {
        self.change("write the state", |content| content.state = Some(state.clone()))
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        Ok(self.with(|content| content.objects.get(key).cloned()))
    }

    async fn put(&self, key: &str, body: Vec<u8>) -> Result<(), ServiceError> {
        self.change(&format!("write {key}"), |content| {
            content.objects.insert(key.to_owned(), body);
        })
    }
}

impl Publish for Memory {
    async fn publish(&self, subject: &str, outcome: Outcome, body: &str) -> Result<(), ServiceError> {
        self.with(|content| content.published.push((subject.to_owned(), outcome, body.to_owned())));
        Ok(())
    }
}

/// A server that gives prepared answers.
#[derive(Debug, Default)]
pub struct ScriptedServer {
    scripts: Mutex<BTreeMap<String, VecDeque<Result<Fetched, FetchError>>>>,
    requests: Mutex<Vec<(String, Option<String>)>>,
}

impl ScriptedServer {
    /// Answers each URL with its answers one after the other, and then with the last of them.
    pub fn new<'u>(scripts: impl IntoIterator<Item = (&'u str, Vec<Result<Fetched, FetchError>>)>) -> Self {
        let scripts = scripts.into_iter().map(|(url, answers)| (url.to_owned(), answers.into()));
        Self { scripts: Mutex::new(scripts.collect()), requests: Mutex::default() }
    }

    /// The requests so far: URL and ETag.
    pub fn requests(&self) -> Vec<(String, Option<String>)> {
        open(&self.requests).clone()
    }
}

impl Fetch for ScriptedServer {
    async fn get(&self, url: &str, etag: Option<&str>) -> Result<Fetched, FetchError> {
        open(&self.requests).push((url.to_owned(), etag.map(str::to_owned)));
        let mut scripts = open(&self.scripts);
        let answers = scripts.get_mut(url);
        let answer =
            answers.and_then(|answers| if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() });
        let answer = answer.unwrap_or_else(|| Ok(Fetched { status: 404, ..Fetched::default() }))?;
        if answer.status == 200 && answer.etag.is_some() && answer.etag.as_deref() == etag {
            return Ok(Fetched { status: 304, body: Vec::new(), ..answer });
        }
        Ok(answer)
    }
}
