//! The step `scan`: the guides of a job are found, and sent to be scored.

use handler_runtime::Clock;

use super::failure::Failure;
use super::item::{Key, Update};
use super::services::{Queue, Queues, Tables};
use super::{genomes, jobs, rows};
use crate::contract::limits::CHUNK_TARGETS;
use crate::contract::tables::{self, tasks};
use crate::contract::{ChunkMessage, GenomePath, JobState, ScanMessage};
use crate::fasta::Record;
use crate::guide::{self, Guide, Identity};
use crate::output;
use crate::ranking::Row;

/// Finds the guides of a job, writes a row for each, and sends them in chunks.
pub(super) async fn scan<W: Tables + Queues + Clock>(
    world: &W,
    ScanMessage { job_id }: &ScanMessage,
) -> Result<(), Failure> {
    let job = jobs::get(world, job_id).await?;
    let Some(job) = job.filter(|job| matches!(job.state, JobState::Scanning | JobState::Scoring)) else {
        tracing::info!(job_id, "nothing to search");
        return Ok(());
    };
    let record = Record { name: job.record.clone(), letters: job.sequence.into_bytes() };
    let guides = guide::find(&[record], Identity::Protospacer);
    if job.state == JobState::Scanning {
        let expires = jobs::expires(world.now());
        let found: Vec<Row> = guides.iter().map(|guide| Row::new(guide, &job.record)).collect();
        rows::write(world, job_id, &found, &output::FOUND, Some(expires)).await?;
        let update = Update::default()
            .set(tasks::NUM_GUIDES, guides.len())
            .set(tasks::NUM_CHUNKS, guides.len().div_ceil(CHUNK_TARGETS))
            .set(tables::EXPIRES, expires);
        world.update(&Key::tasks(job_id), update).await?;
        let next = if guides.is_empty() { JobState::Succeeded } else { JobState::Scoring };
        let moved = jobs::advance(world, job_id, &[JobState::Scanning], next, GenomePath::Lambda).await?;
        if !moved.is_there() {
            return Ok(());
        }
    }
    tracing::info!(job_id, guides = guides.len(), "guides found");
    for (chunk, guides) in (0..).zip(guides.chunks(CHUNK_TARGETS)) {
        let target = |guide: &Guide| (guide.id, guide.target.to_string());
        let targets = guides.iter().map(target).collect();
        let message = ChunkMessage { job_id: job_id.clone(), genome: job.genome.clone(), chunk, targets };
        for queue in [Queue::Consensus, Queue::OffTarget] {
            genomes::send(world, queue, &message).await?;
        }
    }
    Ok(())
}
