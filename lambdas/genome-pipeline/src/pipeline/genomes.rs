//! Genomes: attempts at them, who waits for them, and their files.

use std::collections::BTreeMap;
use std::time::Duration;

use handler_runtime::{Clock, ServiceError};

use super::item::{Condition, Item, Key, Reader, Table, Update, Updated, Value, name};
use super::jobs::{self, Moved, shortened};
use super::services::{Queue, Queues, Tables};
use crate::contract::tables::genomes::{FILE_PREFIX, GENOME, ITEM, PART_PREFIX, STATE};
use crate::contract::{GenomePath, GenomeState, JobState, Reason, ScanMessage};

/// Attributes of the rows of a genome.
pub(super) mod attribute {
    /// State (S).
    pub(in super::super) const STATE: &str = "State";
    /// Number of the attempt, from 1 (N); files and parts have it too.
    pub(in super::super) const ATTEMPT: &str = "Attempt";
    /// Where it is worked on (S).
    pub(in super::super) const PATH: &str = "Path";
    /// Ids of the jobs that wait for it (SS).
    pub(in super::super) const WAITERS: &str = "Waiters";
    /// Id of the job that began the attempt (S).
    pub(in super::super) const STARTER: &str = "Starter";
    /// Bytes of the index (N).
    pub(in super::super) const INDEX_BYTES: &str = "IndexBytes";
    /// Distinct sites of the index (N).
    pub(in super::super) const SITES: &str = "Sites";
    /// When something was last done for it: seconds since 1970 (N).
    pub(in super::super) const UPDATED: &str = "Updated";
    /// Until when someone builds the index: seconds since 1970 (N).
    pub(in super::super) const LEASE: &str = "Lease";
    /// Why the attempt failed (S).
    pub(in super::super) const REASON: &str = "Reason";
    /// Why, in words (S).
    pub(in super::super) const MESSAGE: &str = "Message";
    /// Bytes of a file (N).
    pub(in super::super) const BYTES: &str = "Bytes";
    /// MD5 of a file, in small hexadecimal digits (S).
    pub(in super::super) const MD5: &str = "Md5";
    /// Id of the upload of a file in parts (S).
    pub(in super::super) const UPLOAD_ID: &str = "UploadId";
    /// Number of parts of a file (N).
    pub(in super::super) const PARTS: &str = "Parts";
    /// ETag of a part that is there (S).
    pub(in super::super) const ETAG: &str = "ETag";
}
use attribute as a;

/// How long an index is built without anybody else trying.
const LEASE: Duration = Duration::from_mins(16);
const IN_PROGRESS: [GenomeState; 2] = [GenomeState::Downloading, GenomeState::Indexing];

/// A genome as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Genome {
    /// Accession or custom name.
    pub name: String,
    /// Its state.
    pub state: GenomeState,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Where it is worked on.
    pub path: GenomePath,
    /// Ids of the jobs that wait for it.
    pub waiters: Vec<String>,
    /// Id of the job that began the attempt.
    pub starter: String,
    /// When something was last done for it: seconds since 1970.
    pub updated: i64,
    /// Why the attempt failed.
    pub failure: Option<(Reason, String)>,
    /// Bytes of the index, once it is there.
    pub index_bytes: Option<u64>,
    /// Distinct sites of the index, once it is there.
    pub sites: Option<u64>,
}

impl Genome {
    /// The genome of a row.
    pub(super) fn of(item: &Item) -> Result<Self, ServiceError> {
        let genome = Reader::new(item, "a genome").text(GENOME)?;
        let row = Reader::new(item, genome);
        let failure = row.optional_named(a::REASON);
        Ok(Self {
            name: genome.to_owned(),
            state: row.named(a::STATE)?,
            attempt: row.number(a::ATTEMPT)?,
            path: row.named(a::PATH)?,
            waiters: row.texts(a::WAITERS),
            starter: row.text(a::STARTER)?.to_owned(),
            updated: row.number(a::UPDATED)?,
            failure: failure.map(|reason| (reason, row.optional_text(a::MESSAGE).unwrap_or_default().to_owned())),
            index_bytes: row.optional_number(a::INDEX_BYTES),
            sites: row.optional_number(a::SITES),
        })
    }

