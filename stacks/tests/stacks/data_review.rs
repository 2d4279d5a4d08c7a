//! data-review.

use std::collections::BTreeSet;

use crate::synthesized::{Questions, template};

const LINES: [&str; 3] = ["Bottle", "Ctd", "Netcdf"];

fn data_review() -> Questions {
    template("data-review")
}

#[test]
fn the_template() {
    insta::assert_snapshot!(data_review().json());
}

#[test]
fn outputs_and_parameters() {
    let outputs = data_review().outputs();
    let expected = [
        ("AggregationStatsTable", "${AggregationStats}"),
        ("DataBucket", "${Data}"),
        ("FailureLogTable", "${FailureLog}"),
        ("Orchestrator", "${Orchestrator}"),
    ];
    assert_eq!(outputs, expected.map(|(name, value)| (name, value.to_owned())).into());
    let parameters = data_review().parameters();
    assert_eq!(parameters, [("maxConcurrency", "5".to_owned()), ("sweepState", "ENABLED".to_owned())].into());
}

#[test]
fn data_stays_when_the_stack_goes() {
    assert_eq!(data_review().retained(), ["Data", "AggregationStats", "FailureLog"]);
}

#[test]
fn each_kind_of_file_has_its_queue_handler_and_alarm() {
    let questions = data_review();
    for line in LINES {
        let (queue, lost) = (format!("{line}Queue"), format!("{line}QueueDeadLetters"));
        assert_eq!(questions.text(&queue, "VisibilityTimeout"), "1800");
        assert_eq!(questions.text(&queue, "MessageRetentionPeriod"), "345600");
        assert_eq!(questions.text(&queue, "RedrivePolicy.maxReceiveCount"), "5");
        assert_eq!(questions.text(&queue, "RedrivePolicy.deadLetterTargetArn"), format!("${{{lost}.Arn}}"));
        assert_eq!(questions.text(&lost, "MessageRetentionPeriod"), "1209600");

        let handler = format!("{line}Handler");
        assert_eq!(questions.text(&handler, "MemorySize"), "1769");
        assert_eq!(questions.text(&handler, "Timeout"), "300");

        let events = format!("{line}Events");
        assert_eq!(questions.text(&events, "BatchSize"), "5");
        assert_eq!(questions.text(&events, "FunctionResponseTypes"), "[ReportBatchItemFailures]");
        assert_eq!(questions.text(&events, "ScalingConfig.MaximumConcurrency"), "${maxConcurrency}");
    }
    let alarms: BTreeSet<_> = questions.ids_of_type("AWS::CloudWatch::Alarm").into_iter().collect();
    let expected =
        ["BottleDeadLettersAlarm", "CtdDeadLettersAlarm", "NetcdfDeadLettersAlarm", "OrchestratorDeadLettersAlarm"];
    assert_eq!(alarms, expected.into());
    for alarm in alarms {
        let queue = questions.text(alarm, "Dimensions.0.Value");
        assert!(queue.contains("DeadLetters.QueueName"), "{queue}");
        assert_eq!(questions.text(alarm, "ComparisonOperator"), "GreaterThanOrEqualToThreshold");
        assert_eq!(questions.text(alarm, "Threshold"), "1");
        assert_eq!(questions.text(alarm, "MetricName"), "ApproximateNumberOfMessagesVisible");
    }
}

