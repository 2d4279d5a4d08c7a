//! From a request to its answer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use stackgen_contract::support::{bucket_objects, empty_bucket};

use crate::budget::Budget;
use crate::empty::{Emptied, empty};
use crate::failure::Failure;
use crate::objects::{deploy, remove};
use crate::properties::{BucketObjects, EmptyBucket};
use crate::request::{Request, RequestType, ResponseUrl};
use crate::response::Response;
use crate::store::Store;

/// Identifier of a resource that could not be made. Deleting it, as CloudFormation then does, is nothing.
const NOT_CREATED: &str = "not-created";

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is answered.
    Done(Response),
    /// Time ran out. Another attempt at the same request goes on where this one ended; held here is what it was at.
    Unfinished(String),
}

/// Does what `request` asks for.
pub async fn handle<S: Store>(request: &Request, store: &S, budget: &Budget) -> Outcome {
    if request.request_type == RequestType::Delete && request.physical_resource_id.as_deref() == Some(NOT_CREATED) {
        return Outcome::Done(Response::success(request, NOT_CREATED));
    }
    let result = match request.resource_type.as_str() {
        bucket_objects::RESOURCE_TYPE => bucket_objects(request, store, budget).await,
        empty_bucket::RESOURCE_TYPE => empty_bucket(request, store, budget).await,
        other => Err(Failure::Failed(format!("the resource type `{other}` is unknown"))),
    };
    match result {
        Ok(response) => Outcome::Done(response),
        Err(Failure::Failed(reason)) => Outcome::Done(failed(request, reason)),
        Err(Failure::Unfinished(step)) => Outcome::Unfinished(step),
    }
}

/// The answer to give: none when the request is to be tried again, which the last attempt cannot be.
pub fn answer(request: &Request, outcome: Outcome, last_attempt: bool) -> Option<Response> {
    match outcome {
        Outcome::Done(response) => Some(response),
        Outcome::Unfinished(step) if last_attempt => {
            let again = if request.request_type == RequestType::Delete { "delete the stack" } else { "deploy" };
            Some(failed(request, format!("time ran out while {step}; {again} again to go on")))
        }
        Outcome::Unfinished(_) => None,
    }
}

/// The answer that `request` failed for `reason`.
pub fn failed(request: &Request, reason: String) -> Response {
    // An update keeps the identifier, or CloudFormation would delete what the resource has made so far. Files that a
    // failed creation has written stay: deleting them could take a duplicate of the event for a failure of the whole.
    Response::failure(request, request.physical_resource_id.as_deref().unwrap_or(NOT_CREATED), reason)
}

/// Whether Lambda will not invoke the function another time for the request that came with `url`.
///
/// CloudFormation invokes it asynchronously, so that Lambda tries a failed invocation twice more, a minute and then two
/// minutes later. How many attempts there were is not told, but the time since CloudFormation signed the URL tells it:
/// an attempt that runs out of time takes all of `timeout`. A URL that does not say when it was signed leaves no other
/// attempt.
pub fn is_last_attempt(url: &ResponseUrl, now: SystemTime, timeout: Duration) -> bool {
    let Some(signed_at) = url.signed_at() else { return true };
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |duration| duration.as_secs());
    let elapsed = Duration::from_secs(now.saturating_sub(signed_at));
    elapsed >= timeout * 5 / 2 + Duration::from_mins(1)
}

async fn bucket_objects<S: Store>(request: &Request, store: &S, budget: &Budget) -> Result<Response, Failure> {
    // Without pruning nothing is ever deleted, whatever the properties are.
    let properties =
        BucketObjects::read(&request.resource_properties).map_err(|error| Failure::Failed(error.to_string()))?;
    // Not the physical identifier: that one names the place, which two stacks may share one after the other.
    let owner = format!("{}/{}", request.stack_id, request.logical_resource_id);
    if request.request_type == RequestType::Delete {
        if properties.prune {
            remove(&properties, &owner, store, budget).await?;
        }
        return Ok(Response::success(request, request.physical_resource_id.as_deref().unwrap_or(NOT_CREATED)));
    }
    let files = deploy(&properties, &owner, &request.request_id, store, budget).await?;
    // Another place is another resource: CloudFormation then has the old one deleted.
    let mut response =
        Response::success(request, format!("bucket-objects:{}/{}", properties.bucket, properties.prefix));
    response.data.insert(bucket_objects::ATTRIBUTE_BUCKET, properties.bucket);
    response.data.insert(bucket_objects::ATTRIBUTE_FILES, files.to_string());
    Ok(response)
}

async fn empty_bucket<S: Store>(request: &Request, store: &S, budget: &Budget) -> Result<Response, Failure> {
    let properties =
        EmptyBucket::read(&request.resource_properties).map_err(|error| Failure::Failed(error.to_string()))?;
    if request.request_type != RequestType::Delete {
        // Another bucket is another resource, and CloudFormation then has the old one emptied, which it is about to
        // delete.
        return Ok(Response::success(request, format!("empty-bucket:{}", properties.bucket)));
    }
    let mut response = Response::success(request, request.physical_resource_id.as_deref().unwrap_or(NOT_CREATED));
    if empty(&properties, store, budget).await? == Emptied::Kept {
        let (key, value) = (empty_bucket::TAG_KEY, empty_bucket::TAG_VALUE);
        response.reason = format!("`{}` was left as it is, since it has no tag `{key}` = `{value}`", properties.bucket);
    }
    Ok(response)
}
