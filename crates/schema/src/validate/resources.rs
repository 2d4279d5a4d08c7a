//! The section of resources: each against what is known of its type.

use std::collections::HashMap;

use stackgen_template::{Intrinsic, Map, Trail, Value};

use super::context::{Context, Resource};
use super::engine::Engine;
use crate::similar::did_you_mean;
use crate::{Code, Database, Finding, ResourceType, Severity};

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

/// Properties in which the path of a local file may stand until `aws cloudformation package` uploads it.
const PACKAGED: [(&str, &str); 10] = [
    ("AWS::Lambda::Function", "Code"),
    ("AWS::Lambda::LayerVersion", "Content"),
    ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle"),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location"),
    ("AWS::ApiGateway::RestApi", "BodyS3Location"),
    ("AWS::AppSync::GraphQLSchema", "DefinitionS3Location"),
    ("AWS::AppSync::Resolver", "RequestMappingTemplateS3Location"),
    ("AWS::AppSync::Resolver", "ResponseMappingTemplateS3Location"),
    ("AWS::AppSync::FunctionConfiguration", "RequestMappingTemplateS3Location"),
    ("AWS::AppSync::FunctionConfiguration", "ResponseMappingTemplateS3Location"),
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

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    let section = root.key("Resources");
    for resource in &context.resources {
        let trail = section.key(resource.logical_id);
        attributes(context, resource, &trail, findings);
        match resource.known {
            Some(resource_type) => properties(context, resource, resource_type, &trail, findings),
            None => unknown_type(context, resource, &trail, findings),
        }
    }
    identities(context, findings);
}

fn properties<'t>(
    context: &Context<'t>,
    resource: &Resource<'t>,
    resource_type: ResourceType,
    trail: &Trail<'_>,
    findings: &mut Vec<Finding>,
) {
    static EMPTY: Map = Map::new();
    let properties = resource.properties.unwrap_or(&EMPTY);
    let start = findings.len();
    // What is missing altogether is missing at the resource.
    let inside = if resource.properties.is_some() { trail.key("Properties") } else { *trail };
    let mut engine = Engine::new(context, findings).assuming(resource.condition);
    match resource.body.get("Properties").filter(|value| Intrinsic::of(value).is_some()) {
        // `Properties` as a whole may depend on a condition.
        Some(value) => {
            engine.check(resource_type.root(), value, &inside);
        }
        None => {
            engine.properties(resource_type.root(), properties, &inside);
            for rule in resource_type.rules() {
                engine.rule(rule, properties, &inside);
            }
        }
    }
    read_only(resource_type, properties, &inside, findings);
    if let Some(region) = missing_region(context, resource_type) {
        findings.push(Finding::new(
            Code::TypeRegion,
            trail.key("Type").to_path(),
            format!("`{}` does not exist in {region}", resource_type.name()),
        ));
    }
    if findings.len() == start {
        return;
    }
    // The globals of a serverless template may give what a resource does not.
    if context.transforms.serverless && resource.type_name.starts_with("AWS::Serverless::") {
        let globals = context.root.contains_key("Globals");
        findings.retain(|finding| !(globals && matches!(finding.code, Code::MissingProperty | Code::OneOf)));
    }
    for (_, name) in PACKAGED.iter().filter(|(owner, _)| *owner == resource.type_name) {
        let Some(Value::String(_)) = properties.get(name) else { continue };
        let path = inside.key(name).to_path();
        for finding in findings[start..].iter_mut().filter(|finding| finding.path == path) {
            finding.severity = Severity::Warning;
            finding.hint =
                Some("run `aws cloudformation package` to upload the file and to replace its path".to_owned());
        }
    }
    // The same fault can show in several cases of a condition.
    let mut index = start;
    while index < findings.len() {
        if findings[start..index].contains(&findings[index]) {
            findings.remove(index);
        } else {
            index += 1;
        }
    }
}

