//! The bucket of snapshots, sources and rejected rows.

use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;
use handler_runtime::failed;

use crate::services::ServiceError;

/// The bucket.
#[derive(Debug, Clone)]
pub struct Objects {
    client: Client,
    bucket: String,
}

impl Objects {
    /// The bucket called `bucket`.
    pub fn new(client: Client, bucket: String) -> Self {
        Self { client, bucket }
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        let what = format!("s3:GetObject `{}/{key}`", self.bucket);
        match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => match object.body.collect().await {
                Ok(body) => Ok(Some(body.to_vec())),
                Err(error) => Err(ServiceError::new(what, error.to_string())),
            },
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => Ok(None),
            Err(error) => Err(failed(what)(error)),
        }
    }

    pub(super) async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), ServiceError> {
        let kind = match Path::new(key).extension().and_then(|extension| extension.to_str()) {
            Some("json") => "application/json",
            _ => "text/csv; charset=utf-8",
        };
        let call = self.client.put_object().bucket(&self.bucket).key(key).content_type(kind).body(content.into());
        call.send().await.map_err(failed(format!("s3:PutObject `{}/{key}`", self.bucket)))?;
        Ok(())
    }
}
