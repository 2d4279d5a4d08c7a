//! Identifies objects and queues them.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use handler_runtime::{Clock, ServiceError};

use super::failures::{FailureRecord, Failures, OpenFailure, Origin, Resolution, Stage};
use super::identification::{Identified, identified};
use super::mark::Mark;
use super::objects::{Listed, Objects, Wanted};
use super::queues::Queues;
use super::stats::Stats;
use crate::contract::{
    FailureKind, FileMessage, FileType, MESSAGE_SCHEMA, ObjectDetail, Route, SweepInput, SweepReport,
};
use crate::{ANALYSIS_VERSION, Failure, Limits};

/// What is left of the time when a sweep begins no more objects.
pub const SWEEP_RESERVE: Duration = Duration::from_mins(1);
/// Objects of a sweep that are looked at at once.
const PARALLEL: usize = 16;

/// The function `orchestrator`.
#[derive(Debug)]
pub struct Orchestrator<O, S, F, Q, C> {
    /// The bucket's objects.
    pub objects: O,
    /// The table of summaries.
    pub stats: S,
    /// The table of failures.
    pub failures: F,
    /// The queues.
    pub queues: Q,
    /// The time.
    pub clock: C,
    /// The bucket that a sweep lists.
    pub bucket: String,
    /// What a file may take.
    pub limits: Limits,
    /// This function.
    pub origin: Origin,
}

/// An object to look at.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    wanted: Wanted<'a>,
    size: u64,
    force: bool,
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is none: the empty object that stands for a folder.
    Ignored,
    Skipped,
    Sent(Route),
    Refused(FailureKind),
}

impl<O: Objects, S: Stats, F: Failures, Q: Queues, C: Clock> Orchestrator<O, S, F, Q, C> {
    /// Looks at one new object.
    ///
    /// # Errors
    /// When a service does not do its part, so that the event has to come again.
    pub async fn object_created(&self, detail: &ObjectDetail, request_id: &str) -> Result<SweepReport, ServiceError> {
        let object = &detail.object;
        let wanted = Wanted {
            bucket: &detail.bucket.name,
            key: &object.key,
            version: object.version_id.as_deref(),
            etag: Some(&object.etag),
        };
        let candidate = Candidate { wanted, size: object.size, force: false };
        let outcome = self.look(candidate, request_id).await?;
        let mut report = SweepReport { complete: true, ..SweepReport::default() };
        count(&mut report, Ok(&outcome));
        Ok(report)
    }

    /// Looks at all objects whose keys begin with the prefix. `remaining` tells how much of the invocation's time is left.
    ///
    /// # Errors
    /// When the bucket cannot be listed, or a table not be asked what is known. The trouble of one object is counted.
    pub async fn sweep(
        &self,
        input: &SweepInput,
        request_id: &str,
        remaining: impl Fn() -> Duration,
    ) -> Result<SweepReport, ServiceError> {
        let mut report = SweepReport::default();
        let mut open: HashMap<String, Vec<OpenFailure>> = HashMap::new();
        for failure in self.failures.open(&input.prefix).await? {
            open.entry(failure.filename.clone()).or_default().push(failure);
        }
        let mut after: Option<String> = None;
        loop {
            if remaining() < SWEEP_RESERVE {
                return Ok(report);
            }
            let page = self.objects.list(&self.bucket, &input.prefix, after.as_deref()).await?;
            after = page.objects.last().map(|object| object.key.clone());
            let keys: Vec<String> = page.objects.iter().map(|object| object.key.clone()).collect();
            let marks = if input.force { HashMap::new() } else { self.stats.marks(&keys).await? };
            let failures: Vec<Vec<OpenFailure>> = keys.iter().map(|key| open.remove(key).unwrap_or_default()).collect();
            let work = page.objects.iter().zip(&failures).map(|(object, failures)| {
                let (marks, remaining) = (&marks, &remaining);
                async move {
                    if remaining() < SWEEP_RESERVE {
                        return None;
                    }
                    if !input.force && is_known(object, marks.get(&object.key), failures) {
                        return Some(Ok(Outcome::Skipped));
                    }
                    let Listed { key, etag, size } = object;
                    let wanted = Wanted { bucket: &self.bucket, key, version: None, etag: Some(etag) };
                    let outcome = self.look(Candidate { wanted, size: *size, force: input.force }, request_id).await;
                    if let Err(error) = &outcome {
                        tracing::error!(key, %error, "an object could not be handled; the next sweep tries again");
                    }
                    Some(outcome)
                }
            });
            let outcomes: Vec<_> = stream::iter(work).buffer_unordered(PARALLEL).collect().await;
            let mut late = false;
            for outcome in outcomes {
                match outcome {
                    Some(outcome) => {
                        if outcome.as_ref().ok() != Some(&Outcome::Ignored) {
                            report.listed += 1;
                        }
                        count(&mut report, outcome.as_ref());
                    }
                    None => late = true,
                }
            }
            if late {
                return Ok(report);
            }
            if !page.more || after.is_none() {
                break;
            }
        }
        // Whose objects were not listed.
        for failure in open.into_values().flatten() {
            if remaining() < SWEEP_RESERVE {
                return Ok(report);
            }
            let OpenFailure { filename, failure_id, .. } = &failure;
            let now = self.clock.now();
            if let Err(error) = self.failures.resolve(filename, failure_id, Resolution::ObjectRemoved, now).await {
                tracing::error!(key = filename, %error, "a failure could not be resolved; the next sweep tries again");
                report.errors += 1;
            }
        }
        report.complete = true;
        Ok(report)
    }

