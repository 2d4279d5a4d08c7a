//! Tags that resources inherit from their scopes.

use stackgen_schema::Database;
use stackgen_template::{Map, Text, Value};

/// Adds inherited tags to a resource of `type_name`, when the type has tags. The resource's own tags win, and the
/// innermost scope's win over those of scopes around it.
pub(super) fn apply(type_name: &str, properties: &mut Map, tags: &[(Text, Text)]) {
    if tags.is_empty() {
        return;
    }
    let Some(resource_type) = Database::get().resource_type(type_name) else { return };
    let Some(property) = resource_type.tag_property() else { return };
    let as_map = resource_type.property(property).is_some_and(|shape| shape.kinds().object());
    let mut effective: Vec<&(Text, Text)> = Vec::with_capacity(tags.len());
    for tag in tags {
        match effective.iter_mut().find(|earlier| earlier.0 == tag.0) {
            Some(earlier) => *earlier = tag,
            None => effective.push(tag),
        }
    }
    match properties.get_mut(property) {
        Some(Value::List(own)) if !as_map => {
            for (key, value) in effective {
                let known = own.iter().any(|tag| tag.get("Key").and_then(Value::as_str) == Some(key));
                if !known {
                    own.push(pair(key, value));
                }
            }
        }
        Some(Value::Map(own)) if as_map => {
            for (key, value) in effective {
                if !own.contains_key(key) {
                    own.insert(key.clone(), value.clone());
                }
            }
        }
        // An expression: what it gives is not known here, and the author's word stands.
        Some(_) => {}
        None if !as_map => {
            let list = effective.into_iter().map(|(key, value)| pair(key, value)).collect();
            properties.insert(property, Value::List(list));
        }
        None => {
            let map: Map = effective.into_iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
            properties.insert(property, map);
        }
    }
}

fn pair(key: &Text, value: &Text) -> Value {
    Map::from_iter([(Text::Borrowed("Key"), key.clone().into()), (Text::Borrowed("Value"), value.clone().into())])
        .into()
}
