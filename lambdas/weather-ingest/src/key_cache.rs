//! The key of the API for as long as an instance lives.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::contract::ErrorClass;
use crate::failure::Failure;
use crate::key::ApiKey;
use crate::services::{Clock, Secrets};

/// How long a key is used before the secret is read again.
const KEPT: Duration = Duration::from_mins(5);

/// The key as it was last read: one for all invocations of an instance.
#[derive(Debug, Default)]
pub struct KeyCache(Mutex<Option<(Timestamp, ApiKey)>>);

impl KeyCache {
    /// The key, from the secret if it was not read within the last five minutes.
    ///
    /// # Errors
    /// When the secret is absent or empty, or cannot be read.
    pub async fn key<S: Secrets, C: Clock>(&self, secrets: &S, clock: &C) -> Result<ApiKey, Failure> {
        let now = clock.now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read, key)) = known
            && Duration::try_from(now.duration_since(read)).is_ok_and(|age| age < KEPT)
        {
            return Ok(key);
        }
        let missing = |told: &str| {
            let told = format!("the secret of the API key {told}: set it with `set_key.sh`");
            Failure::Known(ErrorClass::SecretMissing, told)
        };
        let secret = secrets.secret().await?.ok_or_else(|| missing("does not exist, or may not be read"))?;
        let key = ApiKey::of_secret(&secret).ok_or_else(|| missing("is empty"))?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, key.clone()));
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::memory::{ManualClock, Memory, finish};

    #[test]
    fn a_key_is_kept_for_five_minutes() {
        let memory = Memory::with_key("0123456789");
        let clock = ManualClock::at("2025-03-01T05:00:10Z".parse().unwrap());
        let cache = KeyCache::default();
        let read = |wait: u64| {
            finish(clock.wait(Duration::from_secs(wait)));
            finish(cache.key(&memory, &clock)).unwrap();
            memory.with(|content| content.secret_reads)
        };
        assert_eq!((read(0), read(299), read(1), read(0)), (1, 1, 2, 2));
        for secret in [None, Some(" ".to_owned())] {
            memory.with(|content| content.secret = secret);
            let failure = finish(KeyCache::default().key(&memory, &clock)).unwrap_err();
            assert_eq!(failure.class(), Some(ErrorClass::SecretMissing));
        }
    }
}
