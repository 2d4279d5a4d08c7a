//! What a replacement reaches: resources that refer to a replaced one, on and on through properties whose change replaces.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use stackgen_schema::ResourceType;
use stackgen_template::{Function, Intrinsic, Path, Template, Value};

use super::changes::{Cause, CauseSource, Effect};
use super::effect;
use super::references::{Target, uses};

/// What stands for the condition of a resource itself, where other causes name a property.
pub(super) const OWN_CONDITION: &str = "Condition";

/// What starts a ripple: the names of what differs, and how sure it is.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Resources that are replaced (`Replaces`) or may be (`MayReplace`).
    pub(super) resources: BTreeMap<String, Effect>,
    pub(super) parameters: BTreeSet<String>,
    pub(super) mappings: BTreeSet<String>,
    pub(super) conditions: BTreeSet<String>,
}

impl Sources {
    fn is_empty(&self) -> bool {
        self.resources.is_empty()
            && self.parameters.is_empty()
            && self.mappings.is_empty()
            && self.conditions.is_empty()
    }
}

/// A use of something that may change, in a resource.
struct Edge {
    logical_id: String,
    path: Path,
    effect: Effect,
}

/// The causes that reach each resource of the new template.
pub(super) fn causes(
    template: &Template,
    sources: &Sources,
    type_of: impl Fn(&str) -> Option<ResourceType>,
) -> BTreeMap<String, Vec<Cause>> {
    let mut reached: BTreeMap<String, Vec<Cause>> = BTreeMap::new();
    if sources.is_empty() {
        return reached;
    }
    let mut edges: HashMap<&str, Vec<Edge>> = HashMap::new();
    let conditions = conditions(template, sources);
    let parameter = |name: &str| template.resource(name).is_none();
    for resource in template.resources() {
        if let Some(name) = resource.body.get("Condition").and_then(Value::as_str)
            && conditions.contains(name)
        {
            let source = CauseSource::Condition(name.to_owned());
            let cause = Cause { source, label: OWN_CONDITION.into(), is_certain: false, effect: Effect::MayReplace };
            add(&mut reached, resource.logical_id, cause);
        }
        let Some(properties) = resource.body.get("Properties") else { continue };
        let resource_type = resource.type_name().and_then(&type_of);
        for found in uses(properties) {
            let effect = effect::of_path(resource_type, &found.path);
            let source = match found.target {
                Target::Name(name) if sources.parameters.contains(name) && parameter(name) => {
                    CauseSource::Parameter(name.to_owned())
                }
                Target::Name(name) => {
                    let edge = Edge { logical_id: resource.logical_id.to_owned(), path: found.path, effect };
                    edges.entry(name).or_default().push(edge);
                    continue;
                }
                Target::Mapping(name) if sources.mappings.contains(name) => CauseSource::Mapping(name.to_owned()),
                Target::Condition(name) if conditions.contains(name) => CauseSource::Condition(name.to_owned()),
                Target::Mapping(_) | Target::Condition(_) => continue,
            };
            // Whether the value is another one now depends on the deployment.
            let effect = effect.min(Effect::MayReplace);
            let cause = Cause { source, label: label(&found.path), is_certain: false, effect };
            add(&mut reached, resource.logical_id, cause);
        }
    }
    let mut strength: BTreeMap<String, Effect> = sources.resources.clone();
    for (logical_id, causes) in &reached {
        if causes.iter().any(|cause| cause.effect == Effect::MayReplace) {
            strength.entry(logical_id.clone()).or_insert(Effect::MayReplace);
        }
    }
    let mut queue: VecDeque<String> = strength.keys().cloned().collect();
    while let Some(from) = queue.pop_front() {
        let Some(certainty) = strength.get(&from).copied() else { continue };
        for edge in edges.get(from.as_str()).into_iter().flatten() {
            // A resource that refers to itself is refused by validation.
            if edge.logical_id == from {
                continue;
            }
            let effect = if edge.effect > Effect::InPlace { edge.effect.min(certainty) } else { edge.effect };
            let cause = Cause {
                source: CauseSource::Resource(from.clone()),
                label: label(&edge.path),
                is_certain: certainty == Effect::Replaces,
                effect,
            };
            add(&mut reached, &edge.logical_id, cause);
            if effect >= Effect::MayReplace && strength.get(&edge.logical_id).is_none_or(|known| *known < effect) {
                strength.insert(edge.logical_id.clone(), effect);
                queue.push_back(edge.logical_id.clone());
            }
        }
    }
    reached
}

/// The conditions that may be other ones now: those that differ, and those that are made of what differs.
fn conditions(template: &Template, sources: &Sources) -> BTreeSet<String> {
    let mut reached = sources.conditions.clone();
    loop {
        let known = reached.len();
        for (name, value) in template.conditions() {
            if !reached.contains(name) && is_made_of(value, sources, &reached) {
                reached.insert(name.to_owned());
            }
        }
        if reached.len() == known {
            return reached;
        }
    }
}

/// Whether a condition is made of parameters, mappings or conditions that differ.
fn is_made_of(value: &Value, sources: &Sources, conditions: &BTreeSet<String>) -> bool {
    let inner = |value| is_made_of(value, sources, conditions);
    match value {
        Value::List(items) => items.iter().any(inner),
        Value::Map(map) => {
            let Some(call) = Intrinsic::in_condition(value) else { return map.values().any(inner) };
            match call.function {
                Function::Ref => call.reference().is_some_and(|name| sources.parameters.contains(name)),
                Function::Condition => call.name().is_some_and(|name| conditions.contains(name)),
                Function::FindInMap => {
                    let mapping = call.find_in_map().and_then(|find| find.mapping.as_str());
                    mapping.is_some_and(|name| sources.mappings.contains(name)) || inner(call.argument)
                }
                _ => inner(call.argument),
            }
        }
        _ => false,
    }
}

/// Adds a cause; a stronger one of the same source and place takes the place of a weaker one.
fn add(reached: &mut BTreeMap<String, Vec<Cause>>, logical_id: &str, cause: Cause) {
    let causes = reached.entry(logical_id.to_owned()).or_default();
    match causes.iter_mut().find(|known| known.source == cause.source && known.label == cause.label) {
        Some(known) => {
            known.effect = known.effect.max(cause.effect);
            known.is_certain |= cause.is_certain;
        }
        None => causes.push(cause),
    }
}

/// The path for people.
fn label(path: &Path) -> String {
    use stackgen_template::Segment;
    path.segments().iter().fold(String::new(), |label, segment| match segment {
        Segment::Key(key) if label.is_empty() => key.to_string(),
        Segment::Key(key) => format!("{label}.{key}"),
        Segment::Index(index) => format!("{label}[{index}]"),
    })
}
