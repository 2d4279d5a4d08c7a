//! What the change of a property does to its resource.

use stackgen_schema::ResourceType;
use stackgen_template::{Path, Segment, Value};

use super::canonical::document_in;
use super::changes::Effect;
use super::compare::Difference;

/// What a difference at a path that begins with `Properties` does.
pub(super) fn of_difference(resource_type: Option<ResourceType>, difference: &Difference) -> Effect {
    let Some(("Properties", path)) = split(&difference.path) else { return Effect::None };
    let Some(resource_type) = resource_type else { return Effect::MayReplace };
    let (before, after) = (difference.before.as_ref(), difference.after.as_ref());
    of(resource_type, path, |rest| holds(before, rest) || holds(after, rest))
}

/// What a change of an unknown kind at a path that begins with `Properties` does.
pub(super) fn of_path(resource_type: Option<ResourceType>, path: &Path) -> Effect {
    let Some(("Properties", path)) = split(path) else { return Effect::None };
    resource_type.map_or(Effect::MayReplace, |resource_type| of(resource_type, path, |_| true))
}

fn split(path: &Path) -> Option<(&str, &[Segment])> {
    match path.segments() {
        [Segment::Key(first), rest @ ..] => Some((first, rest)),
        _ => None,
    }
}

fn of(resource_type: ResourceType, path: &[Segment], touches: impl Fn(&[&str]) -> bool) -> Effect {
    let path: Vec<&str> = keys(path);
    let hit = |listed: &str| {
        let steps: Vec<&str> = listed.split('/').collect();
        matches(&steps, &path, &touches)
    };
    if resource_type.create_only().any(hit) {
        Effect::Replaces
    } else if resource_type.conditional_create_only().any(hit) {
        Effect::MayReplace
    } else {
        Effect::InPlace
    }
}

/// The keys of a path. The registry does not always mark lists, and knows nothing of branches.
fn keys(path: &[Segment]) -> Vec<&str> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) if key.starts_with("Fn::") => None,
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        })
        .collect()
}

/// Whether a change at `path` changes what `steps` lead to. `touches` says whether there was or is something on the
/// rest of the way.
fn matches(steps: &[&str], path: &[&str], touches: &impl Fn(&[&str]) -> bool) -> bool {
    match (steps, path) {
        ([], _) => true,
        (rest, []) => touches(rest),
        // Any item of a list, whose index is not among the keys, or any key of a mapping.
        (["*", steps @ ..], [_, inner @ ..]) => matches(steps, path, touches) || matches(steps, inner, touches),
        ([step, steps @ ..], [key, path @ ..]) => step == key && matches(steps, path, touches),
    }
}

/// Whether a value has something where `steps` lead.
fn holds(value: Option<&Value>, steps: &[&str]) -> bool {
    let Some(value) = value else { return false };
    let Some((step, rest)) = steps.split_first() else { return true };
    match document_in(value).unwrap_or(value) {
        Value::Map(map) if *step == "*" => map.values().any(|inner| holds(Some(inner), rest)),
        // What a function gives is not known.
        Value::Map(map) if map.len() == 1 && map.keys().all(|key| key.starts_with("Fn::") || key == "Ref") => true,
        Value::Map(map) => holds(map.get(step), rest),
        Value::List(items) => {
            let steps = if *step == "*" { rest } else { steps };
            items.iter().any(|item| holds(Some(item), steps))
        }
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use stackgen_schema::Database;
    use stackgen_template::read_json;

    use super::*;

    fn effect(type_name: &str, path: &[&str], before: Option<&str>, after: Option<&str>) -> Effect {
        let read = |text: Option<&str>| text.map(|text| read_json(text).unwrap().value);
        let segment = |step: &&str| match step.parse::<usize>() {
            Ok(index) => Segment::Index(index),
            Err(_) => Segment::from((*step).to_owned()),
        };
        let path: Path = std::iter::once(Segment::from("Properties")).chain(path.iter().map(segment)).collect();
        let difference = Difference { path, label: String::new(), before: read(before), after: read(after) };
        of_difference(Database::get().resource_type(type_name), &difference)
    }

    #[test]
    fn the_registry_decides() {
        let (one, other) = (Some("\"a\""), Some("\"b\""));
        assert_eq!(effect("AWS::S3::Bucket", &["BucketName"], one, other), Effect::Replaces);
        assert_eq!(effect("AWS::SQS::Queue", &["VisibilityTimeout"], one, other), Effect::InPlace);
        assert_eq!(effect("AWS::Lambda::Function", &["Environment", "Variables", "A"], one, other), Effect::InPlace);
        assert_eq!(effect("Other::Type::Unknown", &["A"], one, other), Effect::MayReplace);
    }

    #[test]
    fn an_item_counts_only_where_it_holds_what_cannot_change() {
        let steps = ["A", "*", "B"];
        let listed = |path: &[&str], value: &str| {
            let value = read_json(value).unwrap().value;
            matches(&steps, path, &|rest| holds(Some(&value), rest))
        };
        assert!(listed(&["A", "B"], "1"), "the index of a list is not among the keys");
        assert!(listed(&["A", "anything", "B", "deeper"], "1"));
        assert!(!listed(&["A", "C"], "1"));
        assert!(listed(&["A"], r#"[{"C": 1}, {"B": 2}]"#));
        assert!(!listed(&["A"], r#"[{"C": 1}]"#));
    }

    #[test]
    fn values_beside_properties_do_nothing_to_the_resource() {
        let path = Path::root().key("DeletionPolicy");
        assert_eq!(of_path(Database::get().resource_type("AWS::S3::Bucket"), &path), Effect::None);
    }
}
