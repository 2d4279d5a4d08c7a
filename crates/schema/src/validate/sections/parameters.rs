//! Parameters: their shape, and the default against the constraints.

use regex_lite::Regex;
use stackgen_template::{Map, Trail, Value};

use super::{is_scalar, number, scalar_text};
use crate::similar::did_you_mean;
use crate::validate::context::Context;
use crate::{Code, Finding};

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

/// The longest default of a parameter, in bytes.
const DEFAULT_BYTES: usize = 4096;

pub(super) fn check(context: &Context<'_>, parameter: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
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
    if let Some(value) = number(default) {
        let bound = |key| parameter.get(key).and_then(number);
        if bound("MinValue").is_some_and(|least| value < least) {
            wrong(format!("the default {text} is less than `MinValue`"));
        }
        if bound("MaxValue").is_some_and(|most| value > most) {
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

fn is_truth(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::String(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        _ => false,
    }
}
