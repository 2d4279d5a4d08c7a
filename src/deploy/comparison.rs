//! What our own comparison says of a stack and what is deployed of it: for approval, and where CloudFormation is not asked.

use stackgen_template::{Value, read_bytes};

use crate::assembly::LoadedStack;
use crate::diff::{Action, Changes, StackTemplate, diff};

use super::PlannedChange;
use super::renamed_template::Renames;

/// What differs between `stack` and the text of the template that is deployed.
pub(super) fn compare(stack: &LoadedStack, deployed: Option<&str>) -> Changes {
    let after = StackTemplate { moves: stack.moves.clone(), ..StackTemplate::new(&stack.name, stack.template.clone()) };
    let before = deployed.and_then(|text| read_bytes(text.as_bytes()).ok());
    let before = before.and_then(|document| match document.value {
        Value::Map(map) => Some(StackTemplate::new(&stack.name, map.into())),
        _ => None,
    });
    diff(before.as_slice(), std::slice::from_ref(&after))
}

/// The resources that were moved on purpose: new logical ids by old ones.
pub(super) fn moved(changes: &Changes) -> Renames {
    let resources = changes.stacks.iter().flat_map(|stack| &stack.resources);
    resources.filter_map(|change| Some((change.moved_from.clone()?, change.logical_id.clone()))).collect()
}

/// Whether a resource is replaced for certain.
pub(super) fn replaces(changes: &Changes) -> bool {
    changes.stacks.iter().flat_map(|stack| &stack.resources).any(|resource| resource.action == Action::Replace)
}

/// The changes in the words of CloudFormation's own plans.
pub(super) fn in_words_of_a_plan(changes: &Changes) -> Vec<PlannedChange> {
    let resources = changes.stacks.iter().flat_map(|stack| &stack.resources);
    let planned = resources.filter_map(|resource| {
        let (action, replacement) = match resource.action {
            Action::None => return None,
            Action::Create => ("Add", None),
            Action::Import => ("Import", None),
            Action::Update => ("Modify", Some("False")),
            Action::MayReplace => ("Modify", Some("Conditional")),
            Action::Replace => ("Modify", Some("True")),
            Action::Retain | Action::Snapshot | Action::Delete => ("Remove", None),
        };
        Some(PlannedChange {
            logical_id: resource.logical_id.clone(),
            type_name: resource.type_name.clone(),
            action: action.to_owned(),
            replacement: replacement.map(str::to_owned),
        })
    });
    planned.collect()
}
