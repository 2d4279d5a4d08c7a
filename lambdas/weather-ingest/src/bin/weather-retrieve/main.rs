//! The function that fetches and keeps the weather of an hour.

use aws_sdk_s3::Client as S3;
use aws_sdk_secretsmanager::Client as SecretsManager;
use handler_runtime::{Error, Invocation, SystemClock, aws_config, is_local, load, start};
use weather_ingest::aws::{Api, KeySecret, RawBucket, returned};
use weather_ingest::contract::{RetrieveEnv, RetrieveEvent};
use weather_ingest::{KeyCache, Retrieve, check_base_url};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(RetrieveEnv::load)?;
        let config = aws_config().await;
        check_base_url(&environment.api_base_url, is_local(&config))?;
        let api = Api::new()?;
        let store = RawBucket::new(S3::new(&config), environment.raw_bucket);
        let secret = KeySecret::new(SecretsManager::new(&config), environment.api_key_secret);
        let (base_url, keys) = (environment.api_base_url, KeyCache::default());
        Ok(async move |event: RetrieveEvent, _: &Invocation| {
            let retrieve = Retrieve {
                base_url: &base_url,
                keys: &keys,
                fetch: &api,
                store: &store,
                secrets: &secret,
                clock: &SystemClock,
            };
            let result = retrieve.run(&event.input, &event.execution_id).await;
            let result = result.map_err(|failure| returned(&failure))?;
            tracing::info!(
                key = result.key,
                version_id = result.version_id,
                source = ?result.source,
                attempts = result.attempts,
                reused = result.reused,
                "retrieved"
            );
            Ok(result)
        })
    })
    .await
}
