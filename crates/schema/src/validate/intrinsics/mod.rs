//! Intrinsic functions: their arguments, and whether what they name is there.

mod functions;
mod lookups;
mod references;
mod texts;

use stackgen_template::{Intrinsic, Map, Trail, Value};

use super::context::Context;
use super::walk::{Dependency, Uses};
use super::worlds::Assumption;
use crate::similar::did_you_mean;
use crate::{Code, Finding};
use texts::is_literal_text;

/// Where in the template the walk is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// In a resource, by its number: what it refers to is made before it.
    Resource(usize),
    /// In the metadata of a resource, or in an output.
    Elsewhere,
    /// In a condition or a rule, which are decided before there are resources.
    Decision,
}

/// Walks the whole template.
pub(super) fn check<'t>(context: &Context<'t>, findings: &mut Vec<Finding>) -> Uses<'t> {
    let mut walk = Walk {
        context,
        findings,
        uses: Uses::default(),
        place: Place::Elsewhere,
        assumptions: Vec::new(),
        loop_variables: Vec::new(),
        literal_text: 0,
    };
    let root = Trail::root();
    for (section, value) in context.root.iter() {
        let trail = root.key(section);
        match (section, value) {
            ("Resources", Value::Map(resources)) => walk.resources(resources, &trail),
            ("Outputs", Value::Map(outputs)) => {
                for (name, output) in outputs.iter() {
                    walk.output(name, output, &trail.key(name));
                }
            }
            ("Conditions" | "Rules", Value::Map(_)) => {
                walk.place = Place::Decision;
                walk.value(value, &trail);
                walk.place = Place::Elsewhere;
            }
            // Descriptions and constants hold no functions.
            ("Parameters" | "Description" | "AWSTemplateFormatVersion", _) => {}
            ("Metadata", _) => {
                walk.literal_text += 1;
                walk.value(value, &trail);
                walk.literal_text -= 1;
            }
            _ => walk.value(value, &trail),
        }
    }
    walk.uses
}

struct Walk<'c, 't> {
    context: &'c Context<'t>,
    findings: &'c mut Vec<Finding>,
    uses: Uses<'t>,
    place: Place,
    assumptions: Vec<Assumption<'t>>,
    /// The variables of the loops around the place.
    loop_variables: Vec<&'t str>,
    /// Above 0 where `${…}` may be meant for something else than CloudFormation.
    literal_text: usize,
}

impl<'t> Walk<'_, 't> {
    fn report(&mut self, code: Code, trail: &Trail<'_>, message: impl Into<String>, hint: Option<String>) {
        let mut finding = Finding::new(code, trail.to_path(), message);
        finding.hint = hint;
        self.findings.push(finding);
    }

    fn resources(&mut self, resources: &'t Map, trail: &Trail<'_>) {
        for (logical_id, body) in resources.iter() {
            let trail = trail.key(logical_id);
            let Value::Map(body) = body else {
                // A loop of resources.
                self.entry(logical_id, body, &trail);
                continue;
            };
            let number = self.context.resource_number(logical_id);
            let condition = body.get("Condition").and_then(Value::as_str);
            if let Some(condition) = condition {
                self.condition(condition, &trail.key("Condition"));
                self.assumptions.push((condition, true));
            }
            for (key, value) in body.iter() {
                let trail = trail.key(key);
                match key {
                    "Condition" | "Type" => {}
                    "DependsOn" => self.depends_on(value, number, &trail),
                    "Metadata" => {
                        self.literal_text += 1;
                        self.value(value, &trail);
                        self.literal_text -= 1;
                    }
                    _ => {
                        self.place = number.map_or(Place::Elsewhere, Place::Resource);
                        self.entry(key, value, &trail);
                        self.place = Place::Elsewhere;
                    }
                }
            }
            if condition.is_some() {
                self.assumptions.pop();
            }
        }
    }

    fn depends_on(&mut self, value: &'t Value, number: Option<usize>, trail: &Trail<'_>) {
        let (one, many) = match value {
            Value::List(items) => (None, items.as_slice()),
            other => (Some(other), [].as_slice()),
        };
        let places = one.into_iter().map(|value| (value, None)).chain(many.iter().zip((0..).map(Some)));
        for (value, index) in places {
            let Some(name) = value.as_str() else { continue };
            let inside = trail.index(index.unwrap_or(0));
            let trail = if index.is_some() { &inside } else { trail };
            match self.context.resource_number(name) {
                Some(to) => {
                    if let Some(from) = number {
                        self.uses.dependencies.push(Dependency { from, to, when: self.assumptions.clone() });
                    }
                }
                None if self.context.may_be_generated(name) || name.contains("${") || self.declared(name) => {}
                None => {
                    let hint = did_you_mean(name, self.context.resources.iter().map(|one| one.logical_id));
                    self.report(Code::DependsOnMissing, trail, format!("there is no resource `{name}`"), hint);
                }
            }
        }
    }

    /// Whether a resource of that name stands in the template, even if it is wrong.
    fn declared(&self, name: &str) -> bool {
        self.context.root.get("Resources").and_then(|resources| resources.get(name)).is_some()
    }

    fn output(&mut self, name: &'t str, output: &'t Value, trail: &Trail<'_>) {
        let Value::Map(body) = output else {
            return self.entry(name, output, trail);
        };
        let condition = body.get("Condition").and_then(Value::as_str);
        if let Some(condition) = condition {
            self.condition(condition, &trail.key("Condition"));
            self.assumptions.push((condition, true));
        }
        for (key, value) in body.iter().filter(|(key, _)| !matches!(*key, "Condition" | "Description")) {
            self.entry(key, value, &trail.key(key));
        }
        if condition.is_some() {
            self.assumptions.pop();
        }
    }

    /// A member of a mapping, which may be a loop.
    fn entry(&mut self, key: &'t str, value: &'t Value, trail: &Trail<'_>) {
        if key.starts_with("Fn::ForEach::") {
            return self.for_each(value, trail);
        }
        let literal = is_literal_text(key);
        self.literal_text += usize::from(literal);
        self.value(value, trail);
        self.literal_text -= usize::from(literal);
    }

    fn value(&mut self, value: &'t Value, trail: &Trail<'_>) {
        match value {
            Value::Map(map) => {
                let intrinsic =
                    if self.place == Place::Decision { Intrinsic::in_condition(value) } else { Intrinsic::of(value) };
                match intrinsic {
                    Some(intrinsic) => self.function(intrinsic, &trail.key(intrinsic.key)),
                    None => {
                        for (key, value) in map.iter() {
                            self.entry(key, value, &trail.key(key));
                        }
                    }
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(item, &trail.index(index));
                }
            }
            Value::String(text) => self.text(text, trail),
            _ => {}
        }
    }
}
