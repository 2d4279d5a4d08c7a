//! One resource: what differs in it, and what CloudFormation will do to it.

use stackgen_schema::{Database, ResourceType};
use stackgen_template::{Intrinsic, Map, ResourceView, Segment, Value};

use super::canonical::{Canonical, Renames, Scalars};
use super::change_kind::ChangeKind;
use super::changes::{Action, DataRisk, Effect, PropertyChange, ResourceChange};
use super::compare::{Difference, compare, compare_tagged};
use super::effect;

/// What the schema knows of a type. Custom resources of any name are of one type.
pub(super) fn resource_type(name: &str) -> Option<ResourceType> {
    let name = if name.starts_with("Custom::") { "AWS::CloudFormation::CustomResource" } else { name };
    Database::get().resource_type(name)
}

/// A resource in canonical form.
#[derive(Debug)]
pub(super) struct Canonicalized {
    pub(super) type_name: String,
    pub(super) properties: Map,
    /// Everything beside the type and the properties.
    pub(super) attributes: Map,
}

impl Canonicalized {
    pub(super) fn new(resource: ResourceView<'_>, renames: Option<&Renames<'_>>) -> Self {
        let type_name = resource.type_name().unwrap_or_default();
        let canonical = renames.map_or(Canonical::plain(), Canonical::renaming);
        let is_custom = type_name.starts_with("Custom::") || type_name == "AWS::CloudFormation::CustomResource";
        let scalars = if is_custom { Scalars::Text } else { Scalars::Exact };
        let shape = resource_type(type_name).map(|resource_type| resource_type.shape());
        let properties = resource
            .body
            .get("Properties")
            .and_then(|properties| canonical.scalars(scalars).of(properties, shape))
            .and_then(|properties| properties.as_map().cloned())
            .unwrap_or_default();
        let mut attributes = Map::new();
        for (key, value) in resource.body.as_map().into_iter().flat_map(Map::iter) {
            let value = match key {
                "Type" | "Properties" => continue,
                "DependsOn" => dependencies(value, renames),
                // What a resource has without saying so.
                "DeletionPolicy" | "UpdateReplacePolicy" if value.as_str() == Some(default_policy(key, resource)) => {
                    None
                }
                "Metadata" if value.as_map().is_some_and(Map::is_empty) => None,
                _ => canonical.of(value, None),
            };
            if let Some(value) = value {
                attributes.push(key.to_owned(), value);
            }
        }
        Self { type_name: type_name.to_owned(), properties, attributes }
    }
}

/// The names, sorted: one alone and a list of one are the same.
fn dependencies(value: &Value, renames: Option<&Renames<'_>>) -> Option<Value> {
    let new_name = |name: &str| renames.and_then(|renames| renames.get(name).copied()).unwrap_or(name).to_owned();
    let mut names: Vec<String> = match value {
        Value::String(name) => vec![new_name(name)],
        Value::List(names) => names.iter().filter_map(Value::as_str).map(new_name).collect(),
        _ => return Some(value.clone()),
    };
    names.sort();
    names.dedup();
    (!names.is_empty()).then(|| names.into())
}

/// What CloudFormation does to a resource whose template says nothing of it.
pub(super) fn default_policy(key: &str, resource: ResourceView<'_>) -> &'static str {
    // Databases are kept as snapshots by default; an instance of a cluster has nothing of its own.
    let snapshot = key == "DeletionPolicy"
        && match resource.type_name() {
            Some("AWS::RDS::DBCluster") => true,
            Some("AWS::RDS::DBInstance") => resource.property("DBClusterIdentifier").is_none(),
            _ => false,
        };
    if snapshot { "Snapshot" } else { "Delete" }
}

/// What becomes of a resource that is deleted, or of the old one when it is replaced.
pub(super) fn policy<'a>(key: &str, resource: ResourceView<'a>) -> &'a str {
    match resource.body.get(key) {
        None => default_policy(key, resource),
        // An expression gives a policy that is not known here: nothing is promised.
        Some(value) => value.as_str().unwrap_or("Delete"),
    }
}

