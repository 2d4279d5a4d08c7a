//! The function that starts the work of jobs and ends the overdue.

use genome_pipeline::aws::{DynamoDb, Ec2, Ncbi, S3, Sqs, World};
use genome_pipeline::contract::{SchedulerEnv, Tick, tables};
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::schedule::{Rules, dispatch, tick};
use genome_pipeline::pipeline::services::Queue;
use handler_runtime::{Error, Invocation, aws_config, diagnostic, load, start};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(SchedulerEnv::load)?;
        let config = aws_config().await;
        let tables = [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)];
        let queues = [
            (Queue::Download, environment.download_queue),
            (Queue::Index, environment.index_queue),
            (Queue::Scan, environment.scan_queue),
        ];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: Sqs::new(aws_sdk_sqs::Client::new(&config), queues),
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
        Ok(async move |event: Value, _: &Invocation| {
            let Some(records) = event.get("Records").and_then(Value::as_array) else {
                serde_json::from_value::<Tick>(event).map_err(|error| diagnostic("UnknownEvent", error))?;
                return tick(&world, &rules).await.map_err(|error| diagnostic("Tick", error));
            };
            let mut failures = Vec::new();
            for id in new_jobs(records) {
                if let Err(error) = dispatch(&world, &rules, id).await {
                    failures.push(format!("job `{id}`: {error}"));
                }
            }
            if failures.is_empty() { Ok(()) } else { Err(diagnostic("Dispatch", failures.join("; "))) }
        })
    })
    .await
}

/// The ids of the rows that are new. Those that have no state are no jobs.
fn new_jobs(records: &[Value]) -> impl Iterator<Item = &str> {
    let new = records.iter().filter(|record| record["eventName"] == "INSERT").map(|record| &record["dynamodb"]);
    let jobs = new.filter(|change| change["NewImage"].get("State").is_some());
    jobs.filter_map(|change| change["Keys"][tables::jobs::JOB_ID]["S"].as_str())
}
