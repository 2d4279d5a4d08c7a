//! Time and chance.

use std::future::Future;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

use crate::memory::open;

/// Time and chance.
pub trait Clock: Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn wait(&self, duration: Duration) -> impl Future<Output = ()> + Send;

    /// A number from 0 to 1, by chance.
    fn chance(&self) -> f64;
}

/// A clock that goes on only by what is waited for. Its chance is always the middle.
#[derive(Debug)]
pub struct ManualClock {
    now: Mutex<Timestamp>,
    waits: Mutex<Vec<Duration>>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { now: Mutex::new(now), waits: Mutex::default() }
    }

    /// How long was waited so far, each time.
    pub fn waits(&self) -> Vec<Duration> {
        open(&self.waits).clone()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *open(&self.now)
    }

    async fn wait(&self, duration: Duration) {
        open(&self.waits).push(duration);
        let mut now = open(&self.now);
        *now = now.saturating_add(duration).unwrap_or(Timestamp::MAX);
    }

    fn chance(&self) -> f64 {
        0.5
    }
}
