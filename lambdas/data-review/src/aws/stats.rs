//! The table `AggregationStats` in DynamoDB.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use handler_runtime::{Clock, ServiceError, SystemClock, failed};

use super::attributes::{Attributes, attributes, number_of, text, text_of};
use crate::contract::tables::stats;
use crate::pipeline::{Detail, Item, Mark, Stats};

/// Keys of one request that reads.
const READ_BATCH: usize = 100;
/// Items of one request that writes.
const WRITE_BATCH: usize = 25;
/// Requests that write at once.
const PARALLEL: usize = 4;
/// How often what a request left undone is asked for again.
const ATTEMPTS: u32 = 8;
/// The longest wait between two such requests, in milliseconds, is this times two to the number of the attempt.
const FIRST_WAIT: f64 = 50.0;

/// When a summary may be replaced: see [`Mark::yields_to`].
const YIELDS: &str = "attribute_not_exists(filename) OR last_modified < :modified OR (last_modified = :modified AND \
                      (object_version <> :version OR analysis_version <> :analysis))";

/// The table.
#[derive(Debug, Clone)]
pub struct StatsTable {
    /// The client.
    pub client: Client,
    /// Its name.
    pub name: String,
}

impl StatsTable {
    fn what(&self, operation: &str) -> String {
        format!("dynamodb:{operation} `{}`", self.name)
    }

    fn key(filename: &str, item: &str) -> Attributes {
        [(stats::FILENAME.to_owned(), text(filename)), (stats::ITEM.to_owned(), text(item))].into()
    }

    async fn write(&self, requests: Vec<WriteRequest>) -> Result<(), ServiceError> {
        let batches: Vec<Vec<WriteRequest>> = requests.chunks(WRITE_BATCH).map(<[_]>::to_vec).collect();
        stream::iter(batches.into_iter().map(Ok))
            .try_for_each_concurrent(PARALLEL, |batch| self.write_batch(batch))
            .await
    }

    async fn write_batch(&self, batch: Vec<WriteRequest>) -> Result<(), ServiceError> {
        let mut rest: HashMap<String, Vec<WriteRequest>> = [(self.name.clone(), batch)].into();
        for attempt in 0..ATTEMPTS {
            let call = self.client.batch_write_item().set_request_items(Some(rest));
            let answer = call.send().await.map_err(failed(self.what("BatchWriteItem")))?;
            rest = answer.unprocessed_items.unwrap_or_default();
            if rest.values().all(Vec::is_empty) {
                return Ok(());
            }
            wait(attempt).await;
        }
        Err(self.unfinished("BatchWriteItem"))
    }

    async fn read_batch(&self, filenames: &[String]) -> Result<Vec<Attributes>, ServiceError> {
        let invalid = |error: BuildError| ServiceError::new(self.what("BatchGetItem"), error.to_string());
        let keys = filenames.iter().map(|filename| Self::key(filename, stats::SUMMARY)).collect();
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .projection_expression("filename, object_version, etag, last_modified, analysis_version")
            .build()
            .map_err(invalid)?;
        let mut rest: HashMap<String, KeysAndAttributes> = [(self.name.clone(), wanted)].into();
        let mut found = Vec::new();
        for attempt in 0..ATTEMPTS {
            let call = self.client.batch_get_item().set_request_items(Some(rest));
            let answer = call.send().await.map_err(failed(self.what("BatchGetItem")))?;
            found.extend(answer.responses.unwrap_or_default().into_values().flatten());
            rest = answer.unprocessed_keys.unwrap_or_default();
            if rest.values().all(|keys| keys.keys.is_empty()) {
                return Ok(found);
            }
            wait(attempt).await;
        }
        Err(self.unfinished("BatchGetItem"))
    }

    fn unfinished(&self, operation: &str) -> ServiceError {
        ServiceError::new(self.what(operation), format!("items are left after {ATTEMPTS} attempts"))
    }
}

