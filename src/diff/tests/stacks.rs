//! Moves, exports between stacks, nested stacks, and the other sections.

use crate::core::Move;

use super::super::{Action, ChangeKind, Gravity, NoticeKind, StackChange, StackTemplate, diff};
use super::{changes, stack};

const QUEUE_AND_READER: &str = "
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Reader: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Jobs.Arn}}
";

fn renamed() -> String {
    QUEUE_AND_READER.replace("Jobs", "WorkJobs")
}

#[test]
fn a_recorded_move_is_no_replacement() {
    let mut after = stack("s", &renamed());
    after.moves = vec![Move { from: "Jobs".into(), to: "WorkJobs".into() }];
    let found = diff(&[stack("s", QUEUE_AND_READER)], &[after.clone()]);
    let [change] = &*found.stacks[0].resources else { panic!("{found:#?}") };
    assert_eq!((change.action, change.moved_from.as_deref()), (Action::None, Some("Jobs")));
    assert!(!found.is_destructive());
    // Deployed, the record says nothing any more.
    assert!(diff(&[after.clone()], &[after]).stacks[0].is_empty());
}

#[test]
fn a_move_of_a_construct_takes_along_what_is_below() {
    let text = |id: &str| {
        format!(
            "Resources: {{{id}: {{Type: AWS::IAM::Role}}, {id}Policy: {{Type: AWS::IAM::Policy, Properties: {{Roles: [!Ref {id}]}}}}}}"
        )
    };
    let mut after = stack("s", &text("New"));
    after.moves = vec![Move { from: "Old".into(), to: "New".into() }];
    let found = diff(&[stack("s", &text("Old"))], &[after]);
    assert!(
        found.stacks[0].resources.iter().all(|change| change.moved_from.is_some() && change.action == Action::None)
    );
    assert_eq!(found.stacks[0].resources.len(), 2);
}

#[test]
fn equal_content_suggests_a_move() {
    let found = changes(QUEUE_AND_READER, &renamed());
    let [suggested] = &*found.suggested_moves else { panic!("{found:#?}") };
    assert_eq!((suggested.from.as_str(), suggested.to.as_str()), ("Jobs", "WorkJobs"));
    assert_eq!(found.resource("WorkJobs").unwrap().action, Action::Create, "a suggestion decides nothing");
}

#[test]
fn names_tell_apart_what_has_equal_content() {
    let topics = |ids: &[&str]| {
        let of = |id: &&str| format!("{id}: {{Type: AWS::SNS::Topic}}");
        format!("Resources: {{{}}}", ids.iter().map(of).collect::<Vec<_>>().join(", "))
    };
    let moves = |before: &[&str], after: &[&str]| -> Vec<(String, String)> {
        let found = changes(&topics(before), &topics(after)).suggested_moves;
        found.into_iter().map(|found| (found.from, found.to)).collect()
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(
        moves(&["Group1Alerts", "Group2Alerts"], &["Team2Alerts", "Team1Alerts"]),
        [pair("Group1Alerts", "Team1Alerts"), pair("Group2Alerts", "Team2Alerts")]
    );
    assert_eq!(moves(&["Abc", "Abd"], &["Xyz"]), [], "it may be either");
}

#[test]
fn a_record_without_a_resource_is_told() {
    let mut after = stack("s", QUEUE_AND_READER);
    after.moves = vec![Move { from: "Nothing".into(), to: "Somewhere".into() }];
    let found = diff(&[stack("s", QUEUE_AND_READER)], &[after]);
    assert_eq!(found.stacks[0].notices[0].kind, NoticeKind::MoveWithoutSource);
    assert!(found.is_empty());
}

#[test]
fn imported_resources_are_not_created() {
    let mut after = stack("s", QUEUE_AND_READER);
    after.imports = vec!["Jobs".into()];
    let found = diff(&[stack("s", "Resources: {}")], &[after]);
    assert_eq!(found.stacks[0].resource("Jobs").unwrap().action, Action::Import);
}

const PRODUCER: &str = "
Resources: {Data: {Type: AWS::S3::Bucket}}
Outputs: {Name: {Value: !Ref Data, Export: {Name: !Sub '${AWS::StackName}:name'}}}
";
const CONSUMER: &str = "
Resources: {Reader: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue 'data:name'}}}
";

