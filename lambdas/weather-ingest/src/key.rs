//! The key of the API, which no log, no message and no object may show.

use std::fmt;

use crate::escape::escaped;

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
        escaped(&self.0).to_string()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

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
}
