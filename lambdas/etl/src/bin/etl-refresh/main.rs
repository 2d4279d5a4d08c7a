//! The function that refreshes the table.

use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_s3::Client as S3;
use aws_sdk_sns::Client as Sns;
use etl::aws::{FiguresTable, Objects, Sources, TableAndBucket, Topic};
use etl::contract::{Outcome, RefreshEnv, metric};
use etl::services::event;
use etl::{Ended, Refresh, check_url};
use handler_runtime::{Error, Invocation, SystemClock, aws_config, chain, diagnostic, is_local, load, metrics, start};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(RefreshEnv::load)?;
        let config = aws_config().await;
        for url in [&environment.nyt_url, &environment.jhu_url] {
            check_url(url, is_local(&config))?;
        }
        let sources = Sources::new()?;
        let store = TableAndBucket {
            table: FiguresTable::new(DynamoDb::new(&config), environment.table),
            objects: Objects::new(S3::new(&config), environment.snapshots),
        };
        let topic = Topic::new(Sns::new(&config), environment.topic);
        let (nyt_url, jhu_url, stack) = (environment.nyt_url, environment.jhu_url, environment.stack);
        Ok(async move |payload: Value, invocation: &Invocation| {
            let refresh = Refresh {
                nyt_url: &nyt_url,
                jhu_url: &jhu_url,
                fetch: &sources,
                store: &store,
                publish: &topic,
                clock: &SystemClock,
            };
            let ended = refresh.run(event(payload), &invocation.request_id).await;
            let ended = ended.map_err(|error| diagnostic(error.kind(), chain(&error)))?;
            if ended.outcome().is_completed() {
                metrics::count(metric::NAMESPACE, (metric::DIMENSION, &stack), &[(metric::REFRESH_COMPLETED, 1)]);
            }
            Ok(answer(&ended))
        })
    })
    .await
}

/// What the invocation gives: the message, which is logged too.
fn answer(ended: &Ended) -> Value {
    let answer = match ended {
        Ended::Locked => json!({"outcome": Outcome::Locked}),
        Ended::Published(message) => json!(message),
    };
    tracing::info!(report = %answer, "ended");
    answer
}