/// Resources of one type that would be the same physical resource: all that identifies them is set, and equal.
fn identities<'t>(context: &Context<'t>, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, Vec<(&Resource<'t>, Vec<&Value>)>> = HashMap::new();
    for resource in &context.resources {
        let (Some(known), Some(properties)) = (resource.known, resource.properties) else { continue };
        if known.has_any_attribute() || known.primary_identifier().len() == 0 {
            continue;
        }
        // Nested identifiers and computed ones are not compared.
        let identity: Option<Vec<&Value>> = known
            .primary_identifier()
            .map(|name| properties.get(name).filter(|value| matches!(value, Value::String(_)) || is_reference(value)))
            .collect();
        let Some(identity) = identity else { continue };
        let others = seen.entry(known.name()).or_default();
        let same = others.iter().find(|(other, values)| *values == identity && may_coexist(context, resource, other));
        if let Some((other, _)) = same {
            let root = Trail::root();
            let section = root.key("Resources");
            let entry = section.key(resource.logical_id);
            let names: Vec<&str> = known.primary_identifier().collect();
            let message =
                format!("`{}` is the same resource: it has the same `{}`", other.logical_id, names.join("`, `"));
            findings.push(Finding::new(Code::DuplicateResource, entry.key("Properties").to_path(), message));
        }
        others.push((resource, identity));
    }
}

fn is_reference(value: &Value) -> bool {
    Intrinsic::of(value).is_some_and(|intrinsic| intrinsic.reference().is_some_and(|name| name != "AWS::NoValue"))
}

/// Whether a deployment may have both resources.
fn may_coexist<'t>(context: &Context<'t>, one: &Resource<'t>, two: &Resource<'t>) -> bool {
    let conditions: Vec<_> = one.condition.into_iter().chain(two.condition).map(|name| (name, true)).collect();
    conditions.is_empty() || context.worlds.possible(&conditions) == Some(true)
}

fn missing_region<'o>(context: &Context<'o>, resource_type: ResourceType) -> Option<&'o str> {
    let missing = |name: &&String| Database::get().region(name).is_some_and(|region| !region.has(resource_type));
    context.options.regions.iter().find(missing).map(String::as_str)
}

fn read_only(resource_type: ResourceType, properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    for path in resource_type.read_only() {
        let mut steps = path.split('/');
        let Some(first) = steps.next() else { continue };
        if let Some(value) = properties.get(first) {
            let rest: Vec<&str> = steps.collect();
            read_only_below(value, &rest, &trail.key(first), findings);
        }
    }
}

fn read_only_below(value: &Value, steps: &[&str], trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    match (steps.split_first(), value) {
        (None, _) => findings.push(Finding::new(
            Code::ReadOnly,
            trail.to_path(),
            "this property cannot be set: it is an attribute of the created resource",
        )),
        (Some((&"*", rest)), Value::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                read_only_below(item, rest, &trail.index(index), findings);
            }
        }
        (Some((step, rest)), Value::Map(map)) => {
            if let Some(value) = map.get(step) {
                read_only_below(value, rest, &trail.key(step), findings);
            }
        }
        _ => {}
    }
}

fn unknown_type(context: &Context<'_>, resource: &Resource<'_>, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let name = resource.type_name;
    if name.ends_with("::MODULE") {
        for key in resource.body.keys().filter(|key| matches!(*key, "CreationPolicy" | "UpdatePolicy")) {
            findings.push(Finding::new(
                Code::ModuleShape,
                trail.key(key).to_path(),
                format!("a module takes no `{key}`"),
            ));
        }
        return;
    }
    let trail = trail.key("Type");
    // Types of others, private ones and hooks follow no list.
    if context.transforms.unknown || !name.starts_with("AWS::") && name.split("::").count() >= 3 {
        return;
    }
    let message = format!("there is no resource type `{name}`");
    let mut finding = Finding::new(Code::UnknownType, trail.to_path(), message);
    finding.hint = Database::get().similar_type(name).map(|similar| format!("did you mean `{similar}`?"));
    findings.push(finding);
}

/// What stands beside the properties.
fn attributes<'t>(context: &Context<'t>, resource: &Resource<'t>, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
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
