//! Changes as JSON, of the form that `changes.schema.json` describes.

use stackgen_template::{Map, Path, Segment, Value, to_json};

use super::super::access::{AccessChange, AccessRule, Exposure, NetworkChange, RuleEffect, Traffic};
use super::super::changes::{
    Cause, Changes, EntryChange, Notice, PropertyChange, ResourceChange, StackChange, StackChanges, SuggestedMove,
};
use super::describe;

/// The version of the form. It grows when something that was there means something else or is gone.
const VERSION: i64 = 1;

/// The changes as JSON, indented, with a line break at the end.
pub fn json(changes: &Changes) -> String {
    let severity = Map::from([
        ("differs", !changes.is_empty()),
        ("broadening", changes.is_broadening()),
        ("destructive", changes.is_destructive()),
        ("dataLoss", changes.loses_data()),
        ("refused", changes.is_refused()),
    ]);
    let document = Map::from([
        ("version", Value::from(VERSION)),
        ("severity", severity.into()),
        ("stacks", list(&changes.stacks, stack)),
    ]);
    to_json(&document.into()) + "\n"
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Map) -> Value {
    Value::List(items.iter().map(|item| write(item).into()).collect())
}

fn texts(items: &[String]) -> Value {
    items.to_vec().into()
}

fn optional(value: Option<&String>) -> Value {
    value.map_or(Value::Null, |text| text.clone().into())
}

fn stack(stack: &StackChanges) -> Map {
    let change = match stack.change {
        StackChange::Added => "added",
        StackChange::Removed => "removed",
        StackChange::Compared if stack.is_empty() => "unchanged",
        StackChange::Compared => "modified",
    };
    Map::from([
        ("name", Value::from(stack.name.clone())),
        ("change", change.into()),
        ("notices", list(&stack.notices, notice)),
        ("resources", list(&stack.resources, resource)),
        ("access", list(&stack.access, access)),
        ("network", list(&stack.network, network)),
        ("exposures", list(&stack.exposures, exposure)),
        ("entries", list(&stack.entries, entry)),
        ("suggestedMoves", list(&stack.suggested_moves, suggested)),
    ])
}

fn notice(notice: &Notice) -> Map {
    Map::from([
        ("gravity", Value::from(notice.gravity.as_str())),
        ("kind", notice.kind.as_str().into()),
        ("subject", optional(notice.subject.as_ref())),
        ("message", notice.message.clone().into()),
        ("hint", optional(notice.hint.as_ref())),
    ])
}

fn resource(resource: &ResourceChange) -> Map {
    let mut map = Map::from([
        ("logicalId", Value::from(resource.logical_id.clone())),
        ("type", resource.type_name.clone().into()),
        ("change", resource.kind.as_str().into()),
        ("action", resource.action.as_str().into()),
        ("data", resource.data.as_str().into()),
        ("properties", list(&resource.properties, property)),
        ("causes", list(&resource.causes, cause)),
    ]);
    if let Some(from) = &resource.moved_from {
        map.push("movedFrom", from.clone());
    }
    if let Some(previous) = &resource.previous_type {
        map.push("previousType", previous.clone());
    }
    if let Some(nested) = &resource.nested {
        map.push("nested", stack(nested));
    }
    map
}

fn property(change: &PropertyChange) -> Map {
    let mut map = Map::from([
        ("path", path(&change.path)),
        ("label", change.label.clone().into()),
        ("effect", change.effect.as_str().into()),
    ]);
    // A value may be `null`, which is not absence.
    if let Some(before) = &change.before {
        map.push("before", before.clone());
        map.push("beforeText", describe::value(Some(before)));
    }
    if let Some(after) = &change.after {
        map.push("after", after.clone());
        map.push("afterText", describe::value(Some(after)));
    }
    map
}

fn path(path: &Path) -> Value {
    let segment = |segment: &Segment| match segment {
        Segment::Key(key) => Value::from(key.clone()),
        Segment::Index(index) => i64::try_from(*index).unwrap_or(i64::MAX).into(),
    };
    Value::List(path.segments().iter().map(segment).collect())
}

fn cause(cause: &Cause) -> Map {
    Map::from([
        ("kind", Value::from(cause.source.kind())),
        ("name", cause.source.name().to_owned().into()),
        ("label", cause.label.clone().into()),
        ("certain", cause.is_certain.into()),
        ("effect", cause.effect.as_str().into()),
    ])
}

fn access(change: &AccessChange) -> Map {
    let rule = |rule: &Option<AccessRule>| rule.as_ref().map_or(Value::Null, |rule| access_rule(rule).into());
    Map::from([
        ("change", Value::from(change.kind.as_str())),
        ("broadening", change.is_broadening.into()),
        ("public", change.is_public().into()),
        ("before", rule(&change.before)),
        ("after", rule(&change.after)),
    ])
}

fn access_rule(rule: &AccessRule) -> Map {
    let effect = match rule.effect {
        RuleEffect::Allow => "allow",
        RuleEffect::Deny => "deny",
    };
    Map::from([
        ("effect", Value::from(effect)),
        ("who", rule.who.clone().into()),
        ("actions", texts(&rule.actions)),
        ("resources", texts(&rule.resources)),
        ("conditions", texts(&rule.conditions)),
    ])
}

fn network(change: &NetworkChange) -> Map {
    let traffic = match change.rule.traffic {
        Traffic::Ingress => "ingress",
        Traffic::Egress => "egress",
    };
    Map::from([
        ("change", Value::from(change.kind.as_str())),
        ("group", change.rule.group.clone().into()),
        ("traffic", traffic.into()),
        ("ports", change.rule.ports.clone().into()),
        ("peer", change.rule.peer.clone().into()),
        ("anywhere", change.rule.is_anywhere().into()),
    ])
}

fn exposure(exposure: &Exposure) -> Map {
    Map::from([
        ("change", Value::from(exposure.kind.as_str())),
        ("logicalId", exposure.logical_id.clone().into()),
        ("what", exposure.what.into()),
    ])
}

fn entry(entry: &EntryChange) -> Map {
    Map::from([
        ("section", entry.section.map_or(Value::Null, |section| section.key().into())),
        ("name", entry.name.clone().into()),
        ("change", entry.kind.as_str().into()),
        ("values", list(&entry.changes, property)),
    ])
}

fn suggested(found: &SuggestedMove) -> Map {
    Map::from([("from", found.from.clone()), ("to", found.to.clone()), ("type", found.type_name.clone())])
}
