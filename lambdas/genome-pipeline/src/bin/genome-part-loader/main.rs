//! The function that fetches a part of a file.

use genome_pipeline::aws::{DynamoDb, Ncbi, S3, Sqs, World, deliver};
use genome_pipeline::contract::PartLoaderEnv;
use genome_pipeline::pipeline::deliver::part;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::services::Queue;
use handler_runtime::batch::Messages;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(PartLoaderEnv::load)?;
        let config = aws_config().await;
        let tables = [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: Sqs::new(aws_sdk_sqs::Client::new(&config), [(Queue::Index, environment.index_queue)]),
            fetch: Ncbi::new()?,
            instances: (),
        };
        Ok(async move |messages: Messages, invocation: &Invocation| {
            let handle = async |delivery: &_| part(&world, delivery).await;
            Ok::<_, Diagnostic>(deliver(messages, invocation, handle).await)
        })
    })
    .await
}
