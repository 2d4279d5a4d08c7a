//! Values as people read them: `${Queue.Arn}` for references, short forms for functions.

use std::fmt::Write;

use stackgen_template::{Function, Intrinsic, SubPart, Value, to_json_compact};

use super::scalar::scalar_text;

/// A value on one line, as people read it: `${Queue.Arn}` for a reference, `if(Big, 1, 2)` for a function.
pub fn readable(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, false);
    text
}

fn write(text: &mut String, value: &Value, nested: bool) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(_) | Value::Number(_) => text.push_str(&scalar_text(value)),
        Value::String(content) if nested && needs_quotes(content) => text.push_str(&to_json_compact(value)),
        Value::String(content) => text.push_str(content),
        Value::List(items) => sequence(text, "[", items, "]"),
        Value::Map(map) => match Intrinsic::of(value) {
            Some(call) => function(text, call),
            None => {
                text.push('{');
                for (index, (key, value)) in map.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    // Writing to a string does not fail.
                    let _ = write!(text, "{separator}{key}: ");
                    write(text, value, true);
                }
                text.push('}');
            }
        },
        Value::Reference(_) => text.push_str("(reference)"),
    }
}

fn sequence(text: &mut String, open: &str, items: &[Value], close: &str) {
    text.push_str(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        write(text, item, true);
    }
    text.push_str(close);
}

/// Whether a text among others would not be told from them.
fn needs_quotes(text: &str) -> bool {
    text.is_empty()
        || text.starts_with([' ', '"'])
        || text.ends_with(' ')
        || text.contains([',', '[', ']', '\n'])
        || (text.contains(['{', '}']) && !text.contains("${"))
}

fn function(text: &mut String, call: Intrinsic<'_>) {
    match call.function {
        Function::Ref => {
            if let Some(name) = call.reference() {
                text.extend(["${", name, "}"]);
                return;
            }
        }
        Function::GetAtt => {
            if let Some((logical_id, attribute)) = call.get_att().and_then(|get| Some((get.logical_id, get.attribute?)))
            {
                text.extend(["${", logical_id, ".", attribute, "}"]);
                return;
            }
        }
        Function::Sub => {
            if let Some((sub, variables)) = call.sub() {
                for part in sub.parts() {
                    match part {
                        SubPart::Text(part) => text.push_str(part),
                        SubPart::Escaped(name) => text.extend(["${!", name, "}"]),
                        SubPart::Variable(variable) => match variables.and_then(|own| own.get(variable.name)) {
                            Some(value) => write(text, value, false),
                            None => text.extend(["${", variable.name, "}"]),
                        },
                        SubPart::Unclosed(rest) => text.push_str(rest),
                    }
                }
                return;
            }
        }
        Function::Join => {
            if let Some(("", Value::List(items))) = call.join() {
                for item in items {
                    write(text, item, false);
                }
                return;
            }
        }
        Function::ToJsonString => return write(text, call.argument, true),
        _ => {}
    }
    text.push_str(&name_of(call.key));
    match call.argument {
        Value::List(items) => sequence(text, "(", items, ")"),
        one => {
            text.push('(');
            write(text, one, true);
            text.push(')');
        }
    }
}

/// `Fn::ImportValue` as `importValue`.
fn name_of(key: &str) -> String {
    let name = key.strip_prefix("Fn::").unwrap_or(key);
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use stackgen_template::read_json;

    use super::*;

    #[test]
    fn functions_read_as_what_they_give() {
        for (value, expected) in [
            (r#"{"Ref": "A"}"#, "${A}"),
            (r#"{"Fn::GetAtt": ["Queue", "Arn"]}"#, "${Queue.Arn}"),
            (r#"{"Fn::Sub": "a-${B}"}"#, "a-${B}"),
            (r#"{"Fn::Join": ["", ["a", {"Fn::ImportValue": "x"}]]}"#, "aimportValue(x)"),
            (r#"{"Fn::If": ["Big", 1, {"Ref": "Size"}]}"#, "if(Big, 1, ${Size})"),
            (r#"{"Fn::Select": [0, {"Fn::GetAZs": ""}]}"#, "select(0, getAZs(\"\"))"),
            (r#"{"a": ["x", "y, z", ""], "b": null}"#, r#"{a: [x, "y, z", ""], b: null}"#),
            (r#"{"Ref": ["odd"]}"#, "ref(odd)"),
        ] {
            assert_eq!(readable(&read_json(value).unwrap().value), expected);
        }
    }
}
