//! The key of the API is where it must be, and nowhere else.

use std::time::Duration;

use serde_json::{Value, json};
use system_tests::Reply;

use crate::world::{KEY, STACK, WORLD, World, current, this_hour};

#[test]
fn the_key_is_in_no_log_parameter_event_or_object() {
    let (world, time) = (&*WORLD, this_hour());
    // An API that tells the key in an error, one that tells it in a body, one that is silent, and one that works.
    let telling = Reply::new(400, format!("{{\"error\":{{\"code\":1003,\"message\":\"bad {KEY}\"}}}}"));
    let told = Reply::new(200, format!("{{\"location\":{{\"name\":\"{KEY}\"}},\"current\":{{}}}}"));
    world.serve("secret-error", [telling]);
    world.serve("secret-body", [told]);
    world.serve(
        "secret-late",
        [Reply::new(200, "").after(Duration::from_secs(11)), Reply::new(200, "0123").cut_after(1)],
    );
    world.serve("secret-good", [current()]);
    let locations = ["secret-error", "secret-body", "secret-late", "secret-good"];
    let executions: Vec<_> = std::thread::scope(|scope| {
        let run = |location| move || world.run(&World::input(location, &this_hour(), &json!({})));
        let running: Vec<_> = locations.map(|location| scope.spawn(run(location))).into();
        running.into_iter().map(|running| running.join().unwrap()).collect()
    });
    let errors: Vec<_> = executions.iter().map(|execution| execution.error.as_str()).collect();
    assert_eq!(errors, ["ApiBadRequest", "ApiInvalidBody", "ApiUnavailable", ""], "{time}");
    assert!(world.requests("secret-good")[0].contains(KEY), "the API alone gets it");

    let mut seen = Vec::new();
    for execution in &executions {
        seen.push(("messages", format!("{:?}", world.messages(execution))));
        let arguments = json!({"executionArn": execution.arn});
        for operation in ["describe_execution", "get_execution_history"] {
            seen.push((operation, world.deployment.call("stepfunctions", operation, arguments.clone()).to_string()));
        }
    }
    let groups = world.deployment.call("logs", "describe_log_groups", json!({}));
    for group in groups["logGroups"].as_array().unwrap() {
        let events = json!({"logGroupName": group["logGroupName"]});
        seen.push(("logs", world.deployment.call("logs", "filter_log_events", events).to_string()));
    }
    for function in world.deployment.functions(STACK).into_values() {
        let logs = world.deployment.logs(&function);
        assert!(!logs.is_empty(), "{function} logs");
        let named = json!({"FunctionName": function});
        seen.push(("function", world.deployment.call("lambda", "get_function_configuration", named).to_string()));
    }
    for (service, operation) in [("cloudformation", "describe_stacks"), ("cloudformation", "describe_stack_events")] {
        seen.push((operation, world.deployment.call(service, operation, json!({"StackName": STACK})).to_string()));
    }
    for bucket in [&world.raw, &world.curated] {
        for key in world.deployment.keys(bucket, "") {
            let object = json!({"Bucket": bucket, "Key": key});
            let metadata: Value = world.deployment.call("s3", "head_object", object);
            let body = world.deployment.get(bucket, &key).unwrap();
            seen.push(("object", format!("{key} {metadata} {}", String::from_utf8_lossy(&body))));
        }
    }
    assert!(
        seen.iter().any(|(what, text)| *what == "object" && text.contains("bad ***")),
        "it is hidden, not left out"
    );
    for (what, text) in &seen {
        assert!(!text.contains(KEY), "{what} tells the key: {text}");
    }
}
