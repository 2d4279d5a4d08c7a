//! The ten functions: what each is given, and what it does with it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use aws_config::SdkConfig;
use handler_runtime::api::Request;
use handler_runtime::{Error, Invocation, ServiceError, aws_config, diagnostic, failed, load};
use serde_json::Value;

use super::program::{Handler, deliver, deliver_together, read, respond};
use super::{DynamoDb, Ec2, Ncbi, S3, Sqs, World, new_id};
use crate::contract::api::IDEMPOTENCY_HEADER;
use crate::contract::{
    ConsensusEnv, CreateJobEnv, DownloaderEnv, IndexBuilderEnv, JobApiEnv, OffTargetScorerEnv, PartLoaderEnv,
    SchedulerEnv, TargetScanEnv, Tick, UploadUrlEnv, tables,
};
use crate::pipeline::answer::Answer;
use crate::pipeline::deliver::{self as messages, Delivery};
use crate::pipeline::item::Table;
use crate::pipeline::schedule::{Rules, dispatch, tick};
use crate::pipeline::services::Queue;
use crate::pipeline::{Failure, Indexes, api, submit, upload};

/// Bytes of indexes that fit into the storage of a function, of which its file system takes a part.
const INDEX_CAPACITY: u64 = 9_800_000_000;

type Made = Pin<Box<dyn Future<Output = Result<Handler, Error>>>>;

/// Makes a handler of its environment and of the services of AWS.
fn made<F: Future<Output = Result<Handler, Error>> + 'static>(make: impl FnOnce(Aws) -> F + 'static) -> Made {
    Box::pin(async { make(Aws(aws_config().await)).await })
}

/// The services of AWS, each with a client that is made when it is asked for.
struct Aws(SdkConfig);

impl Aws {
    fn tables(&self, names: impl IntoIterator<Item = (Table, String)>) -> DynamoDb {
        DynamoDb::new(aws_sdk_dynamodb::Client::new(&self.0), names)
    }

    fn bucket(&self, name: String) -> S3 {
        S3::new(aws_sdk_s3::Client::new(&self.0), name)
    }

    fn queues(&self, urls: impl IntoIterator<Item = (Queue, String)>) -> Sqs {
        Sqs::new(aws_sdk_sqs::Client::new(&self.0), urls)
    }
}

/// A handler that answers requests.
fn answering<S: 'static>(
    shared: S,
    answer: impl AsyncFn(&S, Request) -> Result<Answer, ServiceError> + 'static,
) -> Handler {
    let shared = Rc::new((shared, answer));
    Handler::new(move |event, _| {
        let shared = Rc::clone(&shared);
        async move {
            let (shared, answer) = &*shared;
            respond(event, async |request| answer(shared, request).await).await
        }
    })
}

/// A handler that does the messages of a queue, one after the other.
fn consuming<S: 'static>(shared: S, step: impl AsyncFn(&S, &Delivery) -> Result<(), Failure> + 'static) -> Handler {
    let shared = Rc::new((shared, step));
    Handler::new(move |event, invocation: Invocation| {
        let shared = Rc::clone(&shared);
        async move {
            let (shared, step) = &*shared;
            deliver(event, &invocation, async |delivery: &Delivery| step(shared, delivery).await).await
        }
    })
}

/// Takes jobs.
pub fn create_job() -> Made {
    made(async |aws| {
        let environment = load(CreateJobEnv::load)?;
        let names =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Genomes, environment.genomes)];
        let world = World::of(aws.tables(names)).with_objects(aws.bucket(environment.bucket));
        let max_sequence = environment.max_sequence;
        Ok(answering(world, async move |world, request| {
            let key = request.header(&IDEMPOTENCY_HEADER.to_ascii_lowercase());
            submit::submit(world, &request.body, key, new_id()?, max_sequence).await
        }))
    })
}

/// Tells of jobs, results and genomes.
pub fn job_api() -> Made {
    made(async |aws| {
        let environment = load(JobApiEnv::load)?;
        let names = [
            (Table::Jobs, environment.jobs),
            (Table::Tasks, environment.tasks),
            (Table::Targets, environment.targets),
            (Table::Genomes, environment.genomes),
        ];
        let world = World::of(aws.tables(names)).with_objects(aws.bucket(environment.bucket));
        Ok(answering(world, async |world, request| api::answer(world, &request.path, &request.query).await))
    })
}

/// Signs uploads of genomes.
pub fn upload_url() -> Made {
    made(async |aws| {
        let environment = load(UploadUrlEnv::load)?;
        let tables = aws.tables([(Table::Genomes, environment.genomes)]);
        let world = World::of(tables).with_objects(aws.bucket(environment.bucket));
        let secrets = aws_sdk_secretsmanager::Client::new(&aws.0);
        let secret = environment.token_secret;
        Ok(answering(world, async move |world, request| {
            // Read each time: a token that was replaced stops to work at once.
            let found = secrets.get_secret_value().secret_id(&secret).send().await;
            let found = found.map_err(failed("secretsmanager:GetSecretValue"))?;
            let token = found.secret_string().map(str::trim);
            let token = token.ok_or_else(|| ServiceError::new("the secret of the token", "it is no text"))?;
            upload::sign(world, request.header("authorization"), token, &request.body).await
        }))
    })
}

