//! What the API tells of jobs, results and genomes.

use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use handler_runtime::ServiceError;

use super::answer::{Answer, Refusal};
use super::cache::whole;
use super::genomes::Genome;
use super::item::{Item, Key, Reader, Table};
use super::jobs::{self, Job};
use super::rows;
use super::services::{Objects, Tables};
use crate::contract::api::{GenomeEntry, GenomesAnswer, JobAnswer, TargetsAnswer, TasksAnswer};
use crate::contract::limits::CHUNK_TARGETS;
use crate::contract::tables::{genomes::ITEM, genomes::STATE, tasks};
use crate::contract::{GenomeState, JobState, keys};
use crate::output;
use crate::ranking::Row;

/// Rows of a page, unless the request says otherwise, and at most.
const PAGE_ROWS: usize = 100;
const MOST_ROWS: usize = 1_000;

/// Answers a GET of `path` with what follows its `?`.
pub async fn answer<W: Tables + Objects>(world: &W, path: &str, query: &str) -> Result<Answer, ServiceError> {
    let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match steps[..] {
        ["api", "genomes"] => genomes(world).await,
        ["api", "jobs", id] => with_job(world, id, async |job| tell_job(world, job).await).await,
        ["api", "jobs", id, "tasks"] => with_job(world, id, async |job| tell_tasks(world, job).await).await,
        ["api", "results", id, "targets"] => {
            with_job(world, id, async |job| tell_targets(world, job, query).await).await
        }
        ["api", "results", id, file @ ("targets.csv" | "targets.bed")] => {
            with_job(world, id, async |job| download(world, job, file).await).await
        }
        ["api", "results", id, "targets", number, "offtargets"] => {
            with_job(world, id, async |job| off_targets(world, job, number).await).await
        }
        _ => Ok(Refusal::absent("path").into()),
    }
}

/// Whether this can be the id of a job.
pub fn is_job_id(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(place, letter)| match place {
            8 | 13 | 18 | 23 => letter == '-',
            _ => matches!(letter, '0'..='9' | 'a'..='f'),
        })
}

async fn with_job<W: Tables>(
    world: &W,
    id: &str,
    tell: impl AsyncFnOnce(Job) -> Result<Answer, ServiceError>,
) -> Result<Answer, ServiceError> {
    if !is_job_id(id) {
        return Ok(Refusal::absent("job").into());
    }
    match jobs::get(world, id).await? {
        Some(job) => tell(job).await,
        None => Ok(Refusal::absent("job").into()),
    }
}

async fn tell_job(world: &impl Tables, job: Job) -> Result<Answer, ServiceError> {
    let genome = super::genomes::get(world, &job.genome).await?;
    Ok(Answer::json(
        200,
        &JobAnswer {
            job_id: job.id,
            state: job.state,
            genome_state: genome.map(|genome| genome.state),
            reason: job.reason,
            message: job.message,
            genome: job.genome,
            created: job.created,
            updated: job.updated,
        },
    ))
}

/// Number of guides and chunks that are done.
struct Tasks {
    guides: Option<u64>,
    row: Item,
}

impl Tasks {
    async fn of(world: &impl Tables, job: &str) -> Result<Self, ServiceError> {
        let row = world.get(&Key::tasks(job)).await?.unwrap_or_default();
        Ok(Self { guides: Reader::new(&row, job).optional_number(tasks::NUM_GUIDES), row })
    }

    /// Guides of the finished chunks of a kind: all chunks but the last are full.
    fn scored(&self, set: &str) -> u64 {
        let full = CHUNK_TARGETS as u64;
        let guides = self.guides.unwrap_or_default();
        let of = |chunk: u32| guides.saturating_sub(u64::from(chunk) * full).min(full);
        Reader::new(&self.row, "a job").numbers(set).into_iter().map(of).sum()
    }
}

async fn tell_tasks(world: &impl Tables, job: Job) -> Result<Answer, ServiceError> {
    let found = Tasks::of(world, &job.id).await?;
    let answer = TasksAnswer {
        num_guides: found.guides,
        num_scored_ontarget: found.scored(tasks::ON_CHUNKS),
        num_scored_offtarget: found.scored(tasks::OFF_CHUNKS),
    };
    Ok(Answer::json(200, &answer))
}

/// The value of a parameter of a query.
fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// Place and length of the page that the query asks for.
fn page(query: &str) -> Result<(Option<u32>, usize), Refusal> {
    let cursor = parameter(query, "cursor").filter(|cursor| !cursor.is_empty());
    let cursor = cursor.map(str::parse).transpose();
    let cursor = cursor.map_err(|_| Refusal::bad("bad_cursor", "the cursor is none of an answer", Some("cursor")))?;
    let limit = parameter(query, "limit").map_or(Ok(PAGE_ROWS), str::parse);
    match limit {
        Ok(limit @ 1..=MOST_ROWS) => Ok((cursor, limit)),
        _ => Err(Refusal::bad("bad_limit", format!("give a limit from 1 to {MOST_ROWS}"), Some("limit"))),
    }
}

