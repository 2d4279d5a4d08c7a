//! A store in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::{Condition, Listed, MAXIMUM_DELETE, Object, Put, Storage, StorageError, tag};

/// A store in memory, whose clock stands where it was set.
#[derive(Debug, Default)]
pub struct Memory {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<String, Object>,
    now: i64,
}

impl Memory {
    /// A store without objects, at 1970.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the clock, in microseconds since 1970.
    pub fn set_now(&self, now: i64) {
        self.state().now = now;
    }

    /// The keys of all objects.
    pub fn keys(&self) -> Vec<String> {
        self.state().objects.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is one insertion or removal: a thread that panicked has left nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Storage for Memory {
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        let state = self.state();
        let begun = state.objects.range(prefix.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        Ok(begun
            .map(|(key, object)| Listed {
                key: key.clone(),
                size: object.content.len() as u64,
                modified: object.modified,
            })
            .collect())
    }

    fn get(&self, key: &str) -> Result<Option<Object>, StorageError> {
        Ok(self.state().objects.get(key).cloned())
    }

    fn put(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError> {
        let mut state = self.state();
        let current = state.objects.get(key);
        let holds = match condition {
            Condition::Always => true,
            Condition::New => current.is_none(),
            Condition::Matches(tag) => current.is_some_and(|object| object.tag == *tag),
        };
        if !holds {
            return Ok(Put::Conflict);
        }
        let (tag, modified) = (tag(&content), state.now);
        state.objects.insert(key.to_owned(), Object { content, tag, modified });
        Ok(Put::Done)
    }

    fn delete(&self, keys: &[String]) -> Result<(), StorageError> {
        if keys.is_empty() || keys.len() > MAXIMUM_DELETE {
            return Err(StorageError::new("delete", "", format!("{} keys at once", keys.len())));
        }
        let mut state = self.state();
        for key in keys {
            state.objects.remove(key);
        }
        Ok(())
    }

    fn url(&self, key: &str) -> String {
        format!("s3://memory/{key}")
    }
}