    /// Whether an attempt is under way.
    pub(super) fn is_in_progress(&self) -> bool {
        IN_PROGRESS.contains(&self.state)
    }
}

fn state_key(genome: &str) -> Key {
    Key::genome(genome, STATE)
}

/// The genome; none if there never was an attempt at it.
pub(super) async fn get(world: &impl Tables, genome: &str) -> Result<Option<Genome>, ServiceError> {
    world.get(&state_key(genome)).await?.map(|item| Genome::of(&item)).transpose()
}

/// Begins the next attempt at a genome, unless somebody else did since it was seen as `seen`.
pub(super) async fn begin<W: Tables + Clock>(
    world: &W,
    genome: &str,
    seen: Option<&Genome>,
    (state, path): (GenomeState, GenomePath),
    job: &str,
) -> Result<Option<Genome>, ServiceError> {
    let condition = match seen {
        None => Condition::Absent(a::STATE),
        Some(seen) => Condition::named(a::STATE, &[seen.state]).and(Condition::is(a::ATTEMPT, seen.attempt)),
    };
    let update = Update::when(condition)
        .set(a::STATE, name(&state))
        .set(a::ATTEMPT, seen.map_or(1, |seen| seen.attempt + 1))
        .set(a::PATH, name(&path))
        .set(a::WAITERS, Value::one(job))
        .set(a::STARTER, job)
        .set(a::UPDATED, world.now().as_second())
        .remove(a::LEASE)
        .remove(a::REASON)
        .remove(a::MESSAGE);
    match world.update(&state_key(genome), update).await? {
        Updated::Done(item) => Genome::of(&item).map(Some),
        Updated::Refused(_) => Ok(None),
    }
}

/// The condition that the attempt is under way, in one of these states.
fn in_attempt(attempt: u32, states: &[GenomeState]) -> Condition {
    Condition::is(a::ATTEMPT, attempt).and(Condition::named(a::STATE, states))
}

/// Lets a job wait for the attempt, if that is still under way.
pub(super) async fn join(world: &impl Tables, genome: &Genome, job: &str) -> Result<bool, ServiceError> {
    let update = Update::when(in_attempt(genome.attempt, &IN_PROGRESS)).add(a::WAITERS, Value::one(job));
    Ok(matches!(world.update(&state_key(&genome.name), update).await?, Updated::Done(_)))
}

/// Notes that something was done for the attempt.
pub(super) async fn touch<W: Tables + Clock>(world: &W, genome: &str, attempt: u32) -> Result<(), ServiceError> {
    let update = Update::when(in_attempt(attempt, &IN_PROGRESS)).set(a::UPDATED, world.now().as_second());
    world.update(&state_key(genome), update).await.map(drop)
}

/// Moves the attempt on, once all files are there.
pub(super) async fn files_are_there<W: Tables + Clock>(
    world: &W,
    genome: &str,
    attempt: u32,
) -> Result<Moved, ServiceError> {
    let update = Update::when(in_attempt(attempt, &[GenomeState::Downloading]))
        .set(a::STATE, name(&GenomeState::Indexing))
        .set(a::UPDATED, world.now().as_second());
    Ok(match world.update(&state_key(genome), update).await? {
        Updated::Done(_) => Moved::Now,
        Updated::Refused(Some(item)) => {
            let now = Genome::of(&item)?;
            let is_there = now.attempt == attempt && now.state == GenomeState::Indexing;
            if is_there { Moved::Before } else { Moved::Elsewhere }
        }
        Updated::Refused(None) => Moved::Elsewhere,
    })
}

