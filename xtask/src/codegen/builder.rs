//! From a registry schema to the model of a resource.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::model::{Accepts, Enum, Object, Property, Resource, ValueType};
use super::naming::{singular, snake, type_name};
use super::references::{Reference, Target, schema_targets};
use super::schema::{Schema, alternatives, list_alternative, required, string_enum};

/// An enum with more values than this is a string: a list of all instance types helps nobody at compile time.
const MOST_VARIANTS: usize = 400;

/// Reads one schema. References and attributes are added later, when all types are known.
pub(crate) fn resource(resource_type: &str, root: &Value) -> Resource {
    let schema = Schema::new(root);
    let last = resource_type.rsplit("::").next().unwrap_or(resource_type);
    let name = type_name(last);
    let mut builder = Builder::new(schema, name.clone());
    let read_only: BTreeSet<&str> = schema.pointers("readOnlyProperties").filter(|path| !path.contains('/')).collect();
    let mut properties = schema.properties(root);
    properties.retain(|property, _| !read_only.contains(property));
    let required = required(root).collect();
    let properties = builder.properties(&properties, &required, None);
    let mut resource = Resource {
        type_name: resource_type.to_owned(),
        module: snake(last),
        name,
        properties,
        objects: builder.objects.into_iter().flatten().collect(),
        enums: builder.enums,
        reference: Reference::Attribute,
        attributes: Vec::new(),
    };
    mark_replacing(&mut resource, schema);
    resource
}

/// Names that say nothing without the name of the object that they are a property of.
const GENERIC: &[&str] = &[
    "Action",
    "Category",
    "Condition",
    "Expiration",
    "Format",
    "Item",
    "Key",
    "Kind",
    "Level",
    "Location",
    "Method",
    "Mode",
    "Name",
    "Operation",
    "Operator",
    "Owner",
    "Property",
    "Protocol",
    "Scope",
    "State",
    "Status",
    "Strategy",
    "Type",
    "Unit",
    "Value",
    "Version",
];

struct Builder<'a> {
    schema: Schema<'a>,
    resource: String,
    /// The distinct inline objects and enums by the name that their property suggests.
    inline: BTreeMap<String, BTreeSet<String>>,
    definitions: BTreeSet<String>,
    names: BTreeSet<String>,
    by_reference: BTreeMap<&'a str, ValueType>,
    by_name: BTreeMap<String, ValueType>,
    /// Objects in the order in which they are met; none while their properties are still being read.
    objects: Vec<Option<Object>>,
    enums: Vec<Enum>,
}

impl<'a> Builder<'a> {
    fn new(schema: Schema<'a>, resource: String) -> Self {
        let root = schema.root();
        let definitions = root.get("definitions").and_then(Value::as_object);
        let mut inline = BTreeMap::new();
        scan_properties(root, &mut inline);
        for definition in definitions.into_iter().flat_map(serde_json::Map::values) {
            scan_properties(definition, &mut inline);
            if let Some(nested) = definition.get("items") {
                scan_properties(nested, &mut inline);
            }
        }
        Self {
            schema,
            resource,
            inline,
            definitions: definitions.into_iter().flat_map(serde_json::Map::keys).map(|name| type_name(name)).collect(),
            names: BTreeSet::new(),
            by_reference: BTreeMap::new(),
            by_name: BTreeMap::new(),
            objects: Vec::new(),
            enums: Vec::new(),
        }
    }

    fn properties(
        &mut self,
        properties: &BTreeMap<&'a str, &'a Value>,
        required: &BTreeSet<&str>,
        owner: Option<&str>,
    ) -> Vec<Property> {
        let mut setters = BTreeSet::new();
        let mut built = Vec::new();
        for (name, value) in properties {
            let mut setter = snake(name);
            while !setters.insert(setter.clone()) {
                setter.push('_');
            }
            let mut targets = BTreeSet::new();
            schema_targets(self.schema, value, &mut targets);
            built.push(Property {
                name: (*name).to_owned(),
                setter,
                value: self.value_type(value, name, owner),
                required: required.contains(name),
                replaces: false,
                targets,
                accepts: Accepts::Text,
            });
        }
        built
    }

