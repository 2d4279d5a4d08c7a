//! The sections other than the resources.

use stackgen_template::{Map, ParameterView, Path, Section, Template, Value};

use super::canonical::{Canonical, Renames};
use super::change_kind::ChangeKind;
use super::changes::{Effect, EntryChange, PropertyChange};
use super::compare::compare;

/// What differs in the sections other than the resources.
pub(super) fn changes(before: &Template, after: &Template, renames: &Renames<'_>) -> Vec<EntryChange> {
    let mut changes = Vec::new();
    let sections = Section::ALL.iter().copied().filter(|section| *section != Section::Resources);
    for section in sections {
        let (old, new) = (before.root().get(section.key()), after.root().get(section.key()));
        if old == new {
            continue;
        }
        let empty = Map::new();
        let map = |value: Option<&'_ Value>| value.is_none_or(|value| value.as_map().is_some());
        if is_of_entries(section) && map(old) && map(new) {
            let (old, new) =
                (old.and_then(Value::as_map).unwrap_or(&empty), new.and_then(Value::as_map).unwrap_or(&empty));
            changes.extend(entries(Some(section), old, new, renames));
        } else {
            changes.extend(entry(Some(section), section.key(), old, new, renames));
        }
    }
    let known = |key: &str| Section::of_key(key).is_some();
    let unknown = after.root().keys().chain(before.root().keys().filter(|key| !after.root().contains_key(key)));
    for key in unknown.filter(|key| !known(key)) {
        changes.extend(entry(None, key, before.root().get(key), after.root().get(key), renames));
    }
    changes.extend(generated(before, after, renames));
    changes
}

/// Loops and transforms among the resources, which are no resources themselves.
fn generated(before: &Template, after: &Template, renames: &Renames<'_>) -> Vec<EntryChange> {
    let loops = |template: &Template| -> Map {
        let section = template.section(Section::Resources);
        let entries = section.into_iter().flat_map(Map::iter).filter(|(key, _)| key.starts_with("Fn::"));
        entries.map(|(key, value)| (key.to_owned().into(), value.clone())).collect()
    };
    entries(Some(Section::Resources), &loops(before), &loops(after), renames)
}

const fn is_of_entries(section: Section) -> bool {
    !matches!(section, Section::FormatVersion | Section::Description | Section::Transform)
}

fn entries(section: Option<Section>, old: &Map, new: &Map, renames: &Renames<'_>) -> Vec<EntryChange> {
    let names = new.keys().chain(old.keys().filter(|key| !new.contains_key(key)));
    names.filter_map(|name| entry(section, name, old.get(name), new.get(name), renames)).collect()
}

fn entry(
    section: Option<Section>,
    name: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    renames: &Renames<'_>,
) -> Option<EntryChange> {
    if old == new {
        return None;
    }
    let (before, after) = (old, new);
    let old = before.and_then(|value| Canonical::renaming(renames).of(&comparable(section, name, value, None), None));
    let new = after.and_then(|value| Canonical::plain().of(&comparable(section, name, value, before), None));
    let change = |path: Path, label: String, before: Option<Value>, after: Option<Value>| PropertyChange {
        path,
        label,
        before,
        after,
        effect: Effect::None,
    };
    let changes = match (&old, &new) {
        (Some(old), Some(new)) => compare("", old, new, None)
            .into_iter()
            .map(|found| {
                let path = found.path.segments().iter().skip(1).cloned().collect();
                change(path, found.label.trim_start_matches('.').to_owned(), found.before, found.after)
            })
            .collect(),
        (None, None) => Vec::new(),
        _ => vec![change(Path::root(), String::new(), old.clone(), new.clone())],
    };
    let kind = ChangeKind::of(old.as_ref(), new.as_ref());
    (!changes.is_empty()).then(|| EntryChange { section, name: name.to_owned(), kind, changes })
}

/// The value without what must not be shown: the default of a parameter that is hidden from those who look.
fn comparable(section: Option<Section>, name: &str, value: &Value, other: Option<&Value>) -> Value {
    let mut value = value.clone();
    let is_hidden = section == Some(Section::Parameters) && ParameterView { name, body: &value }.no_echo();
    if is_hidden && let Some(default) = value.as_map_mut().and_then(|map| map.get_mut("Default")) {
        let is_same = other.is_none_or(|other| other.get("Default") == Some(default));
        *default = if is_same { "(hidden)" } else { "(hidden, another one)" }.into();
    }
    if section == Some(Section::Transform)
        && let Value::List(items) = &mut value
        && items.len() == 1
    {
        value = items.remove(0);
    }
    value
}
