//! genome-pipeline from end to end: from a job that is posted to ranked guides, with a mirror of NCBI on loopback.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

#[path = "genome/api.rs"]
mod api;
#[path = "genome/failures.rs"]
mod failures;
#[path = "genome/genomes.rs"]
mod genomes;
#[path = "genome/jobs.rs"]
mod jobs;
#[path = "genome/ncbi.rs"]
mod ncbi;
#[path = "genome/page.rs"]
mod page;
#[path = "genome/pipeline.rs"]
mod pipeline;
#[path = "genome/worker.rs"]
mod worker;

use std::sync::LazyLock;

use crate::pipeline::Pipeline;

/// All tests share it, each with genomes of its own.
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(Pipeline::deploy);
