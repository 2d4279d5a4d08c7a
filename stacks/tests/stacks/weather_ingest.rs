//! weather-ingest.

use stackgen::core::App;
use stackgen::template::Value;
use weather_ingest::contract::{COLUMNS, Location};

use crate::synthesized::{Questions, root, statements, template, text};

fn weather() -> Questions {
    template("weather-ingest")
}

#[test]
fn the_template() {
    insta::assert_snapshot!(weather().json());
}

#[test]
fn outputs_and_parameters() {
    let expected = [
        ("CuratedBucket", "${Curated}"),
        ("Database", "${Database}"),
        ("RawBucket", "${Raw}"),
        ("StateMachineArn", "${Machine}"),
        ("Table", "${Observations}"),
        ("Workgroup", "${Workgroup}"),
    ];
    assert_eq!(weather().outputs(), expected.map(|(name, value)| (name, value.to_owned())).into());
    let expected = [
        ("apiBaseUrl", "https://api.weatherapi.com/v1"),
        ("apiKeySecretName", "weather-ingest/api-key"),
        ("emailParam", ""),
    ];
    assert_eq!(weather().parameters(), expected.map(|(name, value)| (name, value.to_owned())).into());
}

#[test]
fn all_data_goes_with_the_stack_and_the_secret_is_none_of_it() {
    assert!(weather().retained().is_empty());
    for bucket in ["Raw", "Curated"] {
        assert_eq!(weather().text(&format!("{bucket}EmptyOnDestroy"), "Bucket"), format!("${{{bucket}}}"));
    }
    assert!(weather().ids_of_type("AWS::SecretsManager::Secret").is_empty());
}

#[test]
fn objects_age() {
    let rules = |bucket| weather().text(bucket, "LifecycleConfiguration.Rules");
    assert_eq!(
        rules("Raw"),
        concat!(
            r#"[{"Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":90},"#,
            r#""Transitions":[{"StorageClass":"STANDARD_IA","TransitionInDays":30}]}, "#,
            r#"{"Status":"Enabled","Prefix":"errors/","ExpirationInDays":90}]"#
        )
    );
    assert_eq!(
        rules("Curated"),
        concat!(
            r#"[{"Status":"Enabled","NoncurrentVersionExpiration":{"NoncurrentDays":90}}, "#,
            r#"{"Status":"Enabled","Prefix":"athena-results/","ExpirationInDays":14}]"#
        )
    );
}

