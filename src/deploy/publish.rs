//! Uploads what stacks ship: each file once, by the hash in its key.

use std::collections::BTreeSet;
use std::path::PathBuf;

use futures_util::{StreamExt, TryStreamExt, stream};

use super::bucket::AssetBucket;
use super::{Aws, DeployError};

/// How many requests are under way at once.
const SIDE_BY_SIDE: usize = 8;

/// A file to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The key in the bucket for assets.
    pub key: String,
    /// The file.
    pub path: PathBuf,
}

/// Which of `keys` the bucket for assets of `aws` lacks. The bucket is made when there is none.
pub async fn missing(aws: &Aws, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, DeployError> {
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let bucket = AssetBucket::ensure(aws).await?;
    let look = |key: String| {
        let bucket = &bucket;
        async move { Ok::<_, DeployError>((!bucket.has(&key).await?).then_some(key)) }
    };
    let found = stream::iter(keys.iter().cloned().map(look)).buffer_unordered(SIDE_BY_SIDE);
    found.try_filter_map(|key| async move { Ok(key) }).try_collect().await
}

/// Uploads files, several at once. `told` hears of each that is uploaded.
pub async fn upload(aws: &Aws, files: &[Upload], told: &dyn Fn(&Upload)) -> Result<(), DeployError> {
    if files.is_empty() {
        return Ok(());
    }
    let bucket = AssetBucket::ensure(aws).await?;
    let send = |file: Upload| {
        let bucket = &bucket;
        async move {
            bucket.upload(&file.key, &file.path).await?;
            told(&file);
            Ok(())
        }
    };
    stream::iter(files.iter().cloned().map(send)).buffer_unordered(SIDE_BY_SIDE).try_collect::<()>().await
}
