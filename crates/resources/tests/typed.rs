//! What the typed forms write. Run with the features `dynamodb,events,iam,lambda,sqs`.
#![cfg(all(feature = "dynamodb", feature = "events", feature = "iam", feature = "lambda", feature = "sqs"))]

use stackgen_resources::typed::{
    Expression, Handle as _, Int, Item, Map, Reference, Resource, ResourceId, StringEnum as _, Value, int, item,
    literal,
};
use stackgen_resources::{arn, dynamodb, events, iam, lambda, list, sqs};
use stackgen_template::StackId;

fn id(logical_id: &'static str) -> ResourceId {
    ResourceId::new(StackId(0), logical_id)
}

fn attribute(logical_id: &'static str, name: &'static str) -> Value {
    Reference::attribute(id(logical_id), name).into()
}

#[test]
fn setters_write_the_names_of_cloudformation() {
    let role = iam::RoleRef::from(id("Role"));
    let queue = sqs::QueueRef::from(id("Queue"));
    let variables: [(_, Item<String>); 2] = [("QUEUE", item(queue.reference())), ("STAGE", item("test"))];
    let properties = lambda::Function::new()
        .role(role.arn())
        .code(lambda::function::Code::new().s3_bucket(literal("assets")).s3_key("handler.zip"))
        .timeout(int::<30>())
        .memory_size(Int::try_from(1769).expect("in range"))
        .runtime(lambda::function::Runtime::other("provided.al2099"))
        .architectures([lambda::function::Architecture::Arm64])
        .environment(lambda::function::Environment::new().variables(variables))
        .into_properties();
    assert_eq!(properties.get("Role"), Some(&attribute("Role", "Arn")));
    assert_eq!(properties.get("Timeout"), Some(&Value::from(30)));
    assert_eq!(properties.get("Runtime"), Some(&Value::from("provided.al2099")));
    assert_eq!(properties.get("Architectures"), Some(&Value::from(["arm64"])));
    let variables = properties.get("Environment").and_then(|environment| environment.get("Variables"));
    assert_eq!(variables.and_then(|variables| variables.get("QUEUE")), Some(&Reference::to(id("Queue")).into()));
    let order: Vec<&str> = properties.keys().collect();
    assert_eq!(order, ["Role", "Code", "Timeout", "MemorySize", "Runtime", "Architectures", "Environment"]);
}

#[test]
fn references_of_several_kinds_are_taken_where_the_service_takes_them() {
    let function = lambda::FunctionRef::from(id("Function"));
    let table = dynamodb::TableRef::from(id("Table"));
    let by_name =
        lambda::EventSourceMapping::new().function_name(function.reference()).event_source_arn(table.stream_arn());
    let by_arn = lambda::EventSourceMapping::new().function_name(function.arn());
    assert_eq!(by_name.into_properties().get("EventSourceArn"), Some(&attribute("Table", "StreamArn")));
    assert_eq!(by_arn.into_properties().get("FunctionName"), Some(&attribute("Function", "Arn")));
}

#[test]
fn a_list_may_mix_handles_and_literals() {
    let policy = iam::ManagedPolicyRef::from(id("Policy"));
    let role = iam::Role::new().assume_role_policy_document(Map::new()).managed_policy_arns(list![
        policy.reference(),
        arn!("arn:aws:iam::aws:policy/ReadOnlyAccess"),
        literal("arn:aws:iam::123456789012:policy/mine"),
    ]);
    let properties = role.into_properties();
    let policies = properties.get("ManagedPolicyArns").and_then(Value::as_list);
    assert_eq!(policies.map(<[Value]>::len), Some(3));
}

#[test]
fn a_target_takes_the_arn_of_anything() {
    let queue = sqs::QueueRef::from(id("Queue"));
    let target = |target: events::rule::Target<_, _>| events::Rule::new().targets([target]).into_properties();
    let queue = target(events::rule::Target::new().id("queue").arn(queue.arn()));
    let built = target(events::rule::Target::new().id("built").arn(Expression::sub("arn:${AWS::Partition}:sqs:::q")));
    assert!(queue.get("Targets").is_some() && built.get("Targets").is_some());
}

#[test]
fn an_attribute_of_a_newer_schema_is_read_by_name() {
    let queue = sqs::QueueRef::from(id("Queue"));
    assert_eq!(Value::from(queue.attribute("Newer")), attribute("Queue", "Newer"));
}

#[test]
fn values_are_cloned_and_shown_before_they_are_complete() {
    let incomplete = lambda::Function::new().timeout(int::<3>());
    assert_eq!(format!("{:?}", incomplete.clone()), "Function { Timeout: Number(3) }");
}
