//! Policy documents of IAM.

mod statement;

use stackgen_template::{Map, Path, Trail, Value};

use super::values::{cases, is_computed, one_or_many};
use crate::similar::did_you_mean;
use crate::{Code, Finding};

/// What a policy is attached to.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A user, group or role: it says what they may do.
    Identity,
    /// A resource: it says who may do something with it.
    Resource,
    /// A resource that its policy does not name again.
    ResourceItself,
    /// A role: it says who may take it on.
    Trust,
}

/// The properties that hold policies; `*` is every item of a list.
const PLACES: &[(&str, &str, Kind)] = &[
    ("AWS::IAM::Group", "Policies/*/PolicyDocument", Kind::Identity),
    ("AWS::IAM::GroupPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::Policy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::Role", "Policies/*/PolicyDocument", Kind::Identity),
    ("AWS::IAM::RolePolicy", "PolicyDocument", Kind::Identity),
    ("AWS::IAM::User", "Policies/*/PolicyDocument", Kind::Identity),
    ("AWS::IAM::UserPolicy", "PolicyDocument", Kind::Identity),
    ("AWS::SSO::PermissionSet", "InlinePolicy", Kind::Identity),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", Kind::Trust),
    ("AWS::KMS::Key", "KeyPolicy", Kind::Resource),
    ("AWS::OpenSearchService::Domain", "AccessPolicies", Kind::Resource),
    ("AWS::S3::BucketPolicy", "PolicyDocument", Kind::Resource),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", Kind::Resource),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", Kind::Resource),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", Kind::Resource),
    ("AWS::ECR::Repository", "RepositoryPolicyText", Kind::ResourceItself),
];

pub(super) fn check(type_name: &str, properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    for (_, place, kind) in PLACES.iter().filter(|(owner, ..)| *owner == type_name) {
        let Some((first, rest)) = split(place) else { continue };
        if let Some(value) = properties.get(first) {
            descend(value, rest, &trail.key(first), &mut |value, trail| document(value, *kind, trail, findings));
        }
    }
}

fn split(place: &str) -> Option<(&str, &str)> {
    if place.is_empty() { None } else { Some(place.split_once('/').unwrap_or((place, ""))) }
}

fn descend<'v>(value: &'v Value, place: &str, trail: &Trail<'_>, visit: &mut dyn FnMut(&'v Value, &Trail<'_>)) {
    match split(place) {
        None => cases(value, trail, visit),
        Some(("*", rest)) => one_or_many(value, trail, &mut |value, trail| descend(value, rest, trail, visit)),
        Some((first, rest)) => {
            if let Some(inner) = value.get(first) {
                descend(inner, rest, &trail.key(first), visit);
            }
        }
    }
}

fn shape(path: Path, message: impl Into<String>) -> Finding {
    Finding::new(Code::PolicyShape, path, message)
}

fn document(value: &Value, kind: Kind, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    // A policy may also be JSON in a text, and what a function gives is not known.
    let Value::Map(document) = value else {
        if matches!(value, Value::List(_) | Value::Bool(_) | Value::Number(_)) {
            findings.push(shape(trail.to_path(), "a policy document must be a mapping"));
        }
        return;
    };
    if is_computed(value) || document.keys().any(|key| key.starts_with("Fn::")) {
        return;
    }
    for key in document.keys().filter(|key| !is_one_of(key, &["Version", "Id", "Statement"])) {
        let mut finding = shape(trail.key(key).to_path(), format!("`{key}` is nothing that a policy document has"));
        finding.hint = did_you_mean(key, ["Version", "Id", "Statement"]);
        findings.push(finding);
    }
    if let Some(version) = document.get("Version") {
        cases(version, &trail.key("Version"), &mut |value, trail| {
            if value.as_str().is_some_and(|text| !matches!(text, "2012-10-17" | "2008-10-17")) {
                let finding = shape(trail.to_path(), "there is no such version of the policy language");
                findings.push(finding.hint("the version is `2012-10-17`, whatever today's date"));
            }
        });
    }
    let Some(statements) = member(document, "Statement") else {
        findings.push(shape(trail.to_path(), "a policy document needs a `Statement`"));
        return;
    };
    let mut sids: Vec<&str> = Vec::new();
    one_or_many(statements, &trail.key("Statement"), &mut |value, trail| match value {
        Value::Map(body) if !is_computed(value) => {
            if let Some(sid) = body.get("Sid").and_then(Value::as_str) {
                // The branches of a condition may repeat an identifier.
                let conditional = trail.to_path().segments().iter().any(|step| step.to_string() == "Fn::If");
                if sids.contains(&sid) && !conditional && !sid.is_empty() {
                    findings.push(shape(
                        trail.key("Sid").to_path(),
                        format!("another statement has the `Sid` `{sid}`, too"),
                    ));
                }
                sids.push(sid);
            }
            statement::check(body, kind, trail, findings);
        }
        Value::Map(_) | Value::Reference(_) => {}
        _ => findings.push(shape(trail.to_path(), "a statement must be a mapping")),
    });
}

/// A member by its name, in any case: IAM does not tell cases of keywords apart.
fn member<'v>(map: &'v Map, name: &str) -> Option<&'v Value> {
    map.get(name).or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn is_one_of(key: &str, names: &[&str]) -> bool {
    key.starts_with("Fn::") || names.iter().any(|name| name.eq_ignore_ascii_case(key))
}
