//! The bucket for assets: made by the first deployment to an account and region, private, encrypted, TLS only.

use std::path::Path;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketLocationConstraint, BucketVersioningStatus,
    CreateBucketConfiguration, ExpirationStatus, LifecycleRule, LifecycleRuleFilter, NoncurrentVersionExpiration,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};

use crate::assets::AssetLocation;

use super::{Aws, DeployError};

/// The region whose buckets are made without naming it.
const DEFAULT_REGION: &str = "us-east-1";

/// Days until a version that was overwritten is deleted.
const OLD_VERSION_DAYS: i32 = 30;

/// Days until the parts of an upload that was given up are deleted.
const UPLOAD_DAYS: i32 = 1;

/// The bucket for the assets of an account and region.
#[derive(Debug)]
pub struct AssetBucket<'a> {
    aws: &'a Aws,
    name: String,
    /// Whose it must be. A bucket of that name in another account is not written to.
    account: String,
}

impl<'a> AssetBucket<'a> {
    /// The bucket, which is made or set up first where it is not.
    pub async fn ensure(aws: &'a Aws) -> Result<Self, DeployError> {
        let account = aws.account().await?.to_owned();
        let name = AssetLocation::BUCKET.replace("${AWS::AccountId}", &account).replace("${AWS::Region}", aws.region());
        let bucket = Self { aws, name, account };
        if !bucket.exists().await? {
            bucket.create().await?;
            bucket.set_up().await?;
        } else if !bucket.has_policy().await? {
            // The policy comes last: without it an earlier run was cut short.
            bucket.set_up().await?;
        }
        Ok(bucket)
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL of an object, for CloudFormation.
    pub(super) fn url(&self, key: &str) -> String {
        match self.aws.endpoint() {
            Some(endpoint) => format!("{}/{}/{key}", endpoint.trim_end_matches('/'), self.name),
            None => {
                let domain = if self.aws.region().starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
                format!("https://{}.s3.{}.{domain}/{key}", self.name, self.aws.region())
            }
        }
    }

    /// Whether the object `key` is there.
    pub async fn has(&self, key: &str) -> Result<bool, DeployError> {
        let head = self.aws.s3.head_object().bucket(&self.name).key(key).expected_bucket_owner(&self.account);
        match head.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => {
                let status = error.raw_response().map(|response| response.status().as_u16());
                let reason = error.code().is_some();
                let failed = DeployError::service(format_args!("look for `{key}` in `{}`", self.name), error);
                // The answer to such a request has no body that could say why.
                Err(match status {
                    Some(status) if !reason => failed
                        .cause(format!("S3 answers {status} and says no reason"))
                        .hint("the credentials may have expired, or lack a permission on the bucket"),
                    _ => failed,
                })
            }
        }
    }

    /// Uploads the file at `path` as `key`.
    pub async fn upload(&self, key: &str, path: &Path) -> Result<(), DeployError> {
        let body = ByteStream::from_path(path).await;
        let body =
            body.map_err(|error| DeployError::local(format!("cannot read `{}`", path.display())).cause(error))?;
        self.put(key, body, "application/octet-stream").await
    }

    /// Uploads a text as `key`.
    pub(super) async fn upload_text(&self, key: &str, text: &str) -> Result<(), DeployError> {
        self.put(key, ByteStream::from(text.as_bytes().to_vec()), "application/json").await
    }

    async fn put(&self, key: &str, body: ByteStream, content_type: &str) -> Result<(), DeployError> {
        let put = self.aws.s3.put_object().bucket(&self.name).key(key).body(body).content_type(content_type);
        let put = put.expected_bucket_owner(&self.account).send().await;
        put.map(drop).map_err(|error| DeployError::service(format_args!("upload `{key}` to `{}`", self.name), error))
    }

