//! The steps `consensus` and `offtarget`: guides are scored, chunk by chunk. Who scores the last writes the results.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, TryStreamExt, stream};
use handler_runtime::{Clock, ServiceError};
use rayon::prelude::*;

use super::cache::Indexes;
use super::failure::Failure;
use super::item::{Key, Reader, Update, Updated, Value};
use super::jobs::{self, Job};
use super::services::{Objects, Tables};
use super::{genomes, rows};
use crate::bases::{Protospacer, Target};
use crate::contract::tables::tasks;
use crate::contract::{ChunkMessage, GenomePath, GenomeState, JobState, Options, Reason, keys};
use crate::efficiency::{Efficiency, Optimisation};
use crate::folding::GuideFolder;
use crate::off_target::{self, OffTargetList, Settings};
use crate::output;
use crate::ranking::{self, Row};

/// Off-target sites that are listed for each guide.
const LISTED: usize = 1_000;
/// Lists that are written at once.
const AT_ONCE: usize = 16;

/// The job of a chunk, while its guides are scored.
async fn scored_job(world: &impl Tables, id: &str) -> Result<Option<Job>, ServiceError> {
    let job = jobs::get(world, id).await?.filter(|job| job.state == JobState::Scoring);
    if job.is_none() {
        tracing::info!(job_id = id, "nothing to score");
    }
    Ok(job)
}

fn targets(message: &ChunkMessage) -> Result<Vec<(u32, Target)>, Failure> {
    let read = |(id, text): &(u32, String)| match Target::new(text.as_bytes()) {
        Some(target) => Ok((*id, target)),
        None => {
            let message = format!("guide {id} is `{text}`, which has not 23 bases");
            Err(Failure::Final(Reason::Internal, message))
        }
    };
    message.targets.iter().map(read).collect()
}

/// Predicts the efficiency of the guides of a chunk.
pub(super) async fn predict<W: Tables + Objects + Clock>(world: &W, message: &ChunkMessage) -> Result<(), Failure> {
    let Some(job) = scored_job(world, &message.job_id).await? else { return Ok(()) };
    let predicted: Vec<Row> = targets(message)?
        .into_par_iter()
        .map_init(GuideFolder::new, |folder, (id, target)| {
            let mut row = Row { target_id: id, ..Row::default() };
            row.set_efficiency(Efficiency::of(target, Optimisation::UltraLow, folder));
            row
        })
        .collect();
    rows::write(world, &job.id, &predicted, &output::EFFICIENCY, None).await?;
    finish_chunk(world, &job.id, tasks::ON_CHUNKS, message.chunk).await
}

/// Scores the off-target risk of the guides of several chunks, of whatever jobs and genomes: each genome is searched once
/// for all guides that are judged alike. What became of each chunk is told in their order.
pub(super) async fn score<W: Tables + Objects + Clock>(
    world: &W,
    indexes: &Indexes,
    messages: &[ChunkMessage],
) -> Vec<Result<(), Failure>> {
    let mut outcomes: Vec<Result<(), Failure>> = vec![Ok(()); messages.len()];
    let mut genomes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, message) in messages.iter().enumerate() {
        genomes.entry(&message.genome).or_default().push(number);
    }
    for (genome, numbers) in genomes {
        let mut asked: Vec<Asked<'_>> = Vec::new();
        for number in numbers {
            match ask(world, &messages[number]).await {
                Ok(Some((options, targets))) => {
                    asked.push(Asked { number, message: &messages[number], options, targets });
                }
                Ok(None) => {}
                Err(failure) => outcomes[number] = Err(failure),
            }
        }
        while let Some(first) = asked.first() {
            let options = first.options.clone();
            let (alike, others) = asked.into_iter().partition::<Vec<_>, _>(|asked| asked.options == options);
            asked = others;
            let numbers: Vec<usize> = alike.iter().map(|asked| asked.number).collect();
            match search(world, indexes, genome, &options, &alike).await {
                Ok(found) => {
                    for (asked, found) in alike.iter().zip(found) {
                        outcomes[asked.number] = write(world, asked.message, found).await;
                    }
                }
                Err(failure) => numbers.into_iter().for_each(|number| outcomes[number] = Err(failure.clone())),
            }
        }
    }
    outcomes
}

/// A chunk that is to be scored.
struct Asked<'a> {
    number: usize,
    message: &'a ChunkMessage,
    options: Options,
    targets: Vec<(u32, Target)>,
}

type Question = (Options, Vec<(u32, Target)>);

