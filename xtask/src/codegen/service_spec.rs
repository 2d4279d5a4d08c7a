//! The entity database of `@aws-cdk/aws-service-spec`: typed references, attributes, what `Ref` gives.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::model::{Property, Resource, ValueType};
use super::references::Target;

/// The parts of the database that the generator reads.
pub(crate) struct ServiceSpec<'a> {
    resources: BTreeMap<&'a str, &'a Value>,
    types: BTreeMap<&'a str, &'a Value>,
}

impl<'a> ServiceSpec<'a> {
    pub(crate) fn new(database: &'a Value) -> Self {
        let entities = |table: &str, key: &str| -> BTreeMap<&'a str, &'a Value> {
            let pointer = format!("/schema/{table}/entities");
            let entities = database.pointer(&pointer).and_then(Value::as_array).into_iter().flatten();
            let key = key.to_owned();
            entities.filter_map(move |entity| Some((entity.get(&key)?.as_str()?, entity))).collect()
        };
        Self { resources: entities("resource", "cloudFormationType"), types: entities("typeDefinition", "$id") }
    }

    /// The attributes of a resource type.
    pub(crate) fn attributes(&self, type_name: &str) -> impl Iterator<Item = &'a str> {
        let attributes = self.resources.get(type_name).and_then(|entity| entity.get("attributes")?.as_object());
        attributes.into_iter().flat_map(Map::keys).map(String::as_str)
    }

    /// The property that `Ref` gives where that is not the identifier.
    pub(crate) fn ref_property(&self, type_name: &str) -> Option<&'a str> {
        let properties = self.resources.get(type_name)?.get("cfnRefIdentifier")?.as_array()?;
        // Of several, the last names the resource and the others its parent.
        properties.last()?.as_str()
    }

    /// Adds the targets of all properties of `resource`, at any depth, by walking both descriptions side by side.
    pub(crate) fn add_targets(&self, resource: &mut Resource) {
        let Some(entity) = self.resources.get(resource.type_name.as_str()) else { return };
        let mut seen: BTreeSet<(String, &str)> = BTreeSet::new();
        let mut nested = Self::add_to(&mut resource.properties, entity);
        while let Some((object, id)) = nested.pop() {
            if !seen.insert((object.clone(), id)) {
                continue;
            }
            let Some(definition) = self.types.get(id) else { continue };
            if let Some(object) = resource.objects.iter_mut().find(|candidate| candidate.name == object) {
                nested.extend(Self::add_to(&mut object.properties, definition));
            }
        }
    }

    /// Adds the targets of one level. Returns the objects below it with the ids of their types.
    fn add_to(properties: &mut [Property], entity: &'a Value) -> Vec<(String, &'a str)> {
        let mut nested = Vec::new();
        for property in properties {
            let Some(known) = entity.get("properties").and_then(|properties| properties.get(&property.name)) else {
                continue;
            };
            let relations = known.get("relationshipRefs").and_then(Value::as_array).into_iter().flatten();
            property.targets.extend(relations.filter_map(|relation| {
                Some(Target {
                    type_name: relation.get("cloudFormationType")?.as_str()?.to_owned(),
                    attribute: relation.get("propertyName")?.as_str()?.to_owned(),
                })
            }));
            if let ValueType::Object(name) = property.value.innermost()
                && let Some(id) = known.get("type").and_then(type_id)
            {
                nested.push((name.clone(), id));
            }
        }
        nested
    }
}

/// The id of the property type inside lists, maps and unions.
fn type_id(description: &Value) -> Option<&str> {
    match description.get("type")?.as_str()? {
        "ref" => description.pointer("/reference/$ref")?.as_str(),
        "array" | "map" => type_id(description.get("element")?),
        "union" => description.get("types")?.as_array()?.iter().find_map(type_id),
        _ => None,
    }
}
