//! The function that signs uploads of genomes.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use genome_pipeline::aws::{DynamoDb, S3, World, respond};
use genome_pipeline::contract::UploadUrlEnv;
use genome_pipeline::pipeline::item::Table;
use genome_pipeline::pipeline::upload::sign;
use handler_runtime::{Diagnostic, Error, Invocation, ServiceError, aws_config, failed, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(UploadUrlEnv::load)?;
        let config = aws_config().await;
        let world = World {
            tables: DynamoDb::new(aws_sdk_dynamodb::Client::new(&config), [(Table::Genomes, environment.genomes)]),
            objects: S3::new(aws_sdk_s3::Client::new(&config), environment.bucket),
            queues: (),
            fetch: (),
            instances: (),
        };
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        let secret = environment.token_secret;
        Ok(async move |event: ApiGatewayV2httpRequest, _: &Invocation| {
            let handle = async |request: handler_runtime::api::Request| {
                // Read each time: a token that was replaced stops to work at once.
                let found = secrets.get_secret_value().secret_id(&secret).send().await;
                let found = found.map_err(failed("secretsmanager:GetSecretValue"))?;
                let token = found.secret_string().map(str::trim);
                let token = token.ok_or_else(|| ServiceError::new("the secret of the token", "it is no text"))?;
                sign(&world, request.header("authorization"), token, &request.body).await
            };
            Ok::<_, Diagnostic>(respond(event, handle).await)
        })
    })
    .await
}
