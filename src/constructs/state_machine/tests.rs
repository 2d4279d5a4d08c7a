#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use stackgen_resources::typed::int;
use stackgen_template::{Expression, Parameter, ParameterType, read_json, to_json};

use super::states::*;
use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Alarm, Function, MetricMath, MissingData, Queue, Runtime, Topic};
use crate::core::{App, hours, minutes, seconds};
use crate::json_path;

fn handler() -> Function {
    Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}")
}

/// The state machine of weather-ingest, as its specification has it.
fn weather(stack: &mut Scope<'_>) -> StateMachineHandle {
    let retrieve = stack.add("Retrieve", handler().timeout(minutes::<3>()));
    let curate = stack.add("Curate", handler().timeout(minutes::<1>()));
    let topic = stack.add("Failures", Topic::new());

    let mut flow = Flow::new();
    let failed = flow.add("Failed", Fail::from_paths(json_path!("$.failure.Error"), json_path!("$.failure.Cause")));
    let message = Parameters::new()
        .path("execution", json_path!("$$.Execution.Id"))
        .path("state_machine", json_path!("$$.StateMachine.Name"))
        .path("start_time", json_path!("$$.Execution.StartTime"))
        .path("location_id", json_path!("$.location_id"))
        .path("hour", json_path!("$.scheduled_time"))
        .path("error", json_path!("$.failure.Error"))
        .path("cause", json_path!("$.failure.Cause"));
    let notify = flow.add(
        "Notify",
        Task::publish(&topic, message)
            .parameter("Subject", "weather-ingest failed")
            .discard_result()
            .retry(Retry::all().interval(seconds::<2>()).max_attempts(int::<3>()).backoff(2.0))
            .catch(Catch::all(&failed).result_path(json_path!("$.notification")))
            .next(&failed),
    );
    let failure =
        Parameters::new().value("Error", "BadInput").value("Cause", "scheduled_time, location_id and q are strings");
    let unknown =
        Parameters::new().value("location_id", "unknown").value("scheduled_time", "unknown").object("failure", failure);
    let bad_input = flow.add("BadInput", Pass::new().parameters(unknown).next(&notify));
    let succeeded = flow.add("Succeeded", Succeed::new());
    let caught = || Catch::all(&notify).result_path(json_path!("$.failure"));
    let curating = flow.add(
        "Curate",
        Task::invoke(&curate)
            .result_path(json_path!("$.curate"))
            .retry(Retry::lambda_service_faults())
            .catch(caught())
            .next(&succeeded),
    );
    let retrieving = flow.add(
        "Retrieve",
        Task::invoke(&retrieve)
            .result_path(json_path!("$.retrieve"))
            .retry(Retry::lambda_service_faults())
            .catch(caught())
            .next(&curating),
    );
    let given = [json_path!("$.scheduled_time"), json_path!("$.location_id"), json_path!("$.q")]
        .map(|path| path.is_present().and(path.is_string()));
    let check = flow.add("CheckInput", Choice::when(ChoiceRule::all(given), &retrieving).otherwise(&bad_input));
    stack.add("Machine", StateMachine::new(flow.start_at(&check)).timeout(seconds::<900>()))
}

#[test]
fn the_state_machine_of_weather_ingest() {
    insta::assert_snapshot!(template_of(|stack| {
        let machine = weather(stack);
        let lost = MetricMath::new("timed_out + aborted")
            .metric("timed_out", machine.timed_out())
            .metric("aborted", machine.aborted());
        stack.add("Lost", Alarm::at_least(lost, 1));
        let silent = Alarm::below(machine.started().period(hours::<1>()), 1).periods(int::<2>());
        stack.add("Silent", silent.missing_data(MissingData::Breaching));
        let starter = stack.add("Starter", handler().allow(machine.start_execution()));
        stack.output("Starter", starter.name());
    }));
}

#[test]
fn its_definition_is_what_the_specification_says() {
    let mut app = App::new();
    weather(&mut app.stack("test"));
    let synthesis = app.synthesize();
    assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
    let machine = synthesis.stacks[0].template.resource("Machine").unwrap();
    let definition = machine.property("DefinitionString").unwrap();
    let parts = definition.get("Fn::Sub").and_then(Value::as_list).unwrap();
    let text = to_json(&read_json(parts[0].as_str().unwrap()).unwrap().value);
    insta::assert_snapshot!(text);
    let variables: Vec<&str> = parts[1].as_map().unwrap().keys().collect();
    assert_eq!(variables, ["RetrieveArn", "Failures", "CurateArn"]);
}

