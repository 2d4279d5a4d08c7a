//! ARNs put together and taken apart, as text where they are known and as functions of the template where they are not.

use stackgen_template::{Expression, Value};

/// The pieces one after the other: text when all are, else `Fn::Join`, neighbouring texts united.
pub(super) fn concatenate(pieces: impl IntoIterator<Item = Value>) -> Value {
    let mut united: Vec<Value> = Vec::new();
    for piece in pieces.into_iter().flat_map(pieces_of) {
        match (united.last_mut(), piece) {
            (Some(Value::String(last)), Value::String(next)) => last.to_mut().push_str(&next),
            (_, Value::String(text)) if text.is_empty() => {}
            (_, piece) => united.push(piece),
        }
    }
    match united.len() {
        0 => "".into(),
        1 => united.remove(0),
        _ => Expression::join("", united).into(),
    }
}

/// The pieces of a text that was put together before.
fn pieces_of(value: Value) -> Vec<Value> {
    let joined = match value.get("Fn::Join") {
        Some(Value::List(arguments)) => match arguments.as_slice() {
            [Value::String(delimiter), Value::List(items)] if delimiter.is_empty() => Some(items.clone()),
            _ => None,
        },
        _ => None,
    };
    joined.unwrap_or_else(|| vec![value])
}

/// `arn:<partition>:<service>:<region>:<account>:<resource>` in the partition, region and account of the stack.
pub(super) fn regional_arn(service: &'static str, resource: impl IntoIterator<Item = Value>) -> Value {
    let front = [
        "arn:".into(),
        Expression::partition().into(),
        Value::from(format!(":{service}:")),
        Expression::region().into(),
        ":".into(),
        Expression::account_id().into(),
        ":".into(),
    ];
    concatenate(front.into_iter().chain(resource))
}

/// The part of an ARN between its colons, counted from 0: 3 is the region, 4 the account, 5 the resource.
pub(super) fn part_of(arn: &Value, index: usize) -> Value {
    if let Value::String(text) = arn {
        return text.split(':').nth(index).unwrap_or_default().to_owned().into();
    }
    let index = i64::try_from(index).unwrap_or(i64::MAX);
    Expression::select(index, Expression::split(":", arn.clone())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_text_stays_text() {
        assert_eq!(concatenate(["a".into(), "b".into()]), Value::from("ab"));
        assert_eq!(part_of(&"arn:aws:sqs:eu-west-1:123456789012:jobs".into(), 5), Value::from("jobs"));
    }

    #[test]
    fn unknown_text_becomes_functions() {
        let region: Value = Expression::region().into();
        let joined = concatenate(["a".into(), "".into(), region.clone(), "b".into(), "c".into()]);
        assert_eq!(joined, Value::from(Expression::join("", ["a".into(), region.clone(), Value::from("bc")])));
        let longer = concatenate([joined, "d".into()]);
        assert_eq!(longer, Value::from(Expression::join("", ["a".into(), region.clone(), Value::from("bcd")])));
        assert_eq!(part_of(&region, 3), Value::from(Expression::select(3, Expression::split(":", region))));
    }
}