    /// Looks at one object: queues it, or records why not.
    async fn look(&self, candidate: Candidate<'_>, request_id: &str) -> Result<Outcome, ServiceError> {
        let Candidate { wanted, size, force } = candidate;
        if size == 0 && wanted.key.ends_with('/') {
            return Ok(Outcome::Ignored);
        }
        let Some(found) = identified(&self.objects, wanted, size, &self.limits).await? else {
            tracing::info!(key = wanted.key, "the object is gone, or was overwritten");
            return Ok(Outcome::Skipped);
        };
        let Identified { facts, identity } = found;
        let failure = match identity {
            Ok(identity) => match refused(identity.route, identity.file_type) {
                Some(failure) => failure,
                None => {
                    let message = FileMessage {
                        schema: MESSAGE_SCHEMA,
                        bucket: wanted.bucket.to_owned(),
                        key: wanted.key.to_owned(),
                        version_id: facts.version,
                        etag: facts.etag,
                        size: facts.size,
                        file_type: identity.file_type,
                        force,
                        request_id: request_id.to_owned(),
                    };
                    self.queues.send(identity.route, &message).await?;
                    tracing::info!(key = wanted.key, file_type = ?identity.file_type, "queued");
                    return Ok(Outcome::Sent(identity.route));
                }
            },
            Err(failure) => failure,
        };
        let marks = self.stats.marks(&[wanted.key.to_owned()]).await?;
        if marks.get(wanted.key).is_some_and(|mark| mark.last_modified > facts.last_modified) {
            tracing::info!(key = wanted.key, "a newer version has a summary already");
            return Ok(Outcome::Skipped);
        }
        let record = FailureRecord {
            filename: wanted.key,
            object_version: facts.object_version(),
            etag: &facts.etag,
            last_modified: Some(&facts.last_modified),
            stage: Stage::Identification,
            kind: failure.kind,
            detected_type: failure.detected_type,
            message: &failure.message,
            request_id,
            origin: &self.origin,
            now: self.clock.now(),
        };
        self.failures.record(&record).await?;
        tracing::warn!(key = wanted.key, kind = ?failure.kind, reason = failure.message, "no summary");
        Ok(Outcome::Refused(failure.kind))
    }
}

/// The failure of a file that has no queue.
fn refused(route: Route, file_type: FileType) -> Option<Failure> {
    match route {
        Route::Bottle | Route::Ctd | Route::Netcdf => None,
        Route::Unsupported | Route::Unrecognised => crate::failure::refuse(file_type).err(),
    }
}

/// Whether nothing new can be found in an object.
fn is_known(object: &Listed, mark: Option<&Mark>, failures: &[OpenFailure]) -> bool {
    mark.is_some_and(|mark| mark.etag == object.etag && mark.analysis_version == ANALYSIS_VERSION)
        || failures.iter().any(|failure| {
            failure.kind != FailureKind::AttemptsExhausted
                && failure.etag == object.etag
                && failure.analysis_version == ANALYSIS_VERSION
        })
}

fn count(report: &mut SweepReport, outcome: Result<&Outcome, &ServiceError>) {
    let number = match outcome {
        Ok(Outcome::Ignored) => return,
        Ok(Outcome::Skipped) => &mut report.skipped,
        Ok(Outcome::Sent(Route::Bottle)) => &mut report.sent_bottle,
        Ok(Outcome::Sent(Route::Ctd)) => &mut report.sent_ctd,
        Ok(Outcome::Sent(Route::Netcdf)) => &mut report.sent_netcdf,
        Ok(Outcome::Refused(FailureKind::Unsupported) | Outcome::Sent(Route::Unsupported)) => &mut report.unsupported,
        Ok(Outcome::Refused(FailureKind::Unrecognised) | Outcome::Sent(Route::Unrecognised)) => {
            &mut report.unrecognised
        }
        // Empty, damaged, or too large.
        Ok(Outcome::Refused(_)) | Err(_) => &mut report.errors,
    };
    *number += 1;
}