    fn value_type(&mut self, value: &'a Value, hint: &str, owner: Option<&str>) -> ValueType {
        let node = self.schema.resolve(value);
        let Some(reference) = node.reference else { return self.node_type(node.value, hint, owner, None) };
        if let Some(known) = self.by_reference.get(reference) {
            return known.clone();
        }
        // A definition that contains itself without an object between is met again here.
        self.by_reference.insert(reference, ValueType::Any);
        let name = reference.rsplit('/').next().unwrap_or(reference);
        let built = self.node_type(node.value, name, owner, Some(reference));
        self.by_reference.insert(reference, built.clone());
        built
    }

    fn node_type(
        &mut self,
        value: &'a Value,
        hint: &str,
        owner: Option<&str>,
        reference: Option<&'a str>,
    ) -> ValueType {
        if let Some(list) = list_alternative(self.schema, value) {
            return self.value_type(list, hint, owner);
        }
        let properties = self.schema.properties(value);
        match self.schema.json_type(value) {
            Some("string") => match string_enum(value) {
                Some(values) if values.len() <= MOST_VARIANTS => self.string_enum(&values, hint, owner, reference),
                _ => ValueType::Text,
            },
            Some("boolean") => ValueType::Boolean,
            Some("integer") => ValueType::Integer(range(value)),
            Some("number") => ValueType::Number,
            Some("array") => {
                let item = value.get("items").filter(|items| items.is_object());
                let item = item.map_or(ValueType::Any, |item| self.value_type(item, &singular(hint), owner));
                ValueType::List(Box::new(item))
            }
            Some("object") | None if !properties.is_empty() && !may_be_text(value) => {
                if is_tag(&properties, hint) {
                    return ValueType::Tag;
                }
                self.object(value, &properties, hint, owner, reference)
            }
            Some("object") => self.map(value, hint, owner),
            None if value.get("patternProperties").is_some() => self.map(value, hint, owner),
            _ => ValueType::Any,
        }
    }

    fn map(&mut self, value: &'a Value, hint: &str, owner: Option<&str>) -> ValueType {
        let patterns = value.get("patternProperties").and_then(Value::as_object);
        let mut values = patterns.into_iter().flat_map(serde_json::Map::values).filter(|value| value.is_object());
        let item = match (values.next(), values.next()) {
            (Some(only), None) => Some(only),
            (None, _) => {
                value.get("additionalProperties").filter(|item| item.as_object().is_some_and(|map| !map.is_empty()))
            }
            _ => None,
        };
        match item {
            Some(item) => ValueType::Map(Box::new(self.value_type(item, &format!("{hint}Value"), owner))),
            None => ValueType::Any,
        }
    }

    fn object(
        &mut self,
        value: &'a Value,
        properties: &BTreeMap<&'a str, &'a Value>,
        hint: &str,
        owner: Option<&str>,
        reference: Option<&'a str>,
    ) -> ValueType {
        let name = match self.name(hint, owner, reference.is_some()) {
            Ok(name) => name,
            Err(known) => return known,
        };
        let built = ValueType::Object(name.clone());
        if let Some(reference) = reference {
            self.by_reference.insert(reference, built.clone());
        } else {
            self.by_name.insert(name.clone(), built.clone());
        }
        let place = self.objects.len();
        self.objects.push(None);
        let required = required(value).collect();
        let properties = self.properties(properties, &required, Some(&name));
        self.objects[place] = Some(Object { name, schema_name: hint.to_owned(), properties });
        built
    }

    fn string_enum(
        &mut self,
        values: &[&str],
        hint: &str,
        owner: Option<&str>,
        reference: Option<&'a str>,
    ) -> ValueType {
        let name = match self.name(hint, owner, reference.is_some()) {
            Ok(name) => name,
            Err(known) => return known,
        };
        self.enums.push(Enum::new(name.clone(), values));
        let built = ValueType::Enum(name.clone());
        if reference.is_none() {
            self.by_name.insert(name, built.clone());
        }
        built
    }

    /// The name of an object or enum: of its definition, or of its property when no other would have the same, or else of
    /// property and owner. An inline one that was met before is returned as it is.
    fn name(&mut self, hint: &str, owner: Option<&str>, is_definition: bool) -> Result<String, ValueType> {
        let suggested = type_name(hint);
        let shared = self.inline.get(hint).is_none_or(|sites| sites.len() <= 1);
        let says_enough = shared && !self.definitions.contains(&suggested) && !GENERIC.contains(&suggested.as_str());
        let mut name = if is_definition || says_enough {
            if !is_definition && let Some(known) = self.by_name.get(&suggested) {
                return Err(known.clone());
            }
            suggested
        } else {
            type_name(&format!("{}{suggested}", owner.unwrap_or(&self.resource)))
        };
        let base = name.clone();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        Ok(name)
    }
}

