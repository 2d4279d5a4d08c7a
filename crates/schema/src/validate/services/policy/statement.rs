//! A statement of a policy.

use stackgen_template::{Map, Path, Trail, Value};

use super::super::values::{cases, is_computed, is_set, one_or_many};
use super::{Kind, is_one_of, shape};
use crate::database::ActionMatch;
use crate::similar::did_you_mean;
use crate::{Code, Database, Finding};

const STATEMENT_KEYS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// Condition operators, without `ForAnyValue:`, `ForAllValues:` in front and `IfExists` behind.
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

pub(super) fn check(body: &Map, kind: Kind, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    for key in body.keys().filter(|key| !is_one_of(key, &STATEMENT_KEYS)) {
        let mut finding = shape(trail.key(key).to_path(), format!("`{key}` is nothing that a statement has"));
        finding.hint = did_you_mean(key, STATEMENT_KEYS);
        findings.push(finding);
    }
    // Keywords in another case are taken by IAM and left alone here.
    if body.keys().any(|key| !STATEMENT_KEYS.contains(&key)) {
        return;
    }
    match body.get("Effect") {
        None => findings.push(shape(trail.to_path(), "a statement needs an `Effect`")),
        Some(effect) => cases(effect, &trail.key("Effect"), &mut |value, trail| {
            if value.as_str().is_some_and(|text| !matches!(text, "Allow" | "Deny")) {
                findings.push(shape(trail.to_path(), "the effect of a statement is `Allow` or `Deny`"));
            }
        }),
    }
    one_of(body, ["Action", "NotAction"], trail, findings);
    let takes_principal = kind != Kind::Identity;
    if takes_principal {
        if let (Some(false), Some(false)) = (is_set(body, "Principal"), is_set(body, "NotPrincipal")) {
            let message = "a statement of this policy must say for whom it holds, with `Principal`";
            findings.push(Finding::new(Code::PolicyPrincipal, trail.to_path(), message));
        }
    } else if let Some(name) = ["Principal", "NotPrincipal"].into_iter().find(|name| is_set(body, name) == Some(true)) {
        let message = "the policy of a user, group or role names no principal: it holds for who has it";
        findings.push(Finding::new(Code::PolicyPrincipal, trail.key(name).to_path(), message));
    }
    match kind {
        Kind::Identity | Kind::Resource => one_of(body, ["Resource", "NotResource"], trail, findings),
        Kind::Trust => {
            if is_set(body, "Resource") == Some(true) {
                let message = "a trust policy names no resource: it is the role itself";
                findings.push(shape(trail.key("Resource").to_path(), message));
            }
        }
        Kind::ResourceItself => {}
    }
    for name in ["Action", "NotAction"] {
        if let Some(actions) = body.get(name) {
            one_or_many(actions, &trail.key(name), &mut |value, trail| action(value, trail, findings));
        }
    }
    for name in ["Resource", "NotResource"] {
        if let Some(resources) = body.get(name) {
            one_or_many(resources, &trail.key(name), &mut |value, trail| resource(value, trail, findings));
        }
    }
    for name in ["Principal", "NotPrincipal"].into_iter().filter(|_| takes_principal) {
        if let Some(principals) = body.get(name) {
            cases(principals, &trail.key(name), &mut |value, trail| principal(value, trail, findings));
        }
    }
    if let Some(conditions) = body.get("Condition") {
        cases(conditions, &trail.key("Condition"), &mut |value, trail| condition(value, trail, findings));
    }
}

/// Exactly one of two keywords.
fn one_of(body: &Map, [one, two]: [&str; 2], trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    match (is_set(body, one), is_set(body, two)) {
        (Some(false), Some(false)) => {
            findings.push(shape(trail.to_path(), format!("a statement needs `{one}` or `{two}`")));
        }
        (Some(true), Some(true)) => {
            findings.push(shape(trail.key(two).to_path(), format!("a statement has only one of `{one}` and `{two}`")));
        }
        _ => {}
    }
}

