//! The limits of CloudFormation.

use stackgen_template::{Map, Path, Trail, Value};

use super::context::Context;
use crate::{Code, Finding};

/// The most that CloudFormation takes.
const RESOURCES: usize = 500;
const PARAMETERS: usize = 200;
const OUTPUTS: usize = 200;
const MAPPINGS: usize = 200;
/// Keys of one mapping, on either level.
const MAPPING_KEYS: usize = 200;
/// The size of a template that is uploaded to S3, in bytes.
const TEMPLATE_BYTES: usize = 1_000_000;
/// The description of a template or an output, in bytes.
const DESCRIPTION_BYTES: usize = 1024;

/// From this part of a limit on there is a warning, in percent.
const NEAR: usize = 80;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    for (section, most, code) in [
        ("Resources", RESOURCES, Code::ResourceLimit),
        ("Parameters", PARAMETERS, Code::ParameterLimit),
        ("Outputs", OUTPUTS, Code::OutputLimit),
        ("Mappings", MAPPINGS, Code::MappingLimit),
    ] {
        let Some(Value::Map(entries)) = context.root.get(section) else { continue };
        let thing = section.to_lowercase();
        let finding = limit(code, root.key(section).to_path(), entries.len(), most, &thing);
        findings.extend(finding.map(|finding| match code {
            Code::ResourceLimit => finding.hint(split_hint(context, entries.len())),
            Code::ParameterLimit => finding.hint("pass several values as one list, or split the stack"),
            _ => finding,
        }));
        if section == "Mappings" {
            mappings(entries, &root.key(section), findings);
        }
    }
    if let Some(Value::String(text)) = context.root.get("Description")
        && text.len() > DESCRIPTION_BYTES
    {
        let path = root.key("Description").to_path();
        let message = format!("the description has {} bytes, and may have at most {DESCRIPTION_BYTES}", text.len());
        findings.push(Finding::new(Code::TextLimit, path, message));
    }
    let bytes = size(context.root);
    findings.extend(
        limit(Code::SizeLimit, Path::root(), bytes, TEMPLATE_BYTES, "bytes of JSON").map(|finding| {
            finding.hint("move large texts, such as inline code, out of the template, or split the stack")
        }),
    );
}

fn mappings(mappings: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    for (name, mapping) in mappings.iter() {
        let trail = trail.key(name);
        let Value::Map(first) = mapping else { continue };
        findings.extend(limit(Code::MappingLimit, trail.to_path(), first.len(), MAPPING_KEYS, "keys"));
        for (key, second) in first.iter() {
            if let Value::Map(second) = second {
                let path = || trail.key(key).to_path();
                findings.extend(limit(Code::MappingLimit, path(), second.len(), MAPPING_KEYS, "keys"));
            }
        }
    }
}

fn limit(code: Code, path: Path, count: usize, most: usize, thing: &str) -> Option<Finding> {
    if count > most {
        Some(Finding::new(code, path, format!("there are {count} {thing}, and there may be at most {most}")))
    } else if count * 100 >= most * NEAR {
        let percent = count * 100 / most;
        Some(Finding::new(
            Code::NearLimit,
            path,
            format!("there are {count} {thing}, which is {percent} % of the limit of {most}"),
        ))
    } else {
        None
    }
}

/// Proposes where to split a stack: the service with the most resources first.
fn split_hint(context: &Context<'_>, count: usize) -> String {
    let mut services: Vec<(&str, usize)> = Vec::new();
    for resource in &context.resources {
        let service = resource.type_name.split("::").nth(1).unwrap_or(resource.type_name);
        match services.iter_mut().find(|(name, _)| *name == service) {
            Some((_, number)) => *number += 1,
            None => services.push((service, 1)),
        }
    }
    // The order of equals must not depend on anything but the template.
    services.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(two.0)));
    let largest: Vec<String> =
        services.iter().take(3).map(|(service, number)| format!("{number} of {service}")).collect();
    let stacks = count.div_ceil(RESOURCES * NEAR / 100).max(2);
    format!("split it into {stacks} stacks along what changes together; most resources are {}", largest.join(", "))
}

/// The size of the template as JSON without blanks, in bytes, without writing it.
fn size(map: &Map) -> usize {
    2 + map.iter().map(|(key, value)| text_size(key) + 2 + value_size(value)).sum::<usize>()
}

fn value_size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Number(_) => 4,
        Value::Bool(value) => 5 - usize::from(*value),
        Value::String(text) => text_size(text),
        Value::List(items) => 2 + items.iter().map(|item| 1 + value_size(item)).sum::<usize>(),
        Value::Map(map) => size(map),
        // `{"Fn::GetAtt":["…","…"]}`
        Value::Reference(reference) => 24 + reference.resource.logical_id().len(),
    }
}

/// The quoted text; what must be escaped takes two bytes.
fn text_size(text: &str) -> usize {
    2 + text.len() + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\t')).count()
}
