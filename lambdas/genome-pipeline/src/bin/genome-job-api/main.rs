//! The function that tells of jobs, results and genomes.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use genome_pipeline::aws::{DynamoDb, S3, World, respond};
use genome_pipeline::contract::JobApiEnv;
use genome_pipeline::pipeline::api::answer;
use genome_pipeline::pipeline::item::Table;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(JobApiEnv::load)?;
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
        Ok(async move |event: ApiGatewayV2httpRequest, _: &Invocation| {
            let handle =
                async |request: handler_runtime::api::Request| answer(&world, &request.path, &request.query).await;
            Ok::<_, Diagnostic>(respond(event, handle).await)
        })
    })
    .await
}
