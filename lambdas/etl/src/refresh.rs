//! A run of the refresh.
//!
//! The table is written before the snapshot, and the ETags come last: a run that dies in between is repeated by the next
//! one, which finds the same difference and writes the same items again.

mod work;

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;

use self::work::Work;
use crate::contract::{Outcome, RefreshEvent, RunMessage};
use crate::message::subject;
use crate::services::{Clock, Fetch, Lock, Publish, ServiceError, Store};

/// How long a run may hold the lock, in seconds.
const LOCK_SECONDS: i64 = 600;

/// The refresh, with all it needs.
#[derive(Debug, Clone, Copy)]
pub struct Refresh<'a, F, S, P, C> {
    /// URL of source A.
    pub nyt_url: &'a str,
    /// URL of source B.
    pub jhu_url: &'a str,
    /// The servers of the sources.
    pub fetch: &'a F,
    /// Table and bucket.
    pub store: &'a S,
    /// The topic.
    pub publish: &'a P,
    /// Time and chance.
    pub clock: &'a C,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Another run holds the lock: nothing was done, nothing was published.
    Locked,
    /// This was published, which may be a failure.
    Published(Box<RunMessage>),
}

impl Ended {
    /// The outcome.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Locked => Outcome::Locked,
            Self::Published(message) => message.outcome,
        }
    }
}

/// Why a run ended without a message: the function has to fail, so that its on-failure destination tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// The lock could not be asked for.
    Lock(ServiceError),
    /// The message could not be published. It is here.
    Publish(ServiceError, Box<RunMessage>),
}

impl RunError {
    /// The kind of the error, a name without spaces.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Lock(_) => "NotLocked",
            Self::Publish(..) => "NotPublished",
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lock(_) => formatter.write_str("the lock of the refresh could not be taken"),
            Self::Publish(_, message) => {
                write!(formatter, "the message `{}` could not be published", subject(message))
            }
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Lock(error) | Self::Publish(error, _) => Some(error),
        }
    }
}

impl<F: Fetch, S: Store, P: Publish, C: Clock> Refresh<'_, F, S, P, C> {
    /// Runs once.
    ///
    /// # Errors
    /// When nobody could be told how it ended.
    pub async fn run(&self, event: RefreshEvent, run_id: &str) -> Result<Ended, RunError> {
        let started = self.clock.now();
        let expires = started.as_second().saturating_add(LOCK_SECONDS);
        let lock = Lock { expires, run_id: run_id.to_owned() };
        if !self.store.lock(&lock, started.as_second()).await.map_err(RunError::Lock)? {
            return Ok(Ended::Locked);
        }
        let mut message = Work::new(self, event, run_id, started).run().await;
        message.finished_at = rfc3339(self.clock.now());
        let body = serde_json::to_string(&message).expect("the message has texts and numbers only");
        let published = self.publish.publish(&subject(&message), message.outcome, &body).await;
        // A lock that cannot be deleted expires by itself.
        let _ = self.store.unlock(&lock).await;
        match published {
            Ok(()) => Ok(Ended::Published(Box::new(message))),
            Err(error) => Err(RunError::Publish(error, Box::new(message))),
        }
    }
}

/// A time to the second.
fn rfc3339(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