/// Waits by chance, longer with each attempt, so that functions do not come back in step.
async fn wait(attempt: u32) {
    let most = FIRST_WAIT * f64::from(1_u32 << attempt.min(10));
    SystemClock.wait(std::time::Duration::from_secs_f64(most * SystemClock.chance() / 1_000.0)).await;
}

fn mark_of(attributes: &Attributes) -> Option<Mark> {
    Some(Mark {
        object_version: text_of(attributes, "object_version")?,
        etag: text_of(attributes, "etag")?,
        last_modified: text_of(attributes, "last_modified")?,
        analysis_version: number_of(attributes, "analysis_version")?,
    })
}

impl Stats for StatsTable {
    async fn marks(&self, filenames: &[String]) -> Result<HashMap<String, Mark>, ServiceError> {
        let batches = stream::iter(filenames.chunks(READ_BATCH).map(|batch| self.read_batch(batch)));
        let found: Vec<Vec<Attributes>> = batches.buffer_unordered(PARALLEL).try_collect().await?;
        let marks = found.iter().flatten();
        Ok(marks.filter_map(|found| Some((text_of(found, stats::FILENAME)?, mark_of(found)?))).collect())
    }

    async fn mark(&self, filename: &str) -> Result<Option<Mark>, ServiceError> {
        let key = Self::key(filename, stats::SUMMARY);
        let call = self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(true);
        let call = call.projection_expression("object_version, etag, last_modified, analysis_version");
        let answer = call.send().await.map_err(failed(self.what("GetItem")))?;
        Ok(answer.item.as_ref().and_then(mark_of))
    }

    async fn details(&self, filename: &str) -> Result<Vec<Detail>, ServiceError> {
        let call = self.client.query().table_name(&self.name).consistent_read(true);
        let call = call
            .key_condition_expression("filename = :filename")
            .expression_attribute_values(":filename", text(filename));
        let call = call.projection_expression("#item, last_modified").expression_attribute_names("#item", stats::ITEM);
        let mut pages = call.into_paginator().send();
        let mut details = Vec::new();
        while let Some(page) = pages.next().await {
            let items = page.map_err(failed(self.what("Query")))?.items.unwrap_or_default();
            details.extend(items.iter().filter_map(|found| {
                let item = text_of(found, stats::ITEM).filter(|item| item != stats::SUMMARY)?;
                Some(Detail { item, last_modified: text_of(found, "last_modified").unwrap_or_default() })
            }));
        }
        Ok(details)
    }

    async fn put_details(&self, items: Vec<Item>) -> Result<(), ServiceError> {
        let request = |item| {
            let put = PutRequest::builder().set_item(Some(attributes(item))).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        };
        let requests: Result<Vec<_>, BuildError> = items.into_iter().map(request).collect();
        let requests = requests.map_err(|error| ServiceError::new(self.what("BatchWriteItem"), error.to_string()))?;
        self.write(requests).await
    }

    async fn delete_details(&self, filename: &str, items: Vec<String>) -> Result<(), ServiceError> {
        let request = |item: String| {
            let delete = DeleteRequest::builder().set_key(Some(Self::key(filename, &item))).build()?;
            Ok(WriteRequest::builder().delete_request(delete).build())
        };
        let requests: Result<Vec<_>, BuildError> = items.into_iter().map(request).collect();
        let requests = requests.map_err(|error| ServiceError::new(self.what("BatchWriteItem"), error.to_string()))?;
        self.write(requests).await
    }

    async fn put_summary(&self, item: Item, force: bool) -> Result<bool, ServiceError> {
        let item = attributes(item);
        let mut call = self.client.put_item().table_name(&self.name);
        if !force {
            call = call.condition_expression(YIELDS);
            for (name, attribute) in
                [(":modified", "last_modified"), (":version", "object_version"), (":analysis", "analysis_version")]
            {
                if let Some(value) = item.get(attribute) {
                    call = call.expression_attribute_values(name, value.clone());
                }
            }
        }
        match call.set_item(Some(item)).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(false)
            }
            Err(error) => Err(failed(self.what("PutItem"))(error)),
        }
    }
}
