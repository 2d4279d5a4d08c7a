//! The kernel from outside: what an app reports and which templates it gives.
#![allow(clippy::unwrap_used)]

use stackgen_template::Parameter;

use crate::prelude::*;

fn queue() -> RawResource {
    RawResource::new("AWS::SQS::Queue")
}

fn json(synthesis: &Synthesis, stack: &str) -> String {
    synthesis.stack(stack).unwrap().template.to_json_compact()
}

fn messages(synthesis: &Synthesis) -> Vec<String> {
    synthesis.problems.iter().map(|problem| problem.message.clone()).collect()
}

#[test]
fn a_reference_within_a_stack_is_a_ref_or_an_attribute() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    let jobs = stack.add("Jobs", queue());
    stack.output("Url", jobs.reference());
    stack.output("Arn", jobs.attribute("Arn"));
    let synthesis = app.synthesize();
    assert_eq!(
        json(&synthesis, "jobs"),
        r#"{"Resources":{"Jobs":{"Type":"AWS::SQS::Queue"}},"Outputs":{"Url":{"Value":{"Ref":"Jobs"}},"Arn":{"Value":{"Fn::GetAtt":["Jobs","Arn"]}}}}"#
    );
}

#[test]
fn a_reference_to_another_stack_is_an_export_an_import_and_an_order() {
    let mut app = App::new();
    let consumer = app.stack("consumer").stack_id();
    let jobs = app.stack("producer").add("Jobs", queue());
    app.stack_again(consumer).add("Own", queue());
    app.stack_again(consumer).output("Arn", jobs.attribute("Arn"));
    let synthesis = app.synthesize();
    assert_eq!(messages(&synthesis), Vec::<String>::new());
    let names: Vec<_> = synthesis.stacks.iter().map(|stack| stack.name.as_str()).collect();
    assert_eq!(names, ["producer", "consumer"], "the producer is deployed first");
    assert_eq!(synthesis.stack("consumer").unwrap().dependencies, ["producer"]);
    assert!(json(&synthesis, "consumer").contains(r#"{"Fn::ImportValue":"producer:ExportJobsArn"}"#));
    assert!(json(&synthesis, "producer").contains(
        r#""ExportJobsArn":{"Value":{"Fn::GetAtt":["Jobs","Arn"]},"Export":{"Name":"producer:ExportJobsArn"}}"#
    ));
}

#[test]
fn a_weak_reference_binds_nothing() {
    let mut app = App::new();
    let jobs = app.stack("producer").add("Jobs", queue());
    let url: Id<stackgen_resources::typed::Any> = Id::of(stackgen_template::Reference::to(jobs.id().clone()));
    app.stack("consumer").output("Url", url.weak());
    let synthesis = app.synthesize();
    assert!(
        json(&synthesis, "consumer")
            .contains(r#"{"Fn::GetStackOutput":{"StackName":"producer","OutputName":"ExportJobsRef"}}"#)
    );
    assert!(!json(&synthesis, "producer").contains(r#""Export":"#));
}

#[test]
fn stacks_in_a_circle_are_named() {
    let mut app = App::new();
    let one = app.stack("one").add("Jobs", queue());
    let mut stack = app.stack("two");
    let two = stack.add("Jobs", queue());
    stack.output("Other", one.reference());
    let first = one.id().stack();
    app.stack_again(first).output("Other", two.reference());
    let synthesis = app.synthesize();
    assert_eq!(messages(&synthesis), ["stacks depend on each other in a circle: one -> two -> one"]);
}

#[test]
fn an_import_from_another_region_is_refused() {
    let mut app = App::new();
    let mut stack = app.stack("producer");
    stack.environment(Environment::new().region("us-east-1"));
    let jobs = stack.add("Jobs", queue());
    let mut stack = app.stack("consumer");
    stack.environment(Environment::new().region("eu-west-1"));
    stack.output("Arn", jobs.attribute("Arn"));
    let synthesis = app.synthesize();
    assert!(messages(&synthesis)[0].contains("another account or region"), "{:?}", synthesis.problems);
}

#[test]
fn two_constructs_of_one_id_are_both_named() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    stack.scope("A").add("BC", queue());
    let line = line!() + 1;
    stack.scope("AB").add("C", queue());
    let synthesis = app.synthesize();
    assert_eq!(synthesis.problems.len(), 1);
    let problem = &synthesis.problems[0];
    assert!(problem.message.contains("`A/BC` and `AB/C` have the same logical id `ABC`"), "{problem}");
    assert!(problem.message.contains(file!()), "the first place is named: {problem}");
    assert_eq!(problem.place.unwrap().line(), line);
    assert!(synthesis.has_errors());
}

#[test]
fn a_construct_called_default_adds_nothing_to_the_id() {
    struct Wrapped;
    impl Construct for Wrapped {
        type Handle = RawHandle;
        fn build(self, scope: &mut Scope<'_>) -> RawHandle {
            scope.add("DeadLetters", queue());
            scope.add("Default", queue())
        }
    }
    let mut app = App::new();
    app.stack("jobs").add("Jobs", Wrapped);
    let synthesis = app.synthesize();
    let template = &synthesis.stacks[0].template;
    assert!(template.resource("Jobs").is_some() && template.resource("JobsDeadLetters").is_some());
}

#[test]
fn an_explicit_logical_id_is_taken_as_it_is() {
    let mut app = App::new();
    app.stack("jobs").add(Identifier::new("Jobs").logical_id("LegacyQueue1A2B"), queue());
    assert!(app.synthesize().stacks[0].template.resource("LegacyQueue1A2B").is_some());
}

#[test]
fn attributes_are_written() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    let first = stack.add("First", queue());
    stack.parameter("stage", Parameter::new(stackgen_template::ParameterType::STRING).default("test"));
    let production = stack.condition("Production", Expression::equals(Expression::reference("stage"), "production"));
    let second = stack.add("Second", queue());
    stack.modify(&second, |properties, attributes| {
        properties.insert("DelaySeconds", 5);
        *attributes = Attributes::new()
            .depends_on(&first)
            .condition(&production)
            .removal(RemovalPolicy::Retain)
            .suppress(Code::ParameterUnused, "for the test");
    });
    let synthesis = app.synthesize();
    let template = &synthesis.stacks[0].template;
    let written = template.root().get("Resources").unwrap().get("Second").unwrap();
    assert_eq!(written.get("DependsOn"), Some(&Value::from("First")));
    assert_eq!(written.get("Condition"), Some(&Value::from("Production")));
    assert_eq!(written.get("DeletionPolicy"), Some(&Value::from("Retain")));
    assert_eq!(written.get("UpdateReplacePolicy"), Some(&Value::from("Retain")));
    assert_eq!(written.get("Properties").and_then(|properties| properties.get("DelaySeconds")), Some(&Value::from(5)));
    assert!(written.get("Metadata").and_then(|metadata| metadata.get("stackgen")).is_some());
}

#[test]
fn aspects_see_and_change_every_resource() {
    let mut app = App::new();
    app.aspect(|resource| {
        if resource.type_name == "AWS::SQS::Queue" {
            resource.properties.insert("KmsMasterKeyId", "alias/jobs");
            resource.warn("seen");
        }
    });
    app.stack("one").add("Jobs", queue());
    app.stack("two").add("Jobs", queue());
    let synthesis = app.synthesize();
    assert_eq!(messages(&synthesis), ["seen", "seen"]);
    assert!(json(&synthesis, "two").contains("alias/jobs"));
}

#[test]
fn a_move_must_lead_from_nothing_to_something() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    stack.add("Jobs", queue());
    stack.moved("Old/Jobs", "Jobs");
    stack.moved("Jobs", "Nowhere");
    let synthesis = app.synthesize();
    assert_eq!(messages(&synthesis), ["`Nowhere` was moved from `Jobs`, but does not exist"]);
    assert_eq!(synthesis.stacks[0].moves[0], Move { from: "OldJobs".into(), to: "Jobs".into() });
}

#[test]
fn names_that_cloudformation_refuses_are_reported_where_they_are_used() {
    let mut app = App::new();
    app.stack("1st_stack").add("", queue());
    let synthesis = app.synthesize();
    assert!(synthesis.problems.iter().all(|problem| problem.place.is_some()));
    assert!(messages(&synthesis).iter().any(|message| message.contains("not a stack name")));
    assert!(messages(&synthesis).iter().any(|message| message.contains("cannot be the name of a construct")));
}

#[test]
fn a_handle_of_another_app_is_a_problem_not_a_panic() {
    let mut other = App::new();
    other.stack("zero");
    let foreign = other.stack("one").add("Jobs", queue());
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    stack.modify(&foreign, |_, _| {});
    stack.resource_policy(PolicyTarget::Queue(foreign.id().clone()), Statement::deny(["sqs:SendMessage"]));
    stack.output("Url", foreign.reference());
    let synthesis = app.synthesize();
    let foreign = messages(&synthesis).iter().filter(|message| message.ends_with("of another app")).count();
    assert_eq!(foreign, 3, "{:?}", synthesis.problems);
}

#[test]
fn grants_of_one_role_become_one_merged_policy() {
    let mut app = App::new();
    let mut stack = app.stack("jobs");
    let role = stack.add("Role", RawResource::new("AWS::IAM::Role"));
    stack.allow_role(&role, Grant::new(["s3:PutObject"], ["arn:aws:s3:::a/*"], "to store"));
    stack.allow_role(&role, Grant::new(["s3:GetObject"], ["arn:aws:s3:::a/*"], "to read"));
    let synthesis = app.synthesize();
    assert!(json(&synthesis, "jobs").contains(
        r#""RolePolicy":{"Type":"AWS::IAM::Policy","Properties":{"PolicyName":"RolePolicy","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::a/*"}]},"Roles":[{"Ref":"Role"}]}}"#
    ));
}

#[test]
fn the_same_app_gives_the_same_bytes() {
    let build = || {
        let mut app = App::new();
        let mut stack = app.stack("jobs");
        let role = stack.add("Role", RawResource::new("AWS::IAM::Role"));
        for index in 0..20 {
            let queue = stack.add(format!("Queue{index}"), queue());
            stack.allow_role(&role, Grant::new(["sqs:SendMessage"], [queue.attribute("Arn")], "to send"));
        }
        json(&app.synthesize(), "jobs")
    };
    assert_eq!(build(), build());
}
