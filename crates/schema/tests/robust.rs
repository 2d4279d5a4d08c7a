//! No template, however broken, makes the validator panic or run away.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::fs;
use std::path::Path as FilePath;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use stackgen_schema::{Finding, Options, validate, validate_app};
use stackgen_template::{Document, Map, Path, Template, Value, read, read_bytes};

/// Templates with something in every section, to be broken.
static TEMPLATES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/others");
    let files = [
        "good/cfn-lint/parameters-used_transform_language_extension.json",
        "good/cfn-lint/generic.yaml",
        "good/cfn-lint/transform_serverless_function.yaml",
        "good/cfn-lint/quickstart-nist_application.yaml",
        "good/cfn-modules/s3-bucket.yml",
        "good/cfn-modules/sqs-queue.yml",
        "good/solutions-constructs/aws-lambda-stepfunctions-lamstp-deployFunctionWithVpc.json",
        "bad/cfn-lint/conditions.yaml",
        "bad/cfn-lint/generic.yaml",
    ];
    files.iter().map(|file| read_bytes(&fs::read(folder.join(file)).expect(file)).expect(file).value).collect()
});

/// The paths of all values below a value.
fn paths(value: &Value, path: &mut Path, found: &mut Vec<Path>) {
    found.push(path.clone());
    match value {
        Value::Map(map) => {
            for (key, value) in map.iter() {
                path.push(key.to_owned());
                paths(value, path, found);
                path.pop();
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index);
                paths(item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Texts that mean something somewhere in a template.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "",
            "*",
            "AWS::NoValue",
            "AWS::Region",
            "AWS::S3::Bucket",
            "Custom::Thing",
            "a::b::MODULE",
            "${",
            "${}",
            "${!a}",
            "${A.B.C}",
            "{{resolve:ssm:a:1}}",
            "{{resolve:",
            "{{ resolve:x}}",
            "-1",
            "99999999999999999999",
            "1e400",
            "NaN",
            "true",
            "rate(1 day)",
            "cron()",
            "at(T)",
            "arn:",
            "s3:*",
            ":",
            "10.0.0.0/99",
            "2012-10-17",
            "{\"StartAt\": 1}",
            "ä€𝄞",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        ".{0,12}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "Ref",
            "Fn::If",
            "Fn::Sub",
            "Fn::GetAtt",
            "Fn::Join",
            "Fn::Split",
            "Fn::Select",
            "Fn::FindInMap",
            "Fn::Cidr",
            "Fn::Transform",
            "Fn::ForEach::X",
            "Fn::Equals",
            "Fn::And",
            "Fn::Nothing",
            "Condition",
            "Type",
            "Properties",
            "DependsOn",
            "Name",
            "Value",
            "Statement",
            "Principal",
            "States",
            "Next",
        ])
        .prop_map(str::to_owned),
        text(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key(), inner), 0..4).prop_map(|entries| {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.insert(key, value);
                }
                Value::Map(map)
            }),
        ]
    })
}

