//! Both buckets.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use handler_runtime::{code, failed};

use crate::services::{CurateStore, RawMetadata, RawObject, RawStore, ServiceError};

/// The bucket of raw bodies, as the first step uses it.
#[derive(Debug, Clone)]
pub struct RawBucket {
    client: Client,
    name: String,
}

impl RawBucket {
    /// The bucket called `name`.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }
}

impl RawStore for RawBucket {
    async fn head(&self, key: &str) -> Result<Option<RawObject>, ServiceError> {
        let what = || format!("s3:GetObject (its metadata) `{}/{key}`", self.name);
        match self.client.head_object().bucket(&self.name).key(key).send().await {
            Ok(object) => {
                let entries = object.metadata().cloned().unwrap_or_default();
                let metadata = RawMetadata::from_entries(|name| entries.get(name).map(String::as_str));
                Ok(Some(RawObject { version_id: version(object.version_id, what)?, metadata }))
            }
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
            Err(error) => Err(failed(what())(error)),
        }
    }

    async fn put(&self, key: &str, body: Vec<u8>, metadata: &RawMetadata) -> Result<String, ServiceError> {
        let what = || format!("s3:PutObject `{}/{key}`", self.name);
        let mut call = self.client.put_object().bucket(&self.name).key(key).content_type(JSON).body(body.into());
        for (name, value) in metadata.entries() {
            call = call.metadata(name, value);
        }
        version(call.send().await.map_err(failed(what()))?.version_id, what)
    }

    async fn put_error(&self, key: &str, body: Vec<u8>) -> Result<(), ServiceError> {
        // What came is often no JSON, and is never shown by anything that goes by its type.
        let call = self.client.put_object().bucket(&self.name).key(key).content_type(BYTES).body(body.into());
        call.send().await.map_err(failed(format!("s3:PutObject `{}/{key}`", self.name)))?;
        Ok(())
    }
}

/// Both buckets, as the second step uses them.
#[derive(Debug, Clone)]
pub struct CurateBuckets {
    client: Client,
    raw: String,
    curated: String,
}

impl CurateBuckets {
    /// The buckets called `raw` and `curated`.
    pub fn new(client: Client, raw: String, curated: String) -> Self {
        Self { client, raw, curated }
    }
}

impl CurateStore for CurateBuckets {
    async fn raw(&self, key: &str, version_id: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        let what = format!("s3:GetObjectVersion `{}/{key}`", self.raw);
        match self.client.get_object().bucket(&self.raw).key(key).version_id(version_id).send().await {
            Ok(object) => match object.body.collect().await {
                Ok(body) => Ok(Some(body.to_vec())),
                Err(error) => Err(ServiceError::new(what, error.to_string())),
            },
            // A version that is none, and a marker that the object was deleted.
            Err(error)
                if matches!(
                    code(&error),
                    Some("NoSuchKey" | "NoSuchVersion" | "InvalidArgument" | "MethodNotAllowed")
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(failed(what)(error)),
        }
    }

    async fn put_curated(&self, key: &str, file: Vec<u8>) -> Result<(), ServiceError> {
        let call = self.client.put_object().bucket(&self.curated).key(key).content_type(PARQUET).body(file.into());
        call.send().await.map_err(failed(format!("s3:PutObject `{}/{key}`", self.curated)))?;
        Ok(())
    }
}

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";
const PARQUET: &str = "application/vnd.apache.parquet";

/// The version that the bucket gave. Without one, curation could not name what it reads.
fn version(id: Option<String>, what: impl FnOnce() -> String) -> Result<String, ServiceError> {
    id.ok_or_else(|| ServiceError::new(what(), "the bucket keeps no versions"))
}