async fn tell_targets<W: Tables + Objects>(world: &W, job: Job, query: &str) -> Result<Answer, ServiceError> {
    let (cursor, limit) = match page(query) {
        Ok(page) => page,
        Err(refusal) => return Ok(refusal.into()),
    };
    let total = Tasks::of(world, &job.id).await?.guides.unwrap_or_default();
    let (rows, next) = if job.state == JobState::Succeeded && total > 0 {
        ranked(world, &job.id, cursor.unwrap_or_default() as usize, limit).await?
    } else {
        rows::page(world, &job.id, cursor, u32::try_from(limit).ok()).await?
    };
    let cursor = next.map(|next| next.to_string());
    Ok(Answer::json(200, &TargetsAnswer { records_total: total, data: rows, cursor }))
}

/// One page of the guides in the order of their rank, and how many come before the next page.
async fn ranked(
    world: &impl Objects,
    job: &str,
    first: usize,
    limit: usize,
) -> Result<(Vec<Row>, Option<u32>), ServiceError> {
    let key = keys::ranked(job);
    let failed = |cause: String| ServiceError::new(format!("the results `{key}`"), cause);
    let content = whole(world, &key).await?.ok_or_else(|| failed("not there".to_owned()))?;
    let rows: Vec<Row> =
        serde_json::from_reader(MultiGzDecoder::new(&content[..])).map_err(|error| failed(error.to_string()))?;
    let next = u32::try_from(first + limit).ok().filter(|_| first + limit < rows.len());
    Ok((rows.into_iter().skip(first).take(limit).collect(), next))
}

async fn download<W: Tables + Objects>(world: &W, job: Job, file: &str) -> Result<Answer, ServiceError> {
    if job.state != JobState::Succeeded {
        return Ok(Refusal::new(404, "no_results", "the job has no results, or not yet", None).into());
    }
    let is_csv = Path::new(file).extension().is_some_and(|extension| extension == "csv");
    if Tasks::of(world, &job.id).await?.guides == Some(0) {
        // Nobody wrote files of no guides.
        let mut csv = Vec::new();
        output::write_csv(&[], &mut csv).map_err(|error| ServiceError::new(file, error.to_string()))?;
        let (kind, body) = if is_csv { ("text/csv", csv) } else { ("text/plain", Vec::new()) };
        return Ok(Answer::text(200, kind, body));
    }
    let key = if is_csv { keys::csv(&job.id) } else { keys::bed(&job.id) };
    Ok(Answer::elsewhere(world.sign_get(&key, file).await?))
}

async fn off_targets<W: Tables + Objects>(world: &W, job: Job, number: &str) -> Result<Answer, ServiceError> {
    let absent = || Ok(Refusal::absent("list of off-target sites").into());
    let guides = Tasks::of(world, &job.id).await?.guides.unwrap_or_default();
    let Some(number) = number.parse::<u32>().ok().filter(|number| u64::from(*number) < guides) else {
        return absent();
    };
    if job.state != JobState::Succeeded {
        return Ok(Refusal::new(404, "no_results", "the job has no results, or not yet", None).into());
    }
    let Some(content) = whole(world, &keys::off_targets(&job.id, number)).await? else { return absent() };
    let mut list = Vec::new();
    let read = MultiGzDecoder::new(&content[..]).read_to_end(&mut list);
    read.map_err(|error| ServiceError::new(format!("the list of guide {number} of `{}`", job.id), error.to_string()))?;
    Ok(Answer::text(200, "application/json", list))
}

async fn genomes(world: &impl Tables) -> Result<Answer, ServiceError> {
    let mut genomes = Vec::new();
    let mut after = None;
    loop {
        let page = world.scan(Table::Genomes, after).await?;
        for item in page.items {
            if Reader::new(&item, "a genome").text(ITEM)? != STATE {
                continue;
            }
            let genome = Genome::of(&item)?;
            if genome.state == GenomeState::Ready {
                let Genome { name, sites, index_bytes, .. } = genome;
                genomes.push(GenomeEntry { genome: name, sites, index_bytes });
            }
        }
        after = page.next;
        if after.is_none() {
            genomes.sort_by(|one, other| one.genome.cmp(&other.genome));
            return Ok(Answer::json(200, &GenomesAnswer { genomes }));
        }
    }
}
