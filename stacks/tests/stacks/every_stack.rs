//! What holds for all stacks.

use std::collections::BTreeSet;

use stackgen::template::{Section, Value};

use crate::synthesized::{Questions, app, one_or_many, pairs, statements, template, text};

fn templates() -> impl Iterator<Item = (&'static str, Questions)> {
    app().stacks.iter().map(|stack| (stack.name.as_str(), template(&stack.name)))
}

/// Calls `visit` with every mapping below `value`.
fn visit(value: &Value, found: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Map(map) => {
            for (name, inner) in map.iter() {
                found(name, inner);
                visit(inner, found);
            }
        }
        Value::List(items) => items.iter().for_each(|item| visit(item, found)),
        _ => {}
    }
}

#[test]
fn every_import_has_its_export_in_a_stack_that_is_deployed_before() {
    let mut exports = BTreeSet::new();
    for (_, questions) in templates() {
        let resources = Value::Map(questions.template().section(Section::Resources).unwrap().clone());
        visit(&resources, &mut |name, value| {
            if name == "Fn::ImportValue" {
                let name = value.as_str().unwrap();
                assert!(exports.contains(name), "{name}");
            }
        });
        let outputs = questions.template().outputs();
        exports.extend(outputs.filter_map(|output| Some(output.export_name()?.as_str()?.to_owned())));
    }
    assert!(!exports.is_empty());
}

#[test]
fn nobody_is_mailed_without_an_address() {
    for (stack, questions) in templates() {
        for (logical_id, properties) in questions.of_type("AWS::SNS::Subscription") {
            if properties.get("Protocol").and_then(Value::as_str) == Some("email") {
                assert_eq!(questions.condition(logical_id), Some("EmailWanted"), "{stack}/{logical_id}");
            }
        }
        for (name, condition) in questions.template().conditions().filter(|(name, _)| *name == "EmailWanted") {
            let expected = r#"{"Fn::Not":[{"Fn::Equals":[{"Ref":"emailParam"},""]}]}"#;
            assert_eq!(text(condition), expected, "{stack}/{name}");
        }
    }
}

