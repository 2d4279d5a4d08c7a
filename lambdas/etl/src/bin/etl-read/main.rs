//! The function that serves the table.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_sdk_dynamodb::Client as DynamoDb;
use etl::aws::FiguresTable;
use etl::contract::ReadEnv;
use etl::{Request, Response, respond};
use handler_runtime::api::{self, answer};
use handler_runtime::{Error, Invocation, aws_config, load, start};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(ReadEnv::load)?;
        let table = FiguresTable::new(DynamoDb::new(&aws_config().await), environment.table);
        Ok(async move |event: ApiGatewayV2httpRequest, _: &Invocation| {
            let Response { status, headers, body } = response(&table, event).await;
            Ok(answer(status, headers.iter().map(|(name, value)| (*name, value.as_str())), body.into_bytes()))
        })
    })
    .await
}

async fn response(table: &FiguresTable, event: ApiGatewayV2httpRequest) -> Response {
    let Ok(request) = api::Request::of(event) else {
        // A GET has no body, and the routes know no other method.
        return Response::internal_error();
    };
    let asked = Request { path: &request.path, query: &request.query, if_none_match: request.header("if-none-match") };
    match respond(table, asked).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, path = request.path, query = request.query, "not answered");
            Response::internal_error()
        }
    }
}
