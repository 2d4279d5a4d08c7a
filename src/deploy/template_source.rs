//! How a template reaches CloudFormation: in the request, or by the bucket for assets when it is too large for that.

use super::bucket::AssetBucket;
use super::{Aws, DeployError};

/// The size up to which a template may stand in a request, in bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
const BODY_LIMIT: usize = 51_200;

/// A template on its way to CloudFormation.
#[derive(Debug)]
pub(super) enum TemplateSource {
    /// In the request.
    Body(String),
    /// In the bucket for assets.
    Url { url: String, text: String },
}

impl TemplateSource {
    /// Whether a template is too large for a request.
    pub(super) fn needs_bucket(text: &str) -> bool {
        text.len() > BODY_LIMIT
    }

    /// Uploads the template when it is too large for a request.
    pub(super) async fn of(aws: &Aws, text: &str) -> Result<Self, DeployError> {
        if !Self::needs_bucket(text) {
            return Ok(Self::Body(text.to_owned()));
        }
        let bucket = AssetBucket::ensure(aws).await?;
        let mut digest = crate::assets::Digest::new("template");
        digest.entry("text", text.as_bytes());
        let key = format!("{}.template.json", digest.finish());
        if !bucket.has(&key).await? {
            bucket.upload_text(&key, text).await?;
        }
        Ok(Self::Url { url: bucket.url(&key), text: text.to_owned() })
    }

    /// The template.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Body(text) | Self::Url { text, .. } => text,
        }
    }
}
