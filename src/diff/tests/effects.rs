//! What a change does to resources and to what they hold.

use super::super::{Action, CauseSource, ChangeKind, DataRisk, Effect, Gravity, NoticeKind};
use super::{changes, nothing, of_one};

#[test]
fn what_means_the_same_is_no_change() {
    nothing(
        r#"{"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": "true", "VisibilityTimeout": "30"}}"#,
        r#"{"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30, "FifoQueue": true}}"#,
    );
    nothing(
        r#"{"Type": "AWS::SQS::Queue", "DependsOn": "A"}"#,
        r#"{"Type": "AWS::SQS::Queue", "DependsOn": ["A"], "Properties": {}}"#,
    );
    nothing(
        r#"{"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"}"#,
        r#"{"Type": "AWS::S3::Bucket", "Metadata": {}, "Properties": {"BucketName": {"Ref": "AWS::NoValue"}}}"#,
    );
    nothing(
        r#"{"Type": "Custom::Thing", "Properties": {"ServiceToken": "t", "Deep": {"On": true, "Count": 5}}}"#,
        r#"{"Type": "Custom::Thing", "Properties": {"ServiceToken": "t", "Deep": {"On": "true", "Count": "5"}}}"#,
    );
}

#[test]
fn the_schema_says_what_replaces() {
    let replaced = of_one(
        r#"{"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "a", "VisibilityTimeout": 1}}"#,
        r#"{"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "b", "VisibilityTimeout": 2}}"#,
    );
    assert_eq!(replaced.action, Action::Replace);
    let effects: Vec<_> = replaced.properties.iter().map(|change| (change.label.as_str(), change.effect)).collect();
    assert_eq!(
        effects,
        [("Properties.QueueName", Effect::Replaces), ("Properties.VisibilityTimeout", Effect::InPlace)]
    );
    let unknown = of_one(
        r#"{"Type": "Acme::A::B", "Properties": {"A": 1}}"#,
        r#"{"Type": "Acme::A::B", "Properties": {"A": 2}}"#,
    );
    assert_eq!(unknown.action, Action::MayReplace);
}

