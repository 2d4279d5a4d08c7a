//! Finds the permissions in a resource: policy documents wherever they stand, permissions of functions, attached policies.

use stackgen_template::{Intrinsic, Map, Value};

use super::super::canonical::document_in;
use super::super::policy_document::{is_policy, statements};
use super::super::readable::readable;
use super::{AccessRule, RuleEffect};

/// A resource whose permissions are asked for, in canonical form.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Holder<'a> {
    pub(in super::super) logical_id: &'a str,
    pub(in super::super) type_name: &'a str,
    pub(in super::super) properties: &'a Map,
}

/// How deep policies are looked for.
const DEPTH: usize = 12;

/// The permissions that a resource gives, in canonical form.
pub(in super::super) fn rules(holder: Holder<'_>) -> Vec<AccessRule> {
    let mut rules = Vec::new();
    match holder.type_name {
        "AWS::Lambda::Permission" | "AWS::Lambda::LayerVersionPermission" => rules.push(lambda_permission(holder)),
        "AWS::SecretsManager::ResourcePolicy" | "AWS::S3::BucketPolicy" => {}
        _ => rules.extend(attached(holder)),
    }
    let own = format!("${{{}}}", holder.logical_id);
    let subjects = subjects(holder, &own);
    for (name, value) in holder.properties {
        let place = Place { holder, subjects: &subjects, property: name };
        documents(value, DEPTH, &mut |document| {
            rules.extend(statements(document).iter().flat_map(|statement| place.rules(statement)));
        });
    }
    rules
}

struct Place<'a> {
    holder: Holder<'a>,
    subjects: &'a [String],
    property: &'a str,
}

/// Calls `found` for every policy document in a value.
fn documents(value: &Value, depth: usize, found: &mut impl FnMut(&Map)) {
    if depth == 0 {
        return;
    }
    let value = document_in(value).unwrap_or(value);
    match value {
        Value::Map(map) if is_policy(map) => found(map),
        Value::Map(map) => map.values().for_each(|value| documents(value, depth - 1, found)),
        Value::List(items) => items.iter().for_each(|item| documents(item, depth - 1, found)),
        _ => {}
    }
}

/// Who holds what the policies of a resource say, where a statement names nobody.
fn subjects(holder: Holder<'_>, own: &str) -> Vec<String> {
    let attached = match holder.type_name {
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
            ["Roles", "Users", "Groups"].iter().flat_map(|name| texts(holder.properties.get(name))).collect()
        }
        "AWS::IAM::RolePolicy" => texts(holder.properties.get("RoleName")),
        "AWS::IAM::UserPolicy" => texts(holder.properties.get("UserName")),
        "AWS::IAM::GroupPolicy" => texts(holder.properties.get("GroupName")),
        _ => Vec::new(),
    };
    if attached.is_empty() { vec![own.to_owned()] } else { attached }
}

impl Place<'_> {
    fn rules(&self, statement: &Value) -> Vec<AccessRule> {
        let effect = match statement.get("Effect").and_then(Value::as_str) {
            Some("Allow") => RuleEffect::Allow,
            Some("Deny") => RuleEffect::Deny,
            _ => return Vec::new(),
        };
        let but = |names: Vec<String>| vec![format!("all but {}", names.join(", "))];
        let actions = match statement.get("NotAction") {
            Some(value) => but(texts(Some(value))),
            None => texts(statement.get("Action")),
        };
        let resources = match statement.get("NotResource") {
            Some(value) => but(texts(Some(value))),
            None => self.resources(statement),
        };
        let who = match (statement.get("Principal"), statement.get("NotPrincipal")) {
            (Some(principal), _) => principals(principal),
            (None, Some(principal)) => but(principals(principal)),
            (None, None) => self.subjects.to_vec(),
        };
        let conditions = conditions(statement.get("Condition"));
        who.into_iter()
            .map(|who| AccessRule {
                effect,
                who,
                actions: actions.clone(),
                resources: resources.clone(),
                conditions: conditions.clone(),
            })
            .collect()
    }

    /// With what: of a trust policy, the role itself.
    fn resources(&self, statement: &Value) -> Vec<String> {
        let named = texts(statement.get("Resource"));
        if named.is_empty() || (self.property == "KeyPolicy" && named == ["*"]) {
            vec![format!("${{{}}}", self.holder.logical_id)]
        } else {
            named
        }
    }
}

fn principals(value: &Value) -> Vec<String> {
    match value {
        Value::Map(map) if Intrinsic::of(value).is_none() => map.values().flat_map(|who| texts(Some(who))).collect(),
        other => texts(Some(other)),
    }
}

/// Each condition as text: `StringEquals aws:SourceAccount is ${AWS::AccountId}`.
fn conditions(value: Option<&Value>) -> Vec<String> {
    let mut conditions: Vec<String> = value
        .and_then(Value::as_map)
        .into_iter()
        .flat_map(Map::iter)
        .flat_map(|(operator, keys)| match keys.as_map().filter(|_| Intrinsic::of(keys).is_none()) {
            Some(keys) => keys
                .iter()
                .map(|(key, values)| format!("{operator} {key} is {}", texts(Some(values)).join(" or ")))
                .collect(),
            None => vec![format!("{operator} {}", readable(keys))],
        })
        .collect();
    conditions.sort();
    conditions
}

/// The texts of a value that is one or a list.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        None => Vec::new(),
        Some(Value::List(items)) => items.iter().map(readable).collect(),
        Some(one) => vec![readable(one)],
    }
}

fn lambda_permission(holder: Holder<'_>) -> AccessRule {
    let get = |name: &str| holder.properties.get(name);
    let text = |name: &str| get(name).map(readable);
    let mut conditions = Vec::new();
    for (name, key) in [
        ("SourceArn", "ArnLike aws:SourceArn"),
        ("SourceAccount", "StringEquals aws:SourceAccount"),
        ("PrincipalOrgID", "StringEquals aws:PrincipalOrgID"),
        ("OrganizationId", "StringEquals aws:PrincipalOrgID"),
        ("FunctionUrlAuthType", "StringEquals lambda:FunctionUrlAuthType"),
        ("EventSourceToken", "StringEquals lambda:EventSourceToken"),
    ] {
        conditions.extend(text(name).map(|value| format!("{key} is {value}")));
    }
    // What is called through a function's address needs no more than that address.
    if text("FunctionUrlAuthType").as_deref() == Some("NONE") {
        conditions.clear();
    }
    conditions.sort();
    AccessRule {
        effect: RuleEffect::Allow,
        who: text("Principal").unwrap_or_default(),
        actions: texts(get("Action")),
        resources: texts(get("FunctionName").or_else(|| get("LayerVersionArn"))),
        conditions,
    }
}

/// Managed policies that a role, user or group has.
fn attached(holder: Holder<'_>) -> Vec<AccessRule> {
    let is_holder = matches!(holder.type_name, "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group");
    let policies = if is_holder { texts(holder.properties.get("ManagedPolicyArns")) } else { Vec::new() };
    policies
        .into_iter()
        .map(|policy| AccessRule {
            effect: RuleEffect::Allow,
            who: format!("${{{}}}", holder.logical_id),
            actions: vec![format!("policy {policy}")],
            resources: Vec::new(),
            conditions: Vec::new(),
        })
        .collect()
}
