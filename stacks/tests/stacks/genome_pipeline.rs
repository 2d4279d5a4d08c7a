//! genome-pipeline: its parts and how they hang together.

use std::collections::BTreeSet;

use genome_pipeline::contract::{self, keys, limits};
use stackgen::core::App;
use stackgen::template::Value;
use stackgen_app::genome_pipeline::Settings;

use crate::synthesized::{Questions, app, root, template, text};

fn pipeline() -> Questions {
    template("genome-pipeline")
}

/// The queues, each with the function that it feeds: name, timeout of the function in seconds, size of a batch.
const LINES: [(&str, u32, u32); 6] = [
    ("Download", 300, 1),
    ("Parts", 900, 1),
    ("Index", 900, 1),
    ("Scan", 120, 1),
    ("Consensus", 300, 1),
    ("OffTarget", 900, 10),
];

#[test]
fn the_template() {
    insta::assert_snapshot!(pipeline().json());
}

#[test]
fn outputs_and_parameters() {
    let expected = [
        ("ApiUrl", "${Api.ApiEndpoint}"),
        ("GenomeBucket", "${GenomeBucket}"),
        ("GenomesTable", "${Genomes}"),
        ("JobsTable", "${Jobs}"),
        ("SiteUrl", "https://${Site.DomainName}"),
        ("TargetsTable", "${Targets}"),
        ("TasksTable", "${Tasks}"),
    ];
    assert_eq!(pipeline().outputs(), expected.map(|(name, value)| (name, value.to_owned())).into());
    let expected = [("ncbiApiBase", limits::DEFAULT_NCBI_API), ("ncbiFtpBase", limits::DEFAULT_NCBI_FILES)];
    assert_eq!(pipeline().parameters(), expected.map(|(name, value)| (name, value.to_owned())).into());
}

#[test]
fn what_people_gave_and_got_stays() {
    assert_eq!(pipeline().retained(), ["Jobs", "Tasks", "Targets", "Genomes", "GenomeBucket"]);
}

