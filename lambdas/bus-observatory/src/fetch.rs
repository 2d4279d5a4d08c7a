//! Fetching a feed: what is asked for, what is tried again, and what is never told.

use std::fmt;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::feeds::{Auth, Feed};

/// A body over this many bytes is not read.
pub const MAXIMUM_BODY: usize = 64 << 20;
/// How long a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an attempt may take.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long all attempts and the waits between them may take.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(45);

/// Waits before the second and the third attempt.
const WAITS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];
/// The longest wait that a server may ask for.
const MAXIMUM_RETRY_AFTER: Duration = Duration::from_secs(10);

/// What stands for itself in the value of a query: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Stands for the key in the URL or the header's value.
const PLACEHOLDER: &str = "{key}";

/// What is asked for. Its debug form does not tell the key.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    url: String,
    header: Option<(String, String)>,
}

impl Call {
    /// The call of a feed; none when the feed needs a key and there is none.
    pub fn new(feed: &Feed, key: Option<&str>) -> Option<Self> {
        Some(match &feed.auth {
            Auth::None => Self { url: feed.url.clone(), header: None },
            Auth::Query { .. } => Self { url: feed.url.replace(PLACEHOLDER, &escaped(key?)), header: None },
            Auth::Header { header, template, .. } => {
                Self { url: feed.url.clone(), header: Some((header.clone(), template.replace(PLACEHOLDER, key?))) }
            }
        })
    }

    /// The URL, with the key if it belongs there: only for the request itself.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Name and value of the header with the key.
    pub fn header(&self) -> Option<(&str, &str)> {
        self.header.as_ref().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Call").finish_non_exhaustive()
    }
}

/// The URL of a feed for logs: without its query, where keys are.
pub fn loggable_url(feed: &Feed) -> &str {
    feed.url.split(['?', '#']).next().unwrap_or_default()
}

/// The server of a feed.
pub trait Fetch {
    /// GETs once, with `Accept-Encoding: gzip`, within `timeout`, and stops reading as soon as the body is over
    /// [`MAXIMUM_BODY`].
    fn get(&self, call: &Call, timeout: Duration) -> Result<Fetched, NoAnswer>;
}

/// The time that goes by.
pub trait Clock {
    /// Time since the first attempt.
    fn elapsed(&self) -> Duration;

    /// Waits.
    fn wait(&self, time: Duration);
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// Header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Why there is no answer. Texts of HTTP clients repeat the URL, so none is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The body is over [`MAXIMUM_BODY`].
    TooLarge,
    /// Not in time.
    Timeout,
    /// No connection, or it broke.
    Network,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchError {
    /// No answer, in the last of the attempts.
    NoAnswer(NoAnswer),
    /// Another status than 200 to 299.
    Status(u16),
}

impl FetchError {
    /// Whether the key was refused: a newer one may do.
    pub fn is_refused(self) -> bool {
        matches!(self, Self::Status(401 | 403))
    }

    fn is_worth_another(self) -> bool {
        match self {
            Self::NoAnswer(NoAnswer::TooLarge) => false,
            Self::NoAnswer(NoAnswer::Timeout | NoAnswer::Network) => true,
            Self::Status(status) => status == 429 || (500..600).contains(&status),
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(NoAnswer::TooLarge) => formatter.write_str("the body is over 64 MiB"),
            Self::NoAnswer(NoAnswer::Timeout) => formatter.write_str("the feed did not answer in time"),
            Self::NoAnswer(NoAnswer::Network) => formatter.write_str("the feed cannot be reached"),
            Self::Status(status) => write!(formatter, "the feed answered with status {status}"),
        }
    }
}

impl std::error::Error for FetchError {}

/// Fetches a body in up to three attempts.
pub fn fetch(fetch: &dyn Fetch, clock: &dyn Clock, call: &Call) -> Result<Vec<u8>, FetchError> {
    let mut waits = WAITS.iter();
    loop {
        let left = TOTAL_TIMEOUT.saturating_sub(clock.elapsed());
        let (error, asked) = match fetch.get(call, ATTEMPT_TIMEOUT.min(left)) {
            Ok(answer) if answer.body.len() > MAXIMUM_BODY => (FetchError::NoAnswer(NoAnswer::TooLarge), None),
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer.body),
            Ok(answer) => {
                let seconds = answer.retry_after.and_then(|text| text.trim().parse().ok());
                (FetchError::Status(answer.status), seconds.map(Duration::from_secs))
            }
            Err(reason) => (FetchError::NoAnswer(reason), None),
        };
        let Some(wait) = waits.next().filter(|_| error.is_worth_another()) else { return Err(error) };
        let wait = asked.map_or(*wait, |asked| asked.min(MAXIMUM_RETRY_AFTER).max(*wait));
        if clock.elapsed() + wait >= TOTAL_TIMEOUT {
            return Err(error);
        }
        clock.wait(wait);
    }
}

