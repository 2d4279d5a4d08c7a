//! What is referred to by name: conditions, parameters, resources and their attributes.

use stackgen_template::Trail;

use super::{Place, Walk};
use crate::similar::did_you_mean;
use crate::validate::walk::Dependency;
use crate::{Code, PSEUDO_PARAMETERS};

impl<'t> Walk<'_, 't> {
    pub(super) fn condition(&mut self, name: &'t str, trail: &Trail<'_>) {
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
    pub(super) fn reference(&mut self, name: &'t str, attribute: Option<&'t str>, trail: &Trail<'_>) {
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
}
