//! Policy documents in one form: what order and spelling mean nothing in is made equal.

use stackgen_template::{Intrinsic, Map, Value, to_json_compact};

use super::scalar::scalar_text;

/// The parts of a statement that are sets of texts.
const SETS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

/// Whether a mapping is a policy document.
pub(super) fn is_policy(map: &Map) -> bool {
    let is_statement = |value: &Value| {
        let has = |key| value.get(key).is_some();
        has("Effect") && (has("Action") || has("NotAction"))
    };
    match map.get("Statement") {
        Some(Value::List(statements)) => {
            !statements.is_empty() && statements.iter().all(|item| is_statement(item) || Intrinsic::of(item).is_some())
        }
        Some(one) => is_statement(one),
        None => false,
    }
}

/// The statements of a policy document.
pub(super) fn statements(document: &Map) -> &[Value] {
    match document.get("Statement") {
        Some(Value::List(statements)) => statements,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// The document with lists where one item may stand for a list, sorted where order means nothing.
pub(super) fn canonical(document: Map) -> Value {
    document
        .into_iter()
        .map(|(key, value)| {
            let value = if key == "Statement" {
                Value::List(into_items(value).into_iter().map(statement).collect())
            } else {
                value
            };
            (key, value)
        })
        .collect::<Map>()
        .into()
}

fn statement(value: Value) -> Value {
    let Value::Map(map) = value else { return value };
    if Intrinsic::of(&Value::Map(map.clone())).is_some() {
        return map.into();
    }
    map.into_iter()
        .filter(|(key, value)| !(key == "Condition" && value.as_map().is_some_and(Map::is_empty)))
        .map(|(key, value)| {
            let value = match &*key {
                _ if SETS.contains(&&*key) => set(value),
                "Principal" | "NotPrincipal" => principal(value),
                "Condition" => condition(value),
                _ => value,
            };
            (key, value)
        })
        .collect::<Map>()
        .into()
}

/// `"*"` is `{"AWS": ["*"]}`.
fn principal(value: Value) -> Value {
    match value {
        Value::String(text) if text == "*" => Value::single("AWS", vec!["*"]),
        Value::Map(map) if Intrinsic::of(&Value::Map(map.clone())).is_none() => {
            map.into_iter().map(|(kind, who)| (kind, set(who))).collect::<Map>().into()
        }
        other => other,
    }
}

fn condition(value: Value) -> Value {
    let Value::Map(operators) = value else { return value };
    operators
        .into_iter()
        .map(|(operator, keys)| match keys {
            Value::Map(keys) if Intrinsic::of(&Value::Map(keys.clone())).is_none() => {
                (operator, keys.into_iter().map(|(key, values)| (key, set(values))).collect::<Map>().into())
            }
            other => (operator, other),
        })
        .collect::<Map>()
        .into()
}

/// A list of texts, sorted and without repetitions.
fn set(value: Value) -> Value {
    let mut items: Vec<Value> = into_items(value)
        .into_iter()
        .map(|item| match item {
            Value::Bool(_) | Value::Number(_) => scalar_text(&item).into(),
            other => other,
        })
        .collect();
    items.sort_by_cached_key(to_json_compact);
    items.dedup();
    Value::List(items)
}

fn into_items(value: Value) -> Vec<Value> {
    match value {
        Value::List(items) => items,
        one => vec![one],
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use stackgen_template::read_json;

    use super::super::canonical::Canonical;
    use super::*;

    fn policy(statement: &str) -> Value {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
        Canonical::plain().of(&read_json(&text).unwrap().value, None).unwrap()
    }

    #[test]
    fn order_and_single_items_mean_nothing() {
        assert_eq!(
            policy(r#"{"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "*"}"#),
            policy(r#"[{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["*"]}]"#),
        );
        assert_eq!(
            policy(
                r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": false}}}"#
            ),
            policy(
                r#"{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["s3:*"],
                "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}"#
            ),
        );
        assert_ne!(
            policy(r#"{"Effect": "Allow", "Action": "s3:GetObject"}"#),
            policy(r#"{"Effect": "Deny", "Action": "s3:GetObject"}"#)
        );
    }

    #[test]
    fn what_only_looks_like_a_policy_is_left_alone() {
        let rules = Value::single("Statement", Value::single("Name", "x"));
        assert!(!is_policy(rules.as_map().unwrap()));
    }
}
