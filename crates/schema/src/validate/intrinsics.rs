//! Intrinsic functions: their arguments, and whether what they name is there.

use std::collections::HashSet;

use stackgen_template::{Function, Intrinsic, Map, SubPart, Trail, Value};

use super::arguments::wrong_shape;
use super::context::Context;
use super::walk::{Dependency, Uses};
use super::worlds::Assumption;
use crate::similar::did_you_mean;
use crate::{Code, Finding, PSEUDO_PARAMETERS};

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

    /// A text outside of `Fn::Sub`.
    fn text(&mut self, text: &'t str, trail: &Trail<'_>) {
        if text.contains("{{") {
            self.dynamic_reference(text, trail);
        }
        if self.literal_text > 0 || !text.contains("${") {
            return;
        }
        let forgotten = stackgen_template::SubText::new(text).variables().find(|variable| {
            let (name, attribute) = variable.split();
            match attribute {
                None => PSEUDO_PARAMETERS.contains(&name),
                Some(attribute) => self
                    .context
                    .resource(name)
                    .and_then(|resource| resource.known)
                    .is_some_and(|known| !known.has_any_attribute() && known.attribute(attribute).is_some()),
            }
        });
        if let Some(variable) = forgotten {
            let message = format!("`${{{}}}` is only replaced inside `Fn::Sub`", variable.name);
            self.report(Code::SubMissing, trail, message, Some("wrap the text in `Fn::Sub`".to_owned()));
        }
    }

    fn dynamic_reference(&mut self, text: &str, trail: &Trail<'_>) {
        for part in text.split("{{").skip(1) {
            let Some((inside, _)) = part.split_once("}}") else { continue };
            let Some(inside) = inside.strip_prefix("resolve:") else {
                if inside.trim_start().starts_with("resolve:") {
                    let message = "a dynamic reference with blanks behind its braces is left as it is";
                    self.report(
                        Code::DynamicReference,
                        trail,
                        message,
                        Some("write `{{resolve:` without blanks".to_owned()),
                    );
                }
                continue;
            };
            // What functions put in is not known.
            if inside.contains("${") {
                continue;
            }
            let mut parts = inside.split(':');
            let fits = match parts.next() {
                Some("ssm" | "ssm-secure") => {
                    let name = parts.next().is_some_and(|name| !name.is_empty());
                    name && parts.next().is_none_or(|version| version.parse::<u32>().is_ok()) && parts.next().is_none()
                        || inside.starts_with("ssm:arn:")
                }
                Some("secretsmanager") => parts.next().is_some_and(|name| !name.is_empty()),
                _ => false,
            };
            if !fits {
                let message = format!("the dynamic reference `{{{{resolve:{inside}}}}}` is not well formed");
                let hint = "write `{{resolve:ssm:NAME:VERSION}}`, `{{resolve:ssm-secure:NAME:VERSION}}` or `{{resolve:secretsmanager:ID:SecretString:KEY}}`";
                self.report(Code::DynamicReference, trail, message, Some(hint.to_owned()));
            }
        }
    }

    fn for_each(&mut self, value: &'t Value, trail: &Trail<'_>) {
        let Value::List(items) = value else {
            return self.report(
                Code::FunctionShape,
                trail,
                "a loop takes a list: the name of a variable, the values, and what is repeated",
                None,
            );
        };
        let [variable, collection, body] = items.as_slice() else {
            return self.report(
                Code::FunctionShape,
                trail,
                "a loop takes a list: the name of a variable, the values, and what is repeated",
                None,
            );
        };
        if !self.context.transforms.language_extensions && !self.context.transforms.unknown {
            let hint = "add `AWS::LanguageExtensions` to `Transform`".to_owned();
            self.report(
                Code::FunctionPlace,
                trail,
                "`Fn::ForEach` needs the transform `AWS::LanguageExtensions`",
                Some(hint),
            );
        }
        self.value(collection, &trail.index(1));
        self.loop_variables.extend(variable.as_str());
        let body_trail = trail.index(2);
        // What is repeated may be resources or outputs, whose references are names with the variable in them.
        self.literal_text += 1;
        self.value(body, &body_trail);
        self.literal_text -= 1;
        if variable.as_str().is_some() {
            self.loop_variables.pop();
        }
    }

    fn function(&mut self, intrinsic: Intrinsic<'t>, trail: &Trail<'_>) {
        let key = intrinsic.key;
        let argument = intrinsic.argument;
        let extended = self.context.transforms.language_extensions || self.context.transforms.unknown;
        if let Some(message) = wrong_shape(intrinsic) {
            self.shape(trail, &message);
        }
        match intrinsic.function {
            Function::Ref => match intrinsic.reference() {
                Some(name) => self.reference(name, None, trail),
                None if extended => {
                    self.uses.computed_names = true;
                    self.value(argument, trail);
                }
                None => self.shape(trail, "`Ref` takes the name of a parameter or of a resource"),
            },
            Function::Condition => {
                if let Some(name) = intrinsic.name() {
                    self.condition(name, trail);
                }
            }
            Function::GetAtt => self.get_att(intrinsic, extended, trail),
            Function::Sub => self.sub(intrinsic, trail),
            Function::If => match (intrinsic.if_(), intrinsic.items()) {
                (Some((condition, then, otherwise)), _) => {
                    self.condition(condition, &trail.index(0));
                    for (holds, branch, index) in [(true, then, 1), (false, otherwise, 2)] {
                        self.assumptions.push((condition, holds));
                        self.value(branch, &trail.index(index));
                        self.assumptions.pop();
                    }
                }
                (None, Some(items)) if extended && items.len() == 3 => self.value(argument, trail),
                _ => self.shape(trail, "`Fn::If` takes a list of three: the name of a condition and two values"),
            },
            Function::FindInMap => self.find_in_map(intrinsic, extended, trail),
            Function::ImportValue => {
                self.uses.imports.push((argument, trail.to_path()));
                self.value(argument, trail);
            }
            Function::Base64 => {
                self.literal_text += 1;
                self.value(argument, trail);
                self.literal_text -= 1;
            }
            Function::Join
            | Function::Split
            | Function::Select
            | Function::Cidr
            | Function::GetAzs
            | Function::GetStackOutput
            | Function::Transform => self.value(argument, trail),
            Function::Length | Function::ToJsonString => {
                if !extended {
                    let hint = "add `AWS::LanguageExtensions` to `Transform`".to_owned();
                    let message = format!("`{key}` needs the transform `AWS::LanguageExtensions`");
                    self.report(Code::FunctionPlace, trail, message, Some(hint));
                }
                self.value(argument, trail);
            }
            Function::RefAll => {
                self.uses.parameter_types.extend(intrinsic.name());
            }
            Function::ValueOf => {
                if let Some(name) = intrinsic.items().and_then(|items| items.first()?.as_str()) {
                    self.reference(name, None, trail);
                }
            }
            Function::ValueOfAll => {
                self.uses.parameter_types.extend(intrinsic.items().and_then(|items| items.first()?.as_str()));
            }
            Function::ForEach => self.for_each(argument, trail),
            Function::Unknown => {
                if !self.context.transforms.unknown {
                    let hint = did_you_mean(key, Function::ALL.iter().map(|function| function.key()));
                    self.report(Code::FunctionUnknown, trail, format!("there is no function `{key}`"), hint);
                }
                self.value(argument, trail);
            }
            _ => {
                if self.place != Place::Decision && !extended {
                    let message = format!("`{key}` only works in conditions and rules");
                    let hint = "name a condition in the section `Conditions`, and use `Fn::If`".to_owned();
                    self.report(Code::FunctionPlace, trail, message, Some(hint));
                }
                self.value(argument, trail);
            }
        }
    }

    fn shape(&mut self, trail: &Trail<'_>, message: &str) {
        self.report(Code::FunctionShape, trail, message, None);
    }

    fn condition(&mut self, name: &'t str, trail: &Trail<'_>) {
        self.uses.conditions.insert(name);
        self.uses.computed_names |= name.contains("${");
        if self.context.conditions.contains_key(name)
            || self.context.transforms.unknown
            || self.context.has_generated_conditions
            || name.contains("${")
        {
            return;
        }
        let hint = did_you_mean(name, self.context.conditions.keys().copied());
        self.report(Code::ConditionMissing, trail, format!("there is no condition `{name}`"), hint);
    }

    /// Something that is referred to by name, with the attribute that is asked for.
    fn reference(&mut self, name: &'t str, attribute: Option<&'t str>, trail: &Trail<'_>) {
        if attribute.is_none() {
            if PSEUDO_PARAMETERS.contains(&name) || self.loop_variables.contains(&name) {
                return;
            }
            if self.context.parameters.contains_key(name) {
                self.uses.parameters.insert(name);
                return;
            }
        }
        let Some(number) = self.context.resource_number(name) else {
            if self.context.may_be_generated(name) || self.declared(name) || self.has_loop_variable(name) {
                return;
            }
            let resources = self.context.resources.iter().map(|resource| resource.logical_id);
            let parameters = self.context.parameters.keys().copied().filter(|_| attribute.is_none());
            let hint = did_you_mean(name, resources.chain(parameters).chain(PSEUDO_PARAMETERS));
            let kind = if attribute.is_some() { "resource" } else { "parameter or resource" };
            return self.report(Code::ReferenceMissing, trail, format!("there is no {kind} `{name}`"), hint);
        };
        if self.place == Place::Decision {
            let message =
                format!("`{name}` is a resource; conditions and rules are decided before there are resources");
            return self.report(Code::FunctionPlace, trail, message, Some("refer to a parameter".to_owned()));
        }
        if let Place::Resource(from) = self.place {
            self.uses.dependencies.push(Dependency { from, to: number, when: self.assumptions.clone() });
        }
        self.conditional(name, number, trail);
        if let Some(attribute) = attribute {
            self.attribute(number, attribute, trail);
        }
    }

    /// A name that a loop around this place completes.
    fn has_loop_variable(&mut self, name: &str) -> bool {
        self.uses.computed_names |= name.contains("${") || name.contains("&{");
        !self.loop_variables.is_empty() && (name.contains("${") || name.contains("&{"))
            || self.context.has_generated_resources
    }

    /// That the resource is there whenever it is referred to.
    fn conditional(&mut self, name: &str, number: usize, trail: &Trail<'_>) {
        let Some(condition) = self.context.resources[number].condition else { return };
        if self.assumptions.iter().any(|(assumed, holds)| *assumed == condition && *holds) {
            return;
        }
        self.assumptions.push((condition, false));
        let dangling = self.context.worlds.possible(&self.assumptions) == Some(true);
        self.assumptions.pop();
        if dangling {
            let message = format!(
                "`{name}` is only created when the condition `{condition}` holds, and this does not depend on it"
            );
            let hint = format!("use `Fn::If` with `{condition}`");
            self.report(Code::ReferenceConditional, trail, message, Some(hint));
        }
    }

    fn attribute(&mut self, number: usize, attribute: &str, trail: &Trail<'_>) {
        let resource = &self.context.resources[number];
        let Some(known) = resource.known else { return };
        // The serverless transform gives attributes of the resources that it makes.
        if known.has_any_attribute()
            || resource.type_name.starts_with("AWS::Serverless::")
            || attribute.contains("${")
            || known.attribute(attribute).is_some()
        {
            return;
        }
        let names: Vec<&str> = known.attributes().map(|attribute| attribute.name()).collect();
        let hint = did_you_mean(attribute, names.iter().copied()).or_else(|| match names.as_slice() {
            [] => Some("the type has no attributes: use `Ref`".to_owned()),
            few if few.len() <= 12 => Some(format!("its attributes are `{}`", few.join("`, `"))),
            _ => None,
        });
        let message = format!("`{}` has no attribute `{attribute}`", known.name());
        self.report(Code::AttributeMissing, trail, message, hint);
    }

    fn get_att(&mut self, intrinsic: Intrinsic<'t>, extended: bool, trail: &Trail<'_>) {
        if let Some(get_att) = intrinsic.get_att() {
            if let Some(attribute) = get_att.attribute {
                // `Resource.Attribute` may also be a name and an attribute of a module's resource.
                return self.reference(get_att.logical_id, Some(attribute), trail);
            }
            // The attribute is computed.
            if self.context.resource_number(get_att.logical_id).is_none() {
                self.reference(get_att.logical_id, Some("${}"), trail);
            }
            return self.value(intrinsic.argument, trail);
        }
        // `[A, B, C]` is `A.B.C`.
        if let Some([Value::String(name), rest @ ..]) = intrinsic.items()
            && rest.len() > 1
            && rest.iter().all(|part| part.as_str().is_some())
        {
            return self.reference(name, Some("${}"), trail);
        }
        if extended {
            return self.value(intrinsic.argument, trail);
        }
        self.shape(trail, "`Fn::GetAtt` takes the name of a resource and that of an attribute");
    }

    fn sub(&mut self, intrinsic: Intrinsic<'t>, trail: &Trail<'_>) {
        let Some((text, variables)) = intrinsic.sub() else {
            if self.context.transforms.unknown {
                return self.value(intrinsic.argument, trail);
            }
            return self.shape(trail, "`Fn::Sub` takes a text, or a list of a text and a mapping of variables");
        };
        let mut used = HashSet::new();
        for part in text.parts() {
            let SubPart::Variable(variable) = part else { continue };
            if variables.is_some_and(|variables| variables.contains_key(variable.name)) {
                used.insert(variable.name);
                continue;
            }
            let (name, attribute) = variable.split();
            self.reference(name, attribute, trail);
        }
        if text.as_str().contains("{{") {
            self.dynamic_reference(text.as_str(), trail);
        }
        let list = trail.index(1);
        for (name, value) in variables.into_iter().flat_map(Map::iter) {
            if !used.contains(name) && !name.starts_with("Fn::") {
                let message = format!("the text does not use the variable `{name}`");
                self.report(Code::SubVariableUnused, &list.key(name), message, None);
            }
            self.value(value, &list.key(name));
        }
    }

    fn find_in_map(&mut self, intrinsic: Intrinsic<'t>, extended: bool, trail: &Trail<'_>) {
        let Some(find) = intrinsic.find_in_map() else {
            if !extended {
                self.shape(trail, "`Fn::FindInMap` takes a list of three: a mapping and two keys");
            }
            self.uses.computed_mappings = true;
            return self.value(intrinsic.argument, trail);
        };
        self.value(intrinsic.argument, trail);
        let Some(name) = find.mapping.as_str() else {
            self.uses.computed_mappings = true;
            return;
        };
        self.uses.mappings.insert(name);
        let Some(mapping) = self.context.mappings.get(name) else {
            if self.context.transforms.unknown || self.context.has_generated_mappings || name.contains("${") {
                return;
            }
            let hint = did_you_mean(name, self.context.mappings.keys().copied());
            return self.report(Code::MappingMissing, &trail.index(0), format!("there is no mapping `{name}`"), hint);
        };
        if find.default.is_some() {
            return;
        }
        let generated = |map: &Map| map.keys().any(|key| key.starts_with("Fn::"));
        let Value::Map(first) = mapping else { return };
        let Some(key) = find.top_level_key.as_str() else {
            return self.second_key_somewhere(first, name, find.second_level_key, trail);
        };
        match first.get(key) {
            Some(Value::Map(second)) => {
                if let Some(key) = find.second_level_key.as_str()
                    && !second.contains_key(key)
                    && !generated(second)
                    && !key.contains("${")
                {
                    let hint = did_you_mean(key, second.keys());
                    let message = format!("the mapping `{name}` has no such second key `{key}`");
                    self.report(Code::MappingMissing, &trail.index(2), message, hint);
                }
            }
            None if !generated(first) && !key.contains("${") => {
                let hint = did_you_mean(key, first.keys());
                let message = format!("the mapping `{name}` has no key `{key}`");
                self.report(Code::MappingMissing, &trail.index(1), message, hint);
            }
            _ => {}
        }
    }

    /// With a first key that is not known, the second must be under at least one.
    fn second_key_somewhere(&mut self, first: &Map, name: &str, key: &'t Value, trail: &Trail<'_>) {
        let Some(key) = key.as_str() else { return };
        let has = |second: &Value| match second {
            Value::Map(second) => second.contains_key(key) || second.keys().any(|key| key.starts_with("Fn::")),
            _ => true,
        };
        if first.is_empty()
            || key.contains("${")
            || first.iter().any(|(first, second)| first.starts_with("Fn::") || has(second))
        {
            return;
        }
        let message = format!("the mapping `{name}` has the second key `{key}` nowhere");
        self.report(Code::MappingMissing, &trail.index(2), message, None);
    }
}

/// Properties whose texts have `${…}` of their own: scripts, templates and definitions with substitutions.
fn is_literal_text(key: &str) -> bool {
    matches!(
        key,
        "UserData"
            | "BuildSpec"
            | "DefinitionString"
            | "Definition"
            | "DefinitionBody"
            | "ZipFile"
            | "InlineCode"
            | "Content"
            | "Body"
            | "Data"
            | "Metadata"
            | "Condition"
            | "Fn::Base64"
            | "TemplateBody"
            | "RequestMappingTemplate"
            | "ResponseMappingTemplate"
            | "FunctionCode"
    )
}
