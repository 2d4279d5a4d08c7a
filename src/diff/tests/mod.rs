mod access;
mod effects;
mod properties;
mod rendering;
mod stacks;

use stackgen_template::{Template, read};

use super::{ResourceChange, StackChanges, StackTemplate, diff};

/// A template from YAML or JSON.
fn template(text: &str) -> Template {
    read(text).and_then(stackgen_template::Document::into_template).unwrap_or_else(|error| panic!("{error}")).0
}

fn stack(name: &str, text: &str) -> StackTemplate {
    StackTemplate::new(name, template(text))
}

/// What differs between two templates of one stack.
fn changes(before: &str, after: &str) -> StackChanges {
    diff(&[stack("stack", before)], &[stack("stack", after)]).stacks.remove(0)
}

/// What differs between two templates that hold the one resource `It`.
fn of_one(before: &str, after: &str) -> ResourceChange {
    let wrap = |text: &str| format!(r#"{{"Resources": {{"It": {text}}}}}"#);
    let mut changes = changes(&wrap(before), &wrap(after));
    assert_eq!(changes.resources.len(), 1, "{changes:?}");
    changes.resources.remove(0)
}

fn nothing(before: &str, after: &str) {
    let wrap = |text: &str| format!(r#"{{"Resources": {{"It": {text}}}}}"#);
    let changes = changes(&wrap(before), &wrap(after));
    assert!(changes.is_empty(), "{changes:#?}");
}
