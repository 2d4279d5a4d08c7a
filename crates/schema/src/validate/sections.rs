//! Parameters, mappings, conditions, rules and outputs: the shape of each entry.

use regex_lite::Regex;
use stackgen_template::{Function, Intrinsic, Map, Trail, Value};

use super::context::Context;
use crate::similar::did_you_mean;
use crate::{Code, Finding, Severity};

/// The keys of a parameter.
const PARAMETER_KEYS: [&str; 11] = [
    "Type",
    "Default",
    "Description",
    "AllowedValues",
    "AllowedPattern",
    "ConstraintDescription",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
    "NoEcho",
];

/// Types of parameters whose values CloudFormation looks up in the account.
const RESOURCE_PARAMETERS: [&str; 11] = [
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::VPC::Id",
    "AWS::EC2::Volume::Id",
    "AWS::Route53::HostedZone::Id",
    "AWS::SSM::Parameter::Name",
];

/// The functions that conditions are made of.
const CONDITION_FUNCTIONS: [Function; 5] =
    [Function::Condition, Function::Equals, Function::And, Function::Or, Function::Not];

/// The longest description of an output, in bytes.
const OUTPUT_DESCRIPTION_BYTES: usize = 1024;
/// The longest default of a parameter, in bytes.
const DEFAULT_BYTES: usize = 4096;
/// How many conditions `Fn::And` and `Fn::Or` take.
const CONDITIONS: std::ops::RangeInclusive<usize> = 2..=10;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    let section = |name: &str| context.root.get(name).and_then(Value::as_map).into_iter().flat_map(Map::iter);
    let trail = root.key("Parameters");
    for (name, parameter) in section("Parameters") {
        parameter_entry(context, parameter, &trail.key(name), findings);
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

fn parameter_entry(context: &Context<'_>, parameter: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let shape = |trail: &Trail<'_>, message: String| Finding::new(Code::ParameterShape, trail.to_path(), message);
    let Value::Map(parameter) = parameter else {
        findings.push(shape(trail, "a parameter must be a mapping".to_owned()));
        return;
    };
    for (key, value) in parameter.iter() {
        let trail = trail.key(key);
        let wrong = |wanted: &str| shape(&trail, format!("`{key}` must be {wanted}"));
        match key {
            "Type" | "Description" | "ConstraintDescription" | "AllowedPattern" if value.as_str().is_none() => {
                findings.push(wrong("a text"));
            }
            "AllowedValues" if value.as_list().is_none_or(|items| !items.iter().all(is_scalar)) => {
                findings.push(wrong("a list of texts"));
            }
            "Default" if !is_scalar(value) => findings.push(wrong("a text or a number")),
            "MinLength" | "MaxLength" | "MinValue" | "MaxValue" if number(value).is_none() => {
                findings.push(wrong("a number"));
            }
            "NoEcho" if !is_truth(value) => findings.push(wrong("`true` or `false`")),
            _ if PARAMETER_KEYS.contains(&key) || key.starts_with("Fn::") => {}
            _ => {
                let mut finding = shape(&trail, format!("`{key}` is nothing that a parameter has"));
                finding.hint = did_you_mean(key, PARAMETER_KEYS);
                findings.push(finding);
            }
        }
    }
    let Some(type_name) = parameter.get("Type") else {
        if !parameter.keys().any(|key| key.starts_with("Fn::")) {
            findings.push(shape(trail, "a parameter needs a `Type`".to_owned()));
        }
        return;
    };
    let Some(type_name) = type_name.as_str() else { return };
    if !is_parameter_type(type_name) && !context.transforms.unknown {
        let mut finding = Finding::new(
            Code::ParameterType,
            trail.key("Type").to_path(),
            format!("there is no parameter type `{type_name}`"),
        );
        let names = ["String", "Number", "List<Number>", "CommaDelimitedList"];
        finding.hint = did_you_mean(type_name, names.into_iter().chain(RESOURCE_PARAMETERS));
        findings.push(finding);
    }
    if let Some(default) = parameter.get("Default") {
        parameter_default(parameter, type_name, default, &trail.key("Default"), findings);
    }
}

fn is_parameter_type(name: &str) -> bool {
    let plain = |name: &str| matches!(name, "String" | "Number") || RESOURCE_PARAMETERS.contains(&name);
    let list = |name: &str| name.strip_prefix("List<").and_then(|name| name.strip_suffix('>')).is_some_and(plain);
    let any = |name: &str| plain(name) || name == "CommaDelimitedList" || list(name);
    // Of parameters of the store CloudFormation also takes types that are not documented.
    any(name) || name.starts_with("AWS::SSM::Parameter::Value<") && name.ends_with('>')
}

/// The default against the constraints of its own parameter.
fn parameter_default(
    parameter: &Map,
    type_name: &str,
    default: &Value,
    trail: &Trail<'_>,
    findings: &mut Vec<Finding>,
) {
    let Some(text) = scalar_text(default) else { return };
    let mut wrong = |message: String| findings.push(Finding::new(Code::ParameterDefault, trail.to_path(), message));
    if text.len() > DEFAULT_BYTES {
        wrong(format!("the default has {} bytes, and may have at most {DEFAULT_BYTES}", text.len()));
    }
    if type_name == "Number" && number(default).is_none() {
        wrong(format!("the default `{text}` is not a number"));
        return;
    }
    let items: Vec<&str> = if type_name.contains("CommaDelimitedList") || type_name.starts_with("List<") {
        text.split(',').map(str::trim).collect()
    } else {
        vec![text.as_str()]
    };
    // The value of a parameter of the store is not known; its default is a name.
    if type_name.starts_with("AWS::SSM::Parameter::Value<") {
        return;
    }
    if let Some(Value::List(allowed)) = parameter.get("AllowedValues") {
        let allowed: Vec<String> = allowed.iter().filter_map(scalar_text).collect();
        let same = |wanted: &str, item: &str| {
            wanted == item || type_name == "Number" && wanted.parse::<f64>().ok() == item.parse::<f64>().ok()
        };
        for item in items.iter().filter(|_| !allowed.contains(&text)) {
            if !allowed.iter().any(|wanted| same(wanted, item)) {
                wrong(format!("the default `{item}` is none of the allowed values"));
            }
        }
    }
    if let Some(number) = number(default) {
        let bound = |key| parameter.get(key).and_then(self::number);
        if bound("MinValue").is_some_and(|least| number < least) {
            wrong(format!("the default {text} is less than `MinValue`"));
        }
        if bound("MaxValue").is_some_and(|most| number > most) {
            wrong(format!("the default {text} is more than `MaxValue`"));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "lengths are small")]
    let length = text.chars().count() as f64;
    let bound = |key| parameter.get(key).and_then(number);
    if bound("MinLength").is_some_and(|least| length < least) {
        wrong(format!("the default `{text}` is shorter than `MinLength`"));
    }
    if bound("MaxLength").is_some_and(|most| length > most) {
        wrong(format!("the default `{text}` is longer than `MaxLength`"));
    }
    // Patterns of Java that this engine cannot read accept everything.
    if let Some(pattern) = parameter.get("AllowedPattern").and_then(Value::as_str)
        && let Ok(regex) = Regex::new(&format!("^(?:{pattern})"))
        && let Some(item) = items.iter().find(|item| !regex.is_match(item))
    {
        wrong(format!("the default `{item}` does not match the allowed pattern `{pattern}`"));
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

/// A condition: made of the functions for conditions, in rules also of those for rules.
fn condition_value(condition: &Value, trail: &Trail<'_>, in_rule: bool, findings: &mut Vec<Finding>) {
    let code = if in_rule { Code::RuleShape } else { Code::ConditionShape };
    let mut wrong = |trail: &Trail<'_>, message: String| findings.push(Finding::new(code, trail.to_path(), message));
    if matches!(condition, Value::Bool(_)) || condition.as_str().is_some_and(|text| matches!(text, "true" | "false")) {
        return;
    }
    let Some(intrinsic) = Intrinsic::in_condition(condition) else {
        wrong(trail, "a condition must be one of the functions for conditions, such as `Fn::Equals`".to_owned());
        return;
    };
    let trail = trail.key(intrinsic.key);
    match intrinsic.function {
        Function::Condition => {
            if intrinsic.name().is_none() {
                wrong(&trail, "`Condition` takes the name of a condition".to_owned());
            }
        }
        Function::Equals => {
            if intrinsic.items().is_none_or(|items| items.len() != 2) {
                wrong(&trail, "`Fn::Equals` takes a list of two values".to_owned());
            }
        }
        Function::Not => match intrinsic.items() {
            Some([inner]) => condition_value(inner, &trail.index(0), in_rule, findings),
            _ => wrong(&trail, "`Fn::Not` takes a list of one condition".to_owned()),
        },
        Function::And | Function::Or => match intrinsic.items() {
            Some(items) if CONDITIONS.contains(&items.len()) => {
                for (index, item) in items.iter().enumerate() {
                    condition_value(item, &trail.index(index), in_rule, findings);
                }
            }
            _ => wrong(&trail, format!("`{}` takes a list of two to ten conditions", intrinsic.key)),
        },
        Function::Transform | Function::Implies => {}
        _ if in_rule && intrinsic.is_condition() => {}
        _ => {
            let names: Vec<&str> = CONDITION_FUNCTIONS.iter().map(|function| function.key()).collect();
            wrong(&trail, format!("`{}` gives no condition: use `{}`", intrinsic.key, names.join("`, `")));
        }
    }
}

fn rule_entry(rule: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let shape = |trail: &Trail<'_>, message: &str| Finding::new(Code::RuleShape, trail.to_path(), message);
    let Value::Map(rule) = rule else {
        findings.push(shape(trail, "a rule must be a mapping"));
        return;
    };
    if let Some(condition) = rule.get("RuleCondition") {
        condition_value(condition, &trail.key("RuleCondition"), true, findings);
    }
    let trail_of_assertions = trail.key("Assertions");
    let Some(Value::List(assertions)) = rule.get("Assertions") else {
        findings.push(shape(trail, "a rule needs a list of `Assertions`"));
        return;
    };
    for (index, assertion) in assertions.iter().enumerate() {
        let trail = trail_of_assertions.index(index);
        match assertion.get("Assert") {
            Some(condition) => condition_value(condition, &trail.key("Assert"), true, findings),
            None => findings.push(shape(&trail, "an assertion needs an `Assert`")),
        }
    }
    for key in rule.keys().filter(|key| !matches!(*key, "RuleCondition" | "Assertions")) {
        findings.push(shape(&trail.key(key), "a rule has `RuleCondition` and `Assertions` only"));
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

fn is_truth(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::String(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        _ => false,
    }
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
