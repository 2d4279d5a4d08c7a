//! Messages of queues: each is read, done, and what went wrong is told to who waits for it.

use std::path::Path;

use handler_runtime::{Clock, ServiceError};
use serde::de::DeserializeOwned;

use super::cache::Indexes;
use super::failure::Failure;
use super::services::{Fetch, Objects, Queues, Tables};
use super::{build, download, genomes, jobs, part, scan, score};
use crate::contract::limits::MAX_RECEIVE_COUNT;
use crate::contract::{ChunkMessage, GenomeMessage, PartMessage, Reason, ScanMessage};

/// A message as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its text.
    pub body: String,
    /// How often it was received, this time included.
    pub receive_count: u32,
}

impl Delivery {
    /// A text that is no message is never going to be one: it ends in the dead-letter queue.
    fn message<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.body)
            .map_err(|error| Failure::internal(format!("the message cannot be read: {error}")))
    }

    /// What remains of a failure once those who wait know of it. A final one is done with; another is given back to the
    /// queue, and the last time it is, nobody waits any longer.
    async fn settle(
        &self,
        outcome: Result<(), Failure>,
        tell: impl AsyncFnOnce(Reason, &str) -> Result<(), ServiceError>,
    ) -> Result<(), Failure> {
        match &outcome {
            Err(Failure::Final(reason, message)) => {
                tell(*reason, message).await?;
                Ok(())
            }
            Err(Failure::Passing(reason, message)) if self.receive_count >= MAX_RECEIVE_COUNT => {
                tell(*reason, message).await?;
                outcome
            }
            Ok(()) | Err(_) => outcome,
        }
    }
}

/// A message of the queue `download`, for the file server at `base`.
pub async fn download<W>(world: &W, base: &str, delivery: &Delivery) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Clock,
{
    let message: GenomeMessage = delivery.message()?;
    let outcome = download::download(world, base, &message).await;
    let tell = async |reason, what: &str| tell_genome(world, &message, reason, "download", what).await;
    delivery.settle(outcome, tell).await
}

/// A message of the queue `parts`.
pub async fn part<W>(world: &W, delivery: &Delivery) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Clock,
{
    let message: PartMessage = delivery.message()?;
    let outcome = part::load_part(world, &message).await;
    let attempt = GenomeMessage { genome: message.genome, attempt: message.attempt };
    let tell = async |reason, what: &str| tell_genome(world, &attempt, reason, "download of a part", what).await;
    delivery.settle(outcome, tell).await
}

/// A message of the queue `index`. The index is built in the folder `scratch`.
pub async fn index<W>(world: &W, scratch: &Path, delivery: &Delivery) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Clock,
{
    let message: GenomeMessage = delivery.message()?;
    let outcome = build::build_index(world, scratch, &message).await;
    let tell = async |reason, what: &str| tell_genome(world, &message, reason, "index", what).await;
    delivery.settle(outcome, tell).await
}

/// A message of the queue `scan`.
pub async fn scan<W: Tables + Queues + Clock>(world: &W, delivery: &Delivery) -> Result<(), Failure> {
    let message: ScanMessage = delivery.message()?;
    let outcome = scan::scan(world, &message).await;
    let tell = async |reason, what: &str| tell_job(world, &message.job_id, reason, "search for guides", what).await;
    delivery.settle(outcome, tell).await
}

/// A message of the queue `consensus`.
pub async fn consensus<W: Tables + Objects + Clock>(world: &W, delivery: &Delivery) -> Result<(), Failure> {
    let message: ChunkMessage = delivery.message()?;
    let outcome = score::predict(world, &message).await;
    let tell = async |reason, what: &str| tell_job(world, &message.job_id, reason, "efficiency", what).await;
    delivery.settle(outcome, tell).await
}

/// Messages of the queue `offtarget`. What became of each is told in their order.
pub async fn off_target<W: Tables + Objects + Clock>(
    world: &W,
    indexes: &Indexes,
    deliveries: &[Delivery],
) -> Vec<Result<(), Failure>> {
    let mut settled: Vec<Result<(), Failure>> = vec![Ok(()); deliveries.len()];
    let mut read: Vec<(usize, ChunkMessage)> = Vec::new();
    for (number, delivery) in deliveries.iter().enumerate() {
        match delivery.message() {
            Ok(message) => read.push((number, message)),
            Err(failure) => settled[number] = Err(failure),
        }
    }
    let (numbers, messages): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let outcomes = score::score(world, indexes, &messages).await;
    for ((number, message), outcome) in numbers.into_iter().zip(&messages).zip(outcomes) {
        let tell = async |reason, what: &str| tell_job(world, &message.job_id, reason, "off-target risk", what).await;
        settled[number] = deliveries[number].settle(outcome, tell).await;
    }
    settled
}

async fn tell_genome<W: Tables + Queues + Clock>(
    world: &W,
    GenomeMessage { genome, attempt }: &GenomeMessage,
    reason: Reason,
    stage: &str,
    what: &str,
) -> Result<(), ServiceError> {
    genomes::fail(world, genome, *attempt, reason, &format!("{stage}: {what}")).await
}

async fn tell_job<W: Tables + Clock>(
    world: &W,
    job: &str,
    reason: Reason,
    stage: &str,
    what: &str,
) -> Result<(), ServiceError> {
    jobs::fail(world, job, reason, &format!("{stage}: {what}")).await
}
