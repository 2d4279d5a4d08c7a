//! Jobs and their states.

use handler_runtime::{Clock, ServiceError};
use jiff::Timestamp;

use super::item::{Condition, Item, Key, Reader, Update, Updated, Value, name};
use super::services::Tables;
use crate::contract::tables::{self, jobs};
use crate::contract::{GenomePath, JobState, Options, Reason, limits};

/// Attributes that only the handlers know.
pub(super) mod attribute {
    /// The letters (S).
    pub(in super::super) const SEQUENCE: &str = "Sequence";
    /// Name of the record that the letters are (S).
    pub(in super::super) const RECORD: &str = "Record";
    /// Accession or custom name (S).
    pub(in super::super) const GENOME: &str = "Genome";
    /// Options as JSON (S).
    pub(in super::super) const OPTIONS: &str = "Options";
    /// State (S).
    pub(in super::super) const STATE: &str = "State";
    /// Why it failed (S).
    pub(in super::super) const REASON: &str = "Reason";
    /// Why, in words (S).
    pub(in super::super) const MESSAGE: &str = "Message";
    /// When the job was taken (S).
    pub(in super::super) const CREATED: &str = "Created";
    /// When it last changed (S).
    pub(in super::super) const UPDATED: &str = "Updated";
}

/// The longest message that is kept.
const MESSAGE_LETTERS: usize = 1_000;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// A row of the table of jobs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Job {
    /// Its id.
    pub id: String,
    /// The letters.
    pub sequence: String,
    /// Name of the record that the letters are.
    pub record: String,
    /// Accession or custom name of its genome.
    pub genome: String,
    /// How it is done.
    pub options: Options,
    /// Its state.
    pub state: JobState,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// Why, in words.
    pub message: Option<String>,
    /// When it was taken: RFC 3339.
    pub created: String,
    /// When it last changed: RFC 3339.
    pub updated: String,
    /// When it fails, if it is not finished: seconds since 1970.
    pub deadline: i64,
}

impl Job {
    /// A job that was just taken.
    pub(super) fn new(
        id: String,
        record: String,
        sequence: String,
        genome: String,
        options: Options,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            sequence,
            record,
            genome,
            options,
            state: JobState::Submitted,
            reason: None,
            message: None,
            created: written(now),
            updated: written(now),
            deadline: deadline(JobState::Submitted, GenomePath::Lambda, now),
        }
    }

    /// The job of a row.
    pub(super) fn of(item: &Item) -> Result<Self, ServiceError> {
        let id = Reader::new(item, "a job").text(jobs::JOB_ID)?;
        let row = Reader::new(item, id);
        let options = serde_json::from_str(row.text(attribute::OPTIONS)?)
            .map_err(|error| ServiceError::new(format!("the options of `{id}`"), error.to_string()))?;
        Ok(Self {
            id: id.to_owned(),
            sequence: row.text(attribute::SEQUENCE)?.to_owned(),
            record: row.text(attribute::RECORD)?.to_owned(),
            genome: row.text(attribute::GENOME)?.to_owned(),
            options,
            state: row.named(attribute::STATE)?,
            reason: row.optional_named(attribute::REASON),
            message: row.optional_text(attribute::MESSAGE).map(str::to_owned),
            created: row.text(attribute::CREATED)?.to_owned(),
            updated: row.text(attribute::UPDATED)?.to_owned(),
            deadline: row.number(jobs::DEADLINE)?,
        })
    }

    /// The row of a job that was just taken.
    pub(super) fn item(&self, now: Timestamp) -> Item {
        let options = serde_json::to_string(&self.options).expect("options are JSON");
        let text = |value: &str| Value::from(value);
        Item::from([
            (jobs::JOB_ID.into(), text(&self.id)),
            (attribute::SEQUENCE.into(), text(&self.sequence)),
            (attribute::RECORD.into(), text(&self.record)),
            (attribute::GENOME.into(), text(&self.genome)),
            (attribute::OPTIONS.into(), options.into()),
            (attribute::STATE.into(), name(&self.state)),
            (attribute::CREATED.into(), text(&self.created)),
            (attribute::UPDATED.into(), text(&self.updated)),
            (jobs::DEADLINE.into(), self.deadline.into()),
            (jobs::OPEN.into(), jobs::OPEN_VALUE.into()),
            (tables::EXPIRES.into(), expires(now).into()),
        ])
    }
}

