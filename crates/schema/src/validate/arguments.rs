//! The shape of the arguments of intrinsic functions.

use stackgen_template::{Function, Intrinsic, Value};

/// What is wrong with the arguments of a function that takes values and gives one; none when they have the right shape.
pub(super) fn wrong_shape(intrinsic: Intrinsic<'_>) -> Option<String> {
    let argument = intrinsic.argument;
    let items = intrinsic.items();
    let text = |value: &Value| matches!(value, Value::String(_) | Value::Map(_) | Value::Reference(_));
    let list = |value: &Value| matches!(value, Value::List(_) | Value::Map(_) | Value::Reference(_));
    let (fits, wanted) = match intrinsic.function {
        Function::Join => (
            matches!(items, Some([Value::String(_), values]) if list(values)),
            "`Fn::Join` takes a list of two: a text and a list of values".to_owned(),
        ),
        Function::Split => (
            matches!(items, Some([Value::String(_), value]) if text(value)),
            "`Fn::Split` takes a list of two texts: what to split at, and what to split".to_owned(),
        ),
        Function::Select => match items {
            Some([number, values]) if is_index(number) && list(values) => {
                let behind = values.as_list().zip(index(number)).is_some_and(|(items, index)| index >= items.len());
                (!behind, "`Fn::Select` selects an item behind the end of its list".to_owned())
            }
            _ => (false, "`Fn::Select` takes a list of two: the number of an item, from 0, and a list".to_owned()),
        },
        Function::Cidr => (
            matches!(argument, Value::Map(_)) || items.is_some_and(|items| matches!(items.len(), 2 | 3)),
            "`Fn::Cidr` takes a list: an address block, a number of blocks, and the bits of each".to_owned(),
        ),
        Function::Base64 | Function::ImportValue | Function::GetAzs => {
            (text(argument), format!("`{}` takes a text", intrinsic.key))
        }
        Function::GetStackOutput => {
            let named = |name| argument.get(name).is_some();
            (
                named("StackName") && named("OutputName"),
                "`Fn::GetStackOutput` takes a mapping with `StackName` and `OutputName`".to_owned(),
            )
        }
        _ => return None,
    };
    (!fits).then_some(wanted)
}

/// Whether a value may be the number of an item.
fn is_index(value: &Value) -> bool {
    matches!(value, Value::Map(_)) || index(value).is_some()
}

/// The number of an item that is written out.
fn index(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => usize::try_from(number.as_i64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn fits(text: &str) -> bool {
        let value = stackgen_template::read_json(text).unwrap().value;
        wrong_shape(Intrinsic::of(&value).unwrap()).is_none()
    }

    #[test]
    fn arguments_of_the_right_shape_pass() {
        for text in [
            r#"{"Fn::Join": [",", ["a", {"Ref": "B"}]]}"#,
            r#"{"Fn::Join": [",", {"Ref": "List"}]}"#,
            r#"{"Fn::Split": [",", {"Ref": "Text"}]}"#,
            r#"{"Fn::Select": ["1", ["a", "b"]]}"#,
            r#"{"Fn::Select": [{"Ref": "Index"}, {"Fn::GetAZs": ""}]}"#,
            r#"{"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 3, 8]}"#,
            r#"{"Fn::ImportValue": {"Fn::Sub": "${A}"}}"#,
            r#"{"Fn::GetStackOutput": {"StackName": "a", "OutputName": "b"}}"#,
        ] {
            assert!(fits(text), "{text}");
        }
    }

    #[test]
    fn arguments_of_a_wrong_shape_are_told() {
        for text in [
            r#"{"Fn::Join": ["a", "b"]}"#,
            r#"{"Fn::Join": [["a", "b"]]}"#,
            r#"{"Fn::Split": ["a"]}"#,
            r#"{"Fn::Select": [-1, ["a"]]}"#,
            r#"{"Fn::Select": [2, ["a", "b"]]}"#,
            r#"{"Fn::Select": ["first", ["a", "b"]]}"#,
            r#"{"Fn::Cidr": "10.0.0.0/16"}"#,
            r#"{"Fn::Base64": ["a"]}"#,
            r#"{"Fn::GetStackOutput": {"StackName": "a"}}"#,
        ] {
            assert!(!fits(text), "{text}");
        }
    }
}
