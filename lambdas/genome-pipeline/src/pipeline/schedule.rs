//! The step of the scheduler: the work of jobs is started, and the overdue is ended.

use std::collections::BTreeSet;
use std::path::Path;

use handler_runtime::{Clock, ServiceError};

use super::failure::Failure;
use super::genomes::{self, File, Genome};
use super::jobs::{self, Job};
use super::launch::user_data;
use super::ncbi::{self, NoReport};
use super::services::{Fetch, Instances, LaunchFailure, Objects, Queue, Queues, Tables};
use crate::contract::tables::jobs::JOB_ID;
use crate::contract::{GenomeMessage, GenomePath, GenomeState, JobState, Reason, keys};

const MIB: u64 = 1 << 20;
/// What a letter of DNA takes in a gzip file, at least: a quarter of a byte.
const GZIP_RATIO: u64 = 4;
/// How often a genome is looked at again when others change it meanwhile.
const TRIES: usize = 5;
/// After how many seconds a job that was not dispatched is dispatched again.
const FORGOTTEN: i64 = 2 * 60;
/// After how many seconds an attempt at which nothing was done is over.
const STALE: i64 = 4 * 60 * 60;
const STALE_ON_INSTANCE: i64 = 8 * 60 * 60;

/// What the scheduler is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// URL of NCBI's datasets API, without a `/` at its end.
    pub ncbi_api: String,
    /// Genomes of more MiB than this go to an instance.
    pub ec2_cutoff_mib: u32,
    /// The environment of the worker: one `NAME=value` a line.
    pub worker_environment: String,
}

/// Starts the work of a job, or repeats what a killed start has not sent.
pub async fn dispatch<W>(world: &W, rules: &Rules, job_id: &str) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Instances + Clock,
{
    let Some(job) = jobs::get(world, job_id).await? else { return Ok(()) };
    if !matches!(job.state, JobState::Submitted | JobState::Preparing | JobState::Scanning) {
        return Ok(());
    }
    match start(world, rules, &job).await {
        Err(Failure::Final(reason, message)) => Ok(jobs::fail(world, job_id, reason, &message).await.map(drop)?),
        outcome => outcome,
    }
}

async fn start<W>(world: &W, rules: &Rules, job: &Job) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Instances + Clock,
{
    for _ in 0..TRIES {
        let found = genomes::get(world, &job.genome).await?;
        match found {
            Some(genome) if genome.state == GenomeState::Ready => {
                return if genome.path == GenomePath::Lambda {
                    Ok(genomes::scan(world, &job.id).await?)
                } else {
                    launch(world, rules, job, &genome).await
                };
            }
            Some(genome) if genome.is_in_progress() && genome.starter == job.id => {
                // A job that was moved on was sent for: see `begin`.
                let is_sent = job.state != JobState::Submitted;
                return if is_sent { Ok(()) } else { begin(world, rules, job, &genome).await };
            }
            Some(genome) if genome.is_in_progress() => {
                if genomes::join(world, &genome, &job.id).await? {
                    return prepare(world, job, genome.path).await;
                }
            }
            // Jobs that wait are told by who ends the attempt, those that were not heard of yet begin the next.
            _ if job.state != JobState::Submitted => return Ok(()),
            seen => {
                if let Some(genome) = attempt(world, rules, job, seen.as_ref()).await? {
                    return begin(world, rules, job, &genome).await;
                }
            }
        }
    }
    Err(Failure::internal(format!("`{}` changes all the time", job.genome)))
}

/// Begins the next attempt at a genome; none when somebody else did.
async fn attempt<W>(world: &W, rules: &Rules, job: &Job, seen: Option<&Genome>) -> Result<Option<Genome>, Failure>
where
    W: Tables + Objects + Fetch + Clock,
{
    let name = &job.genome;
    let (bytes, files) = if ncbi::is_accession(name) {
        (report(world, &rules.ncbi_api, name).await?, Vec::new())
    } else {
        let files = uploaded(world, name).await?;
        (Some(files.iter().map(letters).sum()), files)
    };
    let is_large = bytes.is_none_or(|bytes| bytes == 0 || bytes > u64::from(rules.ec2_cutoff_mib) * MIB)
        || seen.is_some_and(|seen| seen.path == GenomePath::Ec2);
    let path = if is_large { GenomePath::Ec2 } else { GenomePath::Lambda };
    let state = if files.is_empty() { GenomeState::Downloading } else { GenomeState::Indexing };
    // Files are noted first: whoever sees the attempt sees them.
    let number = seen.map_or(1, |seen| seen.attempt + 1);
    for file in files {
        genomes::add_file(world, name, number, file).await?;
    }
    tracing::info!(job_id = job.id, genome = name, attempt = number, bytes, ?path, "attempt begins");
    Ok(genomes::begin(world, name, seen, (state, path), &job.id).await?)
}

/// The letters of a genome of NCBI; none when its report does not say.
async fn report(world: &impl Fetch, base: &str, accession: &str) -> Result<Option<u64>, Failure> {
    let url = ncbi::report_url(base, accession);
    let answer = super::download::checked(world.get(&url, None).await, &url, Reason::GenomeNotFound)?;
    let missing = || Failure::Final(Reason::GenomeNotFound, format!("NCBI has no report of `{accession}`"));
    ncbi::bases(&answer.body).map_err(|NoReport| missing())
}

