//! What findings say, and how they are accepted.

use stackgen_schema::{Code, Options, Suppression, report, validate};

use crate::{findings, template};

#[test]
fn a_circle_is_named_in_full() {
    let found = findings(
        "
Resources:
  A: {Type: AWS::SNS::Topic, DependsOn: C}
  B: {Type: AWS::SNS::Topic, DependsOn: A}
  C: {Type: AWS::SNS::Topic, DependsOn: B}
",
    );
    let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["resources need each other in a circle: A -> C -> B -> A"]);
}

#[test]
fn a_resource_that_needs_itself_is_named() {
    let found = findings("Resources: {A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.TopicName}}}");
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::CircularDependency]);
    assert_eq!(found[0].message, "`A` needs itself");
}

#[test]
fn near_names_are_proposed() {
    let hint = |text: &str| findings(text)[0].hint.clone().unwrap_or_default();
    assert_eq!(hint("Resources: {A: {Type: AWS::S3::Buckets}}"), "did you mean `AWS::S3::Bucket`?");
    assert_eq!(
        hint("Resources: {A: {Type: AWS::SQS::Queue, Properties: {Fifoqueue: true}}}"),
        "did you mean `FifoQueue`?"
    );
}

const TWO: &str = "
Resources:
  A: {Type: AWS::SNS::Topic, Properties: {DisplayName: '${AWS::Region}'}}
  B:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: '${AWS::Region}'}
    Metadata: {stackgen: {suppress: [{code: sub-missing, reason: another program fills it in}]}}
";

#[test]
fn a_finding_is_accepted_with_a_reason() {
    let template = template(TWO);
    let report = report(&template, &Options::new());
    let paths: Vec<String> = report.findings.iter().map(|finding| finding.path.to_string()).collect();
    assert_eq!(paths, ["Resources/A/Properties/DisplayName"]);
    let [(finding, reason)] = report.suppressed.as_slice() else { panic!("{:?}", report.suppressed) };
    assert_eq!(finding.path.to_string(), "Resources/B/Properties/DisplayName");
    assert_eq!(reason, "another program fills it in");
}

#[test]
fn options_accept_findings_everywhere_or_in_one_place() {
    let template = template(TWO);
    let with = |suppression: Suppression| validate(&template, &Options::new().suppress(suppression)).len();
    assert_eq!(with(Suppression::everywhere(Code::SubMissing, "known")), 0);
    assert_eq!(with(Suppression::resource(Code::SubMissing, "A", "known")), 0);
    assert_eq!(with(Suppression::resource(Code::SubMissing, "C", "known")), 1);
    assert_eq!(with(Suppression::everywhere(Code::UnknownType, "known")), 1);
}

#[test]
fn unknown_values_can_be_let_pass() {
    let template =
        template("Resources: {R: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: On}}}}");
    let severities = |options: &Options| -> Vec<_> {
        validate(&template, options).iter().map(|finding| (finding.code, finding.severity.as_str())).collect()
    };
    assert_eq!(severities(&Options::new()), [(Code::UnknownEnum, "error")]);
    assert_eq!(severities(&Options::new().allow_unknown_enum(true)), [(Code::UnknownEnum, "warning")]);
}

#[test]
fn types_are_looked_up_in_every_region_of_the_stack() {
    let template = template("Resources: {R: {Type: AWS::DeviceFarm::Project, Properties: {Name: n}}}");
    let codes = |options: &Options| validate(&template, options).iter().map(|finding| finding.code).collect::<Vec<_>>();
    assert_eq!(codes(&Options::new()), []);
    assert_eq!(codes(&Options::new().regions(["eu-west-3"])), [Code::TypeRegion]);
}
