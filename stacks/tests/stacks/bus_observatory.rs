//! bus-observatory.

use std::collections::BTreeSet;
use std::fs;

use bus_observatory::contract::{self, CompactEvent, GrabEvent, keys};
use bus_observatory::feeds::{Configuration, Feed};
use stackgen::constructs::{BucketName, ParameterName, SecretName};
use stackgen::core::App;
use stackgen::template::Value;

use crate::synthesized::{Questions, pairs, root, statements, synthesized, template, text};

pub(crate) fn buses() -> Questions {
    template("bus-observatory")
}

/// The feeds that are shipped, as text.
pub(crate) fn shipped() -> String {
    fs::read_to_string(root().join("feeds.json")).unwrap()
}

/// The stack of the shipped feeds, after an edit of their text.
pub(crate) fn variant(edit: impl FnOnce(&str) -> String) -> Questions {
    let text = edit(&shipped());
    let configuration = Configuration::read(&text, "feeds.json").unwrap();
    synthesized(|app: &mut App| stackgen_app::bus_observatory::observatory(app, &configuration))
}

/// Replaces what stands in the text once.
pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}`");
    text.replace(from, to)
}

/// What a role may do beside writing to its own log: `action on resource`, and the condition where there is one.
pub(crate) fn grants(questions: Questions, role: &str) -> BTreeSet<String> {
    let mut grants = BTreeSet::new();
    for (_, policy) in questions.of_type("AWS::IAM::Policy").chain(questions.of_type("AWS::IAM::ManagedPolicy")) {
        if text(policy.get("Roles").unwrap()) != format!("[${{{role}}}]") {
            continue;
        }
        for statement in statements(policy.get("PolicyDocument").unwrap()) {
            assert_eq!(statement.get("Effect").and_then(Value::as_str), Some("Allow"));
            let condition = statement.get("Condition").map(|condition| format!(" when {}", text(condition)));
            grants.extend(pairs(statement).into_iter().map(|pair| pair + condition.as_deref().unwrap_or_default()));
        }
    }
    let own_log = ["logs:CreateLogStream on ${", "logs:PutLogEvents on ${"];
    grants.retain(|grant| !own_log.iter().any(|start| grant.starts_with(start)));
    grants
}

#[track_caller]
pub(crate) fn assert_grants(questions: Questions, role: &str, expected: &[&str]) {
    assert_eq!(grants(questions, role), expected.iter().map(|grant| (*grant).to_owned()).collect(), "{role}");
}

/// The feeds of a stack as the API reads them.
fn told_to_api(questions: Questions) -> Vec<(String, Feed)> {
    let parameters = questions.of_type("AWS::SSM::Parameter").map(|(_, parameter)| {
        assert_eq!(text(parameter.get("Type").unwrap()), "String");
        let feed = serde_json::from_str(&text(parameter.get("Value").unwrap())).unwrap();
        (text(parameter.get("Name").unwrap()), feed)
    });
    parameters.collect()
}

#[test]
fn the_template() {
    insta::assert_snapshot!(buses().json());
}

#[test]
fn outputs_and_parameters() {
    let expected = [
        ("ApiUrl", "${Api.ApiEndpoint}"),
        ("Compactor", "${Compactor}"),
        ("Database", "${Database}"),
        ("DeadLettersUrl", "${DeadLetters}"),
        ("Grabber", "${Grabber}"),
        ("LakeBucket", "${Lake}"),
        ("ResultsBucket", "${Results}"),
        ("Workgroup", "${Workgroup}"),
    ];
    assert_eq!(buses().outputs(), expected.map(|(name, value)| (name, value.to_owned())).into());
    assert!(buses().parameters().is_empty());
}

#[test]
fn only_the_lake_outlives_the_stack() {
    assert_eq!(buses().retained(), ["Lake"]);
    assert_eq!(buses().text("ResultsEmptyOnDestroy", "Bucket"), "${Results}");
    let rules = buses().text("Results", "LifecycleConfiguration.Rules");
    assert_eq!(rules, r#"[{"Status":"Enabled","ExpirationInDays":1}]"#);
    let pages = buses().text("Results", "CorsConfiguration.CorsRules");
    assert_eq!(pages, r#"[{"AllowedMethods":["GET"],"AllowedOrigins":["*"]}]"#);
}

#[test]
fn functions() {
    for (function, memory, timeout) in
        [("Grabber", "512", "60"), ("Compactor", "1024", "600"), ("ApiFunction", "1024", "29")]
    {
        assert_eq!(buses().text(function, "MemorySize"), memory, "{function}");
        assert_eq!(buses().text(function, "Timeout"), timeout, "{function}");
        assert_eq!(buses().text(function, "Runtime"), "provided.al2023", "{function}");
    }
    let environment = |function| buses().text(function, "Environment.Variables");
    assert_eq!(environment("Grabber"), r#"{"LAKE_BUCKET":{"Ref":"Lake"}}"#);
    assert_eq!(
        environment("Compactor"),
        r#"{"LAKE_BUCKET":{"Ref":"Lake"},"TABLE_FORMAT":"hive","GLUE_DATABASE":{"Ref":"Database"}}"#
    );
    assert_eq!(
        environment("ApiFunction"),
        concat!(
            r#"{"LAKE_BUCKET":{"Ref":"Lake"},"RESULTS_BUCKET":{"Ref":"Results"},"FEEDS_PATH":"/bus-observatory/feeds","#,
            r#""TABLE_FORMAT":"hive","GLUE_DATABASE":{"Ref":"Database"}}"#
        )
    );
}

/// The ARN of a secret whose name is `bus-observatory/` and the given one.
fn secret(name: &str) -> String {
    let arn = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:bus-observatory";
    format!("secretsmanager:GetSecretValue on {arn}/{name}-??????")
}

#[test]
fn grants_of_hive_tables() {
    let secrets = ["tfnsw", "mta", "wmata", "511"].map(secret);
    let mut expected = vec![
        "s3:GetObject on ${Lake.Arn}/state/*",
        "s3:PutObject on ${Lake.Arn}/lake/*",
        "s3:PutObject on ${Lake.Arn}/state/*",
    ];
    expected.extend(secrets.iter().map(String::as_str));
    assert_grants(buses(), "GrabberRole", &expected);
    assert_grants(
        buses(),
        "CompactorRole",
        &[
            "s3:DeleteObject on ${Lake.Arn}/lake/*",
            "s3:DeleteObject on ${Lake.Arn}/pointer/*",
            "s3:GetObject on ${Lake.Arn}/lake/*",
            "s3:GetObject on ${Lake.Arn}/pointer/*",
            r#"s3:ListBucket on ${Lake.Arn} when {"StringLike":{"s3:prefix":["lake/*","pointer/*"]}}"#,
            "s3:PutObject on ${Lake.Arn}/lake/*",
            "s3:PutObject on ${Lake.Arn}/pointer/*",
        ],
    );
    let feeds = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/bus-observatory/feeds";
    assert_grants(
        buses(),
        "ApiFunctionRole",
        &[
            "s3:GetObject on ${Lake.Arn}/lake/*",
            "s3:GetObject on ${Lake.Arn}/pointer/*",
            "s3:GetObject on ${Lake.Arn}/state/*",
            "s3:GetObject on ${Results.Arn}/exports/*",
            r#"s3:ListBucket on ${Lake.Arn} when {"StringLike":{"s3:prefix":["lake/*","pointer/*","state/*"]}}"#,
            "s3:PutObject on ${Results.Arn}/exports/*",
            &format!("ssm:GetParametersByPath on {feeds}"),
            &format!("ssm:GetParametersByPath on {feeds}/*"),
        ],
    );
    assert_grants(
        buses(),
        "SchedulesRole",
        &[
            "lambda:InvokeFunction on ${Compactor.Arn}",
            "lambda:InvokeFunction on ${Grabber.Arn}",
            "sqs:SendMessage on ${DeadLetters.Arn}",
        ],
    );
}

#[test]
fn every_feed_has_a_parameter_that_is_the_feed() {
    let expected = Configuration::read(&shipped(), "feeds.json").unwrap().feeds;
    let expected: Vec<_> =
        expected.into_iter().map(|feed| (format!("/bus-observatory/feeds/{}", feed.system_id), feed)).collect();
    assert_eq!(expected.len(), 7);
    assert_eq!(told_to_api(buses()), expected);
}

#[test]
fn schedules_carry_the_events_of_the_handlers() {
    let feeds = Configuration::read(&shipped(), "feeds.json").unwrap().feeds;
    let enabled: Vec<_> = feeds.into_iter().filter(|feed| feed.enabled).collect();
    let (mut grabbed, mut compacted) = (Vec::new(), Vec::new());
    for (schedule, properties) in buses().of_type("AWS::Scheduler::Schedule") {
        let target = |path: &str| buses().text(schedule, &format!("Target.{path}"));
        assert_eq!(target("RoleArn"), "${SchedulesRole.Arn}");
        assert_eq!(target("DeadLetterConfig.Arn"), "${DeadLetters.Arn}");
        assert_eq!(target("RetryPolicy.MaximumRetryAttempts"), "2");
        assert_eq!(buses().text(schedule, "FlexibleTimeWindow.Mode"), "OFF");
        assert!(!properties.contains_key("ScheduleExpressionTimezone") && !properties.contains_key("State"));
        assert!(buses().depends_on(schedule).contains("SchedulesRolePolicy"), "{schedule}");
        let input = target("Input");
        let expression = text(properties.get("ScheduleExpression").unwrap());
        match target("Arn").as_str() {
            "${Grabber.Arn}" => {
                let event: GrabEvent = serde_json::from_str(&input).unwrap();
                assert_eq!(event.scheduled_time, "<aws.scheduler.scheduled-time>");
                assert_eq!(expression, event.feed.rate.to_string());
                assert_eq!(target("RetryPolicy.MaximumEventAgeInSeconds"), "120");
                grabbed.push(event.feed);
            }
            "${Compactor.Arn}" => {
                let event: CompactEvent = serde_json::from_str(&input).unwrap();
                assert_eq!((event.from, event.to), (None, None));
                assert_eq!(expression, "cron(12 * * * ? *)");
                assert_eq!(target("RetryPolicy.MaximumEventAgeInSeconds"), "3600");
                compacted.push(event.system_id);
            }
            other => panic!("{schedule} invokes {other}"),
        }
    }
    assert_eq!(grabbed, enabled);
    assert_eq!(compacted, enabled.iter().map(|feed| feed.system_id.clone()).collect::<Vec<_>>());
    assert_eq!(enabled.len(), 6);
}

#[test]
fn a_feed_without_fresh_rows_raises_an_alarm() {
    let alarms: Vec<_> = buses().ids_of_type("AWS::CloudWatch::Alarm");
    assert_eq!(alarms.len(), 7, "six feeds and the dead letters");
    for alarm in alarms.into_iter().filter(|alarm| *alarm != "DeadLettersAlarm") {
        let shown = ["Namespace", "MetricName", "Statistic", "ComparisonOperator", "Threshold", "TreatMissingData"]
            .map(|property| buses().text(alarm, property));
        assert_eq!(shown, ["BusObservatory", "FreshRows", "Sum", "LessThanThreshold", "1", "breaching"], "{alarm}");
        assert_eq!(
            (buses().text(alarm, "Period"), buses().text(alarm, "EvaluationPeriods")),
            ("3600".into(), "1".into())
        );
    }
    let dimension = buses().text("FeedSfMuniFreshness", "Dimensions");
    assert_eq!(dimension, r#"[{"Name":"system_id","Value":"sf_muni"}]"#);
    assert_eq!(buses().text("DeadLettersAlarm", "MetricName"), "ApproximateNumberOfMessagesVisible");
    assert_eq!(buses().text("DeadLetters", "MessageRetentionPeriod"), (14 * 24 * 60 * 60).to_string());

    // `sf_muni` is the last feed.
    let days = |minutes: &str| {
        variant(|text| {
            let (before, last) = text.rsplit_once("\"freshness_minutes\": 60").unwrap();
            format!("{before}\"freshness_minutes\": {minutes}{last}")
        })
    };
    for (minutes, period, periods) in [("5", "300", "1"), ("1440", "86400", "1"), ("10080", "86400", "7")] {
        let questions = days(minutes);
        assert_eq!(questions.text("FeedSfMuniFreshness", "Period"), period);
        assert_eq!(questions.text("FeedSfMuniFreshness", "EvaluationPeriods"), periods);
    }
}

#[test]
fn a_disabled_feed_keeps_its_table_and_costs_nothing() {
    let of_feed = |questions: Questions, feed: &str| {
        let resources = questions.template().resources().filter(|resource| resource.logical_id.starts_with(feed));
        resources.map(|resource| resource.logical_id[feed.len()..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of_feed(buses(), "FeedNjtransitBus"), ["Parameter", "Table"]);
    assert_eq!(of_feed(buses(), "FeedMbtaAll"), ["Parameter", "Table", "Grab", "Compact", "Freshness"]);

    // Then nobody needs its key either.
    let without_sydney = variant(|text| text.replacen("\"enabled\": true", "\"enabled\": false", 1));
    assert_eq!(of_feed(without_sydney, "FeedTfnswBus"), ["Parameter", "Table"]);
    assert!(!grants(without_sydney, "GrabberRole").contains(&secret("tfnsw")));
    assert!(grants(without_sydney, "GrabberRole").contains(&secret("mta")));
}

#[test]
fn an_unpublished_feed_is_collected() {
    let questions = variant(|text| text.replacen("\"publish\": true", "\"publish\": false", 1));
    assert!(!told_to_api(questions)[0].1.publish);
    assert_eq!(questions.of_type("AWS::Scheduler::Schedule").count(), 12);
}

#[test]
fn tables_of_hive() {
    assert_eq!(buses().text("Database", "DatabaseInput.Name"), "bus_observatory");
    let feeds = Configuration::read(&shipped(), "feeds.json").unwrap().feeds;
    let tables = buses().ids_of_type("AWS::Glue::Table");
    assert_eq!(tables.len(), feeds.len());
    for (table, feed) in tables.into_iter().zip(feeds) {
        let input = |path: &str| buses().text(table, &format!("TableInput.{path}"));
        assert_eq!(input("Name"), feed.system_id);
        assert_eq!(input("PartitionKeys"), r#"[{"Name":"dt","Type":"string"}, {"Name":"hr","Type":"string"}]"#);
        let parameters = buses().value(table, "TableInput.Parameters");
        for (name, value) in [
            ("projection.enabled", "true"),
            ("projection.dt.type", "date"),
            ("projection.dt.format", "yyyy-MM-dd"),
            ("projection.dt.range", "2023-01-01,NOW"),
            ("projection.hr.type", "integer"),
            ("projection.hr.range", "0,23"),
            ("projection.hr.digits", "2"),
            ("storage.location.template", &format!("s3://${{Lake}}/{}", keys::pointer_projection(&feed.system_id))),
        ] {
            assert_eq!(parameters.get(name).map(text).as_deref(), Some(value), "{table}: {name}");
        }
        let storage = |path: &str| input(&format!("StorageDescriptor.{path}"));
        assert_eq!(
            storage("SerdeInfo.SerializationLibrary"),
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
        );
        assert_eq!(storage("InputFormat"), "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat");
        assert_eq!(storage("OutputFormat"), "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat");
        assert_columns(buses(), table, &feed);
    }
    let workgroup = |name: &str| buses().text("Workgroup", &format!("WorkGroupConfiguration.{name}"));
    assert_eq!(workgroup("EnforceWorkGroupConfiguration"), "true");
    assert_eq!(workgroup("BytesScannedCutoffPerQuery"), (10_i64 << 30).to_string());
    assert_eq!(workgroup("ResultConfiguration.OutputLocation"), "s3://${Results}/athena/");
    assert_eq!(workgroup("ResultConfiguration.EncryptionConfiguration.EncryptionOption"), "SSE_S3");
}

pub(crate) fn assert_columns(questions: Questions, table: &str, feed: &Feed) {
    let columns = questions.value(table, "TableInput.StorageDescriptor.Columns").as_list().unwrap();
    let columns: Vec<_> =
        columns.iter().map(|column| (text(column.get("Name").unwrap()), text(column.get("Type").unwrap()))).collect();
    let expected = feed.feed_type.columns().iter();
    let expected: Vec<_> =
        expected.map(|column| (column.name.to_owned(), column.kind.glue_type().to_owned())).collect();
    assert_eq!(columns, expected, "{table}");
}

#[test]
fn the_api_answers_the_routes_of_the_contract() {
    let routes: Vec<_> =
        buses().of_type("AWS::ApiGatewayV2::Route").map(|(_, route)| text(route.get("RouteKey").unwrap())).collect();
    assert_eq!(routes, contract::api::ROUTES.map(|path| format!("GET {path}")));
    assert_eq!(buses().of_type("AWS::ApiGatewayV2::Integration").count(), 1);
    assert_eq!(buses().text("Api", "CorsConfiguration"), r#"{"AllowOrigins":["*"],"AllowMethods":["GET"]}"#);
    assert_eq!(buses().text("ApiStage", "DefaultRouteSettings.ThrottlingRateLimit"), "20");
    assert_eq!(buses().text("ApiStage", "DefaultRouteSettings.ThrottlingBurstLimit"), "40");
    assert!(buses().text("ApiStage", "AccessLogSettings.Format").contains("requestId"));
    assert!(buses().ids_of_type("AWS::CertificateManager::Certificate").is_empty());
}

#[test]
fn a_domain_of_ones_own() {
    let questions = variant(|text| {
        let parts =
            r#""domain": "example.org", "subdomain": "bus.api", "hosted_zone_id": "Z0123456789ABC", "feeds": ["#;
        replaced(text, "\"feeds\": [", parts)
    });
    let certificates: Vec<_> = questions.of_type("AWS::CertificateManager::Certificate").collect();
    let [(_, certificate)] = certificates.as_slice() else { panic!("one certificate") };
    assert_eq!(text(certificate.get("DomainName").unwrap()), "bus.api.example.org");
    assert_eq!(text(certificate.get("ValidationMethod").unwrap()), "DNS");
    let domains: Vec<_> = questions.of_type("AWS::ApiGatewayV2::DomainName").collect();
    let [(_, domain)] = domains.as_slice() else { panic!("one domain") };
    assert!(text(domain.get("DomainNameConfigurations").unwrap()).contains(r#""SecurityPolicy":"TLS_1_2""#));
    assert_eq!(questions.of_type("AWS::ApiGatewayV2::ApiMapping").count(), 1);
    let records: Vec<_> = questions
        .of_type("AWS::Route53::RecordSet")
        .map(|(_, record)| {
            assert_eq!(text(record.get("HostedZoneId").unwrap()), "Z0123456789ABC");
            format!("{} {}", text(record.get("Type").unwrap()), text(record.get("Name").unwrap()))
        })
        .collect();
    assert_eq!(records, ["A bus.api.example.org", "AAAA bus.api.example.org"]);
    assert_eq!(questions.outputs()["ApiUrl"], "https://bus.api.example.org");
}

#[test]
fn names_come_from_the_configuration() {
    let questions = variant(|text| {
        let stack = replaced(
            text,
            r#""stack": "bus-observatory""#,
            r#""stack": "buses-of-2-towns", "bucket": "my-lake.of-buses""#,
        );
        stack.replace("\"sf_muni\"", "\"sfmuni\"").replace("\"mbta_all\"", "\"sf_muni\"")
    });
    assert_eq!(questions.text("Lake", "BucketName"), "my-lake.of-buses");
    assert_eq!(questions.text("Database", "DatabaseInput.Name"), "buses_of_2_towns");
    let names: Vec<_> = told_to_api(questions).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"/buses-of-2-towns/feeds/sf_muni".to_owned()));
    assert!(questions.text("ApiFunction", "Environment.Variables").contains("/buses-of-2-towns/feeds"));
    // Feeds that differ in an underscore only stay apart.
    assert_eq!(questions.text("FeedSfmuniTable", "TableInput.Name"), "sfmuni");
    assert_eq!(questions.text("FeedSfMuniTable", "TableInput.Name"), "sf_muni");
}

#[test]
fn keys_are_read_where_they_are_kept() {
    let with_auth = |auth: &str| {
        variant(|text| {
            let start = text.find("\"auth\": { \"type\": \"none\" }").unwrap();
            let enabled = text[..start].rfind("\"enabled\": false").unwrap();
            let mut text = text.to_owned();
            text.replace_range(start..start + "\"auth\": { \"type\": \"none\" }".len(), &format!("\"auth\": {auth}"));
            text.replace_range(enabled..enabled + "\"enabled\": false".len(), "\"enabled\": true");
            text
        })
    };
    let open = with_auth(r#"{ "type": "none" }"#);
    let known = grants(buses(), "GrabberRole");
    assert_eq!(grants(open, "GrabberRole"), known);

    let header = r#""header": "X-Key", "template": "{key}""#;
    let kept_in = |store: &str, name: &str| {
        with_auth(&format!(r#"{{ "type": "header", "secret": {{ "store": "{store}", "name": "{name}" }}, {header} }}"#))
    };
    let added = |questions: Questions| grants(questions, "GrabberRole").difference(&known).cloned().collect::<Vec<_>>();
    assert_eq!(added(kept_in("secretsmanager", "bus-observatory/nj")), [secret("nj")]);
    assert_eq!(
        added(kept_in("ssm", "/bus-observatory/nj/key")),
        [
            "ssm:GetParameter on arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/bus-observatory/nj/key"
        ]
    );
}

/// All texts of 1 to 4 characters, one of each class that names tell apart.
fn texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut start = 0;
    for _ in 0..4 {
        let end = all.len();
        for index in start..end {
            all.extend(["a", "A", "1", ".", "-", "_", "/"].map(|next| format!("{}{next}", all[index])));
        }
        start = end;
    }
    all.split_off(1)
}

/// The stack takes names for granted that the reader of the feeds lets through.
#[test]
fn names_that_the_reader_takes_are_names_of_the_services() {
    let known = serde_json::to_value(Configuration::read(&shipped(), "feeds.json").unwrap().feeds.remove(0)).unwrap();
    let is_taken = |store: &str, name: &str, bucket: &str| {
        let secret = serde_json::json!({ "store": store, "name": name });
        let mut feed = known.clone();
        feed["auth"]["secret"] = secret;
        let text = serde_json::json!({ "stack": "buses", "bucket": bucket, "feeds": [feed] }).to_string();
        Configuration::read(&text, "feeds.json").is_ok()
    };
    let (mut buckets, mut secrets, mut parameters) = (0, 0, 0);
    for text in texts() {
        if is_taken("ssm", "/bus-observatory/a", &text) {
            assert!(BucketName::try_from(text.clone()).is_ok(), "{text}");
            buckets += 1;
        }
        if text.len() > 3 {
            continue;
        }
        for end in ["", "-abcDEF", "-AbC12"] {
            let name = format!("bus-observatory/{text}{end}");
            if is_taken("secretsmanager", &name, "lake") {
                assert!(SecretName::try_from(name.clone()).is_ok(), "{name}");
                secrets += 1;
            }
        }
        let name = format!("/bus-observatory/{text}");
        if is_taken("ssm", &name, "lake") {
            assert!(ParameterName::try_from(name.clone()).is_ok(), "{name}");
            parameters += 1;
        }
    }
    assert!(buckets > 10 && secrets > 100 && parameters > 100, "{buckets} {secrets} {parameters}");
}