/// What differs between two forms of one resource.
pub(super) fn differences(before: &Canonicalized, after: &Canonicalized) -> Vec<PropertyChange> {
    let resource_type = resource_type(&after.type_name);
    let shape = resource_type.map(|resource_type| resource_type.shape());
    let tag_property = resource_type.and_then(|resource_type| resource_type.tag_property());
    let (old, new) = (Value::Map(before.properties.clone()), Value::Map(after.properties.clone()));
    let mut changes: Vec<PropertyChange> = compare_tagged("Properties", &old, &new, shape, tag_property)
        .into_iter()
        .map(|difference| property(difference, resource_type))
        .collect();
    let nothing = Value::Null;
    for key in keys(&before.attributes, &after.attributes) {
        let (old, new) = (before.attributes.get(key), after.attributes.get(key));
        let differences = match (old, new) {
            (Some(old), Some(new)) => compare(key, old, new, None),
            _ => compare(key, old.unwrap_or(&nothing), new.unwrap_or(&nothing), None)
                .into_iter()
                .map(|found| Difference { before: old.cloned(), after: new.cloned(), ..found })
                .collect(),
        };
        changes.extend(differences.into_iter().map(|difference| property(difference, None)));
    }
    changes
}

fn keys<'a>(before: &'a Map, after: &'a Map) -> impl Iterator<Item = &'a str> {
    after.keys().chain(before.keys().filter(|key| !after.contains_key(key)))
}

fn property(difference: Difference, resource_type: Option<ResourceType>) -> PropertyChange {
    let effect = effect::of_difference(resource_type, &difference);
    let Difference { path, label, mut before, mut after } = difference;
    if let Some(resource_type) = resource_type {
        let name = path.segments().iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(&**key),
            Segment::Index(_) => None,
        });
        for value in [&mut before, &mut after].into_iter().flatten() {
            hide_secrets(value, name.unwrap_or_default(), resource_type);
        }
    }
    PropertyChange { path, label, before, after, effect }
}

/// Hides passwords: what the registry does not give back and is called so. References show nothing, and stay.
fn hide_secrets(value: &mut Value, name: &str, resource_type: ResourceType) {
    match value {
        Value::String(text) if is_secret(name, resource_type) => *text = "(hidden)".into(),
        Value::List(items) => items.iter_mut().for_each(|item| hide_secrets(item, name, resource_type)),
        Value::Map(map) if Intrinsic::of(&Value::Map(map.clone())).is_none() => {
            map.iter_mut().for_each(|(key, value)| hide_secrets(value, key, resource_type));
        }
        _ => {}
    }
}

fn is_secret(name: &str, resource_type: ResourceType) -> bool {
    let lower = name.to_ascii_lowercase();
    ["password", "secret", "token"].iter().any(|word| lower.contains(word))
        && resource_type.write_only().any(|path| path.split('/').any(|step| step == name))
}

/// A resource that only one template holds.
pub(super) fn one_sided(resource: ResourceView<'_>, kind: ChangeKind) -> ResourceChange {
    let (action, data) = match kind {
        ChangeKind::Removed => removal(resource),
        _ => (Action::Create, DataRisk::None),
    };
    ResourceChange {
        logical_id: resource.logical_id.to_owned(),
        moved_from: None,
        type_name: resource.type_name().unwrap_or_default().to_owned(),
        previous_type: None,
        kind,
        action,
        data,
        properties: Vec::new(),
        causes: Vec::new(),
        nested: None,
    }
}

fn removal(resource: ResourceView<'_>) -> (Action, DataRisk) {
    let holds_data = is_stateful(resource);
    let kept = if holds_data { DataRisk::Kept } else { DataRisk::None };
    match policy("DeletionPolicy", resource) {
        "Retain" | "RetainExceptOnCreate" => (Action::Retain, kept),
        "Snapshot" => (Action::Snapshot, kept),
        _ => (Action::Delete, if holds_data { DataRisk::Lost } else { DataRisk::None }),
    }
}

/// Whether a resource holds data that is lost with it.
pub(super) fn is_stateful(resource: ResourceView<'_>) -> bool {
    resource.type_name().and_then(resource_type).is_some_and(|resource_type| resource_type.is_stateful())
}

/// What the strongest effect does to a resource.
pub(super) fn action_of(effect: Effect) -> Action {
    match effect {
        Effect::None => Action::None,
        Effect::InPlace => Action::Update,
        Effect::MayReplace => Action::MayReplace,
        Effect::Replaces => Action::Replace,
    }
}

/// What a replacement does to the data of a resource.
pub(super) fn risk_of(action: Action, before: ResourceView<'_>, after: ResourceView<'_>) -> DataRisk {
    let risk = match action {
        Action::Replace => DataRisk::Lost,
        Action::MayReplace => DataRisk::MayBeLost,
        _ => return DataRisk::None,
    };
    if !is_stateful(before) {
        return DataRisk::None;
    }
    // Which of the two templates counts is not documented: a policy that is only in one of them promises nothing.
    let keeps = |resource| policy("UpdateReplacePolicy", resource) != "Delete";
    if keeps(before) && keeps(after) { DataRisk::Kept } else { risk }
}