/// A key as it stands in a query.
fn escaped(key: &str) -> String {
    utf8_percent_encode(key, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::feeds::Configuration;

    /// Answers in turn, each after some seconds.
    struct World {
        answers: RefCell<Vec<(u64, Result<Fetched, NoAnswer>)>>,
        now: Cell<Duration>,
        waits: RefCell<Vec<u64>>,
    }

    impl Fetch for World {
        fn get(&self, _: &Call, timeout: Duration) -> Result<Fetched, NoAnswer> {
            let (seconds, answer) = self.answers.borrow_mut().remove(0);
            let time = Duration::from_secs(seconds);
            self.now.set(self.now.get() + time.min(timeout));
            if time > timeout { Err(NoAnswer::Timeout) } else { answer }
        }
    }

    impl Clock for World {
        fn elapsed(&self) -> Duration {
            self.now.get()
        }

        fn wait(&self, time: Duration) {
            self.waits.borrow_mut().push(time.as_secs());
            self.now.set(self.now.get() + time);
        }
    }

    fn feed(id: &str) -> Feed {
        let feeds = Configuration::read(include_str!("../../../feeds.json"), "feeds.json").unwrap().feeds;
        feeds.into_iter().find(|feed| feed.system_id == id).unwrap()
    }

    fn outcome(answers: Vec<(u64, Result<Fetched, NoAnswer>)>) -> (Result<usize, FetchError>, Vec<u64>) {
        let world = World { answers: answers.into(), now: Cell::default(), waits: RefCell::default() };
        let call = Call::new(&feed("mbta_all"), None).unwrap();
        let result = fetch(&world, &world, &call).map(|body| body.len());
        (result, world.waits.into_inner())
    }

    fn status(status: u16, retry_after: Option<&str>) -> (u64, Result<Fetched, NoAnswer>) {
        (1, Ok(Fetched { status, retry_after: retry_after.map(str::to_owned), body: vec![0; 3] }))
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        assert_eq!(outcome(vec![status(200, None)]), (Ok(3), vec![]));
        assert_eq!(
            outcome(vec![status(500, None), (1, Err(NoAnswer::Network)), status(204, None)]),
            (Ok(3), vec![1, 2])
        );
        assert_eq!(outcome(vec![status(429, Some("7")), status(200, None)]), (Ok(3), vec![7]));
        assert_eq!(outcome(vec![status(503, Some("3600")), status(200, None)]), (Ok(3), vec![10]));
        let down = vec![status(500, None), status(502, None), status(503, None)];
        assert_eq!(outcome(down), (Err(FetchError::Status(503)), vec![1, 2]));
        for code in [301, 400, 401, 403, 404] {
            assert_eq!(outcome(vec![status(code, None)]), (Err(FetchError::Status(code)), vec![]));
        }
        assert!(FetchError::Status(403).is_refused() && !FetchError::Status(404).is_refused());
        let large = Fetched { status: 200, body: vec![0; MAXIMUM_BODY + 1], retry_after: None };
        assert_eq!(outcome(vec![(1, Ok(large))]).0, Err(FetchError::NoAnswer(NoAnswer::TooLarge)));
    }

    #[test]
    fn all_attempts_end_in_time() {
        let slow = || (60, Ok(Fetched::default()));
        assert_eq!(outcome(vec![slow(), slow(), slow()]), (Err(FetchError::NoAnswer(NoAnswer::Timeout)), vec![1, 2]));
        let waits = vec![(15, status(503, Some("10")).1), (15, status(503, Some("10")).1)];
        assert_eq!(outcome(waits), (Err(FetchError::Status(503)), vec![10]));
    }

    #[test]
    fn keys_stand_where_they_belong_and_nowhere_else() {
        let query = Call::new(&feed("sf_muni"), Some("a&b=ü")).unwrap();
        assert!(query.url().contains("api_key=a%26b%3D%C3%BC&agency=SF") && query.header().is_none());
        let header = Call::new(&feed("tfnsw_bus"), Some("S3CRET")).unwrap();
        assert_eq!(header.header(), Some(("Authorization", "apikey S3CRET")));
        assert!(!header.url().contains("S3CRET") && !format!("{header:?} {query:?}").contains("S3CRET"));
        assert_eq!(Call::new(&feed("tfnsw_bus"), None), None);
        assert_eq!(loggable_url(&feed("sf_muni")), "https://api.511.org/transit/vehiclepositions");
    }
}
