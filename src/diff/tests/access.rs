//! What a change opens and closes.

use super::super::{AccessChange, ChangeKind, StackChanges};
use super::changes;

const ROLE: &str = "Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}}}";

fn with_policy(actions: &str, resource: &str) -> String {
    format!(
        "
Resources:
  {ROLE}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref Role]
      PolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Action: {actions}, Resource: {resource}}}]}}
"
    )
}

fn one(changes: &StackChanges) -> &AccessChange {
    assert_eq!(changes.access.len(), 1, "{:#?}", changes.access);
    &changes.access[0]
}

#[test]
fn who_may_do_what_with_what() {
    let found = changes(
        &with_policy("s3:GetObject", "!GetAtt Data.Arn"),
        &with_policy("[s3:PutObject, s3:GetObject]", "!Sub '${Data.Arn}'"),
    );
    let change = one(&found);
    assert_eq!((change.kind, change.is_broadening), (ChangeKind::Added, true));
    let rule = change.after.as_ref().unwrap();
    assert_eq!(
        (rule.who.as_str(), &*rule.actions, &*rule.resources),
        ("${Role}", &["s3:PutObject".to_owned()][..], &["${Data.Arn}".to_owned()][..])
    );
    assert!(found.is_broadening());
}

#[test]
fn a_wider_resource_broadens() {
    let (narrow, wide) =
        (with_policy("s3:GetObject", "'arn:aws:s3:::a/b'"), with_policy("s3:GetObject", "'arn:aws:s3:::a/*'"));
    assert!(one(&changes(&narrow, &wide)).is_broadening);
    assert!(!one(&changes(&wide, &narrow)).is_broadening);
}

#[test]
fn a_statement_that_moves_between_policies_changes_no_access() {
    let inline = format!(
        "Resources: {{Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {}, Policies: [{{PolicyName: p, PolicyDocument: {}}}]}}}}}}",
        "{Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]}",
        "{Statement: {Effect: Allow, Action: s3:GetObject, Resource: '*'}}"
    );
    let found = changes(&inline, &with_policy("s3:GetObject", "'*'"));
    assert!(!found.resources.is_empty());
    assert_eq!(found.access, []);
}

#[test]
fn policies_of_resources_and_permissions_name_their_principals() {
    let policy = |principal: &str| {
        format!(
            "Resources: {{P: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: b, PolicyDocument: {{Statement: [{{Effect: Allow, Principal: {principal}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}}]}}}}}}}}"
        )
    };
    let found = changes(&policy("{AWS: '123456789012'}"), &policy("'*'"));
    assert!(one(&found).is_public());
    let permission = |source: &str| {
        format!(
            "Resources: {{P: {{Type: AWS::Lambda::Permission, Properties: {{Action: 'lambda:InvokeFunction', FunctionName: f, Principal: s3.amazonaws.com{source}}}}}}}"
        )
    };
    let found = changes(&permission(", SourceArn: 'arn:aws:s3:::b'"), &permission(""));
    assert!(one(&found).is_broadening, "without a condition more may call");
}

#[test]
fn policies_in_text_and_attached_ones_count() {
    let logs = |action: &str| {
        format!(
            r#"{{"Resources": {{"P": {{"Type": "AWS::Logs::ResourcePolicy", "Properties": {{"PolicyName": "p", "PolicyDocument":
            "{{\"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"Service\": \"es.amazonaws.com\"}}, \"Action\": \"logs:{action}\", \"Resource\": \"*\"}}]}}"}}}}}}}}"#
        )
    };
    assert!(one(&changes(&logs("PutLogEvents"), &logs("*"))).is_broadening);
    let role = |policies: &str| {
        format!("Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{ManagedPolicyArns: [{policies}]}}}}}}")
    };
    let found = changes(&role(""), &role("'arn:aws:iam::aws:policy/AdministratorAccess'"));
    assert_eq!(one(&found).after.as_ref().unwrap().actions, ["policy arn:aws:iam::aws:policy/AdministratorAccess"]);
}

#[test]
fn a_removed_role_takes_its_access_along() {
    let found = changes(&with_policy("s3:GetObject", "'*'"), "Resources: {}");
    assert!(found.access.iter().all(|change| change.kind == ChangeKind::Removed && !change.is_broadening));
    assert_eq!(found.access.len(), 2, "the policy and the trust");
}

#[test]
fn network_rules_are_a_set() {
    let group = |rules: &str| {
        format!(
            "Resources: {{G: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: g, SecurityGroupIngress: [{rules}]}}}}}}"
        )
    };
    let (web, shell) = (
        "{IpProtocol: tcp, FromPort: 443, ToPort: '443', CidrIp: 0.0.0.0/0}",
        "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}",
    );
    let found = changes(&group(shell), &group(&format!("{web}, {shell}")));
    assert_eq!(found.network.len(), 1);
    let rule = &found.network[0].rule;
    assert_eq!((rule.ports.as_str(), rule.is_anywhere(), found.network[0].kind), ("tcp 443", true, ChangeKind::Added));
    assert!(found.is_broadening());
    let closed = changes(&group(&format!("{web}, {shell}")), &group(shell));
    assert!(!closed.is_broadening());
}

#[test]
fn what_becomes_public_is_told() {
    let url = |kind: &str| {
        format!("Resources: {{U: {{Type: AWS::Lambda::Url, Properties: {{AuthType: {kind}, TargetFunctionArn: f}}}}}}")
    };
    let found = changes(&url("AWS_IAM"), &url("NONE"));
    assert_eq!((found.exposures.len(), found.exposures[0].kind), (1, ChangeKind::Added));
    let block = |policy: &str| {
        format!(
            "Resources: {{B: {{Type: AWS::S3::Bucket, Properties: {{PublicAccessBlockConfiguration: {{BlockPublicAcls: true, IgnorePublicAcls: true, RestrictPublicBuckets: true, BlockPublicPolicy: {policy}}}}}}}}}"
        )
    };
    assert_eq!(changes(&block("true"), &block("'false'")).exposures.len(), 1);
    assert!(!changes(&block("false"), &block("true")).is_broadening());
    let unblocked = changes(&block("true"), "Resources: {B: {Type: AWS::S3::Bucket}}");
    assert_eq!(unblocked.exposures.len(), 1);
}
