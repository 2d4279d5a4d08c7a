//! Resources that would be one.

use std::collections::HashMap;

use stackgen_template::{Intrinsic, Trail, Value};

use crate::validate::context::{Context, Resource};
use crate::{Code, Finding};

/// Resources of one type that would be the same physical resource: all that identifies them is set, and equal.
pub(super) fn check<'t>(context: &Context<'t>, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, Vec<(&Resource<'t>, Vec<&Value>)>> = HashMap::new();
    for resource in &context.resources {
        let (Some(known), Some(properties)) = (resource.known, resource.properties) else { continue };
        if known.has_any_attribute() || known.primary_identifier().len() == 0 {
            continue;
        }
        // Nested identifiers and computed ones are not compared.
        let identity: Option<Vec<&Value>> = known
            .primary_identifier()
            .map(|name| properties.get(name).filter(|value| matches!(value, Value::String(_)) || is_reference(value)))
            .collect();
        let Some(identity) = identity else { continue };
        let others = seen.entry(known.name()).or_default();
        let same = others.iter().find(|(other, values)| *values == identity && may_coexist(context, resource, other));
        if let Some((other, _)) = same {
            let root = Trail::root();
            let section = root.key("Resources");
            let entry = section.key(resource.logical_id);
            let names: Vec<&str> = known.primary_identifier().collect();
            let message =
                format!("`{}` is the same resource: it has the same `{}`", other.logical_id, names.join("`, `"));
            findings.push(Finding::new(Code::DuplicateResource, entry.key("Properties").to_path(), message));
        }
        others.push((resource, identity));
    }
}

fn is_reference(value: &Value) -> bool {
    Intrinsic::of(value).is_some_and(|intrinsic| intrinsic.reference().is_some_and(|name| name != "AWS::NoValue"))
}

/// Whether a deployment may have both resources.
fn may_coexist<'t>(context: &Context<'t>, one: &Resource<'t>, two: &Resource<'t>) -> bool {
    let conditions: Vec<_> = one.condition.into_iter().chain(two.condition).map(|name| (name, true)).collect();
    conditions.is_empty() || context.worlds.possible(&conditions) == Some(true)
}
