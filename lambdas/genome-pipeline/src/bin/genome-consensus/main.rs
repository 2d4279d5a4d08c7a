//! The function that predicts the efficiency of guides.

use genome_pipeline::aws::{DynamoDb, S3, World, deliver};
use genome_pipeline::contract::ConsensusEnv;
use genome_pipeline::pipeline::deliver::consensus;
use genome_pipeline::pipeline::item::Table;
use handler_runtime::batch::Messages;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(ConsensusEnv::load)?;
        let config = aws_config().await;
        let tables =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Targets, environment.targets)];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: (),
            fetch: (),
            instances: (),
        };
        Ok(async move |messages: Messages, invocation: &Invocation| {
            let handle = async |delivery: &_| consensus(&world, delivery).await;
            Ok::<_, Diagnostic>(deliver(messages, invocation, handle).await)
        })
    })
    .await
}