#[test]
fn an_export_in_use_cannot_go() {
    let before = [stack("data", PRODUCER), stack("web", CONSUMER)];
    let without = stack("data", "Resources: {Data: {Type: AWS::S3::Bucket}}");
    let found = diff(&before, &[without.clone(), stack("web", CONSUMER)]);
    let notice = &found.stacks[0].notices[0];
    assert_eq!((notice.kind, notice.gravity), (NoticeKind::ExportInUse, Gravity::Error));
    assert!(notice.hint.as_ref().unwrap().contains("keep the export"), "{notice:?}");
    assert!(found.is_refused());

    let free = stack("web", &CONSUMER.replace("!ImportValue 'data:name'", "x"));
    let found = diff(&before, &[without, free]);
    let hint = found.stacks[0].notices[0].hint.clone().unwrap();
    assert!(hint.contains("deploy that stack first, then `data`"), "{hint}");

    assert!(!diff(&before, &[]).is_refused(), "both go away, and in the right order");
}

#[test]
fn an_export_in_use_cannot_get_another_value() {
    let before = [stack("data", PRODUCER), stack("web", CONSUMER)];
    let replaced = PRODUCER.replace("{Type: AWS::S3::Bucket}", "{Type: AWS::S3::Bucket, Properties: {BucketName: b}}");
    let found = diff(&before, &[stack("data", &replaced), stack("web", CONSUMER)]);
    let notice = found.stacks[0].notices.iter().find(|notice| notice.kind == NoticeKind::ExportInUse).unwrap();
    assert!(notice.message.contains("because `Data` is replaced"), "{notice:?}");
    assert!(diff(&before, &before.clone()).is_empty());
}

#[test]
fn stacks_come_and_go() {
    let found = diff(&[stack("a", PRODUCER), stack("b", PRODUCER)], &[stack("b", PRODUCER), stack("c", PRODUCER)]);
    let kinds: Vec<_> =
        found.stacks.iter().map(|stack| (stack.name.as_str(), stack.change, stack.is_empty())).collect();
    assert_eq!(
        kinds,
        [("b", StackChange::Compared, true), ("c", StackChange::Added, false), ("a", StackChange::Removed, false)]
    );
    assert!(found.loses_data(), "the bucket of the removed stack");
}

#[test]
fn nested_stacks_are_compared_inside() {
    let outer = "Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.json}}}";
    let with = |inner: &str| {
        let mut outer = stack("s", outer);
        outer.nested.insert("Inner".into(), StackTemplate::new("inner", super::template(inner)));
        outer
    };
    let found = diff(&[with(PRODUCER)], &[with("Resources: {}")]);
    let change = found.stacks[0].resource("Inner").unwrap();
    assert_eq!(change.action, Action::Update);
    assert_eq!(change.nested.as_ref().unwrap().resources[0].action, Action::Delete);
    assert!(found.loses_data());
    assert!(diff(&[with(PRODUCER)], &[with(PRODUCER)]).is_empty());

    let empty = stack("s", "Resources: {}");
    assert!(diff(&[with(PRODUCER)], std::slice::from_ref(&empty)).loses_data());
    let mut kept = with(PRODUCER);
    kept.template = super::template(&outer.replace("Type: AWS", "DeletionPolicy: Retain, Type: AWS"));
    assert!(!diff(&[kept], &[empty]).loses_data());
}

#[test]
fn other_sections_are_compared_by_entry() {
    let found = changes(
        "Description: a\nParameters: {P: {Type: String, AllowedValues: [a, b]}}\nMappings: {M: {k: {a: 1}}}\nResources: {}\nOutputs: {O: {Value: x}}",
        "Description: b\nParameters: {P: {Type: String, AllowedValues: [a, c, b]}}\nMappings: {M: {k: {a: 2}}}\nResources: {}\nOutputs: {N: {Value: x}}\nTransform: AWS::LanguageExtensions",
    );
    let entries: Vec<_> =
        found.entries.iter().map(|entry| (entry.name.as_str(), entry.kind, entry.changes[0].label.as_str())).collect();
    assert_eq!(
        entries,
        [
            ("Description", ChangeKind::Modified, ""),
            ("Transform", ChangeKind::Added, ""),
            ("P", ChangeKind::Modified, "AllowedValues[1]"),
            ("M", ChangeKind::Modified, "k.a"),
            ("N", ChangeKind::Added, ""),
            ("O", ChangeKind::Removed, ""),
        ]
    );
}

#[test]
fn an_unknown_macro_is_told() {
    let found = changes("Transform: Mine\nResources: {}", "Transform: Mine\nResources: {A: {Type: AWS::SNS::Topic}}");
    assert_eq!(found.notices[0].kind, NoticeKind::Macro);
}