#[test]
fn tables() {
    let questions = pipeline();
    for (table, keys) in [
        ("Jobs", "JobID HASH"),
        ("Tasks", "JobID HASH"),
        ("Targets", "JobID HASH, TargetID RANGE"),
        ("Genomes", "Genome HASH, Item RANGE"),
    ] {
        let schema = questions.value(table, "KeySchema").as_list().unwrap().iter().map(|key| {
            let part = |name| text(key.get(name).unwrap());
            format!("{} {}", part("AttributeName"), part("KeyType"))
        });
        assert_eq!(schema.collect::<Vec<_>>().join(", "), keys, "{table}");
        assert_eq!(questions.text(table, "BillingMode"), "PAY_PER_REQUEST", "{table}");
        assert_eq!(
            questions.text(table, "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
            "true",
            "{table}"
        );
        let expires = questions.properties(table).contains_key("TimeToLiveSpecification");
        assert_eq!(expires, table != "Genomes", "{table}");
    }
    assert_eq!(questions.text("Jobs", "StreamSpecification.StreamViewType"), "NEW_AND_OLD_IMAGES");
    let open = questions.text("Jobs", "GlobalSecondaryIndexes.0.KeySchema");
    let expected = r#"[{"AttributeName":"Open","KeyType":"HASH"}, {"AttributeName":"Deadline","KeyType":"RANGE"}]"#;
    assert_eq!(open, expected);
    let number = |table: &str, name: &str| {
        let definitions = questions.value(table, "AttributeDefinitions").as_list().unwrap();
        let found = definitions.iter().find(|definition| text(definition.get("AttributeName").unwrap()) == name);
        text(found.unwrap().get("AttributeType").unwrap()) == "N"
    };
    assert!(number("Targets", "TargetID") && number("Jobs", "Deadline") && !number("Genomes", "Item"));
}

#[test]
fn only_the_site_uploads_to_the_bucket() {
    let questions = pipeline();
    for (property, value) in [
        ("CorsConfiguration.CorsRules.0.AllowedMethods", "[PUT]"),
        ("CorsConfiguration.CorsRules.0.AllowedOrigins", "[https://${Site.DomainName}]"),
    ] {
        assert_eq!(questions.text("GenomeBucket", property), value, "{property}");
    }
    assert_eq!(questions.value("GenomeBucket", "CorsConfiguration.CorsRules").as_list().unwrap().len(), 1);
}

#[test]
fn results_expire_as_their_jobs_do_and_genomes_stay() {
    let questions = pipeline();
    let days = limits::RETENTION_DAYS.to_string();
    for (property, value) in [
        ("0.Prefix", keys::RESULTS_PREFIX),
        ("0.ExpirationInDays", &days),
        ("1.AbortIncompleteMultipartUpload.DaysAfterInitiation", "1"),
    ] {
        let path = format!("LifecycleConfiguration.Rules.{property}");
        assert_eq!(questions.text("GenomeBucket", &path), value, "{property}");
    }
    assert_eq!(questions.value("GenomeBucket", "LifecycleConfiguration.Rules").as_list().unwrap().len(), 2);
    assert!(
        !questions
            .value("GenomeBucket", "LifecycleConfiguration.Rules.1")
            .as_map()
            .unwrap()
            .contains_key("ExpirationInDays")
    );
}

#[test]
fn a_message_stays_hidden_for_a_minute_more_than_it_is_worked_on() {
    let questions = pipeline();
    for (line, timeout, batch) in LINES {
        let (queue, function, events) = (format!("{line}Queue"), format!("{line}Function"), format!("{line}Events"));
        assert_eq!(questions.text(&function, "Timeout"), timeout.to_string(), "{line}");
        assert_eq!(questions.text(&queue, "VisibilityTimeout"), (timeout + 60).to_string(), "{line}");
        assert_eq!(questions.text(&queue, "MessageRetentionPeriod"), "345600", "{line}");
        assert_eq!(questions.text(&events, "BatchSize"), batch.to_string(), "{line}");
        assert_eq!(questions.text(&events, "FunctionResponseTypes"), "[ReportBatchItemFailures]", "{line}");
        assert_eq!(questions.text(&events, "FunctionName"), format!("${{{function}}}"));
    }
    assert_eq!(questions.text("OffTargetEvents", "MaximumBatchingWindowInSeconds"), "5");
}

#[test]
fn lost_messages_are_kept_and_raise_an_alarm() {
    let questions = pipeline();
    let mut kept = BTreeSet::from(["SchedulerLostRecords".to_owned()]);
    for (line, ..) in LINES {
        let (queue, lost) = (format!("{line}Queue"), format!("{line}QueueDeadLetters"));
        assert_eq!(questions.text(&queue, "RedrivePolicy.deadLetterTargetArn"), format!("${{{lost}.Arn}}"));
        assert_eq!(questions.text(&queue, "RedrivePolicy.maxReceiveCount"), limits::MAX_RECEIVE_COUNT.to_string());
        kept.insert(lost);
    }
    for lost in &kept {
        assert_eq!(questions.text(lost, "MessageRetentionPeriod"), "1209600", "{lost}");
    }
    let watched: BTreeSet<_> = questions
        .of_type("AWS::CloudWatch::Alarm")
        .map(|(logical_id, _)| {
            let queue = questions.text(logical_id, "Dimensions.0.Value");
            queue.trim_start_matches("${").trim_end_matches(".QueueName}").to_owned()
        })
        .collect();
    assert_eq!(watched, kept);
    assert_eq!(questions.ids_of_type("AWS::SQS::Queue").len(), 2 * LINES.len() + 1);
}

#[test]
fn functions_have_the_size_that_their_work_needs() {
    let expected = [
        ("CreateJob", contract::CREATE_JOB, "256 10 512"),
        ("JobApi", contract::JOB_API, "512 29 512"),
        ("SchedulerFunction", contract::SCHEDULER, "256 60 512"),
        ("DownloadFunction", contract::DOWNLOADER, "512 300 512"),
        ("PartsFunction", contract::PART_LOADER, "1024 900 512"),
        ("IndexFunction", contract::INDEX_BUILDER, "10240 900 10240"),
        ("ScanFunction", contract::TARGET_SCAN, "512 120 512"),
        ("ConsensusFunction", contract::CONSENSUS, "1769 300 512"),
        ("OffTargetFunction", contract::OFF_TARGET_SCORER, "10240 900 10240"),
    ];
    let questions = pipeline();
    for (function, binary, size) in expected {
        let properties = questions.properties(function);
        let storage =
            properties.get("EphemeralStorage").map_or_else(|| "512".to_owned(), |size| text(size.get("Size").unwrap()));
        let shown =
            format!("{} {} {storage}", questions.text(function, "MemorySize"), questions.text(function, "Timeout"));
        assert_eq!(shown, size, "{function}");
        assert_eq!(questions.text(function, "Runtime"), "provided.al2023");
        let shipped = app().stack("genome-pipeline").unwrap().assets.iter().any(|asset| {
            let is_it = format!("{:?}", asset.source).contains(&format!("binary: {binary:?}"));
            is_it && text(properties.get("Code").unwrap().get("S3Key").unwrap()).contains(".zip")
        });
        assert!(shipped, "{function} runs {binary}");
    }
    let functions: BTreeSet<_> = questions.ids_of_type("AWS::Lambda::Function").into_iter().collect();
    let known: BTreeSet<_> = expected.iter().map(|(function, ..)| *function).chain(["StackSupport"]).collect();
    assert_eq!(functions, known);
}

#[test]
fn the_scheduler_is_told_of_new_jobs_and_of_the_time() {
    let questions = pipeline();
    for (property, value) in [
        ("EventSourceArn", "${Jobs.StreamArn}"),
        ("FunctionName", "${SchedulerFunction}"),
        ("BatchSize", "10"),
        ("BisectBatchOnFunctionError", "true"),
        ("MaximumRetryAttempts", "5"),
        ("DestinationConfig.OnFailure.Destination", "${SchedulerLostRecords.Arn}"),
        ("FilterCriteria.Filters.0.Pattern", r#"{"eventName":["INSERT"]}"#),
    ] {
        assert_eq!(questions.text("SchedulerRecords", property), value, "{property}");
    }
    for (property, value) in [
        ("ScheduleExpression", "rate(5 minutes)"),
        ("Target.Arn", "${SchedulerFunction.Arn}"),
        ("Target.Input", r#"{"action":"tick"}"#),
    ] {
        assert_eq!(questions.text("SchedulerTick", property), value, "{property}");
    }
}

#[test]
fn settings_reach_those_who_need_them() {
    let mut app = App::new().with_root(root());
    for (key, value) in [("ec2_cutoff_mib", "100"), ("instance_type", "i4i.4xlarge"), ("max_sequence", "5000")] {
        app.set_context(key, value);
    }
    let image = stackgen_app::genome_ami::genome_ami(&mut app);
    let settings = Settings::from_context(&mut app);
    stackgen_app::genome_pipeline::genome_pipeline(&mut app, &image, &settings);
    let synthesis = app.synthesize();
    assert!(synthesis.problems.is_empty(), "{:?}", synthesis.problems);
    let template = &synthesis.stack("genome-pipeline").unwrap().template;
    let variable = |function: &str, name: &str| {
        let environment = template.resource(function).unwrap().property("Environment").unwrap();
        environment.get("Variables").unwrap().get(name).map(text)
    };
    assert_eq!(variable("SchedulerFunction", "EC2_CUTOFF_MIB").as_deref(), Some("100"));
    assert_eq!(variable("CreateJob", "MAX_SEQUENCE").as_deref(), Some("5000"));
    let data = template.resource("WorkerTemplate").unwrap().property("LaunchTemplateData").unwrap();
    assert_eq!(data.get("InstanceType").and_then(Value::as_str), Some("i4i.4xlarge"));
    let files = template.resource("SiteFiles").unwrap().property("Files").unwrap();
    assert!(text(files).contains(r#"\"maxSequence\":5000"#), "{}", text(files));
}