    async fn exists(&self) -> Result<bool, DeployError> {
        // Not by its head: without a body, a refusal has no reason.
        let list = self.aws.s3.list_objects_v2().bucket(&self.name).max_keys(1).expected_bucket_owner(&self.account);
        match list.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => {
                let is_denied = error.code() == Some("AccessDenied");
                let failed = DeployError::service(format_args!("look at the bucket `{}`", self.name), error);
                Err(if is_denied {
                    failed.hint(
                        "the credentials lack a permission on the bucket, or it is of another account: names are \
                         unique in the world",
                    )
                } else {
                    failed
                })
            }
        }
    }

    async fn create(&self) -> Result<(), DeployError> {
        let mut create = self.aws.s3.create_bucket().bucket(&self.name);
        if self.aws.region() != DEFAULT_REGION {
            let place = BucketLocationConstraint::from(self.aws.region());
            let place = CreateBucketConfiguration::builder().location_constraint(place).build();
            create = create.create_bucket_configuration(place);
        }
        match create.send().await {
            Ok(_) => Ok(()),
            // Another deployment made it meanwhile.
            Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => Ok(()),
            Err(error) => Err(DeployError::service(format_args!("create the bucket `{}`", self.name), error)),
        }
    }

    async fn has_policy(&self) -> Result<bool, DeployError> {
        match self.aws.s3.get_bucket_policy().bucket(&self.name).expected_bucket_owner(&self.account).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("NoSuchBucketPolicy") => Ok(false),
            Err(error) => Err(DeployError::service(format_args!("read the policy of `{}`", self.name), error)),
        }
    }

    /// Makes the bucket what it shall be. May be repeated.
    async fn set_up(&self) -> Result<(), DeployError> {
        let (s3, name, owner) = (&self.aws.s3, &self.name, &self.account);
        let failed = |what: &str| format!("set {what} of the bucket `{name}`");
        let block = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true)
            .build();
        let request = s3.put_public_access_block().bucket(name).expected_bucket_owner(owner);
        let done = request.public_access_block_configuration(block).send().await;
        done.map_err(|error| DeployError::service(failed("the block of public access"), error))?;

        let request = s3.put_bucket_encryption().bucket(name).expected_bucket_owner(owner);
        let done = request.server_side_encryption_configuration(encryption()?).send().await;
        done.map_err(|error| DeployError::service(failed("the encryption"), error))?;

        let versioning = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        let request = s3.put_bucket_versioning().bucket(name).expected_bucket_owner(owner);
        let done = request.versioning_configuration(versioning).send().await;
        done.map_err(|error| DeployError::service(failed("the versioning"), error))?;

        let request = s3.put_bucket_lifecycle_configuration().bucket(name).expected_bucket_owner(owner);
        let done = request.lifecycle_configuration(lifecycle()?).send().await;
        done.map_err(|error| DeployError::service(failed("the lifecycle"), error))?;

        let request = s3.put_bucket_policy().bucket(name).expected_bucket_owner(owner);
        let done = request.policy(tls_only(name, self.aws.region())).send().await;
        done.map(drop).map_err(|error| DeployError::service(failed("the policy"), error))
    }
}

fn encryption() -> Result<ServerSideEncryptionConfiguration, DeployError> {
    let by_default = ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256).build();
    let by_default = by_default.map_err(incomplete)?;
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by_default).build();
    ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(incomplete)
}

fn lifecycle() -> Result<BucketLifecycleConfiguration, DeployError> {
    let rule = LifecycleRule::builder()
        .id("old-versions")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("").build())
        .noncurrent_version_expiration(NoncurrentVersionExpiration::builder().noncurrent_days(OLD_VERSION_DAYS).build())
        .abort_incomplete_multipart_upload(
            AbortIncompleteMultipartUpload::builder().days_after_initiation(UPLOAD_DAYS).build(),
        )
        .build()
        .map_err(incomplete)?;
    BucketLifecycleConfiguration::builder().rules(rule).build().map_err(incomplete)
}

/// A policy that refuses whoever does not use TLS.
fn tls_only(bucket: &str, region: &str) -> String {
    let partition = match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let bucket = format!("arn:{partition}:s3:::{bucket}");
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["{bucket}","{bucket}/*"],"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}]}}"#
    )
}

fn incomplete(error: aws_sdk_s3::error::BuildError) -> DeployError {
    DeployError::local("a request to S3 is incomplete").cause(error)
}

/// Whether what was asked for is not there: such requests have no body in the answer, only a status.
fn is_absent<E: ProvideErrorMetadata>(
    error: &aws_sdk_s3::error::SdkError<E, aws_sdk_s3::config::http::HttpResponse>,
) -> bool {
    let status = error.raw_response().map(|response| response.status().as_u16());
    status == Some(404) || matches!(error.code(), Some("NotFound" | "NoSuchBucket" | "NoSuchKey"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_json_that_denies_what_is_not_tls() {
        let policy = tls_only("assets", "cn-north-1");
        let Ok(document) = stackgen_template::read_json(&policy) else { panic!("{policy} is no JSON") };
        let statement = document.value.get("Statement").and_then(|list| list.as_list()).map(|list| &list[0]);
        let effect = statement.and_then(|statement| statement.get("Effect")).and_then(|effect| effect.as_str());
        assert_eq!(effect, Some("Deny"));
        assert!(policy.contains("arn:aws-cn:s3:::assets/*"));
    }
}
