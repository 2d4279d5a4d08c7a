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
use crate::pipeline::deliver::{self as messages};
use crate::pipeline::item::Table;
use crate::pipeline::schedule::{Rules, dispatch, tick};
use crate::pipeline::services::Queue;
use crate::pipeline::{Indexes, api, submit, upload};

/// Bytes of indexes that fit into the storage of a function, of which its file system takes a part.
const INDEX_CAPACITY: u64 = 9_800_000_000;

type Made = Pin<Box<dyn Future<Output = Result<Handler, Error>>>>;

fn dynamo_db(config: &SdkConfig, names: impl IntoIterator<Item = (Table, String)>) -> DynamoDb {
    DynamoDb::new(aws_sdk_dynamodb::Client::new(config), names)
}

fn s3(config: &SdkConfig, bucket: String) -> S3 {
    S3::new(aws_sdk_s3::Client::new(config), bucket)
}

fn sqs(config: &SdkConfig, urls: impl IntoIterator<Item = (Queue, String)>) -> Sqs {
    Sqs::new(aws_sdk_sqs::Client::new(config), urls)
}

/// Takes jobs.
pub fn create_job() -> Made {
    Box::pin(async {
        let environment = load(CreateJobEnv::load)?;
        let config = aws_config().await;
        let names =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Genomes, environment.genomes)];
        let (tables, objects) = (dynamo_db(&config, names), s3(&config, environment.bucket));
        let world = Rc::new(World { tables, objects, queues: (), fetch: (), instances: () });
        let max_sequence = environment.max_sequence;
        Ok(Handler::new(move |event, _| {
            let world = Rc::clone(&world);
            let handle = async move |request: Request| {
                let key = request.header(&IDEMPOTENCY_HEADER.to_ascii_lowercase());
                submit::submit(&*world, &request.body, key, new_id()?, max_sequence).await
            };
            respond(event, handle)
        }))
    })
}

/// Tells of jobs, results and genomes.
pub fn job_api() -> Made {
    Box::pin(async {
        let environment = load(JobApiEnv::load)?;
        let config = aws_config().await;
        let names = [
            (Table::Jobs, environment.jobs),
            (Table::Tasks, environment.tasks),
            (Table::Targets, environment.targets),
            (Table::Genomes, environment.genomes),
        ];
        let (tables, objects) = (dynamo_db(&config, names), s3(&config, environment.bucket));
        let world = Rc::new(World { tables, objects, queues: (), fetch: (), instances: () });
        Ok(Handler::new(move |event, _| {
            let world = Rc::clone(&world);
            respond(event, async move |request: Request| api::answer(&*world, &request.path, &request.query).await)
        }))
    })
}

/// Signs uploads of genomes.
pub fn upload_url() -> Made {
    Box::pin(async {
        let environment = load(UploadUrlEnv::load)?;
        let config = aws_config().await;
        let tables = dynamo_db(&config, [(Table::Genomes, environment.genomes)]);
        let objects = s3(&config, environment.bucket);
        let world = Rc::new(World { tables, objects, queues: (), fetch: (), instances: () });
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        let secret = environment.token_secret;
        Ok(Handler::new(move |event, _| {
            let world = Rc::clone(&world);
            // Read each time: a token that was replaced stops to work at once.
            let found = secrets.get_secret_value().secret_id(&secret).send();
            let handle = async move |request: Request| {
                let found = found.await.map_err(failed("secretsmanager:GetSecretValue"))?;
                let token = found.secret_string().map(str::trim);
                let token = token.ok_or_else(|| ServiceError::new("the secret of the token", "it is no text"))?;
                upload::sign(&*world, request.header("authorization"), token, &request.body).await
            };
            respond(event, handle)
        }))
    })
}

