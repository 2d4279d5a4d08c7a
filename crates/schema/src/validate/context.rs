//! The template as the checks see it.

use std::collections::HashMap;

use stackgen_template::{Map, Template, Value};

use super::worlds::Worlds;
use crate::{Database, Options, ResourceType};

/// The parts of a template by name, and what is known of them.
pub(crate) struct Context<'t> {
    pub(crate) root: &'t Map,
    pub(crate) options: &'t Options,
    /// In the order of the template.
    pub(crate) resources: Vec<Resource<'t>>,
    resource_numbers: HashMap<&'t str, usize>,
    pub(crate) parameters: HashMap<&'t str, Parameter<'t>>,
    pub(crate) conditions: HashMap<&'t str, &'t Value>,
    pub(crate) mappings: HashMap<&'t str, &'t Value>,
    pub(crate) transforms: Transforms,
    pub(crate) worlds: Worlds<'t>,
    /// Whether a loop or a transform makes resources that the template does not name.
    pub(crate) has_generated_resources: bool,
    /// The same for conditions.
    pub(crate) has_generated_conditions: bool,
    /// The same for mappings.
    pub(crate) has_generated_mappings: bool,
}

/// An entry of the section of resources that is a mapping.
#[derive(Clone, Copy)]
pub(crate) struct Resource<'t> {
    pub(crate) logical_id: &'t str,
    pub(crate) body: &'t Map,
    pub(crate) type_name: &'t str,
    /// What is known of the type; none of custom, private and unknown ones.
    pub(crate) known: Option<ResourceType>,
    pub(crate) properties: Option<&'t Map>,
    /// The condition without which it is not created.
    pub(crate) condition: Option<&'t str>,
}

/// A parameter, as those see it who refer to it.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'t> {
    pub(crate) type_name: &'t str,
}

impl Parameter<'_> {
    /// Whether its `Ref` gives a list.
    pub(crate) fn is_list(self) -> bool {
        self.type_name.contains("List<") || self.type_name.contains("CommaDelimitedList")
    }
}

/// What processes the template before CloudFormation does.
#[derive(Clone, Copy, Default)]
pub(crate) struct Transforms {
    pub(crate) serverless: bool,
    pub(crate) language_extensions: bool,
    /// Macros of which nothing is known: they may turn anything into anything.
    pub(crate) unknown: bool,
}

impl<'t> Context<'t> {
    pub(crate) fn new(template: &'t Template, options: &'t Options) -> Self {
        let root = template.root();
        let section = |name: &str| root.get(name).and_then(Value::as_map);
        let named = |name: &str| -> HashMap<&'t str, &'t Value> {
            section(name).into_iter().flat_map(Map::iter).filter(|(key, _)| !key.starts_with("Fn::")).collect()
        };
        let generated =
            |name: &str| section(name).is_some_and(|entries| entries.keys().any(|key| key.starts_with("Fn::")));
        let mut resources = Vec::with_capacity(section("Resources").map_or(0, Map::len));
        // Resources of one type often follow each other, and there are few types in a template.
        let mut types: HashMap<&str, Option<ResourceType>> = HashMap::new();
        for (logical_id, body) in section("Resources").into_iter().flat_map(Map::iter) {
            let Value::Map(body) = body else { continue };
            let Some(type_name) = body.get("Type").and_then(Value::as_str) else { continue };
            if logical_id.starts_with("Fn::") {
                continue;
            }
            resources.push(Resource {
                logical_id,
                body,
                type_name,
                known: *types
                    .entry(type_name)
                    .or_insert_with(|| Database::get().resource_type(registry_name(type_name))),
                properties: body.get("Properties").and_then(Value::as_map),
                condition: body.get("Condition").and_then(Value::as_str),
            });
        }
        let parameters = section("Parameters").into_iter().flat_map(Map::iter).map(|(name, body)| {
            (name, Parameter { type_name: body.get("Type").and_then(Value::as_str).unwrap_or_default() })
        });
        let mut transforms = Transforms::default();
        for name in template.transforms() {
            match name {
                "AWS::Serverless-2016-10-31" => transforms.serverless = true,
                "AWS::LanguageExtensions" => transforms.language_extensions = true,
                // These add resources of their own at most.
                "AWS::CodeDeployBlueGreen" | "AWS::SecretsManager-2020-07-23" | "AWS::SecretsManager-2024-09-16" => {}
                _ => transforms.unknown = true,
            }
        }
        // A transform without a name, or one in the place of a section's entry.
        transforms.unknown |= root.contains_key("Fn::Transform")
            || root.get("Transform").is_some() && template.transforms().next().is_none();
        Self {
            root,
            options,
            resource_numbers: resources.iter().enumerate().map(|(number, one)| (one.logical_id, number)).collect(),
            resources,
            parameters: parameters.collect(),
            conditions: named("Conditions"),
            mappings: named("Mappings"),
            transforms,
            worlds: Worlds::new(root),
            has_generated_resources: generated("Resources"),
            has_generated_conditions: generated("Conditions"),
            has_generated_mappings: generated("Mappings"),
        }
    }

    /// The resource of a logical id.
    pub(crate) fn resource(&self, logical_id: &str) -> Option<&Resource<'t>> {
        self.resource_numbers.get(logical_id).map(|number| &self.resources[*number])
    }

    /// The number of a resource in the template, from 0.
    pub(crate) fn resource_number(&self, logical_id: &str) -> Option<usize> {
        self.resource_numbers.get(logical_id).copied()
    }

    /// Whether a name that the template does not declare may still come to be: made by a loop or a transform.
    pub(crate) fn may_be_generated(&self, name: &str) -> bool {
        if self.transforms.unknown || self.has_generated_resources {
            return true;
        }
        // The serverless transform makes resources such as `<Function>Role` and `ServerlessRestApi`; a module, `<Module><Resource>`.
        let made_of = |resource: &Resource<'_>| {
            name.starts_with(resource.logical_id)
                && (resource.type_name.ends_with("::MODULE")
                    || self.transforms.serverless && resource.type_name.starts_with("AWS::Serverless::"))
        };
        self.transforms.serverless && name.starts_with("Serverless") || self.resources.iter().any(made_of)
    }
}

/// The name under which the registry knows a type: custom resources are all of one type.
fn registry_name(type_name: &str) -> &str {
    if type_name.starts_with("Custom::") { "AWS::CloudFormation::CustomResource" } else { type_name }
}
