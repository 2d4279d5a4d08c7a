//! Fetching a source, with what is tried again and what is not.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::contract::{Failure, FailureClass, Source, Stage};
use crate::services::{Clock, Fetch, FetchError};
use crate::source::name;

/// A body over this many bytes is not read.
pub const MAX_BODY_BYTES: usize = 64 << 20;
/// How long a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an attempt may take, from the first byte to the last.
pub const TOTAL_TIMEOUT: Duration = Duration::from_mins(1);

/// Waits between attempts.
const WAITS: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];
/// The longest wait that a server may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);
/// How far chance moves a wait, as a share of it.
const JITTER: f64 = 0.2;

/// How a fetch ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Got {
    /// A body with its ETag.
    Body(Vec<u8>, Option<String>),
    /// The body with the ETag that was named is still the current one.
    NotModified,
}

/// How an attempt failed.
struct Attempt {
    told: String,
    again: bool,
    retry_after: Option<Duration>,
}

/// Fetches a source in up to four attempts.
pub(crate) async fn fetch<F: Fetch, C: Clock>(
    fetch: &F,
    clock: &C,
    source: Source,
    url: &str,
    etag: Option<&str>,
) -> Result<Got, Failure> {
    let failure = |error_class, told: String| Failure {
        stage: Stage::Extract,
        error_class,
        message: format!("{} {told}", name(source)),
    };
    let mut waits = WAITS.iter();
    loop {
        let attempt = match fetch.get(url, etag).await {
            Ok(answer) if answer.body.len() > MAX_BODY_BYTES => {
                return Err(failure(FailureClass::TooLarge, too_large()));
            }
            Err(FetchError::TooLarge) => return Err(failure(FailureClass::TooLarge, too_large())),
            Ok(answer) if answer.status == 200 => return Ok(Got::Body(answer.body, answer.etag)),
            Ok(answer) if answer.status == 304 && etag.is_some() => return Ok(Got::NotModified),
            Ok(answer) => Attempt {
                told: format!("answered with status {}", answer.status),
                again: matches!(answer.status, 408 | 429 | 500..=599),
                retry_after: answer.retry_after.and_then(|text| retry_after(&text, clock.now())),
            },
            Err(FetchError::Network(told)) => {
                Attempt { told: format!("could not be fetched: {told}"), again: true, retry_after: None }
            }
        };
        match waits.next() {
            Some(wait) if attempt.again => {
                clock.wait(jittered(*wait, clock.chance()).max(attempt.retry_after.unwrap_or_default())).await;
            }
            Some(_) => return Err(failure(FailureClass::FetchFailed, attempt.told)),
            None => {
                let attempts = WAITS.len() + 1;
                return Err(failure(
                    FailureClass::FetchFailed,
                    format!("{}, the last of {attempts} times", attempt.told),
                ));
            }
        }
    }
}

/// Whether a source may be fetched from `url`: `https`, and plain `http` only where `plain_http` says that the services
/// are local ones.
///
/// # Errors
/// What is wrong with the URL, in words.
pub fn check_url(url: &str, plain_http: bool) -> Result<(), String> {
    let rest = match url.split_once("://") {
        Some(("https", rest)) => rest,
        Some(("http", rest)) if plain_http => rest,
        Some(("http", _)) => return Err(format!("`{url}` is not encrypted: give a URL that begins with `https://`")),
        _ => return Err(format!("`{url}` is not a URL that begins with `https://`")),
    };
    if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
        return Err(format!("`{url}` names no server"));
    }
    Ok(())
}

fn too_large() -> String {
    format!("has a body over {} MiB", MAX_BODY_BYTES >> 20)
}

/// `wait`, up to a fifth shorter or longer.
pub(crate) fn jittered(wait: Duration, chance: f64) -> Duration {
    wait.mul_f64(1.0 - JITTER + 2.0 * JITTER * chance.clamp(0.0, 1.0))
}