/// Whether a node may be a string as well as an object, as policy documents may.
fn may_be_text(value: &Value) -> bool {
    value.get("type").and_then(Value::as_array).is_some_and(|types| types.iter().any(|name| name == "string"))
}

fn is_tag(properties: &BTreeMap<&str, &Value>, hint: &str) -> bool {
    properties.len() == 2
        && properties.contains_key("Key")
        && properties.contains_key("Value")
        && matches!(hint, "Tag" | "TagsItem" | "TagItem" | "Tags")
}

fn range(value: &Value) -> Option<(i64, i64)> {
    #[expect(clippy::cast_possible_truncation, reason = "limits are whole numbers, and a cast from float saturates")]
    let limit = |key: &str| {
        let number = value.get(key)?;
        number.as_i64().or_else(|| number.as_f64().map(|float| float as i64))
    };
    let minimum = limit("minimum").or_else(|| limit("exclusiveMinimum")?.checked_add(1));
    let maximum = limit("maximum").or_else(|| limit("exclusiveMaximum")?.checked_sub(1));
    if minimum.is_none() && maximum.is_none() {
        return None;
    }
    let (minimum, maximum) = (minimum.unwrap_or(i64::MIN), maximum.unwrap_or(i64::MAX));
    (minimum <= maximum).then_some((minimum, maximum))
}

/// Notes inline objects and enums by the name that their property suggests.
fn scan_properties(object: &Value, inline: &mut BTreeMap<String, BTreeSet<String>>) {
    for (name, value) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
        scan(name, value, inline);
    }
    for alternative in alternatives(object) {
        scan_properties(alternative, inline);
    }
}

fn scan(hint: &str, value: &Value, inline: &mut BTreeMap<String, BTreeSet<String>>) {
    if value.get("$ref").is_some() {
        return;
    }
    if let Some(mut values) = string_enum(value) {
        values.sort_unstable();
        inline.entry(hint.to_owned()).or_default().insert(values.join("\n"));
    } else if value.get("properties").is_some() || alternatives(value).any(|other| other.get("properties").is_some()) {
        inline.entry(hint.to_owned()).or_default().insert(without_descriptions(value).to_string());
        scan_properties(value, inline);
    }
    if let Some(items) = value.get("items") {
        scan(&singular(hint), items, inline);
    }
    let patterns = value.get("patternProperties").and_then(Value::as_object);
    for item in patterns.into_iter().flat_map(serde_json::Map::values).chain(value.get("additionalProperties")) {
        scan(&format!("{hint}Value"), item, inline);
    }
}

fn without_descriptions(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, value)| *key != "description" || !value.is_string());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_descriptions(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_descriptions).collect()),
        other => other.clone(),
    }
}

/// Marks the properties, at any depth, whose change replaces the resource.
fn mark_replacing(resource: &mut Resource, schema: Schema<'_>) {
    for path in schema.pointers("createOnlyProperties") {
        let mut segments =
            path.split('/').filter(|segment| !matches!(*segment, "*" | "items" | "properties")).peekable();
        let mut properties = &mut resource.properties;
        while let Some(segment) = segments.next() {
            let Some(property) = properties.iter_mut().find(|property| property.name == segment) else { break };
            if segments.peek().is_none() {
                property.replaces = true;
                break;
            }
            let ValueType::Object(name) = property.value.innermost() else { break };
            let name = name.clone();
            let Some(object) = resource.objects.iter_mut().find(|object| object.name == name) else { break };
            properties = &mut object.properties;
        }
    }
}

/// The references that a property's own schema names; for the attributes of a handle.
pub(crate) fn property_targets(root: &Value, path: &str) -> BTreeSet<Target> {
    let schema = Schema::new(root);
    let mut targets = BTreeSet::new();
    let mut node = root;
    for segment in path.split('.') {
        let Some(next) = schema.properties(node).get(segment).copied() else { return targets };
        schema_targets(schema, next, &mut targets);
        node = schema.resolve(next).value;
    }
    if schema.json_type(node) != Some("string") {
        targets.clear();
    }
    targets
}