/// The definition of the state machine with logical ids for references.
fn definition() -> String {
    match weather().value("Machine", "DefinitionString").get("Fn::Sub") {
        Some(Value::List(parts)) => parts[0].as_str().unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_state_machine() {
    // One state a line.
    let definition = definition().replace("}},\"", "}},\n\"").replace("},\"", "},\n\"");
    insta::assert_snapshot!(definition);
    assert_eq!(weather().text("Machine", "LoggingConfiguration.Level"), "ERROR");
    assert_eq!(weather().text("Machine", "LoggingConfiguration.IncludeExecutionData"), "false");
    assert!(!weather().properties("Machine").contains_key("StateMachineType"));
}

#[test]
fn an_execution_starts_at_every_hour() {
    for (property, value) in [
        ("ScheduleExpression", "cron(0 * * * ? *)"),
        ("FlexibleTimeWindow.Mode", "OFF"),
        ("Target.Arn", "${Machine}"),
        ("Target.RoleArn", "${SchedulesRole.Arn}"),
        ("Target.RetryPolicy.MaximumRetryAttempts", "3"),
        ("Target.RetryPolicy.MaximumEventAgeInSeconds", "900"),
        ("Target.DeadLetterConfig.Arn", "${LostSchedules.Arn}"),
        (
            "Target.Input",
            concat!(
                r#"{"location_id":"marysville","q":"-37.504136,145.744302","#,
                r#""scheduled_time":"<aws.scheduler.scheduled-time>"}"#
            ),
        ),
    ] {
        assert_eq!(weather().text("Schedulesmarysville", property), value, "{property}");
    }
    let trust = weather().text("SchedulesRole", "AssumeRolePolicyDocument.Statement.0.Condition");
    assert_eq!(trust, r#"{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}"#);
}

#[test]
fn every_location_has_a_schedule_and_a_place_in_the_table() {
    let mut app = App::new().with_root(root());
    let locations = [Location::marysville(), Location::new("alice-springs", "-23.698,133.8807").unwrap()];
    stackgen_app::weather_ingest::weather_ingest(&mut app, &locations);
    let synthesis = app.synthesize();
    assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
    let template = &synthesis.stacks[0].template;
    let schedules =
        template.resources().filter(|resource| resource.type_name() == Some("AWS::Scheduler::Schedule")).count();
    assert_eq!(schedules, 2);
    let table = template.resource("Observations").unwrap().property("TableInput").unwrap();
    let ids = table.get("Parameters").unwrap().get("projection.location_id.values").and_then(Value::as_str);
    assert_eq!(ids, Some("marysville,alice-springs"));
}

#[test]
fn grants() {
    let secret =
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${apiKeySecretName}-??????";
    let expected = [
        "s3:GetObject on ${Raw.Arn}/raw/*".to_owned(),
        "s3:ListBucket on ${Raw.Arn}".to_owned(),
        "s3:PutObject on ${Raw.Arn}/errors/*".to_owned(),
        "s3:PutObject on ${Raw.Arn}/raw/*".to_owned(),
        format!("secretsmanager:GetSecretValue on {secret}"),
    ];
    assert_eq!(weather().grants("RetrieveRole"), expected.into());

    let expected = [
        "s3:GetObject on ${Raw.Arn}/raw/*",
        "s3:GetObjectVersion on ${Raw.Arn}/raw/*",
        "s3:PutObject on ${Curated.Arn}/curated/*",
    ];
    assert_eq!(weather().grants("CurateRole"), expected.map(str::to_owned).into());

    let expected = ["sqs:SendMessage on ${LostSchedules.Arn}", "states:StartExecution on ${Machine}"];
    assert_eq!(weather().grants("SchedulesRole"), expected.map(str::to_owned).into());

    let mut machine = weather().grants("MachineRole");
    machine.retain(|grant| !grant.starts_with("logs:"));
    let expected = [
        "lambda:InvokeFunction on ${Curate.Arn}",
        "lambda:InvokeFunction on ${Retrieve.Arn}",
        "sns:Publish on ${Failures}",
    ];
    assert_eq!(machine, expected.map(str::to_owned).into());
}

#[test]
fn nobody_else_publishes_or_subscribes() {
    let policy = weather().value("FailuresPolicy", "PolicyDocument");
    let shown: Vec<_> = statements(policy)
        .iter()
        .filter(|statement| statement.get("Sid").map(text).as_deref() != Some("TlsOnly"))
        .map(|statement| {
            let part = |name| text(statement.get(name).unwrap());
            format!("{} {} {} when {}", part("Effect"), part("Action"), part("Principal"), part("Condition"))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    Allow sns:Publish {"Service":"cloudwatch.amazonaws.com"} when {"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}
    Deny sns:Publish * when {"ArnNotEquals":{"aws:PrincipalArn":[{"Fn::GetAtt":["MachineRole","Arn"]}]},"Bool":{"aws:PrincipalIsAWSService":"false"}}
    Deny sns:Subscribe * when {"StringNotEquals":{"aws:PrincipalAccount":{"Ref":"AWS::AccountId"}}}
    "#);
}

#[test]
fn alarms_tell_what_no_execution_can() {
    let questions = weather();
    let alarms = questions.ids_of_type("AWS::CloudWatch::Alarm");
    assert_eq!(alarms, ["CutShort", "Silent", "LostSchedulesAlarm"]);
    for alarm in alarms {
        assert_eq!(questions.text(alarm, "AlarmActions"), "[${Failures}]");
    }
    let metrics = questions.text("CutShort", "Metrics");
    assert!(metrics.contains("ExecutionsTimedOut") && metrics.contains("ExecutionsAborted"), "{metrics}");
    for (property, value) in [
        ("MetricName", "ExecutionsStarted"),
        ("ComparisonOperator", "LessThanThreshold"),
        ("Threshold", "1"),
        ("Period", "3600"),
        ("EvaluationPeriods", "2"),
        ("TreatMissingData", "breaching"),
    ] {
        assert_eq!(questions.text("Silent", property), value, "{property}");
    }
}

#[test]
fn the_table_has_the_columns_of_the_files() {
    let questions = weather();
    let columns = questions.value("Observations", "TableInput.StorageDescriptor.Columns").as_list().unwrap();
    assert_eq!(columns.len(), 53);
    for (column, expected) in columns.iter().zip(COLUMNS) {
        assert_eq!(text(column.get("Name").unwrap()), expected.name);
        assert_eq!(text(column.get("Type").unwrap()), expected.kind.glue_type());
    }
    let keys = questions.text("Observations", "TableInput.PartitionKeys");
    assert_eq!(
        keys,
        concat!(
            r#"[{"Name":"location_id","Type":"string"}, {"Name":"year","Type":"int"}, {"Name":"month","Type":"int"}, "#,
            r#"{"Name":"day","Type":"int"}, {"Name":"hour","Type":"int"}]"#
        )
    );
    let parameters = questions.value("Observations", "TableInput.Parameters");
    for (name, value) in [
        ("projection.enabled", "true"),
        ("projection.location_id.type", "enum"),
        ("projection.location_id.values", "marysville"),
        ("projection.year.type", "integer"),
        ("projection.year.range", "2022,2040"),
        ("projection.month.range", "1,12"),
        ("projection.month.digits", "2"),
        ("projection.day.range", "1,31"),
        ("projection.day.digits", "2"),
        ("projection.hour.range", "0,23"),
        ("projection.hour.digits", "2"),
        (
            "storage.location.template",
            concat!(
                "s3://${Curated}/curated/location_id=${location_id}/",
                "year=${year}/month=${month}/day=${day}/hour=${hour}/"
            ),
        ),
    ] {
        assert_eq!(parameters.get(name).map(text).as_deref(), Some(value), "{name}");
    }
    let workgroup = |name: &str| questions.text("Workgroup", &format!("WorkGroupConfiguration.{name}"));
    assert_eq!(workgroup("EnforceWorkGroupConfiguration"), "true");
    assert_eq!(workgroup("BytesScannedCutoffPerQuery"), "1073741824");
    assert_eq!(workgroup("EngineVersion.SelectedEngineVersion"), "Athena engine version 3");
    assert_eq!(workgroup("ResultConfiguration.OutputLocation"), "s3://${Curated}/athena-results/");
}
