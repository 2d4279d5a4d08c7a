//! What the references between the parts of a template amount to: circles, and parts that nothing uses.

use std::collections::HashMap;

use stackgen_template::{Function, Intrinsic, Trail, Value};

use super::circles::{Edge, Step, circles};
use super::context::Context;
use super::walk::Uses;
use super::worlds::Assumption;
use crate::{Code, Finding};

pub(super) fn check<'t>(context: &Context<'t>, uses: &Uses<'t>, findings: &mut Vec<Finding>) {
    resource_circles(context, uses, findings);
    condition_circles(context, findings);
    exports(context, findings);
    unused(context, uses, findings);
}

/// Circles of resources that need each other.
fn resource_circles<'t>(context: &Context<'t>, uses: &Uses<'t>, findings: &mut Vec<Finding>) {
    let mut edges: Vec<Vec<Edge>> = vec![Vec::new(); context.resources.len()];
    for (label, dependency) in uses.dependencies.iter().enumerate() {
        edges[dependency.from].push(Edge { to: dependency.to, label });
    }
    for circle in circles(&edges) {
        let mut when: Vec<Assumption<'_>> = Vec::new();
        for step in &circle {
            when.extend(&uses.dependencies[step.edge.label].when);
        }
        // The serverless transform makes several resources of one, and the circle may be none of theirs.
        let serverless = |number: usize| context.resources[number].type_name.starts_with("AWS::Serverless::");
        if circle.iter().any(|step| serverless(step.from)) {
            continue;
        }
        // A circle that no deployment can have is none.
        if !when.is_empty() && context.worlds.possible(&when) != Some(true) {
            continue;
        }
        let name = |number: usize| context.resources[number].logical_id;
        let first = name(circle[0].from);
        let message = if circle.len() == 1 {
            format!("`{first}` needs itself")
        } else {
            format!("resources need each other in a circle: {}", way(&circle, name))
        };
        let root = Trail::root();
        let path = root.key("Resources").key(first).to_path();
        let hint = "break the circle with a resource of its own for one of the references, such as a policy or a rule";
        findings.push(Finding::new(Code::CircularDependency, path, message).hint(hint));
    }
}

/// A circle in words: `A -> B -> A`.
fn way<'t>(circle: &[Step], name: impl Fn(usize) -> &'t str) -> String {
    let first = circle.first().map(|step| name(step.from));
    let names: Vec<&str> = first.into_iter().chain(circle.iter().map(|step| name(step.edge.to))).collect();
    names.join(" -> ")
}

/// Conditions that are made of themselves.
fn condition_circles(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(Value::Map(conditions)) = context.root.get("Conditions") else { return };
    let names: Vec<&str> = conditions.keys().collect();
    let numbers: HashMap<&str, usize> = names.iter().enumerate().map(|(number, name)| (*name, number)).collect();
    let edges: Vec<Vec<Edge>> = conditions
        .values()
        .map(|condition| {
            let mut used = Vec::new();
            used_conditions(condition, &mut used);
            used.iter().filter_map(|name| Some(Edge { to: *numbers.get(name)?, label: 0 })).collect()
        })
        .collect();
    for circle in circles(&edges) {
        let name = |number: usize| names[number];
        let root = Trail::root();
        let path = root.key("Conditions").key(name(circle[0].from)).to_path();
        let message = format!("conditions depend on each other in a circle: {}", way(&circle, name));
        findings.push(Finding::new(Code::ConditionCycle, path, message));
    }
}

fn used_conditions<'t>(condition: &'t Value, used: &mut Vec<&'t str>) {
    let Some(intrinsic) = Intrinsic::in_condition(condition) else { return };
    match intrinsic.function {
        Function::Condition => used.extend(intrinsic.name()),
        Function::And | Function::Or | Function::Not => {
            for item in intrinsic.items().unwrap_or_default() {
                used_conditions(item, used);
            }
        }
        _ => {}
    }
}

/// Outputs that export the same name.
fn exports(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(Value::Map(outputs)) = context.root.get("Outputs") else { return };
    let root = Trail::root();
    let section = root.key("Outputs");
    let mut seen: Vec<(&str, &Value, Option<&str>)> = Vec::new();
    for (name, output) in outputs.iter() {
        let Some(export) = output.get("Export").and_then(|export| export.get("Name")) else { continue };
        let condition = output.get("Condition").and_then(Value::as_str);
        let twice = seen.iter().find(|(_, other, other_condition)| {
            *other == export && both_possible(context, condition, *other_condition)
        });
        if let Some((other, ..)) = twice {
            let output = section.key(name);
            let path = output.key("Export").key("Name").to_path();
            let message = format!("the output `{other}` exports the same name");
            findings.push(Finding::new(Code::DuplicateExport, path, message));
        }
        seen.push((name, export, condition));
    }
}

fn both_possible(context: &Context<'_>, one: Option<&str>, two: Option<&str>) -> bool {
    let lookup = |name: &str| context.conditions.get_key_value(name).map(|(name, _)| (*name, true));
    let assumptions: Vec<Assumption<'_>> = [one, two].into_iter().flatten().filter_map(lookup).collect();
    assumptions.is_empty() || context.worlds.possible(&assumptions) == Some(true)
}

/// Parameters, mappings and conditions that nothing uses.
fn unused(context: &Context<'_>, uses: &Uses<'_>, findings: &mut Vec<Finding>) {
    // What a macro uses is not known.
    if context.transforms.unknown || has_transform(context.root.values()) {
        return;
    }
    if uses.computed_names {
        return;
    }
    let root = Trail::root();
    let mut report = |code: Code, section: &'static str, used: &dyn Fn(&str) -> bool| {
        let Some(Value::Map(entries)) = context.root.get(section) else { return };
        for name in entries.keys().filter(|name| !name.starts_with("Fn::") && !used(name)) {
            let path = root.key(section).key(name).to_path();
            let thing = section.trim_end_matches('s').to_lowercase();
            findings.push(Finding::new(code, path, format!("nothing uses the {thing} `{name}`")));
        }
    };
    report(Code::ParameterUnused, "Parameters", &|name| {
        uses.parameters.contains(name)
            || context.parameters.get(name).is_some_and(|one| uses.parameter_types.contains(one.type_name))
    });
    if !uses.computed_mappings {
        report(Code::MappingUnused, "Mappings", &|name| uses.mappings.contains(name));
    }
    report(Code::ConditionUnused, "Conditions", &|name| uses.conditions.contains(name));
}

/// Whether a part of the template is written by a macro.
fn has_transform<'t>(mut values: impl Iterator<Item = &'t Value>) -> bool {
    values.any(|value| match value {
        Value::Map(map) => map.contains_key("Fn::Transform") || has_transform(map.values()),
        Value::List(items) => has_transform(items.iter()),
        _ => false,
    })
}
