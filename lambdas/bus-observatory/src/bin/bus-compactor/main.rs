//! `bus-compactor`: merges the files of hours.

// Futures of the SDK within each other.
#![recursion_limit = "256"]

use std::time::Duration;

use bus_observatory::aws::{Missing, S3, blocking};
use bus_observatory::compact::{Selection, compact, select};
use bus_observatory::contract::{CompactEvent, CompactReport, CompactorEnv, metric};
use bus_observatory::feeds::TableFormat;
use handler_runtime::{Diagnostic, Error, Invocation, aws_config, diagnostic, load, metrics, start};
use jiff::Timestamp;

/// The time that merging an hour may take: with less left, it is not begun.
const RESERVE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    start(async || {
        let environment = load(CompactorEnv::load)?;
        let config = aws_config().await;
        let lake = S3::new(aws_sdk_s3::Client::new(&config), environment.lake, Missing::NotFound);
        let format = environment.table_format;
        Ok(async move |event: CompactEvent, invocation: &Invocation| match format {
            TableFormat::Hive => run(&lake, event, invocation).await,
            TableFormat::Iceberg => {
                tracing::warn!(
                    system_id = event.system_id,
                    "nothing is committed to Iceberg tables: the hours stay as they are"
                );
                Ok(CompactReport::default())
            }
        })
    })
    .await
}

/// Merges one hour after the other. One that fails is logged, hinders no other, and makes the invocation fail at its end,
/// so that it is tried again.
async fn run(lake: &S3, event: CompactEvent, invocation: &Invocation) -> Result<CompactReport, Diagnostic> {
    let selection = Selection::of(&event).map_err(|error| diagnostic("BadEvent", error))?;
    let id = event.system_id;
    let now = || Timestamp::now().as_microsecond();
    let (storage, of, time) = (lake.clone(), id.clone(), now());
    let hours = blocking(move || select(&storage, &of, selection, time)).await?;
    let hours = hours.map_err(|error| diagnostic("ListFailed", error))?;
    let (mut total, mut failures) = (CompactReport::default(), Vec::new());
    for hour in hours {
        if invocation.remaining() < RESERVE {
            failures.push(format!("no time was left for the hour {hour} and those after it"));
            break;
        }
        let (storage, of, time) = (lake.clone(), id.clone(), now());
        match blocking(move || compact(&storage, &of, hour, time)).await? {
            Ok(report) => {
                tracing::info!(system_id = id, %hour, report.inputs, report.rows, report.unreadable, "merged");
                total.add(&report);
            }
            Err(error) => {
                tracing::error!(system_id = id, %hour, %error, "not merged");
                failures.push(error.to_string());
            }
        }
    }
    metrics::count(metric::NAMESPACE, (metric::DIMENSION, &id), &[(metric::UNREADABLE, total.unreadable)]);
    if failures.is_empty() { Ok(total) } else { Err(diagnostic("NotMerged", failures.join("; "))) }
}
