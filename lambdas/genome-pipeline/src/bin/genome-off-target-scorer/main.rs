//! The function that scores the off-target risk of guides.

use genome_pipeline::aws::{DynamoDb, S3, World};
use genome_pipeline::contract::OffTargetScorerEnv;
use genome_pipeline::pipeline::Indexes;
use genome_pipeline::pipeline::deliver::{Delivery, off_target};
use genome_pipeline::pipeline::item::Table;
use handler_runtime::batch::{Message, Messages, together};
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

/// Bytes of indexes that fit into the storage of the function, of which its file system takes a part.
const CAPACITY: u64 = 9_800_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(OffTargetScorerEnv::load)?;
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
            queues: (),
            fetch: (),
            instances: (),
        };
        let indexes = Indexes::new(std::env::temp_dir(), CAPACITY);
        Ok(async move |messages: Messages, _: &Invocation| {
            let delivery = |Message { body, receive_count, .. }: &Message| Delivery {
                body: body.clone(),
                receive_count: *receive_count,
            };
            let handle = async |messages: &[Message]| {
                let deliveries: Vec<Delivery> = messages.iter().map(delivery).collect();
                off_target(&world, &indexes, &deliveries).await
            };
            Ok::<_, Diagnostic>(together(messages, handle).await)
        })
    })
    .await
}
