//! The start of a function, and its events.

use std::fmt::Display;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use stackgen_contract::EnvironmentError;
use tracing::Instrument;

/// What is known of the invocation of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The id of the request, which a retry of an asynchronous invocation shares.
    pub request_id: String,
    /// When the function is stopped.
    pub deadline: SystemTime,
    /// The function that was invoked.
    pub function_arn: String,
}

impl Invocation {
    /// How long the function may still take.
    pub fn remaining(&self) -> Duration {
        self.deadline.duration_since(SystemTime::now()).unwrap_or_default()
    }
}

/// Makes the handler once, then gives it one event after the other, for as long as Lambda has some.
///
/// An error of `make`, such as a missing variable, is logged and ends the program: Lambda reports that the function did
/// not start. An error of the handler is logged and reported for that event; [`diagnostic`] makes one.
pub async fn start<E, A, H>(make: impl AsyncFnOnce() -> Result<H, Error>) -> Result<(), Error>
where
    E: DeserializeOwned,
    A: Serialize,
    H: AsyncFn(E, &Invocation) -> Result<A, Diagnostic>,
{
    crate::logs::begin();
    // In boxes, since the compiler refuses futures within futures beyond a depth, which the SDK's calls come close to.
    let handler = match Box::pin(make()).await {
        Ok(handler) => Rc::new(handler),
        Err(error) => {
            tracing::error!(error = %chain(&*error), "the function cannot start");
            return Err(error);
        }
    };
    let serve = |event: LambdaEvent<E>| {
        let handler = Rc::clone(&handler);
        let LambdaEvent { payload, context } = event;
        let invocation = Invocation {
            deadline: UNIX_EPOCH + Duration::from_millis(context.deadline),
            function_arn: context.invoked_function_arn,
            request_id: context.request_id,
        };
        let span = tracing::info_span!("invocation", request_id = invocation.request_id);
        async move {
            let answer = Box::pin(handler(payload, &invocation)).await;
            if let Err(Diagnostic { error_type, error_message }) = &answer {
                tracing::error!(error_type, error = error_message, "failed");
            }
            answer
        }
        .instrument(span)
    };
    lambda_runtime::run(service_fn(serve)).await
}

/// Loads the environment of a function: `load(HandlerEnv::load)`.
///
/// # Errors
/// All variables that are missing or wrong, in one error.
pub fn load<E>(load: impl FnOnce() -> Result<E, EnvironmentError>) -> Result<E, Error> {
    load().map_err(Error::from)
}

/// The failure of an invocation: its kind, a name without spaces, and the reason in words.
pub fn diagnostic(kind: &str, reason: impl Display) -> Diagnostic {
    Diagnostic { error_type: kind.to_owned(), error_message: reason.to_string() }
}

/// An error with its causes, in one text.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        // Some errors tell their causes themselves.
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        cause = error.source();
    }
    text
}
