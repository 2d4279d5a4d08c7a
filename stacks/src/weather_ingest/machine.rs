//! The state machine: what is done for one hour of one location.

use stackgen::constructs::states::{
    Catch, Choice, ChoiceRule, Fail, Flow, JsonPath, Parameters, Pass, Retry, StateRef, Succeed, Task,
};
use stackgen::json_path;
use stackgen::prelude::*;
use weather_ingest::contract::{ErrorClass, states};

/// Where a failure stands.
const FAILURE: JsonPath = JsonPath::new(states::FAILURE_PATH);

/// `CheckInput` → `Retrieve` → `Curate` → `Succeeded`; what fails goes to `Notify` → `Failed`.
pub(super) fn hour(retrieve: &FunctionHandle, curate: &FunctionHandle, failures: &TopicHandle) -> StateMachine {
    let mut flow = Flow::new();
    let succeeded = flow.add(states::SUCCEEDED, Succeed::new());
    let failed =
        flow.add(states::FAILED, Fail::from_paths(json_path!("$.failure.Error"), json_path!("$.failure.Cause")));
    let notify = flow.add(states::NOTIFY, notify(failures, &failed).next(&failed));
    let curate = flow.add(states::CURATE, step(curate, states::CURATE_PATH, &notify).next(&succeeded));
    let retrieve = step(retrieve, states::RETRIEVE_PATH, &notify).parameters(with_execution()).next(&curate);
    let retrieve = flow.add(states::RETRIEVE, retrieve);
    let bad_input = flow.add(states::BAD_INPUT, bad_input().next(&notify));
    let check = flow.add(states::CHECK_INPUT, Choice::when(is_complete(), &retrieve).otherwise(&bad_input));
    StateMachine::new(flow.start_at(&check))
        .comment("Keeps the weather of one hour of one location")
        .timeout(minutes::<15>())
        .log_level(LogLevel::Error)
}

/// Whether the input says what, where and when.
fn is_complete() -> ChoiceRule {
    let fields = [json_path!("$.scheduled_time"), json_path!("$.location_id"), json_path!("$.q")];
    ChoiceRule::all(fields.iter().flat_map(|field| [field.is_present(), field.is_string()]))
}

/// The failure of an input that cannot be worked on. What the input does say may be of any type, so it is left out.
fn bad_input() -> Pass {
    let failure = Parameters::new()
        .value("Error", ErrorClass::BadInput.name())
        .value("Cause", "the input lacks a text `scheduled_time`, `location_id` or `q`");
    let unknown = Parameters::new()
        .value("scheduled_time", states::UNKNOWN)
        .value("location_id", states::UNKNOWN)
        .object("failure", failure);
    Pass::new().result(unknown)
}

/// Calls a function with all that is known, and adds what it gives at `result`.
fn step(function: &FunctionHandle, result: &'static str, notify: &StateRef) -> Task {
    let faults = Retry::on(states::RETRIED_ERRORS).interval(seconds::<2>()).max_attempts(int::<6>()).backoff(2.0);
    Task::invoke(function)
        .result_path(JsonPath::new(result))
        .retry(faults)
        .catch(Catch::all(notify).result_path(FAILURE))
}

/// The members of [`RetrieveEvent`](weather_ingest::contract::RetrieveEvent).
fn with_execution() -> Parameters {
    Parameters::new().path("input", json_path!("$")).path("execution_id", json_path!("$$.Execution.Id"))
}

/// Publishes the failure: the members of [`Notification`](weather_ingest::contract::Notification). An execution whose
/// failure cannot be published fails all the same, with the failure that it had.
fn notify(failures: &TopicHandle, failed: &StateRef) -> Task {
    let message = Parameters::new()
        .path("execution", json_path!("$$.Execution.Id"))
        .path("state_machine", json_path!("$$.StateMachine.Name"))
        .path("started_at", json_path!("$$.Execution.StartTime"))
        .path("location_id", json_path!("$.location_id"))
        .path("hour", json_path!("$.scheduled_time"))
        .path("error", json_path!("$.failure.Error"))
        .path("cause", json_path!("$.failure.Cause"));
    Task::publish(failures, message)
        .parameter("Subject", states::SUBJECT)
        .discard_result()
        .retry(Retry::all().max_attempts(int::<3>()))
        .catch(Catch::all(failed).result_path(json_path!("$.publishing")))
}
