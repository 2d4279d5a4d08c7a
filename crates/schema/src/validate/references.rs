//! What the references between the parts of a template amount to: circles, and parts that nothing uses.

use stackgen_template::{Function, Intrinsic, Trail, Value};

use super::context::Context;
use super::walk::Uses;
use super::worlds::Assumption;
use crate::{Code, Finding};

pub(super) fn check<'t>(context: &Context<'t>, uses: &Uses<'t>, findings: &mut Vec<Finding>) {
    circles(context, uses, findings);
    condition_circles(context, findings);
    exports(context, findings);
    unused(context, uses, findings);
}

/// Circles of resources that need each other.
fn circles<'t>(context: &Context<'t>, uses: &Uses<'t>, findings: &mut Vec<Finding>) {
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); context.resources.len()];
    for (number, dependency) in uses.dependencies.iter().enumerate() {
        edges[dependency.from].push(number);
    }
    let mut search =
        Search { uses, edges: &edges, state: vec![State::New; edges.len()], stack: Vec::new(), circles: Vec::new() };
    for resource in 0..edges.len() {
        search.visit(resource);
    }
    for circle in search.circles {
        let mut when: Vec<Assumption<'_>> = Vec::new();
        for dependency in &circle {
            when.extend(&uses.dependencies[*dependency].when);
        }
        // The serverless transform makes several resources of one, and the circle may be none of theirs.
        let serverless = |number: usize| context.resources[number].type_name.starts_with("AWS::Serverless::");
        if circle.iter().any(|dependency| serverless(uses.dependencies[*dependency].from)) {
            continue;
        }
        // A circle that no deployment can have is none.
        if !when.is_empty() && context.worlds.possible(&when) != Some(true) {
            continue;
        }
        let name = |number: usize| context.resources[number].logical_id;
        let first = uses.dependencies[circle[0]].from;
        let mut names = vec![name(first)];
        names.extend(circle.iter().map(|dependency| name(uses.dependencies[*dependency].to)));
        let message = if circle.len() == 1 {
            format!("`{}` needs itself", name(first))
        } else {
            format!("resources need each other in a circle: {}", names.join(" -> "))
        };
        let root = Trail::root();
        let path = root.key("Resources").key(name(first)).to_path();
        let hint = "break the circle with a resource of its own for one of the references, such as a policy or a rule";
        findings.push(Finding::new(Code::CircularDependency, path, message).hint(hint));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// A search in depth that keeps the way, so that a circle can be named in full.
struct Search<'a> {
    uses: &'a Uses<'a>,
    edges: &'a [Vec<usize>],
    state: Vec<State>,
    /// The dependencies on the way from where the search began.
    stack: Vec<usize>,
    circles: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        if self.state[start] != State::New {
            return;
        }
        // The resources on the way, each with the number of the next dependency to follow.
        let mut way = vec![(start, 0)];
        self.state[start] = State::Open;
        while let Some((resource, next)) = way.last_mut() {
            let (resource, number) = (*resource, *next);
            *next += 1;
            let Some(dependency) = self.edges[resource].get(number).copied() else {
                self.state[resource] = State::Done;
                way.pop();
                self.stack.pop();
                continue;
            };
            let to = self.uses.dependencies[dependency].to;
            match self.state[to] {
                State::New => {
                    self.state[to] = State::Open;
                    self.stack.push(dependency);
                    way.push((to, 0));
                }
                State::Open => {
                    let from = way.iter().position(|(on_way, _)| *on_way == to).unwrap_or(0);
                    let mut circle = self.stack[from..].to_vec();
                    circle.push(dependency);
                    let known = |other: &Vec<usize>| {
                        other.len() == circle.len()
                            && other.iter().all(|one| {
                                circle.iter().any(|two| {
                                    self.uses.dependencies[*one].from == self.uses.dependencies[*two].from
                                        && self.uses.dependencies[*one].to == self.uses.dependencies[*two].to
                                })
                            })
                    };
                    if !self.circles.iter().any(known) {
                        self.circles.push(circle);
                    }
                }
                State::Done => {}
            }
        }
    }
}

/// Conditions that are made of themselves.
fn condition_circles(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(Value::Map(conditions)) = context.root.get("Conditions") else { return };
    let root = Trail::root();
    let section = root.key("Conditions");
    for (name, _) in conditions.iter() {
        let mut way = vec![name];
        if leads_back(context, name, name, &mut way) {
            // Each circle is told at the first of its conditions.
            let first = conditions.keys().find(|key| way.contains(key));
            if first == Some(name) {
                let names: Vec<&str> = way.iter().copied().chain([name]).collect();
                let message = format!("conditions depend on each other in a circle: {}", names.join(" -> "));
                findings.push(Finding::new(Code::ConditionCycle, section.key(name).to_path(), message));
            }
        }
    }
}

fn leads_back<'t>(context: &Context<'t>, wanted: &str, name: &str, way: &mut Vec<&'t str>) -> bool {
    let Some(condition) = context.conditions.get(name) else { return false };
    let mut used = Vec::new();
    used_conditions(condition, &mut used);
    for next in used {
        if next == wanted {
            return true;
        }
        if !way.contains(&next) {
            way.push(next);
            if leads_back(context, wanted, next, way) {
                return true;
            }
            way.pop();
        }
    }
    false
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