/// Starts the work of jobs and ends the overdue.
pub fn scheduler() -> Made {
    made(async |aws| {
        let environment = load(SchedulerEnv::load)?;
        let queues = [
            (Queue::Download, environment.download_queue),
            (Queue::Index, environment.index_queue),
            (Queue::Scan, environment.scan_queue),
        ];
        let world = World {
            tables: aws.tables([(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]),
            objects: aws.bucket(environment.bucket),
            queues: aws.queues(queues),
            fetch: Ncbi::new()?,
            instances: Ec2::new(aws.0, environment.launch_template, &environment.subnets, environment.image_parameter)?,
        };
        let rules = Rules {
            ncbi_api: environment.ncbi_api,
            ec2_cutoff_mib: environment.ec2_cutoff_mib,
            worker_environment: environment.worker_environment,
        };
        let shared = Rc::new((world, rules));
        Ok(Handler::new(move |event, _| {
            let shared = Rc::clone(&shared);
            async move {
                let (world, rules) = &*shared;
                let Some(records) = event.get("Records").and_then(Value::as_array) else {
                    read::<Tick>(event)?;
                    return tick(world, rules).await.map(Into::into).map_err(|error| diagnostic("Tick", error));
                };
                let mut failures = Vec::new();
                for id in new_jobs(records) {
                    if let Err(error) = dispatch(world, rules, id).await {
                        failures.push(format!("job `{id}`: {error}"));
                    }
                }
                if failures.is_empty() { Ok(Value::Null) } else { Err(diagnostic("Dispatch", failures.join("; "))) }
            }
        }))
    })
}

/// The ids of the rows that are new. Those that have no state are no jobs.
fn new_jobs(records: &[Value]) -> impl Iterator<Item = &str> {
    let new = records.iter().filter(|record| record["eventName"] == "INSERT").map(|record| &record["dynamodb"]);
    let jobs = new.filter(|change| change["NewImage"].get("State").is_some());
    jobs.filter_map(|change| change["Keys"][tables::jobs::JOB_ID]["S"].as_str())
}

/// Finds the files of a genome.
pub fn downloader() -> Made {
    made(async |aws| {
        let environment = load(DownloaderEnv::load)?;
        let world = World::of(aws.tables([(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]))
            .with_objects(aws.bucket(environment.bucket))
            .with_queues(aws.queues([(Queue::Parts, environment.parts_queue)]))
            .with_fetch(Ncbi::new()?);
        let base = environment.ncbi_files;
        Ok(consuming(world, async move |world, delivery| messages::download(world, &base, delivery).await))
    })
}

/// Fetches parts of files.
pub fn part_loader() -> Made {
    made(async |aws| {
        let environment = load(PartLoaderEnv::load)?;
        let world = World::of(aws.tables([(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]))
            .with_objects(aws.bucket(environment.bucket))
            .with_queues(aws.queues([(Queue::Index, environment.index_queue)]))
            .with_fetch(Ncbi::new()?);
        Ok(consuming(world, async |world, delivery| messages::part(world, delivery).await))
    })
}

/// Builds the indexes of genomes.
pub fn index_builder() -> Made {
    made(async |aws| {
        let environment = load(IndexBuilderEnv::load)?;
        let world = World::of(aws.tables([(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]))
            .with_objects(aws.bucket(environment.bucket))
            .with_queues(aws.queues([(Queue::Scan, environment.scan_queue)]));
        let scratch = std::env::temp_dir();
        Ok(consuming(world, async move |world, delivery| messages::index(world, &scratch, delivery).await))
    })
}

/// Finds the guides of jobs.
pub fn target_scan() -> Made {
    made(async |aws| {
        let environment = load(TargetScanEnv::load)?;
        let names =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Targets, environment.targets)];
        let queues = [(Queue::Consensus, environment.consensus_queue), (Queue::OffTarget, environment.offtarget_queue)];
        let world = World::of(aws.tables(names)).with_queues(aws.queues(queues));
        Ok(consuming(world, async |world, delivery| messages::scan(world, delivery).await))
    })
}

/// Predicts the efficiency of guides.
pub fn consensus() -> Made {
    made(async |aws| {
        let environment = load(ConsensusEnv::load)?;
        let names =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Targets, environment.targets)];
        let world = World::of(aws.tables(names)).with_objects(aws.bucket(environment.bucket));
        Ok(consuming(world, async |world, delivery| messages::consensus(world, delivery).await))
    })
}

/// Scores the off-target risk of guides.
pub fn off_target_scorer() -> Made {
    made(async |aws| {
        let environment = load(OffTargetScorerEnv::load)?;
        let names = [
            (Table::Jobs, environment.jobs),
            (Table::Tasks, environment.tasks),
            (Table::Targets, environment.targets),
            (Table::Genomes, environment.genomes),
        ];
        let world = World::of(aws.tables(names)).with_objects(aws.bucket(environment.bucket));
        let shared = Rc::new((world, Indexes::new(std::env::temp_dir(), INDEX_CAPACITY)));
        Ok(Handler::new(move |event, _| {
            let shared = Rc::clone(&shared);
            deliver_together(event, async move |deliveries: &[_]| {
                messages::off_target(&shared.0, &shared.1, deliveries).await
            })
        }))
    })
}
