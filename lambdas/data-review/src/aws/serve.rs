//! What the programs do.
//!
//! The work of an event is a future in a box: the compiler lays out nested futures only to a depth.

use std::time::Duration;

use handler_runtime::batch::{Message, Messages, each};
use handler_runtime::{Error, Invocation, SystemClock, aws_config, diagnostic, load, start};

use super::{Buckets, FailureTable, FileQueues, StatsTable};
use crate::Limits;
use crate::contract::{HandlerEnv, OrchestratorEnv, OrchestratorEvent};
use crate::pipeline::{Analyst, Orchestrator, Origin};

/// What has to be left of the time for a file to be begun. The largest take about half of it.
const FILE_RESERVE: Duration = Duration::from_mins(1);

/// Serves the events of the orchestrator.
pub async fn serve_objects() -> Result<(), Error> {
    start(async || {
        let environment = load(OrchestratorEnv::load)?;
        let config = aws_config().await;
        let dynamodb = aws_sdk_dynamodb::Client::new(&config);
        let orchestrator = Orchestrator {
            objects: Buckets(aws_sdk_s3::Client::new(&config)),
            stats: StatsTable { client: dynamodb.clone(), name: environment.stats },
            failures: FailureTable { client: dynamodb, name: environment.failures },
            queues: FileQueues {
                client: aws_sdk_sqs::Client::new(&config),
                bottle: environment.bottle_queue,
                ctd: environment.ctd_queue,
                netcdf: environment.netcdf_queue,
            },
            clock: SystemClock,
            bucket: environment.data_bucket,
            limits: Limits::default(),
            origin: origin(),
        };
        Ok(async move |event: OrchestratorEvent, invocation: &Invocation| {
            let id = &invocation.request_id;
            let report = match event {
                OrchestratorEvent::ObjectCreated(event) => {
                    Box::pin(orchestrator.object_created(&event.detail, id)).await
                }
                OrchestratorEvent::Sweep(input) => {
                    let report = Box::pin(orchestrator.sweep(&input, id, || invocation.remaining())).await;
                    report.inspect(|report| tracing::info!(?report, "swept"))
                }
            };
            report.map_err(|error| diagnostic("ServiceFailed", error))
        })
    })
    .await
}

/// Serves the messages of a queue of files.
pub async fn serve_files() -> Result<(), Error> {
    start(async || {
        let environment = load(HandlerEnv::load)?;
        let config = aws_config().await;
        let dynamodb = aws_sdk_dynamodb::Client::new(&config);
        let analyst = Analyst {
            objects: Buckets(aws_sdk_s3::Client::new(&config)),
            stats: StatsTable { client: dynamodb.clone(), name: environment.stats },
            failures: FailureTable { client: dynamodb, name: environment.failures },
            clock: SystemClock,
            limits: Limits::default(),
            origin: origin(),
        };
        Ok(async move |messages: Messages, invocation: &Invocation| {
            let handle = async |message: &Message| {
                Box::pin(analyst.handle(&message.body, message.receive_count, &invocation.request_id)).await
            };
            Ok(each(messages, invocation, FILE_RESERVE, handle).await)
        })
    })
    .await
}

/// This function, as Lambda names it.
fn origin() -> Origin {
    let variable = |name| std::env::var(name).unwrap_or_default();
    Origin {
        function: variable("AWS_LAMBDA_FUNCTION_NAME"),
        log_group: variable("AWS_LAMBDA_LOG_GROUP_NAME"),
        log_stream: variable("AWS_LAMBDA_LOG_STREAM_NAME"),
    }
}
