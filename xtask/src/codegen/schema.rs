//! Reading one registry schema: references, merged alternatives, types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A registry schema of one resource type.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'a> {
    root: &'a Value,
}

/// A node of a schema, with the reference that led to it.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    /// The last reference, such as `#/definitions/Code`.
    pub(crate) reference: Option<&'a str>,
    /// The node itself.
    pub(crate) value: &'a Value,
}

/// How deep alternatives are merged: real schemas nest them twice at most.
const MERGE_DEPTH: usize = 4;

impl<'a> Schema<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// The schema as a node.
    pub(crate) fn root(self) -> &'a Value {
        self.root
    }

    /// The texts of a list at the top, such as `readOnlyProperties`, with `/properties/` taken off.
    pub(crate) fn pointers(self, key: &str) -> impl Iterator<Item = &'a str> {
        let items = self.root.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str()?.strip_prefix("/properties/"))
    }

    /// Follows references until there is none.
    pub(crate) fn resolve(self, value: &'a Value) -> Node<'a> {
        let mut node = Node { reference: None, value };
        for _ in 0..16 {
            let Some(reference) = node.value.get("$ref").and_then(Value::as_str) else { break };
            let Some(target) = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)) else {
                break;
            };
            node = Node { reference: Some(reference), value: target };
        }
        node
    }

    /// The properties of an object, with those of its alternatives. One that is empty at the top takes the alternative's.
    pub(crate) fn properties(self, object: &'a Value) -> BTreeMap<&'a str, &'a Value> {
        let mut merged = BTreeMap::new();
        self.merge_properties(object, 0, &mut merged);
        merged
    }

    fn merge_properties(self, object: &'a Value, depth: usize, merged: &mut BTreeMap<&'a str, &'a Value>) {
        for (name, value) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let known = merged.entry(name.as_str()).or_insert(value);
            if known.as_object().is_some_and(Map::is_empty) {
                *known = value;
            }
        }
        if depth < MERGE_DEPTH {
            for alternative in alternatives(object) {
                self.merge_properties(self.resolve(alternative).value, depth + 1, merged);
            }
        }
    }

    /// The JSON type of a node: `string`, `object`, …; none when it may be of several.
    pub(crate) fn json_type(self, value: &'a Value) -> Option<&'a str> {
        match value.get("type") {
            Some(Value::String(name)) => Some(name),
            Some(Value::Array(names)) => {
                let mut names = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
                let first = names.next()?;
                names.next().is_none().then_some(first)
            }
            _ if string_enum(value).is_some() => Some("string"),
            _ if value.get("properties").is_some() => Some("object"),
            _ => {
                let mut types = alternatives(value).map(|alternative| self.json_type(self.resolve(alternative).value));
                let first = types.next()??;
                types.all(|other| other == Some(first)).then_some(first)
            }
        }
    }
}

/// The list of a node that is either a list or an object: its one list among alternatives that are objects, or JSON as
/// text. Such properties once took a single object, or take what the list means in another form.
pub(crate) fn list_alternative<'a>(schema: Schema<'a>, value: &'a Value) -> Option<&'a Value> {
    if value.get("type").is_some() {
        return None;
    }
    let mut list = None;
    for alternative in ["oneOf", "anyOf"].into_iter().filter_map(|key| value.get(key)?.as_array()).flatten() {
        let node = schema.resolve(alternative).value;
        match schema.json_type(node) {
            Some("array") if list.is_none() => list = Some(alternative),
            Some("object") => {}
            None if is_object_as_text(node) => {}
            _ => return None,
        }
    }
    list
}

/// Whether a node is an object or its JSON as text.
fn is_object_as_text(value: &Value) -> bool {
    let types = value.get("type").and_then(Value::as_array);
    value.get("format").is_some_and(|format| format == "json")
        && types.is_some_and(|types| types.iter().all(|name| name == "object" || name == "string"))
}

/// The nodes below `oneOf`, `anyOf` and `allOf`.
pub(crate) fn alternatives(value: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|key| value.get(key)?.as_array()).flatten()
}

/// The values of an enum of strings.
pub(crate) fn string_enum(value: &Value) -> Option<Vec<&str>> {
    let values = value.get("enum")?.as_array()?;
    let texts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
    texts.filter(|texts| !texts.is_empty())
}

/// The names in a node's `required`.
pub(crate) fn required(value: &Value) -> impl Iterator<Item = &str> {
    value.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
