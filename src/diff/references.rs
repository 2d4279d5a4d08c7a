//! What the properties of resources refer to.

use stackgen_template::{Function, Intrinsic, Path, SubText, Trail, Value};

/// A use of a name of the template.
#[derive(Debug, Clone)]
pub(super) struct Use<'a> {
    pub(super) target: Target<'a>,
    /// Where, seen from the resource.
    pub(super) path: Path,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A resource, a parameter or a pseudo parameter.
    Name(&'a str),
    /// A mapping.
    Mapping(&'a str),
    /// A condition.
    Condition(&'a str),
}

/// All uses in the properties of a resource.
pub(super) fn uses(properties: &Value) -> Vec<Use<'_>> {
    let mut found = Vec::new();
    let root = Trail::root();
    walk(properties, &root.key("Properties"), &mut |target, trail| found.push(Use { target, path: trail.to_path() }));
    found
}

/// Calls `found` for each use in a value.
pub(super) fn walk<'a>(value: &'a Value, trail: &Trail<'_>, found: &mut impl FnMut(Target<'a>, &Trail<'_>)) {
    match value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &trail.index(index), found);
            }
        }
        Value::Map(map) => {
            let Some(call) = Intrinsic::of(value) else {
                for (key, value) in map {
                    walk(value, &trail.key(key), found);
                }
                return;
            };
            match call.function {
                Function::Ref => call.reference().into_iter().for_each(|name| found(Target::Name(name), trail)),
                Function::GetAtt => {
                    if let Some(get) = call.get_att() {
                        found(Target::Name(get.logical_id), trail);
                    }
                }
                Function::Sub => {
                    if let Some((text, variables)) = call.sub() {
                        sub(text, |name| variables.is_none_or(|own| !own.contains_key(name)), trail, found);
                    }
                }
                Function::If => {
                    if let Some((condition, ..)) = call.if_() {
                        found(Target::Condition(condition), trail);
                    }
                }
                Function::FindInMap => {
                    if let Some(name) = call.find_in_map().and_then(|find| find.mapping.as_str()) {
                        found(Target::Mapping(name), trail);
                    }
                }
                _ => {}
            }
            // The arguments stand in place of the value: the path of a property ends here.
            if !matches!(call.function, Function::Ref | Function::GetAtt) {
                arguments(call.argument, trail, found);
            }
        }
        _ => {}
    }
}

fn arguments<'a>(value: &'a Value, trail: &Trail<'_>, found: &mut impl FnMut(Target<'a>, &Trail<'_>)) {
    match value {
        Value::List(items) => items.iter().for_each(|item| arguments(item, trail, found)),
        Value::Map(map) if Intrinsic::of(value).is_none() => {
            map.values().for_each(|value| arguments(value, trail, found));
        }
        Value::Map(_) => walk(value, trail, found),
        _ => {}
    }
}

fn sub<'a>(
    text: SubText<'a>,
    is_outer: impl Fn(&str) -> bool,
    trail: &Trail<'_>,
    found: &mut impl FnMut(Target<'a>, &Trail<'_>),
) {
    for variable in text.variables() {
        if is_outer(variable.name) {
            found(Target::Name(variable.split().0), trail);
        }
    }
}
