//! Requests until there is a good body.

use jiff::civil::Date;

use super::Retrieve;
use crate::answer::{Verdict, verdict};
use crate::body::{BodyProblem, Observation};
use crate::contract::{ErrorClass, Location, WeatherSource};
use crate::failure::Failure;
use crate::hour::Hour;
use crate::key::ApiKey;
use crate::request::{WAITS, url, wait};
use crate::services::{Answer, Clock, Fetch, RawStore, Secrets};

/// How much of a body that is not good is kept.
const ERROR_BYTES: usize = 64 << 10;

/// The requests for an hour.
pub(super) struct Attempts<'r, 'a, F, R, S, C> {
    retrieve: &'r Retrieve<'a, F, R, S, C>,
    location: &'r Location,
    hour: Hour,
    key: &'r ApiKey,
    count: u32,
}

/// What a good answer brings.
pub(super) enum Found {
    /// The body.
    Body(Vec<u8>),
    /// The day has no entry within range.
    NoEntry,
}

impl<'r, 'a, F: Fetch, R: RawStore, S: Secrets, C: Clock> Attempts<'r, 'a, F, R, S, C> {
    pub(super) fn new(
        retrieve: &'r Retrieve<'a, F, R, S, C>,
        location: &'r Location,
        hour: Hour,
        key: &'r ApiKey,
    ) -> Self {
        Self { retrieve, location, hour, key, count: 0 }
    }

    /// Requests so far.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The hour from the local day that has it: that of its date in UTC, or the one after, or the one before.
    pub(super) async fn history(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let date = self.hour.date();
        for day in [Some(date), date.tomorrow().ok(), date.yesterday().ok()].into_iter().flatten() {
            if let Found::Body(body) = self.fetch(WeatherSource::History, day).await? {
                return Ok(Some(body));
            }
        }
        Ok(None)
    }

    /// One request, sent up to three times.
    pub(super) async fn fetch(&mut self, source: WeatherSource, day: Date) -> Result<Found, Failure> {
        let url = url(source, self.retrieve.base_url, self.key, self.location.q(), day);
        let mut waits = WAITS.iter();
        loop {
            self.count += 1;
            let (class, told, retry_after) = match self.retrieve.fetch.get(&url).await {
                Err(told) => (ErrorClass::ApiUnavailable, format!("the API did not answer: {told}"), None),
                Ok(Answer { status, retry_after, body }) => match self.judge(status, &body, source) {
                    Judgement::Good => return Ok(Found::Body(body)),
                    Judgement::NoEntry => {
                        self.keep(&body).await;
                        return Ok(Found::NoEntry);
                    }
                    Judgement::Stop(class, told) => {
                        let kept = self.keep(&body).await;
                        return Err(self.failure(class, &format!("{told}{kept}")));
                    }
                    Judgement::Again(class, told) => {
                        let kept = self.keep(&body).await;
                        // What asks for a wait is a server that has too much to do.
                        (class, format!("{told}{kept}"), retry_after.filter(|_| status == 429))
                    }
                },
            };
            let Some(planned) = waits.next() else {
                let attempts = WAITS.len() + 1;
                return Err(self.failure(class, &format!("{told}, the last of {attempts} times")));
            };
            let clock = self.retrieve.clock;
            clock.wait(wait(*planned, retry_after.as_deref(), clock.chance())).await;
        }
    }

    fn judge(&self, status: u16, body: &[u8], source: WeatherSource) -> Judgement {
        match verdict(status, body) {
            Verdict::Again(class, told) => Judgement::Again(class, told),
            Verdict::Stop(class, told) => Judgement::Stop(class, told),
            Verdict::Answered if self.key.is_told_by(body) => {
                Judgement::Again(ErrorClass::ApiInvalidBody, "the body tells the key of the API".to_owned())
            }
            Verdict::Answered => match Observation::find(body, source, self.hour) {
                Ok(_) => Judgement::Good,
                Err(BodyProblem::NoEntry) => Judgement::NoEntry,
                Err(BodyProblem::Bad(told)) => Judgement::Again(ErrorClass::ApiInvalidBody, told),
            },
        }
    }

    /// Keeps a body that is not good. When that fails, it is told with the failure of the API, which matters more.
    async fn keep(&self, body: &[u8]) -> String {
        let key = self.hour.error_key(self.location.id(), self.retrieve.clock.now(), self.count);
        // The key may stand across the place of the cut, so it is hidden first.
        let mut body = self.key.hidden_in_bytes(body);
        body.truncate(ERROR_BYTES);
        match self.retrieve.store.put_error(&key, body).await {
            Ok(()) => String::new(),
            Err(error) => format!(" (its body could not be kept: {error})"),
        }
    }

    fn failure(&self, class: ErrorClass, told: &str) -> Failure {
        Failure::Known(class, self.key.hidden_in(told))
    }
}

enum Judgement {
    Good,
    NoEntry,
    Again(ErrorClass, String),
    Stop(ErrorClass, String),
}