/// Every finding must point at a place of the template, or at the place where something is missing.
fn assert_sound(template: &Template, findings: &[Finding]) {
    let root = Value::Map(template.root().clone());
    for finding in findings {
        let there = root.at(&finding.path).is_some();
        let parent = finding.path.parent().is_some_and(|parent| root.at(&parent).is_some());
        assert!(there || parent, "{finding} is nowhere");
        assert!(!finding.message.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_at_random_places_are_checked(
        which in any::<Index>(),
        changes in proptest::collection::vec((any::<Index>(), value()), 1..4),
    ) {
        let mut root = TEMPLATES[which.index(TEMPLATES.len())].clone();
        for (place, value) in changes {
            let mut all = Vec::new();
            paths(&root, &mut Path::root(), &mut all);
            let path = &all[place.index(all.len())];
            if !path.is_root() {
                *root.at_mut(path).unwrap() = value;
            }
        }
        let Value::Map(root) = root else { unreachable!("the root is never replaced") };
        let template = Template::from(root);
        assert_sound(&template, &validate(&template, &Options::new().regions(["us-east-1", "nowhere-1"])));
        validate_app(&[&template, &template]);
    }

    #[test]
    fn any_mapping_is_checked(value in value()) {
        let mut root = Map::new();
        for section in ["Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs", "Transform", "Metadata"] {
            root.insert(section, value.clone());
        }
        let template = Template::from(root);
        assert_sound(&template, &validate(&template, &Options::new()));
    }
}

/// How long a validation takes, with much room for slow machines and builds without optimization.
fn assert_quick(text: &str) {
    let (template, _) = read(text).and_then(Document::into_template).unwrap();
    let start = Instant::now();
    validate(&template, &Options::new());
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// Conditions, each on a parameter of its own.
fn conditions(count: usize) -> String {
    let mut text = String::from("Parameters:\n");
    for number in 0..count {
        writeln!(text, "  P{number}: {{Type: String}}").unwrap();
    }
    text.push_str("Conditions:\n");
    for number in 0..count {
        writeln!(text, "  C{number}: !Equals [!Ref P{number}, 'yes']").unwrap();
    }
    text
}

#[test]
fn many_conditions_in_one_resource_do_not_multiply() {
    let mut text = conditions(40);
    text.push_str("Resources:\n  D:\n    Type: AWS::RDS::DBInstance\n    Properties:\n");
    let names = [
        "AllocatedStorage",
        "DBInstanceClass",
        "Engine",
        "EngineVersion",
        "Iops",
        "KmsKeyId",
        "MasterUsername",
        "MasterUserPassword",
        "MultiAZ",
        "OptionGroupName",
        "Port",
        "SourceDBInstanceIdentifier",
        "StorageEncrypted",
        "StorageThroughput",
        "StorageType",
        "Timezone",
        "DBSnapshotIdentifier",
        "DBClusterIdentifier",
        "DBName",
        "CharacterSetName",
        "BackupRetentionPeriod",
        "PubliclyAccessible",
    ];
    for (number, name) in names.iter().enumerate() {
        writeln!(text, "      {name}: !If [C{number}, '5', !Ref AWS::NoValue]").unwrap();
    }
    assert_quick(&text);
}

#[test]
fn conditions_within_conditions_do_not_multiply() {
    let mut text = conditions(40);
    let mut inner = "x".to_owned();
    for number in 0..40 {
        inner = format!("!If [C{number}, {inner}, y{number}]");
    }
    let mut list = String::new();
    for number in 0..40 {
        write!(list, "!If [C{number}, {{Key: a{number}, Value: b}}, !Ref AWS::NoValue], ").unwrap();
    }
    writeln!(text, "Resources: {{T: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {inner}, Tags: [{list}]}}}}}}")
        .unwrap();
    assert_quick(&text);
}

#[test]
fn conditions_of_conditions_do_not_multiply() {
    let mut text = String::from("Conditions:\n  C0: !Equals [!Ref AWS::Region, a]\n");
    for number in 1..60 {
        let before = number - 1;
        writeln!(text, "  C{number}: !And [!Condition C{before}, !Or [!Condition C{before}, !Condition C{before}]]")
            .unwrap();
    }
    text.push_str(
        "Resources: {T: {Type: AWS::SNS::Topic, Condition: C59, Properties: {DisplayName: !If [C59, a, b]}}}",
    );
    assert_quick(&text);
}

#[test]
fn a_long_chain_of_conditions_is_no_matter() {
    let mut text = String::from("Conditions:\n");
    for number in 0..20_000 {
        writeln!(text, "  C{number}: !Not [!Condition C{}]", number + 1).unwrap();
    }
    text.push_str("  C20000: !Equals [!Ref AWS::Region, a]\n");
    text.push_str("Resources: {T: {Type: AWS::SNS::Topic, Condition: C0, Properties: {DisplayName: !If [C1, a, b]}}}");
    assert_quick(&text);
}

#[test]
fn a_dense_graph_of_dependencies_does_not_multiply() {
    let mut text = String::from("Resources:\n");
    for number in 0..60 {
        let all: Vec<String> = (0..60).filter(|other| *other != number).map(|other| format!("T{other}")).collect();
        writeln!(text, "  T{number}: {{Type: AWS::SNS::Topic, DependsOn: [{}]}}", all.join(", ")).unwrap();
    }
    assert_quick(&text);
}