/// Who may build the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lease {
    /// The caller, for sixteen minutes.
    Taken(Genome),
    /// Somebody else, until this time in seconds since 1970.
    Held(i64),
    /// Nobody any more: the genome as it is.
    Over(Option<Genome>),
}

/// Asks to be the one who builds the index.
pub(super) async fn lease<W: Tables + Clock>(world: &W, genome: &str, attempt: u32) -> Result<Lease, ServiceError> {
    let now = world.now().as_second();
    let free = Condition::Absent(a::LEASE).or(Condition::Below(a::LEASE, now));
    let until = now + LEASE.as_secs().cast_signed();
    let update =
        Update::when(in_attempt(attempt, &[GenomeState::Indexing]).and(free)).set(a::LEASE, until).set(a::UPDATED, now);
    Ok(match world.update(&state_key(genome), update).await? {
        Updated::Done(item) => Lease::Taken(Genome::of(&item)?),
        Updated::Refused(None) => Lease::Over(None),
        Updated::Refused(Some(item)) => {
            let found = Genome::of(&item)?;
            if found.attempt == attempt && found.state == GenomeState::Indexing {
                Lease::Held(Reader::new(&item, genome).number(a::LEASE)?)
            } else {
                Lease::Over(Some(found))
            }
        }
    })
}

/// Gives the lease back, so that the next does not have to wait for its end.
pub(super) async fn release(world: &impl Tables, genome: &str, attempt: u32) -> Result<(), ServiceError> {
    let update = Update::when(in_attempt(attempt, &[GenomeState::Indexing])).remove(a::LEASE);
    world.update(&state_key(genome), update).await.map(drop)
}

/// Sets the genome ready, and moves on who waits for it.
pub(super) async fn ready<W: Tables + Queues + Clock>(
    world: &W,
    genome: &str,
    attempt: u32,
    (bytes, sites): (u64, u64),
) -> Result<(), ServiceError> {
    let update = Update::when(in_attempt(attempt, &[GenomeState::Indexing]))
        .set(a::STATE, name(&GenomeState::Ready))
        .set(a::INDEX_BYTES, bytes)
        .set(a::SITES, sites)
        .set(a::UPDATED, world.now().as_second())
        .remove(a::LEASE);
    match world.update(&state_key(genome), update).await? {
        Updated::Done(item) | Updated::Refused(Some(item)) => move_on(world, &Genome::of(&item)?, attempt).await,
        Updated::Refused(None) => Ok(()),
    }
}

/// Does for those who wait what the end of the attempt means for them. Repeating it repeats what is sent.
pub(super) async fn move_on<W: Tables + Queues + Clock>(
    world: &W,
    genome: &Genome,
    attempt: u32,
) -> Result<(), ServiceError> {
    if genome.attempt != attempt {
        return Ok(());
    }
    match genome.state {
        GenomeState::Downloading | GenomeState::Indexing => {}
        GenomeState::Ready => {
            for job in &genome.waiters {
                scan(world, job).await?;
            }
        }
        GenomeState::Failed => {
            for job in &genome.waiters {
                match &genome.failure {
                    Some((reason, message)) => jobs::fail(world, job, *reason, message).await.map(drop)?,
                    None => submit_again(world, job).await?,
                }
            }
        }
    }
    Ok(())
}

/// Lets the guides of a job be found, whose genome is ready.
pub(super) async fn scan<W: Tables + Queues + Clock>(world: &W, job: &str) -> Result<(), ServiceError> {
    let from = [JobState::Submitted, JobState::Preparing];
    if jobs::advance(world, job, &from, JobState::Scanning, GenomePath::Lambda).await?.is_there() {
        send(world, Queue::Scan, &ScanMessage { job_id: job.to_owned() }).await?;
    }
    Ok(())
}

