//! The store that is S3 and CloudFront.

use std::fmt::Display;

use aws_config::SdkConfig;
use aws_sdk_cloudfront::types::{InvalidationBatch, Paths};
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use stack_support::{Entry, NewObject, ObjectId, Page, Removal, Store, StoreError, StoreErrorKind};

/// Metadata of an object: the fingerprint of its content and headers.
const FINGERPRINT: &str = "stackgen-fingerprint";
/// Metadata of an object: the resource that owns it.
const OWNER: &str = "stackgen-owner";

/// S3 and CloudFront.
pub(crate) struct Aws {
    s3: aws_sdk_s3::Client,
    cloudfront: aws_sdk_cloudfront::Client,
}

impl Aws {
    pub(crate) fn new(config: &SdkConfig) -> Self {
        Self { s3: aws_sdk_s3::Client::new(config), cloudfront: aws_sdk_cloudfront::Client::new(config) }
    }
}

/// The error of the call that `what` names.
fn failed<E, R>(what: impl Display) -> impl FnOnce(SdkError<E, R>) -> StoreError
where
    SdkError<E, R>: std::error::Error + ProvideErrorMetadata,
{
    move |error| {
        let kind = match error.code() {
            Some("NoSuchBucket") => StoreErrorKind::NoSuchBucket,
            Some("NoSuchKey" | "NotFound") => StoreErrorKind::NoSuchKey,
            _ => StoreErrorKind::Other,
        };
        let reason = match (error.code(), error.message()) {
            (Some(code), Some(message)) => format!("{code}: {message}"),
            (Some(code), None) => code.to_owned(),
            (None, _) => DisplayErrorContext(&error).to_string(),
        };
        StoreError { kind, message: format!("{what}: {reason}") }
    }
}

/// The error that our own parameters are incomplete, which they never are.
fn incomplete(error: impl Display) -> StoreError {
    StoreError { kind: StoreErrorKind::Other, message: error.to_string() }
}

impl Store for Aws {
    async fn get(&self, bucket: &str, key: &str) -> Result<Vec<u8>, StoreError> {
        let what = format!("s3:GetObject `{bucket}/{key}`");
        let object = self.s3.get_object().bucket(bucket).key(key).send().await.map_err(failed(&what))?;
        let body = object.body.collect().await;
        let body =
            body.map_err(|error| StoreError { kind: StoreErrorKind::Other, message: format!("{what}: {error}") })?;
        Ok(body.to_vec())
    }

    async fn metadata(&self, bucket: &str, key: &str) -> Result<Option<Entry>, StoreError> {
        match self.s3.head_object().bucket(bucket).key(key).send().await {
            Ok(object) => {
                let value = |name: &str| object.metadata().and_then(|all| all.get(name)).cloned();
                Ok(Some(Entry { fingerprint: value(FINGERPRINT), owner: value(OWNER) }))
            }
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
            Err(error) => Err(failed(format!("s3:GetObject (its metadata) `{bucket}/{key}`"))(error)),
        }
    }

    async fn put(&self, bucket: &str, object: NewObject) -> Result<(), StoreError> {
        let what = format!("s3:PutObject `{bucket}/{}`", object.key);
        let call = self.s3.put_object().bucket(bucket).key(object.key).content_type(object.content_type);
        let call = call.set_cache_control(object.cache_control).body(ByteStream::from(object.body));
        let metadata = [(FINGERPRINT, object.entry.fingerprint), (OWNER, object.entry.owner)];
        let metadata = metadata.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        call.set_metadata(Some(metadata)).send().await.map_err(failed(what))?;
        Ok(())
    }

    async fn list(&self, bucket: &str, prefix: &str, after: Option<String>) -> Result<Page<String>, StoreError> {
        let call = self.s3.list_objects_v2().bucket(bucket).prefix(prefix).set_start_after(after);
        let answer = call.send().await.map_err(failed(format!("s3:ListBucket `{bucket}`")))?;
        let more = answer.is_truncated().unwrap_or_default();
        let items: Vec<_> = answer.contents.unwrap_or_default().into_iter().filter_map(|object| object.key).collect();
        Ok(Page { next: if more { items.last().cloned() } else { None }, items })
    }

    async fn versions(&self, bucket: &str, after: Option<ObjectId>) -> Result<Page<ObjectId>, StoreError> {
        let mut call = self.s3.list_object_versions().bucket(bucket);
        if let Some(after) = after {
            call = call.key_marker(after.key).set_version_id_marker(after.version);
        }
        let answer = call.send().await.map_err(failed(format!("s3:ListBucketVersions `{bucket}`")))?;
        let versions = answer.versions.unwrap_or_default().into_iter().map(|version| (version.key, version.version_id));
        let markers =
            answer.delete_markers.unwrap_or_default().into_iter().map(|marker| (marker.key, marker.version_id));
        let items =
            versions.chain(markers).filter_map(|(key, version)| Some(ObjectId { key: key?, version })).collect();
        let next = answer.next_key_marker.filter(|_| answer.is_truncated.unwrap_or_default());
        Ok(Page { items, next: next.map(|key| ObjectId { key, version: answer.next_version_id_marker }) })
    }

    async fn delete(&self, bucket: &str, objects: Vec<ObjectId>) -> Result<Removal, StoreError> {
        let what = format!("s3:DeleteObject `{bucket}`");
        let ids =
            objects.into_iter().map(|id| ObjectIdentifier::builder().key(id.key).set_version_id(id.version).build());
        let ids: Vec<_> = ids.collect::<Result<_, _>>().map_err(incomplete)?;
        let batch = Delete::builder().set_objects(Some(ids)).quiet(true).build().map_err(incomplete)?;
        let answer = self.s3.delete_objects().bucket(bucket).delete(batch).send().await.map_err(failed(what))?;
        let errors = answer.errors();
        let first_failure = errors.first().map(|error| {
            let part = |text: Option<&str>| text.unwrap_or("?").to_owned();
            format!("`{}`: {}: {}", part(error.key()), part(error.code()), part(error.message()))
        });
        Ok(Removal { failed: errors.len(), first_failure })
    }

    async fn tag(&self, bucket: &str, key: &str) -> Result<Option<String>, StoreError> {
        match self.s3.get_bucket_tagging().bucket(bucket).send().await {
            Ok(tags) => Ok(tags.tag_set.into_iter().find(|tag| tag.key == key).map(|tag| tag.value)),
            Err(error) if error.code() == Some("NoSuchTagSet") => Ok(None),
            Err(error) => Err(failed(format!("s3:GetBucketTagging `{bucket}`"))(error)),
        }
    }

    async fn invalidate(&self, distribution: &str, paths: Vec<String>, reference: &str) -> Result<(), StoreError> {
        let quantity = i32::try_from(paths.len()).map_err(incomplete)?;
        let paths = Paths::builder().quantity(quantity).set_items(Some(paths)).build().map_err(incomplete)?;
        let batch =
            InvalidationBatch::builder().paths(paths).caller_reference(reference).build().map_err(incomplete)?;
        let call = self.cloudfront.create_invalidation().distribution_id(distribution).invalidation_batch(batch);
        call.send().await.map_err(failed(format!("cloudfront:CreateInvalidation `{distribution}`")))?;
        Ok(())
    }
}
