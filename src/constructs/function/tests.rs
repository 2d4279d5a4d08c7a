#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use stackgen_contract::{Environment, environment};
use stackgen_resources::typed::{int, literal};
use stackgen_template::Value;

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Alarm, Cors, Method, Queue, Topic};
use crate::core::{App, days, gib, hours, mib, minutes, seconds};

const SOURCE: &str = "def handler(event, context):\n    return {}\n";

environment! {
    /// What the handler of these tests reads.
    pub(super) struct HandlerEnv {
        /// Address of the queue.
        queue: "QUEUE_URL",
        /// Messages in one batch.
        batch: "BATCH_SIZE" as u32,
        /// Where AWS answers.
        optional endpoint: "ENDPOINT",
    }
}

fn python() -> Function {
    Function::inline(Runtime::Python313, "index.handler", SOURCE)
}

#[test]
fn a_function_with_nothing_said() {
    insta::assert_snapshot!(template_of(|stack| {
        stack.add("Handler", python());
    }));
}

#[test]
fn a_function_with_everything_said() {
    insta::assert_snapshot!(template_of(|stack| {
        let jobs = stack.add("Jobs", Queue::new());
        let reports = stack.add("Reports", Topic::new());
        let environment = HandlerEnv { queue: jobs.url(), batch: Value::from(25), endpoint: stackgen_contract::Unset };
        let handler = stack.add(
            "Handler",
            python()
                .memory(mib::<1769>())
                .timeout(minutes::<5>())
                .ephemeral_storage(gib::<10>())
                .description("handles jobs")
                .environment(environment)
                .variable("VERBOSE", true)
                .allow(jobs.send())
                .reserved_concurrency(int::<5>())
                .async_retries(int::<2>())
                .max_event_age(hours::<1>())
                .on_failure(&reports)
                .on_success(&jobs)
                .tracing()
                .logs(LogGroup::new().retention(days::<7>()))
                .raw("KmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"),
        );
        stack.add("Failing", Alarm::at_least(handler.errors(), 1).notify(&reports));
        stack.output("Logs", handler.log_group().name());
    }));
}

#[test]
fn a_function_in_a_network_under_a_shared_role() {
    insta::assert_snapshot!(template_of(|stack| {
        let role = stack.add("Shared", Role::for_service("lambda.amazonaws.com"));
        let subnets = [literal("subnet-0123456789abcdef0"), literal("subnet-0123456789abcdef1")];
        let groups = [literal("sg-0123456789abcdef0")];
        stack.add("One", python().role(&role).vpc(subnets, groups));
        stack.add(
            "Two",
            Function::from_object(Runtime::Nodejs22X, "index.handler", literal("code-bucket"), "two.zip").role(&role),
        );
    }));
}

#[test]
fn a_rust_function_is_an_asset() {
    insta::assert_snapshot!(template_of(|stack| {
        let letters = stack.add("Letters", Queue::new());
        stack.add("Support", Function::rust("stack-support", "stack-support").dead_letter(&letters));
    }));
    let problems = problems_of(|stack| {
        stack.add("Missing", Function::rust("no-such-package", "no-such-binary"));
    });
    assert!(problems.iter().any(|problem| problem.contains("no-such-package")), "{problems:?}");
}

#[test]
fn addresses_of_functions() {
    insta::assert_snapshot!(template_of(|stack| {
        let function = stack.add("Handler", python().timeout(seconds::<10>()));
        let signed = stack.add("Signed", FunctionUrl::new(&function));
        let cors =
            Cors::origin("https://example.com").methods([Method::Get]).headers(["x-token"]).max_age(hours::<1>());
        stack.add("Public", FunctionUrl::new(&function).public().cors(cors).raw("Qualifier", "live"));
        let caller = stack.add("Caller", python().allow(signed.invoke()));
        stack.add("Timer", caller.invoked_by("iot.amazonaws.com"));
        stack.output("Host", signed.host());
    }));
}

#[test]
fn the_architecture_is_that_of_the_app() {
    let mut app = App::new();
    app.set_context("architecture", "arm64");
    app.stack("test").add("Handler", python());
    let synthesis = app.synthesize();
    let function = synthesis.stacks[0].template.resource("Handler").unwrap();
    let properties = function.body.get("Properties").unwrap();
    assert_eq!(properties.get("Architectures"), Some(&Value::from(["arm64"])));

    let mut app = App::new();
    app.set_context("architecture", "sparc");
    app.stack("test").add("Handler", python());
    assert!(app.synthesize().has_errors());
}

#[test]
fn variables_that_lambda_refuses_are_reported() {
    let problems = problems_of(|stack| {
        stack.add("Handler", python().variable("1ST", "x").variable("LONG", "x".repeat(4_096)));
    });
    assert!(
        problems.iter().any(|problem| problem == "`1ST` cannot be the name of an environment variable"),
        "{problems:?}"
    );
    assert!(problems.iter().any(|problem| problem.contains("take 4104 bytes, of 4096")), "{problems:?}");
    let reserved = problems_of(|stack| {
        stack.add("Handler", python().variable("AWS_REGION", "eu-west-1"));
    });
    assert!(reserved.iter().any(|problem| problem.contains("`AWS_REGION`")), "{reserved:?}");
}

#[test]
fn the_escape_hatch_wins() {
    let template = template_of(|stack| {
        stack.add("Handler", python().memory(mib::<256>()).raw("MemorySize", 512).raw("Handler", "other.handler"));
    });
    assert!(template.contains("\"MemorySize\": 512"), "{template}");
    assert!(template.contains("other.handler") && !template.contains("index.handler"));
}

#[test]
fn environments_are_text() {
    let variables = HandlerEnv { queue: "q", batch: 25, endpoint: stackgen_contract::Unset }.variables();
    let environment: Vec<(&str, Value)> = variables;
    assert_eq!(as_text(environment[1].1.clone()), Value::from("25"));
}
