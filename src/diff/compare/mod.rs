//! Two values in canonical form, and where they differ.

mod list;
mod path;

use stackgen_schema::Shape;
use stackgen_template::{Function, Intrinsic, Map, Path, Value};

use super::canonical::document_in;
use path::Steps;

/// A place where two values differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub(super) path: Path,
    pub(super) label: String,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// What is known of the place that is compared.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    shape: Option<Shape>,
    /// Whether all lists from here on are sets: so it is in a statement of a policy.
    sets: bool,
    /// Whether the list here holds statements of a policy.
    statements: bool,
    /// Whether the list here holds tags.
    tags: bool,
}

/// Compares values, and notes where they differ.
pub(super) struct Comparer {
    steps: Steps,
    differences: Vec<Difference>,
    /// The property that holds the tags.
    tag_property: Option<&'static str>,
}

/// Where two values differ; the path begins with `start`.
pub(super) fn compare(start: &str, before: &Value, after: &Value, shape: Option<Shape>) -> Vec<Difference> {
    compare_tagged(start, before, after, shape, None)
}

/// Where two values differ, of which the property `tag_property` holds tags; the path begins with `start`.
pub(super) fn compare_tagged(
    start: &str,
    before: &Value,
    after: &Value,
    shape: Option<Shape>,
    tag_property: Option<&'static str>,
) -> Vec<Difference> {
    let mut comparer = Comparer { steps: Steps::default(), differences: Vec::new(), tag_property };
    comparer.steps.push_key(start);
    comparer.values(before, after, Place { shape, ..Place::default() });
    comparer.differences
}

impl Comparer {
    fn values(&mut self, before: &Value, after: &Value, place: Place) {
        if before == after {
            return;
        }
        match (document_in(before), document_in(after)) {
            (Some(before), Some(after)) => return self.values(before, after, Place::default()),
            // Where the schema takes both, a document and its text are the same.
            (Some(before), None) if Intrinsic::of(after).is_none() && is_tree(after) => {
                return self.values(before, after, Place::default());
            }
            (None, Some(after)) if Intrinsic::of(before).is_none() && is_tree(before) => {
                return self.values(before, after, Place::default());
            }
            _ => {}
        }
        match (Intrinsic::of(before), Intrinsic::of(after)) {
            (Some(one), Some(other)) => match (one.if_(), other.if_()) {
                (Some((condition, then, otherwise)), Some((same, new_then, new_otherwise))) if condition == same => {
                    self.branch(condition, 1, then, new_then, place);
                    self.branch(condition, 2, otherwise, new_otherwise, place);
                }
                _ => self.differ(Some(before), Some(after)),
            },
            (None, None) => match (before, after) {
                (Value::Map(before), Value::Map(after)) => self.maps(before, after, place),
                (Value::List(before), Value::List(after)) => self.lists(before, after, place),
                _ => self.differ(Some(before), Some(after)),
            },
            _ => self.differ(Some(before), Some(after)),
        }
    }

    fn branch(&mut self, condition: &str, index: usize, before: &Value, after: &Value, place: Place) {
        self.steps.push_branch(Function::If.key(), index, condition);
        self.values(before, after, place);
        self.steps.pop();
    }

    fn maps(&mut self, before: &Map, after: &Map, place: Place) {
        let is_statement_list = |key: &str| key == "Statement" && (before.get(key).is_some_and(is_list_of_statements));
        // A search for every key would be quadratic in maps of hundreds, such as the definitions of an API.
        let position = |map: &Map, from: usize, key: &str| {
            map.keys().skip(from).position(|other| other == key).map(|found| found + from)
        };
        let mut seen = vec![false; before.len()];
        let mut next = 0;
        for (key, value) in after {
            let found = position(before, next, key).or_else(|| position(before, 0, key));
            let inner = Place {
                shape: place.shape.and_then(|shape| shape.property(key)),
                sets: place.sets,
                statements: is_statement_list(key),
                tags: self.steps.depth() == 1 && self.tag_property == Some(key),
            };
            self.steps.push_key(key);
            match found {
                Some(index) => {
                    seen[index] = true;
                    next = index + 1;
                    if let Some((_, old)) = before.iter().nth(index) {
                        self.values(old, value, inner);
                    }
                }
                // No tags and an empty list of tags are the same.
                None if inner.tags && is_empty(value) => {}
                None => self.differ(None, Some(value)),
            }
            self.steps.pop();
        }
        for (index, (key, value)) in before.iter().enumerate() {
            let no_tags = self.steps.depth() == 1 && self.tag_property == Some(key) && is_empty(value);
            if !seen[index] && !no_tags {
                self.steps.push_key(key);
                self.differ(Some(value), None);
                self.steps.pop();
            }
        }
    }

    fn differ(&mut self, before: Option<&Value>, after: Option<&Value>) {
        self.differences.push(Difference {
            path: self.steps.path(),
            label: self.steps.label(),
            before: before.cloned(),
            after: after.cloned(),
        });
    }
}

fn is_tree(value: &Value) -> bool {
    matches!(value, Value::Map(_) | Value::List(_))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

fn is_list_of_statements(value: &Value) -> bool {
    value.as_list().is_some_and(|items| items.iter().any(|item| item.get("Effect").is_some()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests;
