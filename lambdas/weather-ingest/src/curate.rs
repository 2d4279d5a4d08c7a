//! The second step: the row of an hour.

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::body::Observation;
use crate::contract::{COLUMNS, CurateInput, CurateResult, ErrorClass, Location};
use crate::failure::Failure;
use crate::hour::Hour;
use crate::parquet_file::parquet_file;
use crate::row::Row;
use crate::services::{CurateStore, ServiceError};

/// The second step, with all it needs.
#[derive(Debug, Clone, Copy)]
pub struct Curate<'a, S> {
    /// Both buckets.
    pub store: &'a S,
}

impl<S: CurateStore> Curate<'_, S> {
    /// Writes the row of the raw object that the first step names. The same object gives the same file.
    ///
    /// # Errors
    /// When the object cannot be read, and then nothing is written; or the file cannot be written.
    pub async fn run(&self, input: &CurateInput) -> Result<CurateResult, Failure> {
        let hour = Hour::of(&input.input.scheduled_time).map_err(Failure::bad_input)?;
        let location = Location::new(&input.input.location_id, &input.input.q).map_err(Failure::bad_input)?;
        let raw = &input.retrieve;
        let fetched_at: Timestamp = raw
            .fetched_at
            .parse()
            .map_err(|_| Failure::bad_input(format!("`fetched_at` is not a time: `{}`", raw.fetched_at)))?;
        let unreadable = |told: String| {
            let told = format!("{} version {}: {told}", raw.key, raw.version_id);
            Failure::Known(ErrorClass::RawUnreadable, told)
        };
        let body = self.store.raw(&raw.key, &raw.version_id).await.map_err(|error| unreadable(error.to_string()))?;
        let body = body.ok_or_else(|| unreadable("there is no such object".to_owned()))?;
        let observation = Observation::read(&body, raw.source, hour).map_err(unreadable)?;
        let row = Row::new(&observation, hour, fetched_at);
        let file = parquet_file(&row, location.id())
            .map_err(|error| Failure::Service(ServiceError::new("make the Parquet file", error.to_string())))?;
        let key = hour.curated_key(location.id());
        self.store.put_curated(&key, file).await?;
        let columns = u32::try_from(COLUMNS.len()).unwrap_or(u32::MAX);
        Ok(CurateResult { key, columns, extra_fields: row.extra_fields, type_errors: row.type_errors })
    }
}