async fn submit_again<W: Tables + Clock>(world: &W, job: &str) -> Result<(), ServiceError> {
    jobs::advance(world, job, &[JobState::Preparing], JobState::Submitted, GenomePath::Lambda).await.map(drop)
}

/// Sends a message.
pub(super) async fn send(
    world: &impl Queues,
    queue: Queue,
    message: &impl serde::Serialize,
) -> Result<(), ServiceError> {
    let body =
        serde_json::to_string(message).map_err(|error| ServiceError::new("a message of a queue", error.to_string()))?;
    world.send(queue, body).await
}

/// Ends the attempt, and the jobs that wait for it.
pub(super) async fn fail<W: Tables + Queues + Clock>(
    world: &W,
    genome: &str,
    attempt: u32,
    reason: Reason,
    message: &str,
) -> Result<(), ServiceError> {
    let update = failed(world, attempt).set(a::REASON, name(&reason)).set(a::MESSAGE, shortened(message));
    end(world, genome, attempt, update).await
}

/// Ends the attempt because the genome is too large for functions: the jobs that wait are dispatched again.
pub(super) async fn leave_to_instance<W: Tables + Queues + Clock>(
    world: &W,
    genome: &str,
    attempt: u32,
) -> Result<(), ServiceError> {
    let update = failed(world, attempt).set(a::PATH, name(&GenomePath::Ec2));
    end(world, genome, attempt, update).await
}

fn failed(world: &impl Clock, attempt: u32) -> Update {
    Update::when(in_attempt(attempt, &IN_PROGRESS))
        .set(a::STATE, name(&GenomeState::Failed))
        .set(a::UPDATED, world.now().as_second())
        .remove(a::LEASE)
}

async fn end<W: Tables + Queues + Clock>(
    world: &W,
    genome: &str,
    attempt: u32,
    update: Update,
) -> Result<(), ServiceError> {
    match world.update(&state_key(genome), update).await? {
        Updated::Done(item) => {
            let genome = Genome::of(&item)?;
            tracing::warn!(genome = genome.name, attempt, failure = ?genome.failure, "attempt failed");
            move_on(world, &genome, attempt).await
        }
        // What ended it otherwise told those who wait; if it was killed before it did, this does.
        Updated::Refused(Some(item)) => move_on(world, &Genome::of(&item)?, attempt).await,
        Updated::Refused(None) => Ok(()),
    }
}

/// A file of a genome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its MD5, if it is known.
    pub md5: Option<String>,
    /// The upload, when it comes in several parts.
    pub upload_id: Option<String>,
    /// Number of parts.
    pub parts: u32,
}

fn file_item(file: &str) -> String {
    format!("{FILE_PREFIX}{file}")
}

fn part_item(file: &str, part: u32) -> String {
    format!("{PART_PREFIX}{file}#{part:05}")
}

/// Notes a file of the attempt. Gives the row that holds: when there was one already, that one.
pub(super) async fn add_file(
    world: &impl Tables,
    genome: &str,
    attempt: u32,
    file: File,
) -> Result<File, ServiceError> {
    let earlier = Condition::Absent(a::ATTEMPT).or(Condition::Below(a::ATTEMPT, attempt.into()));
    let mut update = Update::when(earlier).set(a::ATTEMPT, attempt).set(a::BYTES, file.bytes).set(a::PARTS, file.parts);
    for (attribute, value) in [(a::MD5, &file.md5), (a::UPLOAD_ID, &file.upload_id)] {
        update = match value {
            Some(value) => update.set(attribute, value.as_str()),
            None => update.remove(attribute),
        };
    }
    let key = Key::genome(genome, &file_item(&file.name));
    match world.update(&key, update).await? {
        Updated::Done(_) | Updated::Refused(None) => Ok(file),
        Updated::Refused(Some(item)) => read_file(&item, file.name),
    }
}