#[test]
fn no_bucket_is_public() {
    for (stack, questions) in templates() {
        for (logical_id, properties) in questions.of_type("AWS::S3::Bucket") {
            let access = properties.get("PublicAccessBlockConfiguration").unwrap();
            for setting in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
                assert_eq!(access.get(setting).and_then(Value::as_bool), Some(true), "{stack}/{logical_id}: {setting}");
            }
            let encryption = text(properties.get("BucketEncryption").unwrap());
            assert!(encryption.contains(r#""SSEAlgorithm":"AES256""#), "{stack}/{logical_id}: {encryption}");
        }
        let buckets = questions.ids_of_type("AWS::S3::Bucket").len();
        let policies: Vec<_> = questions.of_type("AWS::S3::BucketPolicy").collect();
        assert_eq!(policies.len(), buckets, "{stack}: every bucket has a policy");
        for (logical_id, policy) in policies {
            let statements = statements(policy.get("PolicyDocument").unwrap());
            let denies_plain_http = |statement: &Value| {
                text(statement.get("Effect").unwrap()) == "Deny"
                    && statement
                        .get("Condition")
                        .is_some_and(|condition| text(condition) == r#"{"Bool":{"aws:SecureTransport":"false"}}"#)
            };
            assert!(statements.iter().any(denies_plain_http), "{stack}/{logical_id}");
            for statement in statements.iter().filter(|statement| text(statement.get("Effect").unwrap()) == "Allow") {
                let principal = statement.get("Principal").unwrap();
                assert!(!text(principal).contains('*'), "{stack}/{logical_id}: {statement:?}");
            }
        }
    }
}

#[test]
fn every_queue_and_topic_is_reached_over_tls_only_and_every_queue_is_encrypted() {
    let kinds = [
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ];
    for (stack, questions) in templates() {
        for (kind, policy, target) in kinds {
            let protected: BTreeSet<_> = questions
                .of_type(policy)
                .filter(|(_, policy)| text(&Value::Map((*policy).clone())).contains("aws:SecureTransport"))
                .map(|(_, policy)| text(&policy.get(target).and_then(Value::as_list).unwrap()[0]))
                .collect();
            for logical_id in questions.ids_of_type(kind) {
                assert!(protected.contains(&format!("${{{logical_id}}}")), "{stack}/{logical_id}");
            }
        }
        for (logical_id, queue) in questions.of_type("AWS::SQS::Queue") {
            let managed = queue.get("SqsManagedSseEnabled").and_then(Value::as_bool) == Some(true);
            assert!(managed || queue.contains_key("KmsMasterKeyId"), "{stack}/{logical_id}");
        }
    }
}

/// The services of whose actions at least some know no resources; each action that is used so is listed.
const WITHOUT_RESOURCES: [&str; 8] = [
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

#[test]
fn grants_name_single_actions_and_resources() {
    for stack in ["data-review", "etl-backend", "etl-frontend", "weather-ingest"] {
        let questions = template(stack);
        for (logical_id, policy) in questions.of_type("AWS::IAM::Policy") {
            for statement in statements(policy.get("PolicyDocument").unwrap()) {
                for action in one_or_many(statement.get("Action").unwrap()) {
                    assert!(!text(action).contains('*'), "{stack}/{logical_id}: {action:?}");
                }
                for pair in pairs(statement) {
                    if let Some(action) = pair.strip_suffix(" on *") {
                        assert!(WITHOUT_RESOURCES.contains(&action), "{stack}/{logical_id}: {pair}");
                    }
                }
            }
        }
        let managed = questions.of_type("AWS::IAM::Role").filter(|(_, role)| role.contains_key("ManagedPolicyArns"));
        assert_eq!(managed.count(), 0, "{stack}");
    }
}

#[test]
fn a_message_stays_hidden_for_six_timeouts_of_the_function_it_feeds() {
    let mut checked = 0;
    // The messages of genome-pipeline come back sooner: its own tests say when.
    for (stack, questions) in templates().filter(|(stack, _)| *stack != "genome-pipeline") {
        for (logical_id, mapping) in questions.of_type("AWS::Lambda::EventSourceMapping") {
            let source = text(mapping.get("EventSourceArn").unwrap());
            let Some(queue) = source.strip_prefix("${").and_then(|rest| rest.strip_suffix(".Arn}")) else { continue };
            if !questions.ids_of_type("AWS::SQS::Queue").contains(&queue) {
                continue;
            }
            let function = text(mapping.get("FunctionName").unwrap());
            let function = function.trim_start_matches("${").trim_end_matches('}').trim_end_matches(".Arn");
            let seconds = |id: &str, property: &str| questions.text(id, property).parse::<u32>().unwrap();
            let (hidden, timeout) = (seconds(queue, "VisibilityTimeout"), seconds(function, "Timeout"));
            assert!(hidden >= 6 * timeout, "{stack}/{logical_id}: {hidden} seconds, {timeout} seconds");
            checked += 1;
        }
    }
    assert!(checked >= 3);
}

#[test]
fn nothing_has_a_fixed_name() {
    let names = [
        ("AWS::S3::Bucket", "BucketName"),
        ("AWS::SQS::Queue", "QueueName"),
        ("AWS::SNS::Topic", "TopicName"),
        ("AWS::DynamoDB::Table", "TableName"),
        ("AWS::Lambda::Function", "FunctionName"),
        ("AWS::Lambda::Function", "Layers"),
        ("AWS::IAM::Role", "RoleName"),
        ("AWS::Events::Rule", "Name"),
        ("AWS::Scheduler::Schedule", "Name"),
        ("AWS::CloudWatch::Alarm", "AlarmName"),
        ("AWS::Logs::LogGroup", "LogGroupName"),
        ("AWS::StepFunctions::StateMachine", "StateMachineName"),
    ];
    for stack in ["data-review", "etl-backend", "etl-frontend", "genome-ami", "genome-pipeline", "weather-ingest"] {
        for (kind, name) in names {
            for (logical_id, properties) in template(stack).of_type(kind) {
                assert!(!properties.contains_key(name), "{stack}/{logical_id}: {name}");
            }
        }
    }
}

#[test]
fn every_function_logs_for_30_days_and_runs_on_the_architecture_of_the_app() {
    for (stack, questions) in templates() {
        for (logical_id, _) in questions.of_type("AWS::Lambda::Function") {
            let group = questions.text(logical_id, "LoggingConfig.LogGroup");
            let group = group.trim_start_matches("${").trim_end_matches('}');
            assert_eq!(questions.text(group, "RetentionInDays"), "30", "{stack}/{logical_id}");
            assert_eq!(questions.text(logical_id, "Architectures"), "[x86_64]", "{stack}/{logical_id}");
        }
    }
}
