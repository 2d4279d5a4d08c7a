//! `bus-api`: answers the requests of the HTTP API.

// Futures of the SDK within each other.
#![recursion_limit = "256"]

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use bus_observatory::answer::{Answer, Request, answer, internal};
use bus_observatory::aws::{FeedList, Missing, S3, blocking};
use bus_observatory::contract::{ApiEnv, keys};
use bus_observatory::feeds::TableFormat;
use handler_runtime::{Diagnostic, Error, Invocation, ServiceError, api, aws_config, failed, load, start};
use jiff::Timestamp;

/// How long the URL of a large answer works.
const EXPORT_LIFETIME: Duration = Duration::from_hours(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // On the heap: the future is large.
    Box::pin(start(async || {
        let environment = load(ApiEnv::load)?;
        let config = aws_config().await;
        let client = aws_sdk_s3::Client::new(&config);
        let missing = match environment.table_format {
            TableFormat::Hive => Missing::NotFound,
            // There are no pointers, and none may be asked for: all rows are in incoming files.
            TableFormat::Iceberg => Missing::Forbidden,
        };
        let api = Api {
            lake: S3::new(client.clone(), environment.lake, missing),
            feeds: FeedList::new(aws_sdk_ssm::Client::new(&config), environment.feeds),
            results: environment.results,
            client,
        };
        Ok(async move |event: ApiGatewayV2httpRequest, invocation: &Invocation| {
            Ok::<_, Diagnostic>(api.respond(event, invocation).await)
        })
    }))
    .await
}

struct Api {
    lake: S3,
    feeds: FeedList,
    results: String,
    client: aws_sdk_s3::Client,
}

impl Api {
    async fn respond(&self, event: ApiGatewayV2httpRequest, invocation: &Invocation) -> ApiGatewayV2httpResponse {
        let answer = match self.answer(event, invocation).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(error, "no answer");
                internal()
            }
        };
        let location = answer.location.as_deref().map(|location| ("location", location));
        api::answer(answer.status, [("content-type", answer.content_type)].into_iter().chain(location), answer.body)
    }

    /// The answer, or what is wrong here.
    async fn answer(&self, event: ApiGatewayV2httpRequest, invocation: &Invocation) -> Result<Answer, String> {
        let Ok(request) = api::Request::of(event) else { return Err("a body that is no Base64".to_owned()) };
        let request = Request::new(&request.path, &request.query, request.header("accept"));
        let feeds = self.feeds.get().await.map_err(|error| error.to_string())?;
        let (lake, feeds) = (self.lake.clone(), Arc::clone(&feeds));
        let (answer, cause) =
            blocking(move || answer(&request, &feeds, &lake)).await.map_err(|error| error.error_message)?;
        if let Some(cause) = cause {
            tracing::error!(cause, "no answer");
        }
        if !answer.is_too_large() {
            return Ok(answer);
        }
        self.export(answer, &invocation.request_id).await.map_err(|error| error.to_string())
    }

    /// Writes a large answer to the bucket of results, under the id of the request, and says where it is.
    async fn export(&self, mut answer: Answer, id: &str) -> Result<Answer, ServiceError> {
        let key = format!("{}{id}", keys::EXPORTS_PREFIX);
        let bytes = answer.body.len() as u64;
        let content = ByteStream::from(std::mem::take(&mut answer.body));
        let put = self.client.put_object().bucket(&self.results).key(&key).content_type(answer.content_type);
        put.body(content).send().await.map_err(failed(format!("s3:PutObject `{key}`")))?;
        let expires_at = Timestamp::now().saturating_add(EXPORT_LIFETIME).unwrap_or(Timestamp::MAX);
        let signed = PresigningConfig::expires_in(EXPORT_LIFETIME)
            .map_err(|error| ServiceError::new("an hour of validity", error.to_string()))?;
        let get = self.client.get_object().bucket(&self.results).key(&key).presigned(signed).await;
        let url = get.map_err(failed(format!("a signed URL of `{key}`")))?.uri().to_owned();
        Ok(answer.exported(url, bytes, expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
    }
}
