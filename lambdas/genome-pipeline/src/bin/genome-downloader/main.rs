//! The function that finds the files of a genome.

use genome_pipeline::aws::{DynamoDb, Ncbi, S3, Sqs, World, deliver};
use genome_pipeline::contract::DownloaderEnv;
use genome_pipeline::pipeline::deliver::download;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::services::Queue;
use handler_runtime::batch::Messages;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(DownloaderEnv::load)?;
        let config = aws_config().await;
        let tables = [(Table::Jobs, environment.jobs), (Table::Genomes, environment.genomes)];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: Sqs::new(aws_sdk_sqs::Client::new(&config), [(Queue::Parts, environment.parts_queue)]),
            fetch: Ncbi::new()?,
            instances: (),
        };
        let base = environment.ncbi_files;
        Ok(async move |messages: Messages, invocation: &Invocation| {
            let handle = async |delivery: &_| download(&world, &base, delivery).await;
            Ok::<_, Diagnostic>(deliver(messages, invocation, handle).await)
        })
    })
    .await
}
