//! The bucket on S3.

use std::path::Path;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::{ByteStream, Length};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use futures_util::{StreamExt, TryStreamExt, stream};
use handler_runtime::{ServiceError, code, failed};

use crate::pipeline::services::{Body, Objects};
use crate::pipeline::upload::VALID;

/// How long the URL of a result works.
const VALID_RESULT: Duration = Duration::from_mins(10);
/// Files over this size are uploaded in parts.
const PART_BYTES: u64 = 64 << 20;
/// The most parts of an upload.
const MOST_PARTS: u64 = 10_000;
/// Parts that are uploaded at once.
const AT_ONCE: usize = 4;

/// A bucket.
#[derive(Debug)]
pub struct S3 {
    client: Client,
    bucket: String,
}

impl S3 {
    /// The bucket of this name.
    pub fn new(client: Client, bucket: String) -> Self {
        Self { client, bucket }
    }

    fn what(&self, operation: &str, key: &str) -> String {
        format!("s3:{operation} `{}/{key}`", self.bucket)
    }
}

/// The content of an object.
#[derive(Debug)]
pub struct Content {
    stream: ByteStream,
    what: String,
}

impl Body for Content {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, ServiceError> {
        let piece = self.stream.try_next().await;
        let piece = piece.map_err(|error| ServiceError::new(&*self.what, error.to_string()))?;
        Ok(piece.map(|piece| piece.to_vec()))
    }
}

fn presigning(valid: Duration) -> Result<PresigningConfig, ServiceError> {
    PresigningConfig::expires_in(valid).map_err(|error| ServiceError::new("a signed URL", error.to_string()))
}

fn number<T: TryFrom<u64>>(what: &str, value: u64) -> Result<T, ServiceError> {
    value.try_into().map_err(|_| ServiceError::new(what, format!("{value} is too large")))
}

impl Objects for S3 {
    type Body = Content;

    async fn open(&self, key: &str) -> Result<Option<Content>, ServiceError> {
        let what = self.what("GetObject", key);
        match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => Ok(Some(Content { stream: object.body, what })),
            Err(error) if code(&error) == Some("NoSuchKey") => Ok(None),
            Err(error) => Err(failed(what)(error)),
        }
    }

    async fn size(&self, key: &str) -> Result<Option<u64>, ServiceError> {
        match self.client.head_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => Ok(object.content_length().and_then(|bytes| bytes.try_into().ok())),
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
            Err(error) => Err(failed(self.what("GetObject (its size)", key))(error)),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<(String, u64)>, ServiceError> {
        let mut objects = Vec::new();
        let mut token = None;
        loop {
            let call = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).set_continuation_token(token);
            let page = call.send().await.map_err(failed(self.what("ListBucket", prefix)))?;
            let object = |object: &aws_sdk_s3::types::Object| {
                Some((object.key()?.to_owned(), object.size().unwrap_or_default().try_into().ok()?))
            };
            objects.extend(page.contents().iter().filter_map(object));
            token = page.next_continuation_token;
            if token.is_none() {
                return Ok(objects);
            }
        }
    }

    async fn put(&self, key: &str, content: Vec<u8>, content_type: &str) -> Result<String, ServiceError> {
        let call = self.client.put_object().bucket(&self.bucket).key(key).content_type(content_type);
        let answer = call.body(content.into()).send().await.map_err(failed(self.what("PutObject", key)))?;
        Ok(answer.e_tag.unwrap_or_default())
    }

    async fn put_file(&self, key: &str, file: &Path) -> Result<(), ServiceError> {
        let what = self.what("PutObject", key);
        let io = |error: &dyn std::fmt::Display| ServiceError::new(&*what, format!("{}: {error}", file.display()));
        let bytes = file.metadata().map_err(|error| io(&error))?.len();
        if bytes <= PART_BYTES {
            let body = ByteStream::from_path(file).await.map_err(|error| io(&error))?;
            self.client.put_object().bucket(&self.bucket).key(key).body(body).send().await.map_err(failed(&*what))?;
            return Ok(());
        }
        let upload = &*self.begin_parts(key).await?;
        let part_bytes = PART_BYTES.max(bytes.div_ceil(MOST_PARTS));
        let puts = (0..bytes.div_ceil(part_bytes)).map(|place| async move {
            let start = place * part_bytes;
            let length = part_bytes.min(bytes - start);
            let part = number("a part", place + 1)?;
            let body = ByteStream::read_from().path(file).offset(start).length(Length::Exact(length)).build().await;
            let body = body.map_err(|error| ServiceError::new("a part of a file", error.to_string()))?;
            let call = self.client.upload_part().bucket(&self.bucket).key(key).upload_id(upload).part_number(part);
            let answer = call.body(body).send().await.map_err(failed(self.what("PutObject", key)))?;
            Ok::<_, ServiceError>((part.unsigned_abs(), answer.e_tag.unwrap_or_default()))
        });
        let mut parts: Vec<_> = stream::iter(puts).buffer_unordered(AT_ONCE).try_collect().await?;
        parts.sort_unstable();
        if self.complete_parts(key, upload, parts).await? { Ok(()) } else { Err(io(&"the upload is gone")) }
    }

    async fn begin_parts(&self, key: &str) -> Result<String, ServiceError> {
        let what = self.what("PutObject (in parts)", key);
        let answer = self.client.create_multipart_upload().bucket(&self.bucket).key(key).send().await;
        let answer = answer.map_err(failed(&*what))?;
        answer.upload_id.ok_or_else(|| ServiceError::new(what, "the upload has no id"))
    }

    async fn put_part(&self, key: &str, upload: &str, part: u32, content: Vec<u8>) -> Result<String, ServiceError> {
        let call = self.client.upload_part().bucket(&self.bucket).key(key).upload_id(upload);
        let call = call.part_number(number("a part", part.into())?).body(content.into());
        let answer = call.send().await.map_err(failed(self.what("PutObject (a part)", key)))?;
        Ok(answer.e_tag.unwrap_or_default())
    }

    async fn complete_parts(&self, key: &str, upload: &str, parts: Vec<(u32, String)>) -> Result<bool, ServiceError> {
        let part = |(part, etag): (u32, String)| {
            Ok::<_, ServiceError>(
                CompletedPart::builder().part_number(number("a part", part.into())?).e_tag(etag).build(),
            )
        };
        let parts = parts.into_iter().map(part).collect::<Result<_, _>>()?;
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let call = self.client.complete_multipart_upload().bucket(&self.bucket).key(key).upload_id(upload);
        match call.multipart_upload(parts).send().await {
            Ok(_) => Ok(true),
            Err(error) if code(&error) == Some("NoSuchUpload") => Ok(false),
            Err(error) => Err(failed(self.what("PutObject (the whole)", key))(error)),
        }
    }

    async fn sign_get(&self, key: &str, file: &str) -> Result<String, ServiceError> {
        let call = self.client.get_object().bucket(&self.bucket).key(key);
        let call = call.response_content_disposition(format!("attachment; filename=\"{file}\""));
        let signed = call.presigned(presigning(VALID_RESULT)?).await.map_err(failed(self.what("GetObject", key)))?;
        Ok(signed.uri().to_owned())
    }

    async fn sign_put(&self, key: &str, bytes: u64) -> Result<String, ServiceError> {
        let call = self.client.put_object().bucket(&self.bucket).key(key).content_length(number("the size", bytes)?);
        let signed = call.presigned(presigning(VALID)?).await.map_err(failed(self.what("PutObject", key)))?;
        Ok(signed.uri().to_owned())
    }
}
