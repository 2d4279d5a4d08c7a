//! The parts of JSON schema that our published schemas use. Any other fails the test.

use stackgen_template::{Map, Value};

/// What of `value` is not of the form that `schema` describes.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, schema, value, "", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    let texts = |value: &Value| -> Vec<String> {
        value.as_list().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
    };
    for (key, rule) in schema.as_map().unwrap() {
        let mut fault = |what: String| faults.push(format!("{place}: {what}"));
        match key {
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                check(root, root.get("$defs").unwrap().get(name).unwrap(), value, place, faults);
            }
            "const" if rule != value => fault("another value".to_owned()),
            "enum" if !rule.as_list().unwrap().contains(value) => fault(format!("{value:?} is not listed")),
            "$schema" | "$id" | "$defs" | "title" | "description" | "const" | "enum" => {}
            "type" => {
                let types =
                    if rule.as_list().is_some() { texts(rule) } else { vec![rule.as_str().unwrap().to_owned()] };
                let kind = match value {
                    Value::List(_) => "array",
                    Value::Map(_) => "object",
                    Value::Number(number) if number.as_i64().is_some() => "integer",
                    other => other.kind(),
                };
                if !types.iter().any(|known| known == kind) {
                    fault(format!("{kind} instead of {types:?}"));
                }
            }
            "required" => {
                let missing = texts(rule).into_iter().filter(|name| value.get(name).is_none());
                missing.for_each(|name| faults.push(format!("{place}: no {name}")));
            }
            "dependentRequired" => {
                for (name, others) in rule.as_map().unwrap() {
                    let missing = texts(others).into_iter().filter(|other| value.get(other).is_none());
                    missing
                        .filter(|_| value.get(name).is_some())
                        .for_each(|other| faults.push(format!("{place}: no {other}")));
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties").unwrap();
                let more = value.as_map().into_iter().flat_map(Map::keys).filter(|name| known.get(name).is_none());
                more.for_each(|name| faults.push(format!("{place}: {name} is not known")));
            }
            "properties" => {
                for (name, inner) in rule.as_map().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(root, inner, value, &format!("{place}/{name}"), faults);
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_list().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{place}/{index}"), faults);
                }
            }
            "anyOf" => {
                let fits = |schema: &Value| {
                    let mut own = Vec::new();
                    check(root, schema, value, place, &mut own);
                    own.is_empty()
                };
                if !rule.as_list().unwrap().iter().any(fits) {
                    fault("none of the forms fits".to_owned());
                }
            }
            other => panic!("the test does not know the keyword {other}"),
        }
    }
}