#[test]
fn what_only_the_stack_knows_updates_nothing() {
    let change = of_one(r#"{"Type": "AWS::S3::Bucket"}"#, r#"{"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}"#);
    assert_eq!((change.action, change.data), (Action::None, DataRisk::None));
    assert_eq!(change.properties[0].label, "DeletionPolicy");
}

#[test]
fn another_type_is_refused() {
    let found = changes(
        r#"{"Resources": {"It": {"Type": "AWS::SQS::Queue"}}}"#,
        r#"{"Resources": {"It": {"Type": "AWS::SNS::Topic"}}}"#,
    );
    assert_eq!(found.notices[0].kind, NoticeKind::TypeChange);
    assert!(found.is_refused());
}

#[test]
fn a_fixed_name_stands_in_the_way_of_a_replacement() {
    let notices = |before: &str, after: &str| -> Vec<_> {
        let found = changes(&format!("Resources: {{It: {before}}}"), &format!("Resources: {{It: {after}}}"));
        let names = found.notices.iter().filter(|notice| notice.kind == NoticeKind::NamedReplacement);
        names.map(|notice| notice.gravity).collect()
    };
    let function = |kind: &str, name: &str| {
        format!("{{Type: AWS::Lambda::Function, Properties: {{FunctionName: {name}, PackageType: {kind}}}}}")
    };
    assert_eq!(notices(&function("Zip", "f"), &function("Image", "f")), [Gravity::Error]);
    assert_eq!(notices(&function("Zip", "f"), &function("Image", "g")), []);
    let table = |kind: &str| {
        format!(
            "{{Type: AWS::DynamoDB::Table, Properties: {{TableName: t, KeySchema: [{{AttributeName: a, KeyType: {kind}}}]}}}}"
        )
    };
    assert_eq!(notices(&table("HASH"), &table("RANGE")), [Gravity::Warning], "the registry leaves it open");
}

#[test]
fn data_is_at_risk_without_a_policy() {
    let bucket = |name: &str, policies: &str| {
        format!(r#"{{"Type": "AWS::S3::Bucket"{policies}, "Properties": {{"BucketName": "{name}"}}}}"#)
    };
    let keep = r#", "UpdateReplacePolicy": "Retain""#;
    assert_eq!(of_one(&bucket("a", ""), &bucket("b", "")).data, DataRisk::Lost);
    assert_eq!(of_one(&bucket("a", keep), &bucket("b", keep)).data, DataRisk::Kept);
    assert_eq!(of_one(&bucket("a", ""), &bucket("b", keep)).data, DataRisk::Lost, "the policy is not deployed yet");
    let gone = |resource: &str| {
        let before = format!(r#"{{"Resources": {{"It": {resource}, "Other": {{"Type": "AWS::SNS::Topic"}}}}}}"#);
        let change = changes(&before, r#"{"Resources": {"Other": {"Type": "AWS::SNS::Topic"}}}"#);
        (change.resources[0].action, change.resources[0].data)
    };
    assert_eq!(gone(&bucket("a", "")), (Action::Delete, DataRisk::Lost));
    assert_eq!(gone(&bucket("a", r#", "DeletionPolicy": "Retain""#)), (Action::Retain, DataRisk::Kept));
    assert_eq!(gone(r#"{"Type": "AWS::RDS::DBCluster"}"#), (Action::Snapshot, DataRisk::Kept), "that is its default");
    assert_eq!(gone(r#"{"Type": "AWS::SNS::Subscription"}"#), (Action::Delete, DataRisk::None));
}

#[test]
fn a_condition_that_may_no_longer_hold_puts_data_at_risk() {
    let found = changes(
        r#"{"Resources": {"It": {"Type": "AWS::S3::Bucket"}}}"#,
        r#"{"Conditions": {"C": {"Fn::Equals": ["a", "b"]}}, "Resources": {"It": {"Type": "AWS::S3::Bucket", "Condition": "C"}}}"#,
    );
    assert!(
        found.notices.iter().any(|notice| notice.kind == NoticeKind::DataLoss && notice.gravity == Gravity::Warning)
    );
}

#[test]
fn a_replacement_reaches_what_refers_to_it() {
    let template = |name: &str| {
        format!(
            "
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {{TopicName: {name}}}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {{TopicArn: !Ref Topic, Protocol: sqs, Endpoint: 'arn:aws:sqs:eu-west-1:123456789012:q'}}
  Watch:
    Type: AWS::SSM::Parameter
    Properties: {{Type: String, Value: !Sub 'x-${{Subscription}}'}}
  Apart:
    Type: AWS::SSM::Parameter
    DependsOn: Topic
    Properties: {{Type: String, Value: y}}
"
        )
    };
    let found = changes(&template("a"), &template("b"));
    let actions: Vec<_> = found.resources.iter().map(|change| (change.logical_id.as_str(), change.action)).collect();
    assert_eq!(actions, [("Topic", Action::Replace), ("Subscription", Action::Replace), ("Watch", Action::Update)]);
    let cause = &found.resource("Subscription").unwrap().causes[0];
    assert_eq!(
        (&cause.source, cause.label.as_str(), cause.effect, cause.is_certain),
        (&CauseSource::Resource("Topic".into()), "Properties.TopicArn", Effect::Replaces, true)
    );
}

#[test]
fn the_default_of_a_parameter_reaches_what_uses_it() {
    let template = |name: &str| {
        format!(
            "
Parameters: {{Name: {{Type: String, Default: {name}}}}}
Resources:
  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Ref Name}}}}
  Other: {{Type: AWS::SQS::Queue, Properties: {{KmsMasterKeyId: !Sub 'alias/${{Name}}'}}}}
"
        )
    };
    let found = changes(&template("a"), &template("b"));
    assert_eq!(found.resource("Queue").unwrap().action, Action::MayReplace);
    assert_eq!(found.resource("Other").unwrap().action, Action::Update);
    assert_eq!(found.entries[0].kind, ChangeKind::Modified);
}

#[test]
fn what_conditions_are_made_of_reaches_what_they_decide() {
    let template = |stage: &str| {
        format!(
            "
Parameters: {{Stage: {{Type: String, Default: {stage}}}}}
Conditions:
  Live: !Not [Condition: Tried]
  Tried: !Equals [!Ref Stage, test]
  Apart: !Equals [a, a]
Resources:
  Data: {{Type: AWS::S3::Bucket, Condition: Live}}
  Kept: {{Type: AWS::S3::Bucket, Condition: Live, DeletionPolicy: Retain}}
  Jobs: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: !If [Live, 30, 60]}}}}
  Other: {{Type: AWS::SQS::Queue, Condition: Apart}}
"
        )
    };
    let found = changes(&template("live"), &template("test"));
    let told: Vec<_> = found.resources.iter().map(|it| (it.logical_id.as_str(), it.action, it.data)).collect();
    let expected = [
        ("Data", Action::MayReplace, DataRisk::MayBeLost),
        ("Kept", Action::MayReplace, DataRisk::None),
        ("Jobs", Action::Update, DataRisk::None),
    ];
    assert_eq!(told, expected);
    assert_eq!(found.resource("Jobs").unwrap().causes[0].source, CauseSource::Condition("Live".into()));
    let notices: Vec<_> = found.notices.iter().map(|notice| notice.message.as_str()).collect();
    assert_eq!(notices, ["`Data` (AWS::S3::Bucket) holds data and is deleted where its condition no longer holds"]);
}

#[test]
fn secrets_are_not_shown() {
    let user = |password: &str| {
        format!(r#"{{"Type": "AWS::RDS::DBInstance", "Properties": {{"MasterUserPassword": "{password}"}}}}"#)
    };
    let change = of_one(&user("one"), &user("two"));
    assert_eq!(change.properties[0].after, Some("(hidden)".into()));
    let parameter = |default: &str| {
        format!(
            r#"{{"Parameters": {{"P": {{"Type": "String", "NoEcho": true, "Default": "{default}"}}}}, "Resources": {{}}}}"#
        )
    };
    let found = changes(&parameter("one"), &parameter("two"));
    assert!(!format!("{found:?}").contains("\"one\""), "{found:?}");
    assert_eq!(found.entries.len(), 1);
}