/// A time as rows and answers have it.
pub(super) fn written(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// When rows of jobs that begin now expire: seconds since 1970.
pub(super) fn expires(now: Timestamp) -> i64 {
    now.as_second() + limits::RETENTION_DAYS * 24 * HOUR
}

/// Until when a job may be in a state: seconds since 1970.
pub(super) fn deadline(state: JobState, path: GenomePath, now: Timestamp) -> i64 {
    now.as_second()
        + match state {
            JobState::Submitted => 30 * MINUTE,
            JobState::Scanning => HOUR,
            _ if path == GenomePath::Ec2 => 8 * HOUR,
            _ => 6 * HOUR,
        }
}

/// The job; none if there is no such job, or no more.
pub(super) async fn get(world: &impl Tables, id: &str) -> Result<Option<Job>, ServiceError> {
    world.get(&Key::job(id)).await?.map(|item| Job::of(&item)).transpose()
}

/// What became of a change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moved {
    /// The job has the new state now.
    Now,
    /// It had the new state already: this is a repetition.
    Before,
    /// It is in another state, or gone.
    Elsewhere,
}

impl Moved {
    /// Whether the job is in the new state, so that what comes of it is sent, perhaps once more.
    pub(super) fn is_there(self) -> bool {
        self != Self::Elsewhere
    }
}

/// Moves a job from one of the states `from` to the state `to`.
pub(super) async fn advance<W: Tables + Clock>(
    world: &W,
    id: &str,
    from: &[JobState],
    to: JobState,
    path: GenomePath,
) -> Result<Moved, ServiceError> {
    let now = world.now();
    let mut update = Update::when(Condition::named(attribute::STATE, from))
        .set(attribute::STATE, name(&to))
        .set(attribute::UPDATED, written(now));
    update =
        if to.is_final() { update.remove(jobs::OPEN) } else { update.set(jobs::DEADLINE, deadline(to, path, now)) };
    match world.update(&Key::job(id), update).await? {
        Updated::Done(_) => {
            tracing::info!(job_id = id, state = ?to, "job");
            Ok(Moved::Now)
        }
        Updated::Refused(Some(item)) if Reader::new(&item, id).named::<JobState>(attribute::STATE)? == to => {
            Ok(Moved::Before)
        }
        Updated::Refused(_) => Ok(Moved::Elsewhere),
    }
}

/// The states that are not final.
const UNFINISHED: [JobState; 4] = [JobState::Submitted, JobState::Preparing, JobState::Scanning, JobState::Scoring];

/// Ends a job that is not finished. Says whether there is such a job, be it finished or not.
pub(super) async fn fail<W: Tables + Clock>(
    world: &W,
    id: &str,
    reason: Reason,
    message: &str,
) -> Result<bool, ServiceError> {
    let update = Update::when(Condition::named(attribute::STATE, &UNFINISHED))
        .set(attribute::STATE, name(&JobState::Failed))
        .set(attribute::REASON, name(&reason))
        .set(attribute::MESSAGE, shortened(message))
        .set(attribute::UPDATED, written(world.now()))
        .remove(jobs::OPEN);
    match world.update(&Key::job(id), update).await? {
        Updated::Done(_) => {
            tracing::warn!(job_id = id, ?reason, message, "job failed");
            Ok(true)
        }
        // Rows of other things have no state.
        Updated::Refused(found) => Ok(found.is_some_and(|item| item.contains_key(attribute::STATE))),
    }
}

/// A message that fits into a row.
pub(super) fn shortened(message: &str) -> String {
    message.chars().take(MESSAGE_LETTERS).collect()
}
