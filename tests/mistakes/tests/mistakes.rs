//! Fourteen deliberate mistakes that people make with infrastructure, and who catches each.
//!
//! What the compiler rejects stands in `cases/`, one case a file with the text of the error beside it. The rest is
//! caught by synthesis, below.
#![allow(clippy::unwrap_used)]

use stackgen::prelude::*;
use stackgen::resources::{dynamodb, lambda, sqs};

#[test]
fn the_compiler_rejects() {
    let cases = trybuild::TestCases::new();
    // A case that compiles makes trybuild build, not only check: ranges are compared where constants meet properties.
    cases.pass("cases/none.rs");
    cases.compile_fail("cases/0*.rs");
    cases.compile_fail("cases/1*.rs");
}

/// The codes and messages of the errors that synthesis finds, and the line that each points at.
fn errors(app: App) -> Vec<(String, u32)> {
    let synthesis = app.synthesize();
    let errors = synthesis.problems.iter().filter(|problem| problem.severity == Severity::Error);
    errors
        .map(|problem| {
            let code = problem.code.map(|code| format!("{code}: ")).unwrap_or_default();
            (format!("{code}{}", problem.message), problem.place.map_or(0, std::panic::Location::line))
        })
        .collect()
}

#[test]
fn synthesis_rejects_inline_code_and_an_object_together_in_l1() {
    let mut app = App::new();
    let line = line!() + 1;
    app.stack("s").add(
        "R",
        lambda::Function::new()
            .role(arn!("arn:aws:iam::123456789012:role/r"))
            .handler("index.h")
            .runtime(lambda::function::Runtime::Nodejs22X)
            .code(lambda::function::Code::new().zip_file("x").s3_bucket(literal("bucket")).s3_key("k")),
    );
    let found = errors(app);
    assert!(!found.is_empty(), "the two are exclusive");
    assert!(found.iter().all(|(_, place)| *place == line), "{found:?}");
}

#[test]
fn synthesis_rejects_a_reference_to_nothing_in_raw_form() {
    let mut app = App::new();
    app.stack("s").add(
        "R",
        RawResource::new("AWS::SQS::QueuePolicy")
            .set("PolicyDocument", Map::new())
            .set("Queues", [Expression::reference("Nope")]),
    );
    let found = errors(app);
    assert!(found.iter().any(|(message, _)| message.contains("Nope")), "{found:?}");
}

#[test]
fn synthesis_rejects_an_attribute_that_is_not_there_in_raw_form() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    let queue = stack.add("Q", RawResource::new("AWS::SQS::Queue"));
    stack.output("Arn", queue.attribute("Arnn"));
    let found = errors(app);
    assert!(found.iter().any(|(message, _)| message.contains("Arnn")), "{found:?}");
}

#[test]
fn synthesis_rejects_circular_references() {
    // A handle exists only after its resource was added, so that a circle takes the escape hatch.
    let mut app = App::new();
    let mut stack = app.stack("s");
    let a = stack.add("A", sqs::Queue::new());
    let b = stack.add("B", RawResource::new("AWS::SQS::Queue").set("RedrivePolicy", redrive(a.arn())));
    stack.modify(&a, |properties, _| {
        properties.insert("RedrivePolicy", redrive(b.attribute("Arn")));
    });
    let found = errors(app);
    assert!(found.iter().any(|(message, _)| message.contains("A -> B -> A")), "{found:?}");
}

fn redrive(target: impl Into<Value>) -> Map {
    Map::from_iter([("deadLetterTargetArn".into(), target.into()), ("maxReceiveCount".into(), 1.into())])
}

#[test]
fn synthesis_rejects_a_duplicate_id() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    stack.add("A", sqs::Queue::new());
    let line = line!() + 1;
    stack.add("A", sqs::Queue::new());
    let found = errors(app);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0.contains("`A` is added twice: first at "), "{found:?}");
    assert_eq!(found[0].1, line);
}

#[test]
fn synthesis_rejects_a_fifo_queue_without_its_suffix_in_l1() {
    let mut app = App::new();
    app.stack("s").add("R", sqs::Queue::new().fifo_queue(true).queue_name("jobs"));
    let found = errors(app);
    assert!(found.iter().any(|(message, _)| message.contains(".fifo")), "{found:?}");
}

#[test]
fn synthesis_rejects_a_key_attribute_that_is_not_declared_in_l1() {
    use dynamodb::table::{AttributeDefinition, BillingMode, KeySchemaItem, KeyType};
    let mut app = App::new();
    app.stack("s").add(
        "R",
        dynamodb::Table::new()
            .key_schema([KeySchemaItem::new().attribute_name("pk").key_type(KeyType::Hash)])
            .attribute_definitions([AttributeDefinition::new()
                .attribute_name("other")
                .attribute_type(dynamodb::table::AttributeType::S)])
            .billing_mode(BillingMode::PayPerRequest),
    );
    let found = errors(app);
    assert!(found.iter().any(|(message, _)| message.contains("pk")), "{found:?}");
}

#[test]
fn synthesis_rejects_a_bucket_name_by_its_pattern_in_l1() {
    let mut app = App::new();
    app.stack("s").add("R", stackgen::resources::s3::Bucket::new().bucket_name("My_Bucket"));
    let found = errors(app);
    assert!(found.iter().any(|(message, _)| message.contains("My_Bucket")), "{found:?}");
}