fn action(value: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let Some(text) = value.as_str() else {
        if !matches!(value, Value::Map(_) | Value::Reference(_)) {
            findings.push(shape(trail.to_path(), "an action must be a text"));
        }
        return;
    };
    if text == "*" || text.contains("{{resolve:") {
        return;
    }
    let Some((service, name)) = text.split_once(':') else {
        let finding = shape(trail.to_path(), format!("`{text}` is no action"));
        findings.push(finding.hint("write `service:Action`, such as `s3:GetObject`"));
        return;
    };
    let unknown = |message: String| Finding::new(Code::PolicyAction, trail.to_path(), message);
    if service.contains(['*', '?']) {
        return;
    }
    let Some(actions) = Database::get().actions(service) else {
        let mut finding = unknown(format!("IAM knows no service `{service}`"));
        finding.hint = did_you_mean(service, Database::get().services());
        findings.push(finding);
        return;
    };
    if actions.find(name) == ActionMatch::Nothing {
        let message = if name.contains(['*', '?']) {
            format!("no action of `{service}` is called `{name}`")
        } else {
            format!("`{service}` has no action `{name}`")
        };
        let names = actions.names();
        let mut finding = unknown(message);
        finding.hint = did_you_mean(name, names.iter().map(String::as_str));
        findings.push(finding);
    }
}

fn resource(value: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let Some(text) = value.as_str() else {
        if !matches!(value, Value::Map(_) | Value::Reference(_)) {
            findings.push(shape(trail.to_path(), "a resource must be a text"));
        }
        return;
    };
    let fits =
        text.starts_with('*') || text.starts_with("arn:") || text.starts_with("${") || text.contains("{{resolve:");
    if !fits {
        let message = format!("`{text}` is neither an ARN nor `*`");
        findings.push(Finding::new(Code::PolicyResource, trail.to_path(), message));
    }
}

fn principal(value: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let mut wrong = |path: Path, message: String| findings.push(Finding::new(Code::PolicyPrincipal, path, message));
    match value {
        Value::String(text) if text == "*" => {}
        Value::String(text) => {
            wrong(trail.to_path(), format!("the principal `{text}` must be `*` or a mapping such as `AWS: …`"));
        }
        Value::Map(kinds) if !is_computed(value) => {
            for (kind, principals) in kinds.iter() {
                let trail = trail.key(kind);
                if !is_one_of(kind, &["AWS", "Service", "Federated", "CanonicalUser"]) {
                    wrong(trail.to_path(), format!("there are no principals of the kind `{kind}`"));
                    continue;
                }
                one_or_many(principals, &trail, &mut |value, trail| {
                    let Some(text) = value.as_str() else { return };
                    let message = match kind {
                        "AWS" if !is_aws_principal(text) => {
                            format!("`{text}` is neither an account nor the ARN of a user or role")
                        }
                        "Service" if !text.contains(['.', '*']) => {
                            format!("`{text}` is no service principal such as `lambda.amazonaws.com`")
                        }
                        _ => return,
                    };
                    wrong(trail.to_path(), message);
                });
            }
        }
        _ => {}
    }
}

fn is_aws_principal(text: &str) -> bool {
    let account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    // Identifiers such as AIDA… and AROA… stand for users and roles that were deleted.
    let id = text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    text == "*" || account || id || text.starts_with("arn:") || text.contains("${") || text.contains("{{resolve:")
}

fn condition(value: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let Value::Map(operators) = value else {
        if !matches!(value, Value::Reference(_)) {
            findings.push(shape(trail.to_path(), "the condition of a statement must be a mapping"));
        }
        return;
    };
    if is_computed(value) {
        return;
    }
    for (operator, keys) in operators.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
        let trail = trail.key(operator);
        let plain = operator.strip_prefix("ForAnyValue:").or_else(|| operator.strip_prefix("ForAllValues:"));
        let plain = plain.unwrap_or(operator);
        let plain = plain.strip_suffix("IfExists").unwrap_or(plain);
        if !OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(plain)) {
            let mut finding = shape(trail.to_path(), format!("there is no condition operator `{operator}`"));
            finding.hint = did_you_mean(plain, OPERATORS);
            findings.push(finding);
        } else if !matches!(keys, Value::Map(_) | Value::Reference(_)) {
            findings.push(shape(trail.to_path(), format!("`{operator}` takes a mapping of condition keys to values")));
        }
    }
}
