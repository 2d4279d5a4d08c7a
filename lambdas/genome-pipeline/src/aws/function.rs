//! What the functions' programs share.

use std::time::Duration;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::sqs::SqsBatchResponse;
use handler_runtime::api::{self, Request};
use handler_runtime::batch::{self, Messages};
use handler_runtime::{Invocation, ServiceError};

use crate::pipeline::Failure;
use crate::pipeline::answer::{Answer, Refusal};
use crate::pipeline::deliver::Delivery;

/// Answers a request. What fails is logged, and the caller is told no more than that.
pub async fn respond(
    event: ApiGatewayV2httpRequest,
    handle: impl AsyncFnOnce(Request) -> Result<Answer, ServiceError>,
) -> ApiGatewayV2httpResponse {
    let Answer { status, headers, body } = match Request::of(event) {
        Err(_) => Refusal::bad("bad_body", "the body cannot be decoded", None).into(),
        Ok(request) => handle(request).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the request failed");
            Answer::fault()
        }),
    };
    api::answer(status, headers.iter().map(|(name, value)| (*name, value.as_str())), body)
}

/// Gives messages to `handle`, one after the other.
pub async fn deliver(
    messages: Messages,
    invocation: &Invocation,
    handle: impl AsyncFn(&Delivery) -> Result<(), Failure>,
) -> SqsBatchResponse {
    batch::each(messages, invocation, Duration::ZERO, async |message| {
        handle(&Delivery { body: message.body.clone(), receive_count: message.receive_count }).await
    })
    .await
}

/// A new id of a job: a random UUID, which nobody guesses.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_id() -> Result<String, ServiceError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ServiceError::new("a new id", error.to_string()))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d, e] = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(format!("{a}-{b}-{c}-{d}-{e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::api::is_job_id;

    #[test]
    fn ids_are_random_uuids() {
        let [one, other] = [new_id(), new_id()].map(|id| id.expect("random bytes"));
        assert!(is_job_id(&one) && is_job_id(&other) && one != other);
        assert_eq!(&one[14..15], "4");
        assert!("89ab".contains(&one[19..20]));
    }
}