#[test]
fn the_orchestrator_hears_of_every_object_and_sweeps_once_a_day() {
    let questions = data_review();
    assert_eq!(questions.text("Orchestrator", "MemorySize"), "512");
    assert_eq!(questions.text("Orchestrator", "Timeout"), "900");
    assert_eq!(
        questions.text("ObjectCreated", "EventPattern"),
        r#"{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":[{"Ref":"Data"}]}}}"#
    );
    assert_eq!(questions.text("Data", "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled"), "true");
    assert_eq!(questions.text("ObjectCreated", "Targets.0.RetryPolicy.MaximumEventAgeInSeconds"), "7200");
    let lost = "${OrchestratorDeadLetters.Arn}";
    assert_eq!(questions.text("ObjectCreated", "Targets.0.DeadLetterConfig.Arn"), lost);
    assert_eq!(questions.text("OrchestratorAsyncInvocation", "DestinationConfig.OnFailure.Destination"), lost);

    assert_eq!(questions.text("Sweep", "ScheduleExpression"), "rate(1 day)");
    assert_eq!(questions.text("Sweep", "State"), "${sweepState}");
    assert_eq!(questions.text("Sweep", "Targets.0.Input"), r#"{"action":"sweep"}"#);
}

#[test]
fn the_samples_come_when_everything_waits_for_them_and_delete_nothing() {
    let questions = data_review();
    let order = questions.depends_on("Samples");
    for earlier in ["ObjectCreated", "ObjectCreatedPermission"] {
        assert!(order.contains(earlier), "{earlier}");
    }
    for line in LINES {
        for part in ["Queue", "Events"] {
            assert!(order.contains(format!("{line}{part}").as_str()), "{line}{part}");
        }
    }
    assert_eq!(questions.text("Samples", "DestinationPrefix"), "test_data/ocean/");
    assert_eq!(questions.text("Samples", "Prune"), "false");
    let expected = [
        "s3:GetObject on ${Data.Arn}/test_data/ocean/*",
        concat!(
            "s3:GetObject on arn:${AWS::Partition}:s3:::stackgen-assets-${AWS::AccountId}-${AWS::Region}/",
            "0000000000000000000000000000000000000000000000000000000000000000.zip"
        ),
        "s3:ListBucket on ${Data.Arn}",
        "s3:PutObject on ${Data.Arn}/test_data/ocean/*",
    ];
    let grants: BTreeSet<_> = questions.grants("StackSupportRole").iter().map(|grant| blotted(grant)).collect();
    assert_eq!(grants, expected.map(str::to_owned).into());
}

/// A grant on an asset with zeros for its hash.
fn blotted(grant: &str) -> String {
    match grant.rsplit_once('/') {
        Some((start, key)) if key.len() == 68 => format!("{start}/{}.zip", "0".repeat(64)),
        _ => grant.to_owned(),
    }
}

#[test]
fn grants_of_the_orchestrator() {
    let expected = [
        "dynamodb:BatchGetItem on ${AggregationStats.Arn}",
        "dynamodb:GetItem on ${FailureLog.Arn}",
        "dynamodb:Query on ${FailureLog.Arn}",
        "dynamodb:Query on ${FailureLog.Arn}/index/open-failures",
        "dynamodb:UpdateItem on ${FailureLog.Arn}",
        "s3:GetObject on ${Data.Arn}/*",
        "s3:GetObjectVersion on ${Data.Arn}/*",
        "s3:ListBucket on ${Data.Arn}",
        "sqs:SendMessage on ${BottleQueue.Arn}",
        "sqs:SendMessage on ${CtdQueue.Arn}",
        "sqs:SendMessage on ${NetcdfQueue.Arn}",
        // The destination of its own failures.
        "sqs:SendMessage on ${OrchestratorDeadLetters.Arn}",
    ];
    assert_eq!(data_review().grants("OrchestratorRole"), expected.map(str::to_owned).into());
}

#[test]
fn grants_of_the_handlers() {
    for line in LINES {
        let queue = format!("${{{line}Queue.Arn}}");
        let mut expected: BTreeSet<String> = [
            "dynamodb:BatchWriteItem on ${AggregationStats.Arn}",
            "dynamodb:GetItem on ${AggregationStats.Arn}",
            "dynamodb:PutItem on ${AggregationStats.Arn}",
            "dynamodb:Query on ${AggregationStats.Arn}",
            "dynamodb:Query on ${FailureLog.Arn}",
            "dynamodb:UpdateItem on ${FailureLog.Arn}",
            "s3:GetObject on ${Data.Arn}/*",
            "s3:GetObjectVersion on ${Data.Arn}/*",
            // So that an object that is gone is told from one that is forbidden.
            "s3:ListBucket on ${Data.Arn}",
        ]
        .map(str::to_owned)
        .into();
        for action in ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"] {
            expected.insert(format!("sqs:{action} on {queue}"));
        }
        assert_eq!(data_review().grants(&format!("{line}HandlerRole")), expected);
    }
}
