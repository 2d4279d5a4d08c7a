//! The attributes of `Fn::GetAtt` by the registry schemas.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::Schema;

/// Types whose every property is an attribute, as cfn-lint's code lists them.
const ALL_PROPERTIES: &str = include_str!("../../getatt_all_properties.txt");

/// Attributes of single types that are no read-only properties, as cfn-lint's code lists them.
const EXTRA: &str = include_str!("../../getatt_extra.txt");

/// How deep an attribute's path goes.
const DEPTH: usize = 5;

/// The names of all attributes of a type, sorted.
pub(crate) fn attribute_names(type_name: &str, root: &Value) -> BTreeSet<String> {
    let schema = Schema::new(root);
    let mut names = BTreeSet::new();
    if lines(ALL_PROPERTIES).any(|line| line == type_name) {
        for (name, value) in schema.properties(root) {
            add_leaves(schema, value, name.to_owned(), DEPTH, &mut names);
        }
    }
    for line in lines(EXTRA) {
        if let Some((known, attributes)) = line.split_once(": ")
            && known == type_name
        {
            names.extend(attributes.split(' ').map(str::to_owned));
        }
    }
    for path in schema.pointers("readOnlyProperties") {
        if path.contains('*') {
            continue;
        }
        let mut node = Some(root);
        for segment in path.split('/') {
            node = node.and_then(|node| schema.properties(schema.resolve(node).value).get(segment).copied());
        }
        let name = path.replace('/', ".");
        match node {
            Some(value) => add_leaves(schema, value, name, DEPTH, &mut names),
            None => {
                names.insert(name);
            }
        }
    }
    names
}

/// Adds an attribute; one that is an object gives its properties instead.
fn add_leaves(schema: Schema<'_>, value: &Value, name: String, depth: usize, names: &mut BTreeSet<String>) {
    let node = schema.resolve(value).value;
    let properties = schema.properties(node);
    if properties.is_empty() || depth == 0 {
        let item = node.get("items").map(|item| schema.resolve(item).value);
        // `Fn::GetAtt` gives a list of strings, but no list of objects.
        if item.is_none_or(|item| !matches!(schema.json_type(item), Some("object" | "array"))) {
            names.insert(name);
        }
        return;
    }
    for (property, value) in properties {
        add_leaves(schema, value, format!("{name}.{property}"), depth - 1, names);
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}