/// The files of a genome that was uploaded.
async fn uploaded(world: &impl Objects, name: &str) -> Result<Vec<File>, Failure> {
    let folder = keys::fasta(name, "");
    let files = world.list(&folder).await?.into_iter().filter_map(|(key, bytes)| {
        let name = key.strip_prefix(&folder).filter(|name| !name.is_empty())?.to_owned();
        Some(File { name, bytes, md5: None, upload_id: None, parts: 1 })
    });
    let files: Vec<_> = files.collect();
    if files.is_empty() {
        return Err(Failure::Final(Reason::GenomeNotFound, format!("nothing was uploaded for `{name}`")));
    }
    Ok(files)
}

fn letters(file: &File) -> u64 {
    let is_gzip = Path::new(&file.name).extension().is_some_and(|extension| extension == "gz");
    file.bytes.saturating_mul(if is_gzip { GZIP_RATIO } else { 1 })
}

/// Sends the first message of an attempt, or starts its instance.
async fn begin<W>(world: &W, rules: &Rules, job: &Job, genome: &Genome) -> Result<(), Failure>
where
    W: Tables + Queues + Instances + Clock,
{
    if genome.path == GenomePath::Ec2 {
        return launch(world, rules, job, genome).await;
    }
    let queue = match genome.state {
        GenomeState::Downloading => Queue::Download,
        // Of a genome of NCBI, who fetched the last part sends the message.
        GenomeState::Indexing if !ncbi::is_accession(&genome.name) => Queue::Index,
        _ => return prepare(world, job, genome.path).await,
    };
    let message = GenomeMessage { genome: genome.name.clone(), attempt: genome.attempt };
    genomes::send(world, queue, &message).await?;
    // Only now: a job that was not sent for is dispatched again.
    prepare(world, job, genome.path).await
}

async fn prepare<W: Tables + Clock>(world: &W, job: &Job, path: GenomePath) -> Result<(), Failure> {
    jobs::advance(world, &job.id, &[JobState::Submitted], JobState::Preparing, path).await?;
    Ok(())
}

async fn launch<W>(world: &W, rules: &Rules, job: &Job, genome: &Genome) -> Result<(), Failure>
where
    W: Tables + Queues + Instances + Clock,
{
    if job.state == JobState::Scanning {
        // The instance is at it.
        return Ok(());
    }
    match world.launch(&job.id, &user_data(&job.id, &rules.worker_environment)).await {
        Ok(()) => prepare(world, job, GenomePath::Ec2).await,
        Err(LaunchFailure::Service(error)) => Err(error.into()),
        Err(LaunchFailure::NoImage) => {
            let message = "the worker has no machine image yet: deploy the stack that builds it";
            if genome.is_in_progress() {
                genomes::fail(world, &genome.name, genome.attempt, Reason::NoWorkerImage, message).await?;
            }
            Err(Failure::Final(Reason::NoWorkerImage, message.to_owned()))
        }
    }
}

/// Ends what is overdue, and dispatches forgotten jobs again. Goes on after a failure, and then fails.
pub async fn tick<W>(world: &W, rules: &Rules) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Instances + Clock,
{
    let mut failures = Vec::new();
    let mut genomes = BTreeSet::new();
    for id in open_jobs(world).await? {
        match look_after(world, rules, &id).await {
            Ok(None) => {}
            Ok(Some(genome)) => drop(genomes.insert(genome)),
            Err(failure) => failures.push(format!("job `{id}`: {failure}")),
        }
    }
    for genome in genomes {
        if let Err(error) = end_stale(world, &genome).await {
            failures.push(format!("genome `{genome}`: {error}"));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Failure::internal(failures.join("; "))) }
}

async fn open_jobs(world: &impl Tables) -> Result<Vec<String>, ServiceError> {
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let page = world.open_jobs(after).await?;
        let id = |item| super::item::Reader::new(item, "an open job").text(JOB_ID).map(str::to_owned);
        for item in &page.items {
            ids.push(id(item)?);
        }
        after = page.next;
        if after.is_none() {
            return Ok(ids);
        }
    }
}

/// Does what is due for a job. Gives the genome that it waits for.
async fn look_after<W>(world: &W, rules: &Rules, id: &str) -> Result<Option<String>, Failure>
where
    W: Tables + Objects + Queues + Fetch + Instances + Clock,
{
    let now = world.now().as_second();
    let Some(job) = jobs::get(world, id).await?.filter(|job| !job.state.is_final()) else { return Ok(None) };
    if job.deadline <= now {
        let state = super::item::name(&job.state);
        let super::item::Value::Text(state) = state else { return Ok(None) };
        let message = format!("the job was {state} for too long, since {}", job.updated);
        jobs::fail(world, id, Reason::Timeout, &message).await?;
        return Ok(None);
    }
    match job.state {
        JobState::Submitted => {
            let updated = job.updated.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second);
            if now - updated > FORGOTTEN {
                tracing::warn!(job_id = id, "dispatched again");
                dispatch(world, rules, id).await?;
            }
            Ok(None)
        }
        JobState::Preparing => Ok(Some(job.genome)),
        _ => Ok(None),
    }
}

/// Ends an attempt at which nothing was done for long.
async fn end_stale<W: Tables + Queues + Clock>(world: &W, genome: &str) -> Result<(), ServiceError> {
    let Some(found) = genomes::get(world, genome).await?.filter(Genome::is_in_progress) else { return Ok(()) };
    let limit = if found.path == GenomePath::Ec2 { STALE_ON_INSTANCE } else { STALE };
    if world.now().as_second() - found.updated <= limit {
        return Ok(());
    }
    let message = format!("nothing was done for the genome for {} hours", limit / 3_600);
    genomes::fail(world, genome, found.attempt, Reason::Timeout, &message).await
}
