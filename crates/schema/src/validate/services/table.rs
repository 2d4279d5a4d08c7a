//! Keys of DynamoDB tables.

use stackgen_template::{Map, Trail, Value};

use super::values::has_computed;
use crate::{Code, Finding};

/// Every key attribute of the table and its indexes is defined, and every defined attribute is a key.
pub(super) fn check(properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let list = |map: &Map, name: &str| -> Option<Vec<Value>> {
        match map.get(name) {
            None => Some(Vec::new()),
            Some(value) if has_computed(value) => None,
            Some(Value::List(items)) => Some(items.clone()),
            Some(_) => None,
        }
    };
    let attribute_name = |entry: &Value| entry.get("AttributeName").and_then(Value::as_str).map(str::to_owned);
    let defined: Option<Vec<String>> =
        list(properties, "AttributeDefinitions").map(|entries| entries.iter().filter_map(attribute_name).collect());

    let mut keys: Vec<String> = Vec::new();
    let indexes_known = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"]
        .iter()
        .all(|name| properties.get(name).is_none_or(|indexes| !has_computed_structure(indexes)));
    let mut all_known = indexes_known;
    let mut look = |schema: Option<&Value>, trail: &Trail<'_>, findings: &mut Vec<Finding>| {
        let Some(schema) = schema else { return };
        if has_computed(schema) {
            all_known = false;
        }
        for (index, entry) in schema.as_list().unwrap_or_default().iter().enumerate() {
            let Some(name) = attribute_name(entry) else { continue };
            if defined.as_ref().is_some_and(|defined| !defined.contains(&name)) {
                let trail = trail.index(index);
                let message = format!("the key attribute `{name}` is not among the `AttributeDefinitions`");
                findings.push(Finding::new(Code::KeyAttributes, trail.key("AttributeName").to_path(), message));
            }
            keys.push(name);
        }
    };
    look(properties.get("KeySchema"), &trail.key("KeySchema"), findings);
    for name in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        let trail = trail.key(name);
        let Some(indexes) = properties.get(name) else { continue };
        for (number, index) in indexes.as_list().unwrap_or_default().iter().enumerate() {
            look(index.get("KeySchema"), &trail.index(number).key("KeySchema"), findings);
        }
    }
    // What a macro or a function puts in may use the attributes that seem to be unused.
    if !all_known || properties.keys().any(|key| key.starts_with("Fn::")) {
        return;
    }
    let trail = trail.key("AttributeDefinitions");
    for (index, name) in defined.unwrap_or_default().iter().enumerate().filter(|(_, name)| !keys.contains(name)) {
        let message = format!("the attribute `{name}` is no key of the table or of an index");
        let hint = "define key attributes only: items may have any others";
        findings.push(Finding::new(Code::KeyAttributes, trail.index(index).to_path(), message).hint(hint));
    }
}

/// Whether it is computed which indexes there are, or what keys they have.
fn has_computed_structure(indexes: &Value) -> bool {
    match indexes {
        Value::List(items) => {
            items.iter().any(|item| super::values::is_computed(item) || item.get("KeySchema").is_some_and(has_computed))
        }
        _ => true,
    }
}
