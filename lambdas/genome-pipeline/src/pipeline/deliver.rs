//! Messages of queues: each is read, done, and what went wrong is told to who waits for it.

use std::path::Path;

use handler_runtime::{Clock, ServiceError};
use serde::de::DeserializeOwned;

use super::cache::Indexes;
use super::failure::Failure;
use super::services::{Fetch, Objects, Queues, Tables};
use super::{build, download, genomes, jobs, part, scan, score};
use crate::contract::limits::MAX_RECEIVE_COUNT;
use crate::contract::{ChunkMessage, GenomeMessage, Reason, ScanMessage};

/// A message as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its text.
    pub body: String,
    /// How often it was received, this time included.
    pub receive_count: u32,
}

impl Delivery {
    /// A text that is no message is never going to be one.
    fn message<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.body)
            .map_err(|error| Failure::Final(Reason::Internal, format!("the message cannot be read: {error}")))
    }

    /// What remains of a failure once those who wait know of it: `tell` says whether there is such a job or attempt. A
    /// final failure is done with then. Another, and one that nobody was told of, is given back to the queue, and so
    /// ends in the dead-letter queue; the last time it is, nobody waits any longer.
    async fn settle(
        &self,
        outcome: Result<(), Failure>,
        tell: impl AsyncFnOnce(Reason, &str) -> Result<bool, ServiceError>,
    ) -> Result<(), Failure> {
        match outcome {
            Err(Failure::Final(reason, message)) => {
                let is_told = tell(reason, &message).await?;
                if is_told { Ok(()) } else { Err(Failure::Passing(reason, message)) }
            }
            Err(Failure::Passing(reason, message)) if self.receive_count >= MAX_RECEIVE_COUNT => {
                tell(reason, &message).await?;
                Err(Failure::Passing(reason, message))
            }
            Ok(()) | Err(_) => outcome,
        }
    }

    /// Settles a message about a job. Even of a text that is no message it may be known which job it is about.
    async fn settle_job<W: Tables + Clock>(
        &self,
        world: &W,
        stage: &str,
        outcome: Result<(), Failure>,
    ) -> Result<(), Failure> {
        let tell = async |reason, what: &str| match self.message::<ScanMessage>() {
            Ok(ScanMessage { job_id }) => jobs::fail(world, &job_id, reason, &format!("{stage}: {what}")).await,
            Err(_) => Ok(false),
        };
        self.settle(outcome, tell).await
    }

    /// Settles a message about an attempt at a genome, or what names a job where it should be one.
    async fn settle_attempt<W: Tables + Queues + Clock>(
        &self,
        world: &W,
        stage: &str,
        outcome: Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Ok(GenomeMessage { genome, attempt }) = self.message() else {
            return self.settle_job(world, stage, outcome).await;
        };
        let tell = async |reason, what: &str| {
            let found = genomes::get(world, &genome).await?;
            if found.is_none_or(|found| found.attempt != attempt) {
                return Ok(false);
            }
            genomes::fail(world, &genome, attempt, reason, &format!("{stage}: {what}")).await?;
            Ok(true)
        };
        self.settle(outcome, tell).await
    }
}

/// A message of the queue `download`, for the file server at `base`.
pub async fn download<W>(world: &W, base: &str, delivery: &Delivery) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Clock,
{
    let step = async || download::download(world, base, &delivery.message()?).await;
    delivery.settle_attempt(world, "download", step().await).await
}

/// A message of the queue `parts`.
pub async fn part<W>(world: &W, delivery: &Delivery) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Fetch + Clock,
{
    let step = async || part::load_part(world, &delivery.message()?).await;
    delivery.settle_attempt(world, "download of a part", step().await).await
}

/// A message of the queue `index`. The index is built in the folder `scratch`.
pub async fn index<W>(world: &W, scratch: &Path, delivery: &Delivery) -> Result<(), Failure>
where
    W: Tables + Objects + Queues + Clock,
{
    let step = async || build::build_index(world, scratch, &delivery.message()?).await;
    delivery.settle_attempt(world, "index", step().await).await
}

/// A message of the queue `scan`.
pub async fn scan<W: Tables + Queues + Clock>(world: &W, delivery: &Delivery) -> Result<(), Failure> {
    let step = async || scan::scan(world, &delivery.message()?).await;
    delivery.settle_job(world, "search for guides", step().await).await
}

/// A message of the queue `consensus`.
pub async fn consensus<W: Tables + Objects + Clock>(world: &W, delivery: &Delivery) -> Result<(), Failure> {
    let step = async || score::predict(world, &delivery.message()?).await;
    delivery.settle_job(world, "efficiency", step().await).await
}

/// Messages of the queue `offtarget`. What became of each is told in their order.
pub async fn off_target<W: Tables + Objects + Clock>(
    world: &W,
    indexes: &Indexes,
    deliveries: &[Delivery],
) -> Vec<Result<(), Failure>> {
    let mut outcomes: Vec<Result<(), Failure>> = vec![Ok(()); deliveries.len()];
    let mut read: Vec<(usize, ChunkMessage)> = Vec::new();
    for (number, delivery) in deliveries.iter().enumerate() {
        match delivery.message() {
            Ok(message) => read.push((number, message)),
            Err(failure) => outcomes[number] = Err(failure),
        }
    }
    let (numbers, messages): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    for (number, outcome) in numbers.into_iter().zip(score::score(world, indexes, &messages).await) {
        outcomes[number] = outcome;
    }
    let mut settled = Vec::with_capacity(outcomes.len());
    for (delivery, outcome) in deliveries.iter().zip(outcomes) {
        settled.push(delivery.settle_job(world, "off-target risk", outcome).await);
    }
    settled
}
