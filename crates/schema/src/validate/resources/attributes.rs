//! What stands beside the properties of a resource.

use stackgen_template::{Trail, Value};

use crate::similar::did_you_mean;
use crate::validate::context::{Context, Resource};
use crate::validate::engine::Engine;
use crate::{Code, Database, Finding, Severity};

/// What a resource may hold beside its properties.
const ATTRIBUTES: [&str; 13] = [
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "UpdatePolicy",
    "CreationPolicy",
    "Version",
    "Connectors",
    "IgnoreGlobals",
    "Overrides",
];

/// Types whose data can be kept as a snapshot when they are deleted.
const SNAPSHOTS: [&str; 9] = [
    "AWS::DocDB::DBCluster",
    "AWS::EC2::Volume",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::Neptune::DBCluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::ElastiCache::ServerlessCache",
];

/// Types whose creation can wait for signals, with the key of the policy.
const CREATION_POLICIES: [(&str, &[&str]); 4] = [
    ("AWS::AutoScaling::AutoScalingGroup", &["ResourceSignal", "AutoScalingCreationPolicy"]),
    ("AWS::EC2::Instance", &["ResourceSignal", "AutoScalingCreationPolicy"]),
    ("AWS::CloudFormation::WaitCondition", &["ResourceSignal"]),
    ("AWS::AppStream::Fleet", &["StartFleet"]),
];

/// What stands beside the properties.
pub(super) fn check<'t>(
    context: &Context<'t>,
    resource: &Resource<'t>,
    trail: &Trail<'_>,
    findings: &mut Vec<Finding>,
) {
    let type_name = resource.type_name;
    for (key, value) in resource.body.iter() {
        let trail = trail.key(key);
        let wrong =
            |wanted: &str| Finding::new(Code::ResourceShape, trail.to_path(), format!("`{key}` must be {wanted}"));
        match key {
            "Type" => {}
            "Properties" | "Metadata" if !matches!(value, Value::Map(_)) => findings.push(wrong("a mapping")),
            "Condition" if value.as_str().is_none() => findings.push(wrong("the name of a condition")),
            "DependsOn" => {
                let names = matches!(value, Value::String(_))
                    || value.as_list().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()));
                if !names {
                    findings.push(wrong("the name of a resource or a list of such names"));
                }
            }
            "DeletionPolicy" | "UpdateReplacePolicy" => {
                deletion_policy(context, key, value, type_name, &trail, findings);
            }
            "UpdatePolicy" if resource.known.is_some() => update_policy(context, resource, &trail, findings),
            "CreationPolicy" if resource.known.is_some() => creation_policy(value, type_name, &trail, findings),
            "Version" if resource.known.is_some_and(|known| known.name() != "AWS::CloudFormation::CustomResource") => {
                findings.push(wrong("left out: only custom resources have a version"));
            }
            "Connectors" | "IgnoreGlobals" if !context.transforms.serverless => findings.push(Finding::new(
                Code::ResourceShape,
                trail.to_path(),
                format!("`{key}` needs the transform `AWS::Serverless-2016-10-31`"),
            )),
            // The serverless transform and other macros read keys of their own.
            _ if ATTRIBUTES.contains(&key) || key.starts_with("Fn::") || context.transforms.unknown => {}
            _ => {
                let finding = Finding::new(
                    Code::ResourceShape,
                    trail.to_path(),
                    format!("`{key}` is nothing that a resource has"),
                );
                let property = resource.known.is_some_and(|known| known.property(key).is_some());
                let hint = if property {
                    Some(format!("`{key}` is a property: put it under `Properties`"))
                } else {
                    did_you_mean(key, ATTRIBUTES)
                };
                findings.push(Finding { hint, ..finding });
            }
        }
    }
}

fn deletion_policy(
    context: &Context<'_>,
    key: &str,
    value: &Value,
    type_name: &str,
    trail: &Trail<'_>,
    findings: &mut Vec<Finding>,
) {
    let values: &[&str] = if key == "DeletionPolicy" {
        &["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]
    } else {
        &["Delete", "Retain", "Snapshot"]
    };
    let Some(text) = value.as_str() else {
        if !(context.transforms.language_extensions || context.transforms.unknown) {
            let message = format!("`{key}` must be a text");
            let hint = "with the transform `AWS::LanguageExtensions` it can be computed";
            findings.push(Finding::new(Code::DeletionPolicy, trail.to_path(), message).hint(hint));
        }
        return;
    };
    if !values.contains(&text) {
        let mut finding =
            Finding::new(Code::DeletionPolicy, trail.to_path(), format!("`{text}` is no value of `{key}`"));
        finding.hint = did_you_mean(text, values.iter().copied())
            .or_else(|| Some(format!("the values are `{}`", values.join("`, `"))));
        findings.push(finding);
    } else if text == "Snapshot" && type_name.starts_with("AWS::") && !SNAPSHOTS.contains(&type_name) {
        let message = format!("resources of the type `{type_name}` have no snapshots");
        findings.push(Finding::new(Code::DeletionPolicy, trail.to_path(), message).hint("use `Retain`"));
    }
}

fn update_policy<'t>(context: &Context<'t>, resource: &Resource<'t>, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let start = findings.len();
    let root = Trail::root();
    let resources = root.key("Resources");
    let whole = resources.key(resource.logical_id);
    let mut engine = Engine::new(context, findings).assuming(resource.condition);
    engine.properties(Database::get().update_policy(), resource.body, &whole);
    let path = trail.to_path();
    for finding in &mut findings[start..] {
        finding.code = Code::UpdatePolicy;
        if finding.path == path && finding.severity == Severity::Error && finding.hint.is_none() {
            finding.message = format!("resources of the type `{}` have no update policy", resource.type_name);
        }
    }
}

fn creation_policy(value: &Value, type_name: &str, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let wrong = |trail: &Trail<'_>, message: String| Finding::new(Code::CreationPolicy, trail.to_path(), message);
    let Some((_, keys)) = CREATION_POLICIES.iter().find(|(name, _)| *name == type_name) else {
        let finding = wrong(trail, format!("resources of the type `{type_name}` have no creation policy"));
        findings.push(finding.severity(Severity::Warning));
        return;
    };
    let Value::Map(policy) = value else {
        findings.push(wrong(trail, "a creation policy must be a mapping".to_owned()));
        return;
    };
    for key in policy.keys().filter(|key| !keys.contains(key) && !key.starts_with("Fn::")) {
        let mut finding = wrong(&trail.key(key), format!("there is no creation policy `{key}` for this type"));
        finding.hint = did_you_mean(key, keys.iter().copied());
        findings.push(finding);
    }
}
