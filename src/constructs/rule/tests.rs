use stackgen_contract::RawInput;
use stackgen_resources::typed::int;
use stackgen_template::{Expression, Parameter, ParameterType};

use super::*;
use crate::constructs::states::{Flow, Succeed};
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Bucket, Cron, Function, Matcher, Queue, Rate, Runtime, StateMachine, Topic};
use crate::core::{days, hours};

fn handler() -> Function {
    Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}")
}

fn nothing() -> StateMachine {
    let mut flow = Flow::new();
    let done = flow.add("Done", Succeed::new());
    StateMachine::new(flow.start_at(&done))
}

#[test]
fn rules_on_events_and_at_times() {
    insta::assert_snapshot!(template_of(|stack| {
        let data = stack.add("Data", Bucket::new().notify_event_bridge());
        let dead_letters = stack.add("Dead", Queue::new().retention(days::<14>()));
        let orchestrator = stack.add("Orchestrator", handler());
        let created = EventPattern::object_created(&data).detail("object.key", Matcher::prefix("raw/"));
        let target =
            Target::from(&orchestrator).max_event_age(hours::<2>()).retries(int::<10>()).dead_letter(&dead_letters);
        stack.add("ObjectCreated", Rule::on(created).target(target));

        let state = stack.parameter(
            "sweepState",
            Parameter::new(ParameterType::STRING).default("ENABLED").allowed_values(["ENABLED", "DISABLED"]),
        );
        let sweep = Target::from(&orchestrator).input(&RawInput(r#"{"action":"sweep"}"#.into()));
        stack.add("Sweep", Rule::scheduled(Rate::every(days::<1>())).target(sweep).state(&state));

        let expression =
            stack.parameter("scheduleExpression", Parameter::new(ParameterType::STRING).default("cron(45 18 * * ? *)"));
        stack.add("Refresh", Rule::scheduled(&expression).target(&orchestrator));
    }));
}

#[test]
fn targets_of_every_kind() {
    insta::assert_snapshot!(template_of(|stack| {
        let queue = stack.add("Queue", Queue::new());
        let ordered = stack.add("Ordered", Queue::fifo().content_based_deduplication());
        let topic = stack.add("Topic", Topic::new());
        let machine = stack.add("Machine", nothing());
        let rule = Rule::on(EventPattern::source("shop.orders").detail_type("Order Placed"))
            .target(Target::from(&queue).input_path("$.detail"))
            .target(Target::fifo_queue(&ordered, "orders"))
            .target(Target::from(&machine).input_value(Value::single("queue", queue.url())))
            .target(Target::from(&topic).input_template([("order", "$.detail.id")], "\"order <order> was placed\""));
        let rule = stack.add("Orders", rule.description("tells of orders"));
        stack.output("Rule", rule.name());
    }));
}

#[test]
fn rules_that_eventbridge_refuses_are_reported() {
    let problems = problems_of(|stack| {
        let handler = stack.add("Handler", handler());
        stack.add("Empty", Rule::on(EventPattern::new()).target(&handler));
        let many = (0..6).fold(Rule::scheduled(Cron::new("0 1 * * ? *")), |rule, _| rule.target(&handler));
        stack.add("Many", many.event_bus(stackgen_resources::typed::assume(Expression::sub("shop"))));
    });
    let expected = [
        "the event pattern of a rule is empty",
        "a rule with a schedule is on another event bus than the default one",
        "a rule has 6 targets, of 5 that EventBridge allows",
    ];
    for message in expected {
        assert!(problems.iter().any(|problem| problem == message), "{message}: {problems:?}");
    }
}

#[test]
fn a_bucket_that_sends_no_events_is_noticed() {
    let problems = problems_of(|stack| {
        let handler = stack.add("Handler", handler());
        let silent = stack.add("Silent", Bucket::new());
        stack.add("Never", silent.feeds(&handler));
        let loud = stack.add("Loud", Bucket::new().notify_event_bridge());
        stack.add("Each", loud.feeds(&handler));
    });
    assert_eq!(problems, ["the rule waits for events of a bucket that sends none"]);
}