/// Starts the work of jobs and ends the overdue.
pub fn scheduler() -> Made {
    Box::pin(async {
        let environment = load(SchedulerEnv::load)?;
        let config = aws_config().await;
        let queues = [
            (Queue::Download, environment.download_queue),
            (Queue::Index, environment.index_queue),
            (Queue::Scan, environment.scan_queue),
        ];
        let world = World {
            tables: dynamo_db(&config, [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]),
            objects: s3(&config, environment.bucket),
            queues: sqs(&config, queues),
            fetch: Ncbi::new()?,
            instances: Ec2::new(
                config,
                environment.launch_template,
                &environment.subnets,
                environment.image_parameter,
            )?,
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
    Box::pin(async {
        let environment = load(DownloaderEnv::load)?;
        let config = aws_config().await;
        let world = World {
            tables: dynamo_db(&config, [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]),
            objects: s3(&config, environment.bucket),
            queues: sqs(&config, [(Queue::Parts, environment.parts_queue)]),
            fetch: Ncbi::new()?,
            instances: (),
        };
        let shared = Rc::new((world, environment.ncbi_files));
        Ok(Handler::new(move |event, invocation: Invocation| {
            let shared = Rc::clone(&shared);
            let handle = async move |delivery: &_| messages::download(&shared.0, &shared.1, delivery).await;
            async move { deliver(event, &invocation, handle).await }
        }))
    })
}

/// Fetches parts of files.
pub fn part_loader() -> Made {
    Box::pin(async {
        let environment = load(PartLoaderEnv::load)?;
        let config = aws_config().await;
        let world = Rc::new(World {
            tables: dynamo_db(&config, [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]),
            objects: s3(&config, environment.bucket),
            queues: sqs(&config, [(Queue::Index, environment.index_queue)]),
            fetch: Ncbi::new()?,
            instances: (),
        });
        Ok(Handler::new(move |event, invocation: Invocation| {
            let world = Rc::clone(&world);
            let handle = async move |delivery: &_| messages::part(&*world, delivery).await;
            async move { deliver(event, &invocation, handle).await }
        }))
    })
}

/// Builds the indexes of genomes.
pub fn index_builder() -> Made {
    Box::pin(async {
        let environment = load(IndexBuilderEnv::load)?;
        let config = aws_config().await;
        let world = Rc::new(World {
            tables: dynamo_db(&config, [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)]),
            objects: s3(&config, environment.bucket),
            queues: sqs(&config, [(Queue::Scan, environment.scan_queue)]),
            fetch: (),
            instances: (),
        });
        Ok(Handler::new(move |event, invocation: Invocation| {
            let world = Rc::clone(&world);
            let handle = async move |delivery: &_| messages::index(&*world, &std::env::temp_dir(), delivery).await;
            async move { deliver(event, &invocation, handle).await }
        }))
    })
}

/// Finds the guides of jobs.
pub fn target_scan() -> Made {
    Box::pin(async {
        let environment = load(TargetScanEnv::load)?;
        let config = aws_config().await;
        let names =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Targets, environment.targets)];
        let queues = [(Queue::Consensus, environment.consensus_queue), (Queue::OffTarget, environment.offtarget_queue)];
        let (tables, queues) = (dynamo_db(&config, names), sqs(&config, queues));
        let world = Rc::new(World { tables, objects: (), queues, fetch: (), instances: () });
        Ok(Handler::new(move |event, invocation: Invocation| {
            let world = Rc::clone(&world);
            let handle = async move |delivery: &_| messages::scan(&*world, delivery).await;
            async move { deliver(event, &invocation, handle).await }
        }))
    })
}

/// Predicts the efficiency of guides.
pub fn consensus() -> Made {
    Box::pin(async {
        let environment = load(ConsensusEnv::load)?;
        let config = aws_config().await;
        let names =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Targets, environment.targets)];
        let (tables, objects) = (dynamo_db(&config, names), s3(&config, environment.bucket));
        let world = Rc::new(World { tables, objects, queues: (), fetch: (), instances: () });
        Ok(Handler::new(move |event, invocation: Invocation| {
            let world = Rc::clone(&world);
            let handle = async move |delivery: &_| messages::consensus(&*world, delivery).await;
            async move { deliver(event, &invocation, handle).await }
        }))
    })
}

/// Scores the off-target risk of guides.
pub fn off_target_scorer() -> Made {
    Box::pin(async {
        let environment = load(OffTargetScorerEnv::load)?;
        let config = aws_config().await;
        let names = [
            (Table::Jobs, environment.jobs),
            (Table::Tasks, environment.tasks),
            (Table::Targets, environment.targets),
            (Table::Genomes, environment.genomes),
        ];
        let (tables, objects) = (dynamo_db(&config, names), s3(&config, environment.bucket));
        let world = World { tables, objects, queues: (), fetch: (), instances: () };
        let shared = Rc::new((world, Indexes::new(std::env::temp_dir(), INDEX_CAPACITY)));
        Ok(Handler::new(move |event, _| {
            let shared = Rc::clone(&shared);
            deliver_together(event, async move |deliveries: &[_]| {
                messages::off_target(&shared.0, &shared.1, deliveries).await
            })
        }))
    })
}
