//! Reviews the files of a queue, and writes what was found.

use std::collections::HashSet;
use std::fmt;

use handler_runtime::{Clock, ServiceError};

use super::failures::{FailureRecord, Failures, Origin, Resolution, Stage, failure_id};
use super::items::Items;
use super::mark::Mark;
use super::object_version;
use super::objects::{Facts, Objects, Part, Wanted};
use super::stats::Stats;
use crate::contract::tables::stats;
use crate::contract::{FailureKind, FileMessage, MAX_RECEIVE_COUNT, MESSAGE_SCHEMA};
use crate::{ANALYSIS_VERSION, Failure, Limits, review};

/// The functions `bottle-handler`, `ctd-handler` and `netcdf-handler`, which differ in nothing but their queues.
#[derive(Debug)]
pub struct Analyst<O, S, F, C> {
    /// The bucket's objects.
    pub objects: O,
    /// The table of summaries.
    pub stats: S,
    /// The table of failures.
    pub failures: F,
    /// The time.
    pub clock: C,
    /// What a file may take.
    pub limits: Limits,
    /// This function.
    pub origin: Origin,
}

/// Why a message goes back to its queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A service did not do its part: the next attempt may succeed.
    Service(ServiceError),
    /// The message is none of the orchestrator's. It says of no file what it is about, and ends in the dead-letter queue,
    /// where someone can look at it.
    NoMessage(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => error.fmt(formatter),
            Self::NoMessage(reason) => write!(formatter, "not a message of the orchestrator: {reason}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has a summary now.
    Summarised,
    /// A newer version has a summary, and this one's is not kept.
    Outdated,
    /// The version has a summary already.
    Known,
    /// It has no summary, and a failure says why.
    Failed,
    /// The object is gone.
    Gone,
}

impl<O: Objects, S: Stats, F: Failures, C: Clock> Analyst<O, S, F, C> {
    /// Does what a message asks for, whose text is `body`. It was received `receive_count` times, this time included.
    ///
    /// # Errors
    /// When the message has to come again.
    pub async fn handle(&self, body: &str, receive_count: u32, request_id: &str) -> Result<(), Refusal> {
        let message: FileMessage = serde_json::from_str(body).map_err(|error| Refusal::NoMessage(error.to_string()))?;
        if message.schema != MESSAGE_SCHEMA {
            return Err(Refusal::NoMessage(format!("its schema is {} and not {MESSAGE_SCHEMA}", message.schema)));
        }
        let version = object_version(message.version_id.as_deref(), &message.etag);
        // Before the attempt: should it end the function, nobody else would tell of the file.
        let is_last = receive_count >= MAX_RECEIVE_COUNT;
        if is_last {
            self.record_last_attempt(&message, &version, receive_count, request_id).await?;
        }
        let outcome = self.analyse(&message, request_id).await?;
        tracing::info!(key = message.key, version, ?outcome, "done");
        if is_last {
            let resolution = match outcome {
                Outcome::Gone => Resolution::ObjectRemoved,
                Outcome::Summarised => Resolution::Summarised,
                Outcome::Outdated | Outcome::Known | Outcome::Failed => Resolution::AttemptSucceeded,
            };
            let id = failure_id(&version, Stage::Review, FailureKind::AttemptsExhausted);
            self.failures.resolve(&message.key, &id, resolution, self.clock.now()).await?;
        }
        Ok(())
    }

    async fn record_last_attempt(
        &self,
        message: &FileMessage,
        version: &str,
        receive_count: u32,
        request_id: &str,
    ) -> Result<(), ServiceError> {
        let text = format!(
            "{} attempts did not end, for reasons outside the file; the function's log tells them: the daily sweep tries \
             again",
            receive_count - 1
        );
        let record = FailureRecord {
            filename: &message.key,
            object_version: version.to_owned(),
            etag: &message.etag,
            last_modified: None,
            stage: Stage::Review,
            kind: FailureKind::AttemptsExhausted,
            detected_type: message.file_type,
            message: &text,
            request_id,
            origin: &self.origin,
            now: self.clock.now(),
        };
        self.failures.record(&record).await
    }

    async fn analyse(&self, message: &FileMessage, request_id: &str) -> Result<Outcome, ServiceError> {
        let FileMessage { bucket, key, version_id, etag, force, .. } = message;
        let mark = if *force { None } else { self.stats.mark(key).await? };
        if version_id.is_some()
            && let Some(mark) = &mark
            && is_of(mark, &object_version(version_id.as_deref(), etag))
        {
            self.tidy(key, mark, None).await?;
            return Ok(Outcome::Known);
        }
        let wanted = Wanted { bucket, key, version: version_id.as_deref(), etag: None };
        let part = Part::Whole { most: self.limits.object_bytes };
        let Some(piece) = self.objects.read(wanted, part).await? else { return Ok(Outcome::Gone) };
        let facts = piece.facts;
        if let Some(mark) = &mark {
            if is_of(mark, &facts.object_version()) {
                self.tidy(key, mark, None).await?;
                return Ok(Outcome::Known);
            }
            if mark.last_modified > facts.last_modified {
                return Ok(Outcome::Outdated);
            }
        }
        let reviewed = match piece.content {
            Some(content) => review(content, &self.limits),
            None => Err(Failure::object_too_large(facts.size, &self.limits)),
        };
        match reviewed {
            Ok(reviewed) => {
                let items = Items::of(key, &facts, &reviewed, self.clock.now());
                self.store(key, items, *force).await
            }
            Err(failure) => {
                self.record_failure(key, &facts, &failure, request_id).await?;
                Ok(Outcome::Failed)
            }
        }
    }

    /// Writes the items of a file in the order in which a summary never lacks details.
    pub(super) async fn store(&self, key: &str, items: Items, force: bool) -> Result<Outcome, ServiceError> {
        let keys: HashSet<String> = items.keys().into_iter().map(ToOwned::to_owned).collect();
        let Items { summary, details, mark } = items;
        self.stats.put_details(details).await?;
        if self.stats.put_summary(summary, force).await? {
            self.tidy(key, &mark, Some(&keys)).await?;
            return Ok(Outcome::Summarised);
        }
        // A newer version won, or the same in another invocation, whose details these are.
        if self.stats.mark(key).await?.is_some_and(|won| won.object_version != mark.object_version) {
            self.stats.delete_details(key, keys.into_iter().collect()).await?;
        }
        Ok(Outcome::Outdated)
    }

    /// Deletes the details of other versions that are not newer, and resolves the failures of such versions. `keys` are
    /// the details of this version, if they are known.
    async fn tidy(&self, key: &str, mark: &Mark, keys: Option<&HashSet<String>>) -> Result<(), ServiceError> {
        let is_current = |item: &str| match keys {
            Some(keys) => keys.contains(item),
            None => [stats::PARAMETER_PREFIX, stats::CAST_PREFIX, stats::FINDINGS_PREFIX].iter().any(|prefix| {
                let rest = item.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(mark.object_version.as_str()));
                rest.is_some_and(|rest| rest.starts_with('#'))
            }),
        };
        let details = self.stats.details(key).await?.into_iter();
        // The details of a newer version are those of a summary that is about to be written.
        let old: Vec<String> = details
            .filter(|detail| detail.last_modified <= mark.last_modified && !is_current(&detail.item))
            .map(|detail| detail.item)
            .collect();
        if !old.is_empty() {
            self.stats.delete_details(key, old).await?;
        }
        for failure in self.failures.open_of(key).await? {
            let is_newer = failure.last_modified.as_ref().is_some_and(|written| *written > mark.last_modified);
            if !is_newer {
                self.failures.resolve(key, &failure.failure_id, Resolution::Summarised, self.clock.now()).await?;
            }
        }
        Ok(())
    }

    async fn record_failure(
        &self,
        key: &str,
        facts: &Facts,
        failure: &Failure,
        request_id: &str,
    ) -> Result<(), ServiceError> {
        let record = FailureRecord {
            filename: key,
            object_version: facts.object_version(),
            etag: &facts.etag,
            last_modified: Some(&facts.last_modified),
            stage: Stage::Review,
            kind: failure.kind,
            detected_type: failure.detected_type,
            message: &failure.message,
            request_id,
            origin: &self.origin,
            now: self.clock.now(),
        };
        self.failures.record(&record).await?;
        tracing::warn!(key, kind = ?failure.kind, reason = failure.message, "no summary");
        Ok(())
    }
}

/// Whether a summary is of this version of the object and of the analysis.
fn is_of(mark: &Mark, object_version: &str) -> bool {
    mark.object_version == object_version && mark.analysis_version == ANALYSIS_VERSION
}
