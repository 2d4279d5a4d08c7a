//! The function that makes the body of an hour a row.

use aws_sdk_s3::Client as S3;
use handler_runtime::{Error, Invocation, aws_config, load, start};
use weather_ingest::Curate;
use weather_ingest::aws::{CurateBuckets, returned};
use weather_ingest::contract::{CurateEnv, CurateInput};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(CurateEnv::load)?;
        let s3 = S3::new(&aws_config().await);
        let store = CurateBuckets::new(s3, environment.raw_bucket, environment.curated_bucket);
        Ok(async move |input: CurateInput, _: &Invocation| {
            let result = Curate { store: &store }.run(&input).await.map_err(|failure| returned(&failure))?;
            tracing::info!(
                key = result.key,
                extra_fields = result.extra_fields,
                type_errors = result.type_errors,
                "curated"
            );
            Ok(result)
        })
    })
    .await
}
