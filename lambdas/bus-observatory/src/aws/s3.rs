//! S3 as a store.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use bytes::Bytes;
use handler_runtime::{code, failed};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::storage::{Condition, Listed, MAXIMUM_DELETE, Object, Put, Storage, StorageError};

/// Objects that are fetched at the same time.
const FETCHED_AT_ONCE: usize = 16;

/// What S3 says of an object that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// "Not found": who asks may list.
    NotFound,
    /// "Forbidden": who asks may not list, and is not to learn what is there.
    Forbidden,
}

/// A bucket. Its calls block: they belong on a thread for blocking work.
#[derive(Debug, Clone)]
pub struct S3 {
    client: Client,
    bucket: String,
    missing: Missing,
    runtime: Handle,
}

impl S3 {
    /// The bucket, from within the runtime that the client works in.
    pub fn new(client: Client, bucket: impl Into<String>, missing: Missing) -> Self {
        Self { client, bucket: bucket.into(), missing, runtime: Handle::current() }
    }

    async fn list_all(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        let mut pages = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).into_paginator().send();
        let mut listed = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| StorageError::new("list", prefix, failed("s3:ListObjectsV2")(error)))?;
            listed.extend(page.contents.unwrap_or_default().into_iter().map(|object| Listed {
                modified: microseconds(object.last_modified()),
                size: object.size().and_then(|size| size.try_into().ok()).unwrap_or_default(),
                key: object.key.unwrap_or_default(),
            }));
        }
        Ok(listed)
    }

    async fn object(&self, key: &str) -> Result<Option<Object>, StorageError> {
        let answer = self.client.get_object().bucket(&self.bucket).key(key).send().await;
        let is_missing = |code: Option<&str>| {
            code == Some("NoSuchKey") || code == Some("AccessDenied") && self.missing == Missing::Forbidden
        };
        match answer {
            Ok(output) => self.content(key, output).await.map(Some),
            Err(error) if is_missing(code(&error)) => Ok(None),
            Err(error) => Err(StorageError::new("get", key, failed("s3:GetObject")(error))),
        }
    }

    async fn content(&self, key: &str, output: GetObjectOutput) -> Result<Object, StorageError> {
        let modified = microseconds(output.last_modified());
        let tag = output.e_tag.unwrap_or_default();
        // The SDK compares the bytes with the checksum that S3 keeps of them.
        let content = output.body.collect().await.map_err(|error| StorageError::new("get", key, error))?;
        Ok(Object { content: content.into_bytes(), tag, modified })
    }

    async fn contents_of(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, StorageError> {
        let mut found = vec![None; keys.len()];
        let mut waiting = keys.iter().cloned().enumerate();
        let mut calls = JoinSet::new();
        loop {
            while calls.len() < FETCHED_AT_ONCE
                && let Some((index, key)) = waiting.next()
            {
                let bucket = self.clone();
                calls.spawn_on(async move { (index, bucket.object(&key).await) }, &self.runtime);
            }
            let Some(done) = calls.join_next().await else { return Ok(found) };
            let (index, object) = done.map_err(|error| StorageError::new("get", "", error))?;
            found[index] = object?.map(|object| object.content);
        }
    }

    async fn write(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError> {
        let call = self.client.put_object().bucket(&self.bucket).key(key).body(ByteStream::from(content));
        let call = match condition {
            Condition::Always => call,
            Condition::New => call.if_none_match("*"),
            Condition::Matches(tag) => call.if_match(tag),
        };
        match call.send().await {
            Ok(_) => Ok(Put::Done),
            Err(error) => match code(&error) {
                Some("PreconditionFailed" | "ConditionalRequestConflict") => Ok(Put::Conflict),
                // What should have a tag is not there any more.
                Some("NoSuchKey") if matches!(condition, Condition::Matches(_)) => Ok(Put::Conflict),
                _ => Err(StorageError::new("put", key, failed("s3:PutObject")(error))),
            },
        }
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), StorageError> {
        let wrong = |reason: String| StorageError::new("delete", keys.first().map_or("", String::as_str), reason);
        if keys.is_empty() || keys.len() > MAXIMUM_DELETE {
            return Err(wrong(format!("{} keys at once", keys.len())));
        }
        let objects: Result<Vec<_>, _> = keys.iter().map(|key| ObjectIdentifier::builder().key(key).build()).collect();
        let delete = objects.and_then(|objects| Delete::builder().set_objects(Some(objects)).quiet(true).build());
        let delete = delete.map_err(|error| wrong(error.to_string()))?;
        let answer = self.client.delete_objects().bucket(&self.bucket).delete(delete).send().await;
        let answer = answer.map_err(|error| wrong(failed("s3:DeleteObjects")(error).to_string()))?;
        match answer.errors().first() {
            None => Ok(()),
            Some(error) => {
                let key = error.key().unwrap_or_default();
                Err(StorageError::new("delete", key, error.code().unwrap_or("not deleted")))
            }
        }
    }
}

impl Storage for S3 {
    fn list(&self, prefix: &str) -> Result<Vec<Listed>, StorageError> {
        self.runtime.block_on(self.list_all(prefix))
    }

    fn get(&self, key: &str) -> Result<Option<Object>, StorageError> {
        self.runtime.block_on(self.object(key))
    }

    fn contents(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, StorageError> {
        self.runtime.block_on(self.contents_of(keys))
    }

    fn put(&self, key: &str, content: Bytes, condition: &Condition) -> Result<Put, StorageError> {
        self.runtime.block_on(self.write(key, content, condition))
    }

    fn delete(&self, keys: &[String]) -> Result<(), StorageError> {
        self.runtime.block_on(self.delete_all(keys))
    }

    fn url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }
}

/// In microseconds since 1970; then when S3 does not say it, as if it were long ago.
fn microseconds(time: Option<&DateTime>) -> i64 {
    time.and_then(|time| i64::try_from(time.as_nanos() / 1_000).ok()).unwrap_or_default()
}
