//! Parameters, mappings, conditions, rules and outputs: the shape of each entry.

mod conditions;
mod parameters;

use stackgen_template::{Intrinsic, Map, Trail, Value};

use super::context::Context;
use crate::similar::did_you_mean;
use crate::{Code, Finding, Severity};
use conditions::{condition_value, rule_entry};

/// The longest description of an output, in bytes.
const OUTPUT_DESCRIPTION_BYTES: usize = 1024;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    let section = |name: &str| context.root.get(name).and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let trail = root.key("Parameters");
    for (name, parameter) in section("Parameters") {
        parameters::check(context, parameter, &trail.key(name), findings);
    }
    let trail = root.key("Mappings");
    for (name, mapping) in section("Mappings").filter(|(name, _)| !name.starts_with("Fn::")) {
        mapping_entry(mapping, &trail.key(name), findings);
    }
    let trail = root.key("Conditions");
    for (name, condition) in section("Conditions").filter(|(name, _)| !name.starts_with("Fn::")) {
        condition_value(condition, &trail.key(name), false, findings);
    }
    let trail = root.key("Rules");
    for (name, rule) in section("Rules") {
        rule_entry(rule, &trail.key(name), findings);
    }
    let trail = root.key("Outputs");
    for (name, output) in section("Outputs").filter(|(name, _)| !name.starts_with("Fn::")) {
        output_entry(output, &trail.key(name), findings);
    }
}

fn mapping_entry(mapping: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let shape = |trail: &Trail<'_>, message: &str| Finding::new(Code::MappingShape, trail.to_path(), message);
    let Value::Map(first) = mapping else {
        findings.push(shape(trail, "a mapping has two levels of keys, and this has none"));
        return;
    };
    for (key, second) in first.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
        let trail = trail.key(key);
        if key.bytes().any(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'.')) {
            findings.push(shape(&trail, "the first key of a mapping may only have letters, digits, `-` and `.`"));
        }
        let Value::Map(second) = second else {
            findings.push(shape(&trail, "a mapping has two levels of keys, and this has one"));
            continue;
        };
        for (key, value) in second.iter().filter(|(key, _)| !key.starts_with("Fn::")) {
            if key.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
                findings.push(shape(&trail.key(key), "the second key of a mapping may only have letters and digits"));
            }
            if !matches!(value, Value::List(_)) && !is_scalar(value) {
                findings.push(shape(&trail.key(key), "the values of a mapping are texts or lists of texts"));
            }
        }
    }
}

fn output_entry(output: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let shape = |trail: &Trail<'_>, message: String| Finding::new(Code::OutputShape, trail.to_path(), message);
    let Value::Map(output) = output else {
        findings.push(shape(trail, "an output must be a mapping".to_owned()));
        return;
    };
    for (key, value) in output.iter() {
        let trail = trail.key(key);
        match key {
            "Value" => match value {
                Value::List(_) | Value::Null => {
                    findings.push(shape(&trail, "the value of an output must be a text".to_owned()));
                }
                Value::Map(_) if Intrinsic::of(value).is_none() => {
                    findings.push(shape(&trail, "the value of an output must be a text".to_owned()));
                }
                _ => {}
            },
            "Condition" if value.as_str().is_none() => {
                findings.push(shape(&trail, "`Condition` must be the name of a condition".to_owned()));
            }
            "Description" => match value {
                Value::String(text) if text.len() > OUTPUT_DESCRIPTION_BYTES => findings.push(Finding::new(
                    Code::TextLimit,
                    trail.to_path(),
                    format!(
                        "the description has {} bytes, and may have at most {OUTPUT_DESCRIPTION_BYTES}",
                        text.len()
                    ),
                )),
                Value::String(_) => {}
                _ => findings.push(shape(&trail, "`Description` must be a text".to_owned())),
            },
            "Export" => match value {
                Value::Map(export) => {
                    if !export.contains_key("Name") {
                        findings.push(shape(&trail, "an export needs a `Name`".to_owned()));
                    }
                    for key in export.keys().filter(|key| *key != "Name") {
                        findings.push(shape(&trail.key(key), "an export has a `Name` only".to_owned()));
                    }
                }
                _ => findings.push(shape(&trail, "an export is a mapping with a `Name`".to_owned())),
            },
            _ if key.starts_with("Fn::") || key == "Condition" => {}
            _ => {
                let mut finding = shape(&trail, format!("`{key}` is nothing that an output has"));
                finding.hint = did_you_mean(key, ["Value", "Description", "Export", "Condition"]);
                findings.push(finding);
            }
        }
    }
    if !output.contains_key("Value") && !output.keys().any(|key| key.starts_with("Fn::")) {
        findings.push(shape(trail, "an output needs a `Value`".to_owned()).severity(Severity::Error));
    }
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_))
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone().into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number.as_f64()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
