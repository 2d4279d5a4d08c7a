//! `Custom::EmptyBucket`: a bucket emptied before it is deleted.

use stackgen_contract::support::empty_bucket::{TAG_KEY, TAG_VALUE};

use crate::budget::Budget;
use crate::failure::Failure;
use crate::properties::EmptyBucket;
use crate::store::{Store, StoreErrorKind};

/// How often the bucket is gone through: whoever still writes to it gives up by then, or must be stopped.
const PASSES: usize = 3;

/// What became of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emptied {
    /// Nothing is in it.
    Empty,
    /// It does not have the tag, and was left as it is.
    Kept,
}

/// Deletes every version and delete marker of the bucket, if its tag says that this is wanted.
pub(crate) async fn empty<S: Store>(properties: &EmptyBucket, store: &S, budget: &Budget) -> Result<Emptied, Failure> {
    let bucket = &properties.bucket;
    match store.tag(bucket, TAG_KEY).await {
        Err(error) if error.kind == StoreErrorKind::NoSuchBucket => return Ok(Emptied::Empty),
        tag => {
            if tag?.as_deref() != Some(TAG_VALUE) {
                return Ok(Emptied::Kept);
            }
        }
    }
    let mut deleted = 0;
    for _ in 0..PASSES {
        if pass(bucket, store, budget, &mut deleted).await? == 0 {
            return Ok(Emptied::Empty);
        }
    }
    Err(Failure::Failed(format!(
        "the bucket `{bucket}` gets new objects while it is emptied; stop what writes to it, and delete the stack again"
    )))
}

/// Goes through the bucket once, and returns how many versions it met.
async fn pass<S: Store>(bucket: &str, store: &S, budget: &Budget, deleted: &mut usize) -> Result<usize, Failure> {
    let mut after = None;
    let mut met = 0;
    loop {
        if budget.is_spent() {
            return Err(Failure::Unfinished(format!("emptying the bucket `{bucket}`, {deleted} versions deleted")));
        }
        let page = match store.versions(bucket, after).await {
            Err(error) if error.kind == StoreErrorKind::NoSuchBucket => return Ok(0),
            page => page?,
        };
        met += page.items.len();
        if !page.items.is_empty() {
            let count = page.items.len();
            let removal = store.delete(bucket, page.items).await?;
            if let Some(reason) = removal.first_failure {
                let failed = removal.failed;
                return Err(Failure::Failed(format!(
                    "versions that could not be deleted: {failed}, the first: {reason}"
                )));
            }
            *deleted += count;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(met),
        }
    }
}