/// What a header `Retry-After` asks for, in seconds or as a time, but no more than is granted.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let asked = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
            Duration::try_from(until.duration_since(now)).unwrap_or_default()
        }
    };
    Some(asked.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::unnecessary_wraps)]

    use proptest::prelude::*;

    use super::*;
    use crate::memory::{self, ManualClock, ScriptedServer};
    use crate::services::Fetched;

    fn status(status: u16) -> Result<Fetched, FetchError> {
        Ok(Fetched { status, ..Fetched::default() })
    }

    fn body(text: &str) -> Result<Fetched, FetchError> {
        Ok(Fetched { status: 200, etag: Some("\"e\"".into()), body: text.into(), ..Fetched::default() })
    }

    fn run(
        script: Vec<Result<Fetched, FetchError>>,
        etag: Option<&str>,
    ) -> (Result<Got, Failure>, usize, Vec<Duration>) {
        let server = ScriptedServer::new([("u", script)]);
        let clock = ManualClock::at("2020-08-03T18:45:00Z".parse().unwrap());
        let got = memory::finish(fetch(&server, &clock, Source::Nyt, "u", etag));
        (got, server.requests().len(), clock.waits())
    }

    #[test]
    fn a_server_that_comes_back_is_asked_again() {
        let (got, requests, waits) = run(vec![status(503), status(503), body("x")], None);
        assert_eq!(got, Ok(Got::Body(b"x".to_vec(), Some("\"e\"".into()))));
        assert_eq!(requests, 3);
        assert_eq!(waits, [Duration::from_secs(2), Duration::from_secs(4)]);
        let cut = Err(FetchError::Network("the body ended after 3 of 10 bytes".into()));
        assert_eq!(run(vec![cut, body("x")], None).1, 2);
    }

    #[test]
    fn after_four_attempts_it_is_over() {
        let (got, requests, waits) = run(vec![status(500); 9], None);
        let failure = got.unwrap_err();
        assert_eq!((failure.stage, failure.error_class), (Stage::Extract, FailureClass::FetchFailed));
        assert_eq!(failure.message, "source A (New York Times) answered with status 500, the last of 4 times");
        assert_eq!((requests, waits.len()), (4, 3));
    }

    #[test]
    fn what_does_not_change_is_asked_once() {
        for status_code in [400, 401, 404, 410, 301, 204, 206] {
            let (got, requests, waits) = run(vec![status(status_code); 4], None);
            assert_eq!(got.unwrap_err().error_class, FailureClass::FetchFailed, "{status_code}");
            assert_eq!((requests, waits.len()), (1, 0), "{status_code}");
        }
    }

    #[test]
    fn not_modified_is_an_answer_to_an_etag_only() {
        assert_eq!(run(vec![status(304)], Some("\"e\"")).0, Ok(Got::NotModified));
        assert!(run(vec![status(304)], None).0.is_err());
    }

    #[test]
    fn the_server_may_ask_for_a_longer_wait() {
        let throttled = |text: &str| Ok(Fetched { status: 429, retry_after: Some(text.into()), ..Fetched::default() });
        for (text, seconds) in [
            ("7", 7),
            ("1", 2),
            ("3600", 30),
            ("Mon, 03 Aug 2020 18:45:12 GMT", 12),
            ("Mon, 03 Aug 2020 18:40:00 GMT", 2),
            ("soon", 2),
            ("-1", 2),
        ] {
            let waits = run(vec![throttled(text), body("x")], None).2;
            assert_eq!(waits, [Duration::from_secs(seconds)], "{text}");
        }
    }

    #[test]
    fn a_body_over_the_limit_is_a_failure_of_its_own() {
        assert_eq!(run(vec![Err(FetchError::TooLarge)], None).0.unwrap_err().error_class, FailureClass::TooLarge);
    }

    #[test]
    fn plain_http_is_for_local_servers() {
        assert_eq!(check_url("https://example.org/us.csv", false), Ok(()));
        assert_eq!(check_url("http://127.0.0.1:8000/us.csv", true), Ok(()));
        for (url, plain) in [("http://example.org/", false), ("ftp://a/b", true), ("", true), ("https:///x", true)] {
            assert!(check_url(url, plain).is_err(), "{url}");
        }
    }

    #[test]
    fn chance_moves_a_wait_by_a_fifth() {
        let wait = Duration::from_secs(10);
        assert_eq!(jittered(wait, 0.0), Duration::from_secs(8));
        assert_eq!(jittered(wait, 1.0), Duration::from_secs(12));
    }

    proptest! {
        #[test]
        fn no_header_panics(text: String) {
            let _ = retry_after(&text, Timestamp::UNIX_EPOCH);
        }
    }
}
