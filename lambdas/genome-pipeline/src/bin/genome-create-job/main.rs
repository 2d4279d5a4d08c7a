//! The function that takes jobs.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use genome_pipeline::aws::{DynamoDb, S3, World, new_id, respond};
use genome_pipeline::contract::CreateJobEnv;
use genome_pipeline::contract::api::IDEMPOTENCY_HEADER;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::submit::submit;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(CreateJobEnv::load)?;
        let config = aws_config().await;
        let tables =
            [(Table::Jobs, environment.jobs), (Table::Tasks, environment.tasks), (Table::Genomes, environment.genomes)];
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), tables),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: (),
            fetch: (),
            instances: (),
        };
        let (max_sequence, header) = (environment.max_sequence, IDEMPOTENCY_HEADER.to_ascii_lowercase());
        Ok(async move |event: ApiGatewayV2httpRequest, _: &Invocation| {
            let handle = async |request: handler_runtime::api::Request| {
                submit(&world, &request.body, request.header(&header), new_id()?, max_sequence).await
            };
            Ok::<_, Diagnostic>(respond(event, handle).await)
        })
    })
    .await
}
