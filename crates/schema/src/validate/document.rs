//! The outermost shape of a template.

use stackgen_template::{Path, Section, Trail, Value};

use super::context::Context;
use crate::similar::did_you_mean;
use crate::{Code, Finding};

/// The longest name of a resource, parameter or output, in characters.
const LONGEST_NAME: usize = 255;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    for (key, value) in context.root.iter() {
        let trail = root.key(key);
        let Some(section) = Section::of_key(key) else {
            // A transform of the whole template may stand as a function, and a macro may read sections of its own.
            if !key.starts_with("Fn::") && !context.transforms.unknown {
                let mut finding = Finding::new(
                    Code::UnknownSection,
                    trail.to_path(),
                    format!("CloudFormation knows no section `{key}`"),
                );
                finding.hint = did_you_mean(key, Section::ALL.iter().map(|section| section.key()));
                findings.push(finding);
            }
            continue;
        };
        match section {
            Section::FormatVersion => {
                // YAML reads the version as a date when it is not quoted; as text it is the same.
                if !matches!(value, Value::String(text) if text == "2010-09-09") {
                    let message = "the only version of the template format is `2010-09-09`";
                    findings.push(Finding::new(Code::FormatVersion, trail.to_path(), message));
                }
            }
            Section::Description => {
                if !matches!(value, Value::String(_)) {
                    findings.push(shape(&trail, "the description of a template must be a text"));
                }
            }
            Section::Transform => transform(value, &trail, findings),
            Section::Globals if !context.transforms.serverless && !context.transforms.unknown => {
                findings.push(shape(&trail, "the section `Globals` needs the transform `AWS::Serverless-2016-10-31`"));
            }
            _ => entries(section, value, &trail, findings),
        }
    }
    let resources = context.root.get("Resources");
    if resources.is_none() || matches!(resources, Some(Value::Map(map)) if map.is_empty()) {
        let generated = context.root.keys().any(|key| key.starts_with("Fn::")) || context.transforms.unknown;
        if !generated {
            let message = "a template must have at least one resource";
            findings.push(Finding::new(Code::NoResources, Path::root(), message));
        }
    }
    for resource in &context.resources {
        if context.parameters.contains_key(resource.logical_id) {
            let resources = root.key("Resources");
            findings.push(Finding::new(
                Code::DuplicateName,
                resources.key(resource.logical_id).to_path(),
                format!("`{}` is the name of a parameter, too", resource.logical_id),
            ));
        }
    }
}

fn shape(trail: &Trail<'_>, message: &str) -> Finding {
    Finding::new(Code::TemplateShape, trail.to_path(), message)
}

fn transform(value: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let one = |value: &Value| match value {
        Value::String(_) => true,
        Value::Map(map) => map.contains_key("Name"),
        _ => false,
    };
    let fits = match value {
        Value::List(items) => items.iter().all(one),
        other => one(other),
    };
    if !fits {
        findings.push(shape(trail, "a transform is the name of a macro, a mapping with `Name`, or a list of these"));
    }
}

/// A section that is a mapping by name.
fn entries(section: Section, value: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let Value::Map(entries) = value else {
        findings.push(shape(trail, &format!("the section `{section}` must be a mapping")));
        return;
    };
    if matches!(section, Section::Metadata | Section::Globals | Section::Hooks) {
        return;
    }
    for (name, value) in entries.iter() {
        if name.starts_with("Fn::") {
            continue;
        }
        // Conditions may also have these two signs.
        let letters =
            |byte: u8| byte.is_ascii_alphanumeric() || section == Section::Conditions && matches!(byte, b'&' | b'_');
        if name.is_empty() || !name.bytes().all(letters) {
            findings.push(Finding::new(
                Code::LogicalId,
                trail.key(name).to_path(),
                format!("the name `{name}` may only have letters and digits"),
            ));
        } else if name.len() > LONGEST_NAME {
            findings.push(Finding::new(
                Code::LogicalId,
                trail.key(name).to_path(),
                format!("the name has {} characters, and may have at most {LONGEST_NAME}", name.len()),
            ));
        }
        if section == Section::Resources {
            let trail = trail.key(name);
            match value {
                Value::Map(body) if body.get("Type").is_some_and(|name| name.as_str().is_some()) => {}
                Value::Map(body) => {
                    // A fragment that a transform writes in may bring the type.
                    if !body.keys().any(|key| key.starts_with("Fn::")) {
                        let message = "a resource needs a `Type`, which is a text";
                        findings.push(Finding::new(Code::ResourceShape, trail.to_path(), message));
                    }
                }
                _ => findings.push(Finding::new(Code::ResourceShape, trail.to_path(), "a resource must be a mapping")),
            }
        }
    }
}
