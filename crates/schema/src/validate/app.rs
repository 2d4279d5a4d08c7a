//! What only shows between the templates of an app.

use std::collections::HashMap;

use stackgen_template::{Path, Segment, Template, Value, to_json_compact};

use crate::similar::did_you_mean;
use crate::{Code, Finding};

/// Checks what only shows between the templates of an app that are deployed to one account and region: a name that two of
/// them export, an import that none exports.
///
/// Each finding comes with the number of the template that it is in, from 0.
pub fn validate_app(templates: &[&Template]) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    let mut exports: HashMap<String, (usize, String)> = HashMap::new();
    for (number, template) in templates.iter().enumerate() {
        for output in template.outputs() {
            let Some(name) = output.export_name() else { continue };
            // Names that are computed may differ, unless they are computed from nothing of the stack.
            if depends_on_stack(name) {
                continue;
            }
            let key = to_json_compact(name);
            match exports.get(&key) {
                Some((other, output_name)) if *other != number => {
                    let path = Path::root().key("Outputs").key(output.name.to_owned()).key("Export").key("Name");
                    let message = format!("the output `{output_name}` of another stack exports the same name");
                    findings.push((number, Finding::new(Code::DuplicateExport, path, message)));
                }
                Some(_) => {}
                None => {
                    exports.insert(key, (number, output.name.to_owned()));
                }
            }
        }
    }
    let literal_exports: Vec<&str> = exports.keys().map(|name| name.trim_matches('"')).collect();
    for (number, template) in templates.iter().enumerate() {
        let mut path = Path::root();
        for (key, value) in template.root().iter() {
            path.push(Segment::from(key.to_owned()));
            imports(value, &mut path, &mut |name, path| {
                if !exports.contains_key(&to_json_compact(&Value::from(name.to_owned()))) {
                    let message = format!("no stack of the app exports `{name}`: it must come from elsewhere");
                    let mut finding = Finding::new(Code::ImportMissing, path.clone(), message);
                    finding.hint = did_you_mean(name, literal_exports.iter().copied());
                    findings.push((number, finding));
                }
            });
            path.pop();
        }
    }
    findings
}

/// Whether a name is computed from something that differs between stacks.
fn depends_on_stack(value: &Value) -> bool {
    match value {
        Value::String(_) => false,
        Value::Map(map) => map.iter().any(|(key, value)| match (key, value) {
            ("Ref", Value::String(name)) => !matches!(&**name, "AWS::Region" | "AWS::AccountId" | "AWS::Partition"),
            ("Fn::Join" | "Fn::Select" | "Fn::Split", arguments) => depends_on_stack(arguments),
            _ => true,
        }),
        Value::List(items) => items.iter().any(depends_on_stack),
        _ => true,
    }
}

/// Calls `found` with every name that is imported and written out.
fn imports(value: &Value, path: &mut Path, found: &mut dyn FnMut(&str, &Path)) {
    match value {
        Value::Map(map) => {
            for (key, value) in map.iter() {
                path.push(Segment::from(key.to_owned()));
                if let ("Fn::ImportValue", Value::String(name)) = (key, value) {
                    found(name, path);
                }
                imports(value, path, found);
                path.pop();
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index);
                imports(item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}