fn read_file(item: &Item, name: String) -> Result<File, ServiceError> {
    let row = Reader::new(item, &name);
    Ok(File {
        bytes: row.number(a::BYTES)?,
        md5: row.optional_text(a::MD5).map(str::to_owned),
        upload_id: row.optional_text(a::UPLOAD_ID).map(str::to_owned),
        parts: row.number(a::PARTS)?,
        name,
    })
}

/// The file of this name, if it was noted in the attempt.
pub(super) async fn file(
    world: &impl Tables,
    genome: &str,
    attempt: u32,
    name: &str,
) -> Result<Option<File>, ServiceError> {
    let Some(item) = world.get(&Key::genome(genome, &file_item(name))).await? else { return Ok(None) };
    let is_own = Reader::new(&item, name).optional_number(a::ATTEMPT) == Some(attempt);
    is_own.then(|| read_file(&item, name.to_owned())).transpose()
}

/// Notes a part of a file, of which nothing is there in this attempt.
pub(super) async fn add_part(
    world: &impl Tables,
    genome: &str,
    attempt: u32,
    (file, part): (&str, u32),
) -> Result<(), ServiceError> {
    let earlier = Condition::Absent(a::ATTEMPT).or(Condition::Below(a::ATTEMPT, attempt.into()));
    let update = Update::when(earlier).set(a::ATTEMPT, attempt).remove(a::ETAG);
    world.update(&Key::genome(genome, &part_item(file, part)), update).await.map(drop)
}

/// The ETag of a part that is there.
pub(super) async fn part(
    world: &impl Tables,
    genome: &str,
    attempt: u32,
    (file, part): (&str, u32),
) -> Result<Option<String>, ServiceError> {
    let Some(item) = world.get(&Key::genome(genome, &part_item(file, part))).await? else { return Ok(None) };
    let row = Reader::new(&item, genome);
    let is_own = row.optional_number(a::ATTEMPT) == Some(attempt);
    Ok(row.optional_text(a::ETAG).filter(|_| is_own).map(str::to_owned))
}

/// Notes that a part is there.
pub(super) async fn part_is_there(
    world: &impl Tables,
    genome: &str,
    attempt: u32,
    (file, part): (&str, u32),
    etag: &str,
) -> Result<(), ServiceError> {
    let update = Update::when(Condition::is(a::ATTEMPT, attempt)).set(a::ETAG, etag);
    world.update(&Key::genome(genome, &part_item(file, part)), update).await.map(drop)
}

/// The files of an attempt, and the parts that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Files {
    /// The files, by name.
    pub files: Vec<File>,
    /// ETags of the parts that are there, by file and number.
    pub parts: BTreeMap<(String, u32), String>,
}

impl Files {
    /// Number and ETag of each part of a file, when all of them are there.
    pub(super) fn complete(&self, file: &File) -> Option<Vec<(u32, String)>> {
        let etag = |part| Some((part, self.parts.get(&(file.name.clone(), part))?.clone()));
        (1..=file.parts).map(etag).collect()
    }
}

/// The files of the attempt.
pub(super) async fn files(world: &impl Tables, genome: &str, attempt: u32) -> Result<Files, ServiceError> {
    let mut found = Files::default();
    let mut after = None;
    loop {
        let page = world.query(Table::Genomes, genome, after, None).await?;
        for item in &page.items {
            let row = Reader::new(item, genome);
            if row.optional_number(a::ATTEMPT) != Some(attempt) {
                continue;
            }
            let place = row.text(ITEM)?;
            if let Some(file) = place.strip_prefix(FILE_PREFIX) {
                found.files.push(read_file(item, file.to_owned())?);
            } else if let Some((file, number)) = place.strip_prefix(PART_PREFIX).and_then(|part| part.rsplit_once('#'))
                && let (Ok(number), Some(etag)) = (number.parse(), row.optional_text(a::ETAG))
            {
                found.parts.insert((file.to_owned(), number), etag.to_owned());
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}
