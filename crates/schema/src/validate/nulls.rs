//! Values that are null.

use stackgen_template::{Trail, Value};

use super::context::Context;
use crate::{Code, Finding};

/// Finds every null. What other checks say of the same value is left out: it would only repeat that it is null.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut nulls = Vec::new();
    let root = Trail::root();
    for (key, value) in context.root.iter() {
        find(value, &root.key(key), &mut nulls);
    }
    if !nulls.is_empty() {
        findings.retain(|finding| nulls.iter().all(|null| null.path != finding.path));
        findings.append(&mut nulls);
    }
}

fn find(value: &Value, trail: &Trail<'_>, nulls: &mut Vec<Finding>) {
    match value {
        Value::Null => {
            let finding = Finding::new(Code::NullValue, trail.to_path(), "CloudFormation takes no null");
            nulls.push(finding.hint("leave the key out, or use `AWS::NoValue`"));
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                find(value, &trail.key(key), nulls);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                find(item, &trail.index(index), nulls);
            }
        }
        _ => {}
    }
}
