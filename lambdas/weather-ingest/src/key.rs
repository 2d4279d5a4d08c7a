//! The key of the API, which no log, no message and no object may show.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::contract::ErrorClass;
use crate::failure::Failure;
use crate::request::escaped;
use crate::services::{Clock, Secrets};

/// How long a key is used before the secret is read again.
const KEPT: Duration = Duration::from_mins(5);
/// What stands in the place of the key.
const HIDDEN: &str = "***";
/// A body that has a key of fewer characters may have them by chance.
const DISTINCT_CHARACTERS: usize = 8;

/// The key of the API. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key in a secret, without the white space around it; none when there is nothing else.
    pub fn of_secret(secret: &str) -> Option<Self> {
        let key = secret.trim();
        (!key.is_empty()).then(|| Self(key.to_owned()))
    }

    /// The key as a part of a URL.
    pub(crate) fn escaped(&self) -> String {
        escaped(&self.0)
    }

    /// `text` without the key.
    pub(crate) fn hidden_in(&self, text: &str) -> String {
        let text = text.replace(&self.escaped(), HIDDEN);
        if text.contains(&self.0) { text.replace(&self.0, HIDDEN) } else { text }
    }

    /// `body` without the key.
    pub(crate) fn hidden_in_bytes(&self, body: &[u8]) -> Vec<u8> {
        if self.is_in(body) || find(body, self.escaped().as_bytes()) {
            return self.hidden_in(&String::from_utf8_lossy(body)).into_bytes();
        }
        body.to_vec()
    }

    /// Whether a body tells the key.
    pub(crate) fn is_told_by(&self, body: &[u8]) -> bool {
        self.0.len() >= DISTINCT_CHARACTERS && self.is_in(body)
    }

    fn is_in(&self, body: &[u8]) -> bool {
        find(body, self.0.as_bytes())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HIDDEN)
    }
}

fn find(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

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
    fn a_key_shows_nowhere() {
        let key = ApiKey::of_secret(" a+b/c key \n").unwrap();
        assert_eq!(format!("{key:?}"), "***");
        assert_eq!(key.hidden_in("k=a%2Bb%2Fc%20key and a+b/c key"), "k=*** and ***");
        assert_eq!(key.hidden_in_bytes(b"\xFFa+b/c key"), "\u{FFFD}***".as_bytes());
        assert_eq!(key.hidden_in_bytes(b"\xFFno"), b"\xFFno");
        assert_eq!(ApiKey::of_secret(" \n"), None);
        assert!(!ApiKey::of_secret("sun").unwrap().is_told_by(b"sunny"));
    }

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
