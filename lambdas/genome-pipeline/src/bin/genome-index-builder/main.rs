//! The function that builds the index of a genome.

use genome_pipeline::aws::{DynamoDb, S3, Sqs, World, deliver};
use genome_pipeline::contract::IndexBuilderEnv;
use genome_pipeline::pipeline::deliver::index;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::services::Queue;
use handler_runtime::batch::Messages;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(IndexBuilderEnv::load)?;
        let config = aws_config().await;
        let tables = [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: Sqs::new(aws_sdk_sqs::Client::new(&config), [(Queue::Scan, environment.scan_queue)]),
            fetch: (),
            instances: (),
        };
        let scratch = std::env::temp_dir();
        Ok(async move |messages: Messages, invocation: &Invocation| {
            let handle = async |delivery: &_| index(&world, &scratch, delivery).await;
            Ok::<_, Diagnostic>(deliver(messages, invocation, handle).await)
        })
    })
    .await
}
