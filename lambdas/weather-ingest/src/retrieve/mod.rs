//! The first step: the body of an hour.

mod attempts;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use self::attempts::{Attempts, Found};
use crate::contract::{ErrorClass, Location, RetrieveInput, RetrieveResult, WeatherSource};
use crate::failure::Failure;
use crate::hour::Hour;
use crate::key_cache::KeyCache;
use crate::services::{Clock, Fetch, RawMetadata, RawStore, Secrets};

/// How long after its end an hour may still be filled with the present conditions.
const GRACE: SignedDuration = SignedDuration::from_mins(15);

/// The first step, with all it needs.
#[derive(Debug, Clone, Copy)]
pub struct Retrieve<'a, F, R, S, C> {
    /// What the paths of the API follow: see [`check_base_url`](crate::check_base_url).
    pub base_url: &'a str,
    /// The key, as it was last read.
    pub keys: &'a KeyCache,
    /// The server of the API.
    pub fetch: &'a F,
    /// The raw bucket.
    pub store: &'a R,
    /// The secret of the key.
    pub secrets: &'a S,
    /// Time and chance.
    pub clock: &'a C,
}

impl<F: Fetch, R: RawStore, S: Secrets, C: Clock> Retrieve<'_, F, R, S, C> {
    /// Sees to it that the hour has a raw object.
    ///
    /// # Errors
    /// When it has none afterwards. A body that was there before is still there.
    pub async fn run(&self, input: &RetrieveInput, execution_id: &str) -> Result<RetrieveResult, Failure> {
        let hour = Hour::of(&input.scheduled_time).map_err(Failure::bad_input)?;
        let location = Location::new(&input.location_id, &input.q).map_err(Failure::bad_input)?;
        let now = self.clock.now();
        if hour.start() > now {
            return Err(Failure::bad_input(format!("the hour {hour} has not begun")));
        }
        let key = hour.raw_key(location.id());
        if !input.refetch
            && let Some(object) = self.store.head(&key).await?
            && let Some(metadata) = object.metadata
        {
            let RawMetadata { fetched_at, source, .. } = metadata;
            let version_id = object.version_id;
            return Ok(RetrieveResult { key, version_id, source, fetched_at, attempts: 0, reused: true });
        }

        let source = source_for(hour, now, input.refetch);
        let api_key = self.keys.key(self.secrets, self.clock).await?;
        let mut attempts = Attempts::new(self, &location, hour, &api_key);
        let body = match source {
            WeatherSource::Current => match attempts.fetch(source, hour.date()).await? {
                Found::Body(body) => body,
                Found::NoEntry => return Err(unavailable(hour)),
            },
            WeatherSource::History => attempts.history().await?.ok_or_else(|| unavailable(hour))?,
        };
        let attempts = attempts.count();
        let fetched_at = to_the_second(self.clock.now()).to_string();
        let metadata = RawMetadata { fetched_at, source, execution_id: execution_id.to_owned() };
        let version_id = self.store.put(&key, body, &metadata).await?;
        Ok(RetrieveResult { key, version_id, source, fetched_at: metadata.fetched_at, attempts, reused: false })
    }
}

/// The present conditions must never stand for a past hour.
fn source_for(hour: Hour, now: Timestamp, refetch: bool) -> WeatherSource {
    let end = hour.end();
    let last = if refetch { end } else { end.saturating_add(GRACE).unwrap_or(Timestamp::MAX) };
    if now < last { WeatherSource::Current } else { WeatherSource::History }
}

fn unavailable(hour: Hour) -> Failure {
    let told = format!("no entry of the API's history is within half an hour of {hour}");
    Failure::Known(ErrorClass::HourNotAvailable, told)
}

fn to_the_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
