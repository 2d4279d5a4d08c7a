//! The section of resources: each against what is known of its type.

mod attributes;
mod identities;
mod listed;

use stackgen_template::{Intrinsic, Map, Trail, Value};

use super::context::{Context, Resource};
use super::engine::Engine;
use crate::{Code, Database, Finding, ResourceType, Severity};

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

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    let section = root.key("Resources");
    for resource in &context.resources {
        let trail = section.key(resource.logical_id);
        attributes::check(context, resource, &trail, findings);
        let serverless = resource.type_name.starts_with("AWS::Serverless::");
        if serverless && !context.transforms.serverless && !context.transforms.unknown {
            let message = format!("`{}` is only known to the serverless transform", resource.type_name);
            let hint = "add `AWS::Serverless-2016-10-31` to `Transform`";
            findings.push(Finding::new(Code::UnknownType, trail.key("Type").to_path(), message).hint(hint));
        }
        match resource.known {
            Some(resource_type) => properties(context, resource, resource_type, &trail, findings),
            None => unknown_type(context, resource, &trail, findings),
        }
    }
    identities::check(context, findings);
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
    listed::check(resource_type, properties, &inside, findings);
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
    once(findings, start);
}

fn missing_region<'o>(context: &Context<'o>, resource_type: ResourceType) -> Option<&'o str> {
    let missing = |name: &&String| Database::get().region(name).is_some_and(|region| !region.has(resource_type));
    context.options.regions.iter().find(missing).map(String::as_str)
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

/// Leaves each fault once among the findings from `start` on.
///
/// The same one can show in several cases of a condition. And a value without the wanted form often breaks several
/// constraints, of which the format is told best.
fn once(findings: &mut Vec<Finding>, start: usize) {
    let of_form = |finding: &Finding| {
        matches!(finding.code, Code::Length | Code::Pattern | Code::Format | Code::UnknownEnum | Code::Constant)
    };
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings.drain(start..) {
        let same = |other: &&mut Finding| {
            other.path == finding.path
                && (other.severity == finding.severity && of_form(other) && of_form(&finding) || **other == finding)
        };
        match kept.iter_mut().find(same) {
            Some(other) if finding.code == Code::Format => *other = finding,
            Some(_) => {}
            None => kept.push(finding),
        }
    }
    findings.append(&mut kept);
}
