//! What stacks use of each other: a removal that another stack still stands on.

use std::collections::{BTreeMap, BTreeSet};

use stackgen_template::{Function, Intrinsic, Template, Value};

use super::canonical::Canonical;
use super::changes::{Action, Gravity, Notice, NoticeKind, StackChanges};
use super::readable::readable;
use super::references::{Target, walk};
use super::stack_template::StackTemplate;

/// Exports and outputs of all stacks, and who uses them.
#[derive(Default)]
struct Uses {
    /// The stacks that import an export.
    imports: BTreeMap<String, BTreeSet<String>>,
    /// The stacks that read an output, by stack and output.
    reads: BTreeMap<(String, String), BTreeSet<String>>,
}

/// Adds to each stack what CloudFormation will refuse because another stack uses it.
pub(super) fn check(before: &[StackTemplate], after: &[StackTemplate], changes: &mut [StackChanges]) {
    let (used, used_after) = (uses(before), uses(after));
    for old in before {
        let new = after.iter().find(|stack| stack.name == old.name);
        let Some(change) = changes.iter_mut().find(|change| change.name == old.name) else { continue };
        let exports = new.map(|stack| exports(&stack.template, &stack.name)).unwrap_or_default();
        for (name, value) in self::exports(&old.template, &old.name) {
            // What goes away in the same change goes before what it uses.
            let stays = |other: &str| other != old.name && after.iter().any(|stack| stack.name == other);
            let importers = used.imports.get(&name).into_iter().flatten();
            let importers: Vec<&str> = importers.map(String::as_str).filter(|other| stays(other)).collect();
            if importers.is_empty() {
                continue;
            }
            let why = match exports.get(&name) {
                None => "is removed".to_owned(),
                Some(new) if *new != value => "has another value".to_owned(),
                Some(new) => match replaced_in(new, change) {
                    Some(resource) => format!("has another value, because `{resource}` is replaced"),
                    None => continue,
                },
            };
            let still = used_after.imports.get(&name);
            let is_removed = !exports.contains_key(&name);
            change.notices.push(notice(&name, &why, is_removed, &importers, still, &old.name));
        }
        for output in old.template.outputs() {
            if new.is_some_and(|stack| stack.template.output(output.name).is_some()) {
                continue;
            }
            let key = (old.name.clone(), output.name.to_owned());
            let readers: Vec<&str> = used_after.reads.get(&key).into_iter().flatten().map(String::as_str).collect();
            if !readers.is_empty() {
                let message =
                    format!("the output `{}` is removed, but {} still reads it", output.name, quoted(&readers));
                let notice = Notice::new(Gravity::Error, NoticeKind::OutputInUse, output.name, message);
                change.notices.push(notice.hint("keep the output, or remove its use in the same change"));
            }
        }
    }
}

fn notice(
    name: &str,
    why: &str,
    is_removed: bool,
    importers: &[&str],
    still: Option<&BTreeSet<String>>,
    stack: &str,
) -> Notice {
    let message =
        format!("the export `{name}` {why}, but {} imports it: CloudFormation refuses that", quoted(importers));
    let staying: Vec<&str> =
        importers.iter().copied().filter(|other| still.is_some_and(|still| still.contains(*other))).collect();
    let them = if staying.len() == 1 { "it" } else { "them" };
    let hint = if !staying.is_empty() && !is_removed {
        format!(
            "export the new value under another name and import that, then remove this one; or let {them} read the output \
             by `Fn::GetStackOutput`, deploy that, and then `{stack}`"
        )
    } else if staying.is_empty() {
        format!(
            "{} no longer imports it after this change: deploy {} first, then `{stack}`",
            quoted(importers),
            if importers.len() == 1 { "that stack" } else { "those stacks" }
        )
    } else {
        format!(
            "keep the export until {} no longer imports it; or let {them} read the output by `Fn::GetStackOutput`, \
             deploy that, and then `{stack}`",
            quoted(&staying),
        )
    };
    Notice::new(Gravity::Error, NoticeKind::ExportInUse, name, message).hint(hint)
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The exports of a template with their values in canonical form.
fn exports(template: &Template, stack: &str) -> BTreeMap<String, Value> {
    template
        .outputs()
        .filter_map(|output| {
            let name = name_of(output.export_name()?, stack);
            Some((name, Canonical::plain().of(output.value()?, None)?))
        })
        .collect()
}

/// A name as text, with the name of the stack put in.
fn name_of(value: &Value, stack: &str) -> String {
    let value = Canonical::plain().of(value, None).unwrap_or_default();
    readable(&value).replace("${AWS::StackName}", stack)
}

/// A resource that a value refers to and that is replaced.
fn replaced_in<'a>(value: &Value, change: &'a StackChanges) -> Option<&'a str> {
    let mut names = Vec::new();
    walk(value, &stackgen_template::Trail::root(), &mut |target, _| {
        if let Target::Name(name) = target {
            names.push(name);
        }
    });
    let replaced = change
        .resources
        .iter()
        .find(|resource| resource.action == Action::Replace && names.contains(&resource.logical_id.as_str()));
    replaced.map(|resource| resource.logical_id.as_str())
}

fn uses(stacks: &[StackTemplate]) -> Uses {
    let mut uses = Uses::default();
    for stack in stacks {
        for value in stack.template.root().values() {
            collect(value, &stack.name, &mut uses);
        }
        for nested in stack.nested.values() {
            for value in nested.template.root().values() {
                collect(value, &stack.name, &mut uses);
            }
        }
    }
    uses
}

fn collect(value: &Value, stack: &str, uses: &mut Uses) {
    match value {
        Value::List(items) => items.iter().for_each(|item| collect(item, stack, uses)),
        Value::Map(map) => {
            if let Some(call) = Intrinsic::of(value) {
                if call.function == Function::ImportValue {
                    uses.imports.entry(name_of(call.argument, stack)).or_default().insert(stack.to_owned());
                }
                if let Some(get) = call.get_stack_output()
                    && let (Some(other), Some(output)) = (get.stack_name.as_str(), get.output_name.as_str())
                {
                    let key = (other.to_owned(), output.to_owned());
                    uses.reads.entry(key).or_default().insert(stack.to_owned());
                }
            }
            map.values().for_each(|value| collect(value, stack, uses));
        }
        _ => {}
    }
}
