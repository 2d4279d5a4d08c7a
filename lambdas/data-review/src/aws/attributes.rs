//! JSON as attributes of DynamoDB, and back as far as it is read.

use std::collections::HashMap;
use std::fmt::Display;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Number, Value};

use crate::pipeline::Item;

/// Attributes by their names.
pub(super) type Attributes = HashMap<String, AttributeValue>;

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: impl Display) -> AttributeValue {
    AttributeValue::N(format!("{value}"))
}

/// The attributes of an item.
pub(super) fn attributes(item: Item) -> Attributes {
    item.into_iter().map(|(name, value)| (name, attribute(value))).collect()
}

fn attribute(value: Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(value) => AttributeValue::Bool(value),
        Value::Number(value) => of_number(&value),
        Value::String(value) => AttributeValue::S(value),
        Value::Array(values) => AttributeValue::L(values.into_iter().map(attribute).collect()),
        Value::Object(fields) => AttributeValue::M(attributes(fields)),
    }
}

/// DynamoDB has no numbers from 1e126 on, and none but zero below 1e-130. The first become texts, the others zero.
fn of_number(value: &Number) -> AttributeValue {
    match value.as_f64().map(f64::abs) {
        Some(size) if size >= 1e126 => text(value.to_string()),
        Some(size) if size < 1e-130 => number(0),
        _ => number(value),
    }
}

/// The text of an attribute.
pub(super) fn text_of(attributes: &Attributes, name: &str) -> Option<String> {
    attributes.get(name)?.as_s().ok().cloned()
}

/// The whole number of an attribute.
pub(super) fn number_of(attributes: &Attributes, name: &str) -> Option<u32> {
    attributes.get(name)?.as_n().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_attributes_that_the_table_accepts() {
        for (value, expected) in [
            (json!(1.5), number("1.5")),
            (json!(-3), number("-3")),
            (json!(1e300), text("1e+300")),
            (json!(-1e126), text("-1e+126")),
            (json!(1e-200), number("0")),
            (json!(0.0), number("0")),
            (json!(9e125), number("9e+125")),
            (json!(""), text("")),
            (json!(null), AttributeValue::Null(true)),
            (json!([true]), AttributeValue::L(vec![AttributeValue::Bool(true)])),
            (json!({"a": 1}), AttributeValue::M([("a".to_owned(), number(1))].into())),
        ] {
            assert_eq!(attribute(value.clone()), expected, "{value}");
        }
    }
}