#[test]
fn states_of_every_type() {
    insta::assert_snapshot!(template_of(|stack| {
        let function = stack.add("Function", handler());
        let queue = stack.add("Queue", Queue::new());
        let seconds_to_wait = stack.parameter("SecondsToWait", Parameter::new(ParameterType::NUMBER).default(5));
        let mut inner = Flow::new();
        let sent = inner.add("Send", Task::send_message(&queue, json_path!("$.item")).end());
        let inner = inner.start_at(&sent);

        let mut left = Flow::new();
        let asked = Task::invoke_and_wait(&function, Parameters::new().path("token", json_path!("$$.Task.Token")))
            .timeout(hours::<1>())
            .heartbeat(minutes::<5>());
        let asked = left.add("Ask", asked.end());
        let mut right = Flow::new();
        let paused = right.add("Pause", Wait::until("2030-01-31T06:00:00Z").end());
        let branches = [left.start_at(&asked), right.start_at(&paused)];

        let mut flow = Flow::new();
        let again = flow.declare("Ready?");
        let lost = flow.add("Lost", Fail::new("Lost", "never became ready"));
        let done = flow.add("Done", Succeed::new().comment("all items are sent"));
        let items = states::Map::over(json_path!("$.items"), inner)
            .max_concurrency(int::<5>())
            .item_selector(
                Parameters::new()
                    .path("item", json_path!("$$.Map.Item.Value"))
                    .value("account", Expression::account_id()),
            )
            .result_selector(Parameters::new().function("count", "States.ArrayLength($)"))
            .result_path(json_path!("$.sent"))
            .catch(Catch::on(["States.Timeout", "States.TaskFailed"], &lost))
            .retry(Retry::on(["States.Timeout"]).backoff(1.5).max_delay(minutes::<1>()).full_jitter());
        let items = flow.add("Items", items.next(&done));
        let both = flow.add("Both", Parallel::of(branches).discard_result().next(&items));
        let wait = flow.add("Wait", Wait::time(&seconds_to_wait).input_path(json_path!("$.wait")).next(&again));
        let size = json_path!("$.size");
        let rule = size.is_numeric().and(size.is_at_least(5)).or(json_path!("$.name").matches("a*").not());
        let tried = json_path!("$.tries").is_greater_than(10);
        let choice = Choice::when(rule, &both).or_when(tried, &lost).otherwise(&wait);
        flow.define(&again, choice);
        let listing = Grant::new(["s3:ListBucket"], ["arn:aws:s3:::data"], "lists");
        let first = Task::aws_sdk("s3", "listObjectsV2", listing)
            .parameter("Bucket", "data")
            .parameters(Parameters::new().value("Bucket", "data").path("Prefix", json_path!("$.prefix")))
            .output_path(json_path!("$.Contents"));
        let first = flow.add("List", first.next(&again));
        let machine = StateMachine::new(flow.start_at(&first))
            .comment("sends items")
            .log_level(LogLevel::All)
            .log_execution_data()
            .tracing();
        let machine = stack.add("Machine", machine);
        stack.output("Name", machine.name());
    }));
}

#[test]
fn flows_that_step_functions_refuses_are_reported() {
    let problems = problems_of(|stack| {
        let function = stack.add("Function", handler());
        let mut other = Flow::new();
        let elsewhere = other.add("Elsewhere", Succeed::new());

        let mut flow = Flow::new();
        let done = flow.add("Done", Succeed::new());
        flow.add("Lonely", Pass::new().next(&done));
        let never = flow.declare("Never");
        let twice = flow.add("Done", Pass::new().next(&never));
        let foreign = flow.add("Foreign", Pass::new().next(&elsewhere));
        let task = Task::invoke(&function)
            .result_path(json_path!("$$.x"))
            .retry(Retry::all().backoff(0.5))
            .retry(Retry::on(["States.Timeout"]))
            .catch(Catch::on(["States.ALL", "Other"], &foreign));
        let first = flow.add("First", task.next(&twice));
        let end = flow.add("", Choice::when(json_path!("$.a[*]").is_string(), &first).otherwise(&done));
        stack.add("Machine", StateMachine::new(flow.start_at(&end)));
    });
    let expected = [
        "the state `Lonely` cannot be reached",
        "the state `Never` is declared, but not defined",
        "two states of the state machine are called `Done`",
        "`Elsewhere` is a state of another flow",
        "in the state `First`: `ResultPath` is `$$.x`: the context cannot be written to",
        "in the state `First`: the backoff of a retry is 0.5, and must be 1 or more",
        "in the state `First`: an item of `Retry` comes after the one for `States.ALL`, and would never hold",
        "in the state `First`: an item of `Catch` names other errors beside `States.ALL`",
        "`` cannot be the name of a state",
        "in the state ``: a choice compares `$.a[*]`, which may be several places",
    ];
    for message in expected {
        assert!(problems.iter().any(|problem| problem == message), "{message}: {problems:?}");
    }
}

#[test]
fn an_express_state_machine_cannot_wait_for_a_token() {
    let machine_that_waits = |make: fn(Workflow) -> StateMachine| {
        problems_of(|stack| {
            let function = stack.add("Function", handler());
            let mut inner = Flow::new();
            let token = Parameters::new().path("token", json_path!("$$.Task.Token"));
            let ask = inner.add("Ask", Task::invoke_and_wait(&function, token).end());
            let mut flow = Flow::new();
            let both = flow.add("Both", Parallel::of([inner.start_at(&ask)]).end());
            stack.add("Machine", make(flow.start_at(&both)));
        })
    };
    assert_eq!(machine_that_waits(StateMachine::new), [""; 0]);
    let message = "a task of an express state machine waits for its token to be sent back";
    assert_eq!(machine_that_waits(StateMachine::express), [message]);
}

#[test]
fn states_may_be_called_as_people_write() {
    let problems = problems_of(|stack| {
        let mut flow = Flow::new();
        let done = flow.add("Fertig – äöü", Succeed::new());
        stack.add("Machine", StateMachine::express(flow.start_at(&done)));
    });
    assert_eq!(problems, [""; 0]);
}
