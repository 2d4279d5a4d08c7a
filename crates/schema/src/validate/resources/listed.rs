//! Properties that a list of the resource type names: read-only ones, deprecated ones.

use stackgen_template::{Map, Trail, Value};

use crate::{Code, Finding, ResourceType};

/// Finds those that are set.
pub(super) fn check(resource_type: ResourceType, properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    for path in resource_type.read_only() {
        set(path, properties, trail, &mut |trail| {
            let message = "this property cannot be set: it is an attribute of the created resource";
            findings.push(Finding::new(Code::ReadOnly, trail.to_path(), message));
        });
    }
    for path in resource_type.deprecated() {
        set(path, properties, trail, &mut |trail| {
            findings.push(Finding::new(Code::Deprecated, trail.to_path(), "this property is deprecated"));
        });
    }
}

/// Calls `found` for each place that a path of the list leads to.
fn set(path: &str, properties: &Map, trail: &Trail<'_>, found: &mut dyn FnMut(&Trail<'_>)) {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    if let Some(value) = properties.get(first) {
        below(value, rest, &trail.key(first), found);
    }
}

fn below(value: &Value, path: Option<&str>, trail: &Trail<'_>, found: &mut dyn FnMut(&Trail<'_>)) {
    let Some(path) = path else { return found(trail) };
    let (step, rest) = path.split_once('/').map_or((path, None), |(step, rest)| (step, Some(rest)));
    match (step, value) {
        ("*", Value::List(items)) => {
            for (index, item) in items.iter().enumerate() {
                below(item, rest, &trail.index(index), found);
            }
        }
        (step, Value::Map(map)) => {
            if let Some(value) = map.get(step) {
                below(value, rest, &trail.key(step), found);
            }
        }
        _ => {}
    }
}
