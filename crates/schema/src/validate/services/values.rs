//! Looking into values of which a deployment decides a part.

use stackgen_template::{Function, Intrinsic, Map, SubPart, Trail, Value};

/// Calls `visit` for every value that may stand here: the branches of `Fn::If`, without `AWS::NoValue`.
///
/// Other functions are handed on as they are.
pub(super) fn cases<'v>(value: &'v Value, trail: &Trail<'_>, visit: &mut dyn FnMut(&'v Value, &Trail<'_>)) {
    match Intrinsic::of(value) {
        Some(intrinsic) if intrinsic.reference() == Some("AWS::NoValue") => {}
        Some(intrinsic) => match intrinsic.if_() {
            Some((_, then, otherwise)) => {
                let key = trail.key("Fn::If");
                cases(then, &key.index(1), visit);
                cases(otherwise, &key.index(2), visit);
            }
            None => visit(value, trail),
        },
        None => visit(value, trail),
    }
}

/// Calls `visit` for a value that is one thing or a list of things.
pub(super) fn one_or_many<'v>(value: &'v Value, trail: &Trail<'_>, visit: &mut dyn FnMut(&'v Value, &Trail<'_>)) {
    cases(value, trail, &mut |value, trail| match value {
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                cases(item, &trail.index(index), visit);
            }
        }
        other => visit(other, trail),
    });
}

/// Whether a value is decided by the deployment: a function, or a reference that is yet to be written.
pub(super) fn is_computed(value: &Value) -> bool {
    matches!(value, Value::Reference(_)) || Intrinsic::of(value).is_some()
}

/// Whether something in a value is decided by the deployment.
pub(super) fn has_computed(value: &Value) -> bool {
    is_computed(value)
        || match value {
            Value::List(items) => items.iter().any(has_computed),
            Value::Map(map) => map.keys().any(|key| key.starts_with("Fn::")) || map.values().any(has_computed),
            _ => false,
        }
}

/// Whether a member of a mapping is there; none when that depends on a condition.
pub(super) fn is_set(map: &Map, name: &str) -> Option<bool> {
    let Some(value) = map.get(name) else {
        return if map.keys().any(|key| key.starts_with("Fn::")) { None } else { Some(false) };
    };
    let Some(intrinsic) = Intrinsic::of(value) else { return Some(true) };
    match (intrinsic.function, intrinsic.reference()) {
        (Function::Ref, Some("AWS::NoValue")) => Some(false),
        (Function::If, _) => None,
        _ => Some(true),
    }
}

/// The text with which a name ends, as far as it is written out: of `Fn::Sub` and `Fn::Join` too.
pub(super) fn written_end(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text.as_ref()),
        Value::Map(_) => {
            let intrinsic = Intrinsic::of(value)?;
            match intrinsic.function {
                Function::Sub => match intrinsic.sub()?.0.parts().last()? {
                    SubPart::Text(text) => Some(text),
                    _ => None,
                },
                Function::Join => written_end(intrinsic.join()?.1.as_list()?.last()?),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A truth value that is written out, also as text.
pub(super) fn truth(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number that is written out, also as text.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The logical id of a resource whose `Ref` or attribute a value is.
pub(super) fn target(value: &Value) -> Option<&str> {
    let intrinsic = Intrinsic::of(value)?;
    match intrinsic.function {
        Function::Ref => intrinsic.reference(),
        Function::GetAtt => intrinsic.get_att().map(|get_att| get_att.logical_id),
        Function::Sub => {
            let mut parts = intrinsic.sub()?.0.parts();
            match (parts.next()?, parts.next()) {
                (SubPart::Variable(variable), None) => Some(variable.split().0),
                _ => None,
            }
        }
        _ => None,
    }
}
