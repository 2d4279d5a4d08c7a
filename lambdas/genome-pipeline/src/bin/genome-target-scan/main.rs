//! The function that finds the guides of a job.

use genome_pipeline::aws::{DynamoDb, Sqs, World, deliver};
use genome_pipeline::contract::TargetScanEnv;
use genome_pipeline::pipeline::deliver::scan;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::services::Queue;
use handler_runtime::batch::Messages;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(TargetScanEnv::load)?;
        let config = aws_config().await;
        let tables =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Targets, environment.targets)];
        let queues = [(Queue::Consensus, environment.consensus_queue), (Queue::OffTarget, environment.offtarget_queue)];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: (),
            queues: Sqs::new(aws_sdk_sqs::Client::new(&config), queues),
            fetch: (),
            instances: (),
        };
        Ok(async move |messages: Messages, invocation: &Invocation| {
            let handle = async |delivery: &_| scan(&world, delivery).await;
            Ok::<_, Diagnostic>(deliver(messages, invocation, handle).await)
        })
    })
    .await
}
