//! The worker: a whole job on an instance.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use handler_runtime::memory::open;
use handler_runtime::{Error, aws_config, load};

use super::log::Log;
use super::{DynamoDb, Inside, Ncbi, S3, World};
use crate::contract::WorkerEnv;
use crate::pipeline::Indexes;
use crate::pipeline::item::Table;
use crate::pipeline::worker::{Workplace, work};

/// The variable that says where files go.
const SCRATCH: &str = "TMPDIR";

/// Does the job, and those that wait for its genome. How far it is stands in the log of the job.
///
/// # Errors
/// When it could not begin, or something was given up. Who waits for that knows already.
pub fn do_job(job: &str) -> Result<(), Error> {
    let environment = load(WorkerEnv::load)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let doing = Arc::new(Mutex::new("start".to_owned()));
    let log = Log::begin(environment.log_group, job, &doing)?;
    let outcome = runtime.block_on(async {
        let config = aws_config().await;
        let tables = [
            (Table::Jobs, environment.jobs),
            (Table::Tasks, environment.tasks),
            (Table::Targets, environment.targets),
            (Table::Genomes, environment.genomes),
        ];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: Inside::default(),
            fetch: Ncbi::new()?,
            instances: (),
        };
        let scratch = std::env::var_os(SCRATCH).map_or_else(std::env::temp_dir, PathBuf::from);
        let indexes = Indexes::new(scratch.clone(), u64::MAX);
        let workplace = Workplace { ncbi_files: &environment.ncbi_files, scratch: &scratch, indexes: &indexes };
        let progress = |message: &str| message.clone_into(&mut open(&doing));
        work(&world, &workplace, job, &progress).await.map_err(Error::from)
    });
    let last = outcome.as_ref().map_or_else(|error| format!("failed: {error}"), |()| "finished".to_owned());
    log.end(last);
    outcome
}
