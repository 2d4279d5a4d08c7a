//! A group of ten resources, in typed L1: bucket, dead-letter queue, queue, table, role with its policy, function, event
//! source mapping, nightly rule and the permission for it.

use stackgen::prelude::*;
use stackgen::resources::{dynamodb, events, iam, lambda, s3, sqs};

/// Adds the group to `stack`, every logical id beginning with `prefix`. `memory` is the function's, in MiB.
pub(super) fn add_group(stack: &mut Scope<'_>, prefix: &str, memory: Int<128, 32_768>) {
    let id = |name: &str| format!("{prefix}{name}");

    let bucket = stack.add(
        id("Data"),
        s3::Bucket::new()
            .bucket_encryption(s3::bucket::BucketEncryption::new().server_side_encryption_configuration([
                s3::bucket::ServerSideEncryptionRule::new().server_side_encryption_by_default(
                    s3::bucket::ServerSideEncryptionByDefault::new().sse_algorithm(s3::bucket::SSEAlgorithm::Aes256),
                ),
            ]))
            .public_access_block_configuration(
                s3::bucket::PublicAccessBlockConfiguration::new()
                    .block_public_acls(true)
                    .block_public_policy(true)
                    .ignore_public_acls(true)
                    .restrict_public_buckets(true),
            )
            .versioning_configuration(
                s3::bucket::VersioningConfiguration::new().status(s3::bucket::VersioningConfigurationStatus::Enabled),
            ),
    );
    let dead = stack.add(id("Dead"), sqs::Queue::new().message_retention_period(int::<1_209_600>()));
    let jobs = stack.add(
        id("Jobs"),
        sqs::Queue::new().visibility_timeout(int::<60>()).redrive_policy(Map::from([
            ("deadLetterTargetArn", Value::from(dead.arn())),
            ("maxReceiveCount", 3.into()),
        ])),
    );
    let items = stack.add(
        id("Items"),
        dynamodb::Table::new()
            .attribute_definitions([dynamodb::table::AttributeDefinition::new()
                .attribute_name("pk")
                .attribute_type(dynamodb::table::AttributeType::S)])
            .key_schema(Expression::raw(vec![Map::from([("AttributeName", "pk"), ("KeyType", "HASH")])]))
            .billing_mode(dynamodb::table::BillingMode::PayPerRequest),
    );
    let role = stack.add(id("Role"), worker_role());
    let access = [
        statement(
            [
                "sqs:ReceiveMessage",
                "sqs:ChangeMessageVisibility",
                "sqs:GetQueueUrl",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
            ],
            jobs.arn(),
        ),
        statement(
            ["s3:GetObject*", "s3:GetBucket*", "s3:List*"],
            [Value::from(bucket.arn()), Expression::join("", [Value::from(bucket.arn()), "/*".into()]).into()],
        ),
        statement(
            [
                "dynamodb:BatchGetItem",
                "dynamodb:Query",
                "dynamodb:GetItem",
                "dynamodb:Scan",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:DeleteItem",
            ],
            items.arn(),
        ),
    ];
    stack.add(
        id("Policy"),
        iam::Policy::new().policy_name(id("Policy")).roles([role.reference()]).policy_document(document(access)),
    );
    let worker = stack.add(
        id("Worker"),
        lambda::Function::new()
            .runtime(lambda::function::Runtime::Nodejs22X)
            .architectures([lambda::function::Architecture::Arm64])
            .handler("index.handler")
            .code(lambda::function::Code::new().zip_file("exports.handler = async () => {};"))
            .memory_size(memory)
            .timeout(int::<30>())
            .role(role.arn())
            .environment(lambda::function::Environment::new().variables(Map::from([
                ("TABLE_NAME", Value::from(items.reference())),
                ("BUCKET_NAME", bucket.reference().into()),
            ]))),
    );
    stack.add(
        id("Mapping"),
        lambda::EventSourceMapping::new()
            .event_source_arn(jobs.arn())
            .function_name(worker.reference())
            .batch_size(int::<10>()),
    );
    let nightly = stack.add(
        id("Nightly"),
        events::Rule::new()
            .schedule_expression("rate(1 day)")
            .state(events::rule::RuleState::Enabled)
            .targets([events::rule::Target::new().arn(worker.arn()).id("Target0")]),
    );
    stack.add(
        id("Permission"),
        lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .function_name(worker.arn())
            .principal("events.amazonaws.com")
            .source_arn(nightly.arn()),
    );
}

/// A role that functions may take, with leave to write logs.
fn worker_role() -> impl Construct<Handle = iam::RoleRef> {
    let trust = Map::from([
        ("Effect", Value::from("Allow")),
        ("Action", "sts:AssumeRole".into()),
        ("Principal", Value::single("Service", "lambda.amazonaws.com")),
    ]);
    let logs: [Value; 3] = [
        "arn:".into(),
        Expression::reference("AWS::Partition").into(),
        ":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole".into(),
    ];
    iam::Role::new()
        .assume_role_policy_document(document([trust]))
        .managed_policy_arns([assume(Expression::join("", logs))])
}

fn document<const N: usize>(statements: [Map; N]) -> Map {
    Map::from([("Version", Value::from("2012-10-17")), ("Statement", statements.into())])
}

fn statement<const N: usize>(actions: [&'static str; N], resource: impl Into<Value>) -> Map {
    Map::from([("Effect", Value::from("Allow")), ("Action", actions.into()), ("Resource", resource.into())])
}
