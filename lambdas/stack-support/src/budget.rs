//! How much time is left.

use std::fmt;
use std::time::Duration;

/// The time that is left until the invocation is ended from outside.
pub struct Budget {
    remaining: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl Budget {
    /// What must be left to begin another step, and to send the answer after it.
    pub const RESERVE: Duration = Duration::from_secs(20);

    /// The budget that `remaining` tells at any moment.
    pub fn new(remaining: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { remaining: Box::new(remaining) }
    }

    /// The time that is left.
    pub fn remaining(&self) -> Duration {
        (self.remaining)()
    }

    /// Whether there is too little left to begin another step.
    pub fn is_spent(&self) -> bool {
        self.remaining() < Self::RESERVE
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Budget({:?})", self.remaining())
    }
}
