//! The whole chain for one job in one program, on an instance: messages that functions would get are done here.

use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;

use handler_runtime::Clock;

use super::cache::Indexes;
use super::deliver::{self, Delivery};
use super::failure::Failure;
use super::services::{Fetch, Inbox, Objects, Queue, Queues, Tables};
use super::{genomes, jobs};
use crate::contract::limits::MAX_RECEIVE_COUNT;
use crate::contract::{GenomeMessage, GenomeState, Reason};

/// How long after a failure a message is done again.
const PAUSE: Duration = Duration::from_secs(30);

/// What the worker works with.
#[derive(Debug)]
pub struct Workplace<'a> {
    /// URL of NCBI's file server, without a `/` at its end.
    pub ncbi_files: &'a str,
    /// Where files go.
    pub scratch: &'a Path,
    /// Where indexes are kept.
    pub indexes: &'a Indexes,
}

/// Does a job: its genome is downloaded and indexed, or its index is fetched, and its guides are scored. Jobs that wait
/// for the genome are done too. `progress` is told of each message.
///
/// # Errors
/// When something was given up: those who wait know of it already.
pub async fn work<W: Tables + Objects + Queues + Inbox + Fetch + Clock>(
    world: &W,
    workplace: &Workplace<'_>,
    job_id: &str,
    progress: &dyn Fn(&str),
) -> Result<(), Failure> {
    begin(world, job_id).await?;
    let mut given_up = None;
    let mut left = VecDeque::new();
    loop {
        left.extend(world.take().map(|(queue, body)| (queue, Delivery { body, receive_count: 1 })));
        let Some((queue, mut delivery)) = left.pop_front() else { break };
        progress(&format!("{queue:?}: {}", delivery.body.chars().take(150).collect::<String>()));
        match handle(world, workplace, queue, &delivery).await {
            Ok(()) => {}
            Err(failure) if delivery.receive_count < MAX_RECEIVE_COUNT => {
                tracing::warn!(?queue, %failure, "trying again");
                world.wait(PAUSE).await;
                // Who waits for others waits for as long as it takes.
                delivery.receive_count += u32::from(!matches!(failure, Failure::Busy(_)));
                left.push_back((queue, delivery));
            }
            Err(failure) => {
                tracing::error!(?queue, %failure, "given up");
                given_up = Some(failure);
            }
        }
    }
    given_up.map_or(Ok(()), Err)
}

/// Sends the message that the job waits for.
async fn begin<W: Tables + Queues + Clock>(world: &W, job_id: &str) -> Result<(), Failure> {
    let Some(job) = jobs::get(world, job_id).await?.filter(|job| !job.state.is_final()) else {
        tracing::info!(job_id, "the job is finished, or gone");
        return Ok(());
    };
    let Some(genome) = genomes::get(world, &job.genome).await? else {
        jobs::fail(world, job_id, Reason::Internal, "nobody began with the genome").await?;
        return Ok(());
    };
    let message = GenomeMessage { genome: genome.name.clone(), attempt: genome.attempt };
    match genome.state {
        GenomeState::Downloading => genomes::send(world, Queue::Download, &message).await?,
        GenomeState::Indexing => genomes::send(world, Queue::Index, &message).await?,
        GenomeState::Ready => genomes::scan(world, job_id).await?,
        GenomeState::Failed => genomes::move_on(world, &genome, genome.attempt).await?,
    }
    Ok(())
}

async fn handle<W: Tables + Objects + Queues + Fetch + Clock>(
    world: &W,
    workplace: &Workplace<'_>,
    queue: Queue,
    delivery: &Delivery,
) -> Result<(), Failure> {
    match queue {
        Queue::Download => deliver::download(world, workplace.ncbi_files, delivery).await,
        Queue::Parts => deliver::part(world, delivery).await,
        Queue::Index => deliver::index(world, workplace.scratch, delivery).await,
        Queue::Scan => deliver::scan(world, delivery).await,
        Queue::Consensus => deliver::consensus(world, delivery).await,
        Queue::OffTarget => {
            let outcomes = deliver::off_target(world, workplace.indexes, std::slice::from_ref(delivery)).await;
            outcomes.into_iter().collect()
        }
    }
}