async fn ask(world: &impl Tables, message: &ChunkMessage) -> Result<Option<Question>, Failure> {
    let Some(job) = scored_job(world, &message.job_id).await? else { return Ok(None) };
    if job.genome != message.genome {
        let message = format!("job `{}` is not about `{}`", job.id, message.genome);
        return Err(Failure::Final(Reason::Internal, message));
    }
    Ok(Some((job.options, targets(message)?)))
}

type Scored = (Row, OffTargetList);

/// The scores of the guides of each chunk.
async fn search<W: Tables + Objects>(
    world: &W,
    indexes: &Indexes,
    genome: &str,
    options: &Options,
    asked: &[Asked<'_>],
) -> Result<Vec<Vec<Scored>>, Failure> {
    let found = genomes::get(world, genome).await?;
    if found.is_none_or(|found| found.state != GenomeState::Ready) {
        return Err(Failure::internal(format!("the genome `{genome}` is not ready")));
    }
    let index = indexes.get(world, genome).await?;
    let settings = Settings::new(options, false).map_err(|error| Failure::internal(error.to_string()))?;
    let settings = Settings { listed: LISTED, ..settings };
    let guides: Vec<Protospacer> =
        asked.iter().flat_map(|asked| &asked.targets).map(|(_, target)| target.protospacer()).collect();
    let scores = off_target::score(&index, &guides, &settings, &|_| ());
    let mut scores = scores.map_err(|error| Failure::internal(error.to_string()))?.into_iter();
    let of_message = |asked: &Asked<'_>| {
        let rows = asked.targets.iter().zip(scores.by_ref()).map(|((id, _), score)| {
            let mut row = Row { target_id: *id, ..Row::default() };
            row.set_off_target(&score);
            (row, score.list)
        });
        rows.collect()
    };
    Ok(asked.iter().map(of_message).collect())
}

async fn write<W: Tables + Objects + Clock>(
    world: &W,
    message: &ChunkMessage,
    found: Vec<Scored>,
) -> Result<(), Failure> {
    let job = &message.job_id;
    let puts = found.iter().map(|(row, list)| async move {
        let content = compressed(&serde_json::to_vec(list).map_err(|error| Failure::internal(error.to_string()))?)?;
        world.put(&keys::off_targets(job, row.target_id), content, "application/gzip").await?;
        Ok::<_, Failure>(())
    });
    stream::iter(puts).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    let scored: Vec<Row> = found.into_iter().map(|(row, _)| row).collect();
    rows::write(world, job, &scored, &output::OFF_TARGET, None).await?;
    finish_chunk(world, job, tasks::OFF_CHUNKS, message.chunk).await
}

fn compressed(content: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.map_err(|error| Failure::internal(error.to_string()))
}

/// Notes that a chunk is done, and writes the results when all are.
async fn finish_chunk<W: Tables + Objects + Clock>(
    world: &W,
    job: &str,
    set: &'static str,
    chunk: u32,
) -> Result<(), Failure> {
    let update = Update::default().add(set, Value::Numbers([chunk].into()));
    let Updated::Done(item) = world.update(&Key::tasks(job), update).await? else { return Ok(()) };
    let row = Reader::new(&item, job);
    let chunks: u32 = row.number(tasks::NUM_CHUNKS)?;
    if chunk >= chunks {
        let message = format!("chunk {chunk} is not one of {chunks}");
        return Err(Failure::Final(Reason::Internal, message));
    }
    let is_done = |set| row.numbers(set).len() >= chunks as usize;
    if is_done(tasks::ON_CHUNKS) && is_done(tasks::OFF_CHUNKS) {
        write_results(world, job).await?;
    }
    Ok(())
}

/// Ranks the guides of a job whose scores are all known, and ends it.
async fn write_results<W: Tables + Objects + Clock>(world: &W, job: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::internal(format!("the results of `{job}`: {error}"));
    let mut rows = rows::all(world, job).await?;
    ranking::rank(&mut rows);
    let ranked = compressed(&serde_json::to_vec(&rows).map_err(|error| failed(&error))?)?;
    world.put(&keys::ranked(job), ranked, "application/gzip").await?;
    let mut csv = Vec::new();
    output::write_csv(&rows, &mut csv).map_err(|error| failed(&error))?;
    world.put(&keys::csv(job), csv, "text/csv").await?;
    let mut bed = Vec::new();
    output::write_bed(&rows, &mut bed).map_err(|error| failed(&error))?;
    world.put(&keys::bed(job), bed, "text/plain").await?;
    jobs::advance(world, job, &[JobState::Scoring], JobState::Succeeded, GenomePath::Lambda).await?;
    Ok(())
}
