//! What a state does about errors.

use stackgen_resources::typed::{Arg, Int};
use stackgen_template::{Map, Number, Text, Value};

use super::flow::StateRef;
use super::path::JsonPath;
use super::state::{LONGEST, StateBody};
use crate::constructs::json_text::number;
use crate::core::Period;

/// The error that stands for all others.
const ALL: &str = "States.ALL";

/// The errors of Lambda itself, which say nothing of the function.
const LAMBDA_SERVICE_FAULTS: [&str; 4] = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];

fn errors_of<E: Into<Text>>(errors: impl IntoIterator<Item = E>) -> Vec<Text> {
    errors.into_iter().map(Into::into).collect()
}

/// What is wrong with a list of errors beside those that come before it.
fn check(errors: &[Text], list: &'static str, body: &mut StateBody) {
    if errors.is_empty() {
        body.faults.push(format!("an item of `{list}` names no error"));
    }
    if errors.len() > 1 && errors.iter().any(|error| error == ALL) {
        body.faults.push(format!("an item of `{list}` names other errors beside `{ALL}`"));
    }
    let earlier = body.fields.get(list).and_then(Value::as_list).unwrap_or_default();
    let names_all = |item: &Value| {
        item.get("ErrorEquals")
            .and_then(Value::as_list)
            .is_some_and(|errors| errors.iter().any(|error| error.as_str() == Some(ALL)))
    };
    if earlier.iter().any(names_all) {
        body.faults.push(format!("an item of `{list}` comes after the one for `{ALL}`, and would never hold"));
    }
}

/// Tries a state again after certain errors.
///
/// ```
/// use stackgen::prelude::*;
/// use stackgen::constructs::states::Retry;
///
/// let retry = Retry::on(["States.Timeout"]).interval(seconds::<2>()).max_attempts(int::<6>()).backoff(2.0);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Retry {
    errors: Vec<Text>,
    fields: Map,
    backoff: Option<f64>,
}

impl Retry {
    /// After one of these errors.
    pub fn on<E: Into<Text>>(errors: impl IntoIterator<Item = E>) -> Self {
        Self { errors: errors_of(errors), fields: Map::new(), backoff: None }
    }

    /// After any error. To be the last of a state's retries.
    pub fn all() -> Self {
        Self::on([ALL])
    }

    /// After faults of Lambda itself: 6 times, after 2 seconds and then twice as long each time. The function's own errors
    /// are not retried.
    pub fn lambda_service_faults() -> Self {
        use crate::core::seconds;
        use stackgen_resources::typed::int;

        Self::on(LAMBDA_SERVICE_FAULTS).interval(seconds::<2>()).max_attempts(int::<6>()).backoff(2.0)
    }

    /// How long to wait before the first retry, 1 second when not said.
    pub fn interval(mut self, interval: impl Arg<Period<1, LONGEST>>) -> Self {
        self.fields.insert("IntervalSeconds", number(interval.into_value()));
        self
    }

    /// How often to try again, 3 times when not said; 0 is never.
    pub fn max_attempts(mut self, attempts: impl Arg<Int<0, LONGEST>>) -> Self {
        self.fields.insert("MaxAttempts", number(attempts.into_value()));
        self
    }

    /// By how much the wait grows each time, 1 or more; 2 when not said.
    pub fn backoff(mut self, rate: f64) -> Self {
        self.backoff = Some(rate);
        self
    }

    /// How long the wait grows at most, up to a year.
    pub fn max_delay(mut self, delay: impl Arg<Period<1, 31_622_400>>) -> Self {
        self.fields.insert("MaxDelaySeconds", number(delay.into_value()));
        self
    }

    /// Waits for a random part of the time, so that many executions do not retry at once.
    pub fn full_jitter(mut self) -> Self {
        self.fields.insert("JitterStrategy", "FULL");
        self
    }

    pub(super) fn add_to(self, body: &mut StateBody) {
        check(&self.errors, "Retry", body);
        let mut item = Map::with_capacity(6);
        item.push("ErrorEquals", self.errors);
        for (name, value) in self.fields {
            item.push(name, value);
        }
        match self.backoff {
            None => {}
            // A whole number is written without its decimals.
            Some(rate) if rate >= 1.0 && rate.is_finite() => {
                let rate = Number::from_f64(rate).map(|rate| rate.as_i64().map_or(Value::Number(rate), Value::from));
                item.push("BackoffRate", rate.unwrap_or_default());
            }
            Some(rate) => body.faults.push(format!("the backoff of a retry is {rate}, and must be 1 or more")),
        }
        body.push("Retry", item);
    }
}

/// Goes on with another state after certain errors.
#[derive(Debug, Clone)]
#[must_use]
pub struct Catch {
    errors: Vec<Text>,
    next: StateRef,
    result_path: Option<JsonPath>,
}

impl Catch {
    /// After one of these errors.
    pub fn on<E: Into<Text>>(errors: impl IntoIterator<Item = E>, next: &StateRef) -> Self {
        Self { errors: errors_of(errors), next: next.clone(), result_path: None }
    }

    /// After any error. To be the last of a state's catches.
    pub fn all(next: &StateRef) -> Self {
        Self::on([ALL], next)
    }

    /// Puts `Error` and `Cause` at a place in the input. When not said, they replace the input.
    pub fn result_path(mut self, path: JsonPath) -> Self {
        self.result_path = Some(path);
        self
    }

    pub(super) fn add_to(self, body: &mut StateBody) {
        check(&self.errors, "Catch", body);
        let mut item = Map::with_capacity(3);
        item.push("ErrorEquals", self.errors);
        if let Some(path) = self.result_path {
            if !path.is_reference() || path.is_context() {
                body.faults.push(format!("the `ResultPath` of a catch is `{path}`, which cannot be written to"));
            }
            item.push("ResultPath", path);
        }
        item.push("Next", body.go_to(&self.next));
        body.push("Catch", item);
    }
}
