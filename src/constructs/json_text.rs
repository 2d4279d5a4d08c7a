//! JSON inside a property that takes text: definitions of state machines, filters, inputs.

use std::fmt::Write;

use stackgen_template::{Expression, Map, Reference, Text, Value};

/// The key of a mapping that stands for a number which is only known at deployment: written without quotes.
const NUMBER: &str = "stackgen::number";

/// A number for [`json_text`]: as it is when known, else an expression to be written without quotes.
pub(crate) fn number(value: Value) -> Value {
    match value {
        Value::Number(_) => value,
        other => Value::single(NUMBER, other),
    }
}

/// `value` as JSON text: a string where everything is known, else `Fn::Sub` with a variable for each reference.
pub(crate) fn json_text(value: &Value) -> Value {
    let mut writer = Writer { text: String::new(), variables: Map::new(), substitutes: is_dynamic(value) };
    writer.write(value);
    if !writer.substitutes {
        writer.text.into()
    } else if writer.variables.is_empty() {
        Expression::sub(writer.text).into()
    } else {
        let variables = writer.variables.into_iter();
        Expression::sub_with(writer.text, variables).into()
    }
}

/// The single key and argument of an intrinsic function.
fn function(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_map()?;
    let (name, argument) = map.iter().next()?;
    (map.len() == 1 && (name == "Ref" || name.starts_with("Fn::"))).then_some((name, argument))
}

fn is_dynamic(value: &Value) -> bool {
    match value {
        Value::Reference(_) => true,
        Value::List(items) => items.iter().any(is_dynamic),
        Value::Map(map) => function(value).is_some() || map.values().any(is_dynamic),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

struct Writer {
    text: String,
    variables: Map,
    /// Whether the text becomes the argument of `Fn::Sub`, where `${` has a meaning.
    substitutes: bool,
}

impl Writer {
    fn write(&mut self, value: &Value) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(true) => self.text.push_str("true"),
            Value::Bool(false) => self.text.push_str("false"),
            Value::Number(number) => self.text.push_str(&number.as_text()),
            Value::String(text) => {
                self.text.push('"');
                self.write_characters(text);
                self.text.push('"');
            }
            Value::List(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    self.write(item);
                }
                self.text.push(']');
            }
            Value::Map(map) => match map.get(NUMBER) {
                Some(number) => self.write_dynamic(number),
                None if function(value).is_some() => self.write_quoted(value),
                None => {
                    self.text.push('{');
                    for (index, (key, value)) in map.iter().enumerate() {
                        self.separate(index);
                        self.text.push('"');
                        self.write_characters(key);
                        self.text.push_str("\":");
                        self.write(value);
                    }
                    self.text.push('}');
                }
            },
            Value::Reference(_) => self.write_quoted(value),
        }
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }

    fn write_quoted(&mut self, value: &Value) {
        self.text.push('"');
        self.write_dynamic(value);
        self.text.push('"');
    }

    /// Writes a value that CloudFormation computes, as a part of a string.
    fn write_dynamic(&mut self, value: &Value) {
        match (value, function(value)) {
            (Value::String(text), _) => self.write_characters(text),
            (_, Some(("Ref", Value::String(name)))) if name.starts_with("AWS::") => self.write_variable(name),
            // Text for `Fn::Sub` already: only JSON's own characters are escaped.
            (_, Some(("Fn::Sub", Value::String(text)))) => escape(text, &mut self.text),
            (_, Some(("Fn::Join", Value::List(arguments)))) => match arguments.as_slice() {
                [Value::String(delimiter), Value::List(items)] => {
                    for (index, item) in items.iter().enumerate() {
                        if index > 0 {
                            self.write_characters(delimiter);
                        }
                        self.write_dynamic(item);
                    }
                }
                _ => self.write_named(value),
            },
            _ => self.write_named(value),
        }
    }

    fn write_named(&mut self, value: &Value) {
        let known = self.variables.iter().find(|(_, other)| *other == value).map(|(name, _)| name.to_owned());
        let name = known.unwrap_or_else(|| {
            let base = base_name(value);
            let mut name = base.clone();
            let mut number = 2;
            while self.variables.contains_key(&name) {
                name = format!("{base}{number}");
                number += 1;
            }
            self.variables.push(Text::Owned(name.clone()), value.clone());
            name
        });
        self.write_variable(&name);
    }

    fn write_variable(&mut self, name: &str) {
        self.text.push_str("${");
        self.text.push_str(name);
        self.text.push('}');
    }

    fn write_characters(&mut self, text: &str) {
        if !self.substitutes {
            return escape(text, &mut self.text);
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            escape(before, &mut self.text);
            self.text.push_str("${!");
            rest = after;
        }
        escape(rest, &mut self.text);
    }
}

/// A readable name for the variable that holds `value`.
fn base_name(value: &Value) -> String {
    let words = match value {
        Value::Reference(Reference { resource, attribute, .. }) => {
            format!("{}{}", resource.logical_id(), attribute.as_deref().unwrap_or_default())
        }
        _ => match function(value) {
            Some(("Ref", Value::String(name))) => name.to_string(),
            _ => "Value".to_owned(),
        },
    };
    words.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            control if control < ' ' => {
                write!(into, "\\u{:04x}", u32::from(control)).expect("writing to a string cannot fail");
            }
            other => into.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use stackgen_template::{ResourceId, StackId};

    use super::*;

    fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
        Value::Map(entries.into_iter().map(|(key, value)| (Text::Borrowed(key), value)).collect())
    }

    #[test]
    fn known_values_give_plain_text() {
        let value = map([("a", Value::from(["x\"${y}\n".to_owned()])), ("b", Value::Null), ("c", 1.into())]);
        assert_eq!(json_text(&value), Value::from(r#"{"a":["x\"${y}\n"],"b":null,"c":1}"#));
    }

    #[test]
    fn references_become_variables_and_literal_dollars_stay() {
        let arn = Value::from(Reference::attribute(ResourceId::new(StackId(0), "Handler"), "Arn"));
        let value = map([
            ("one", arn.clone()),
            ("two", arn.clone()),
            ("literal", "${x}".into()),
            ("region", Expression::sub("arn:${AWS::Partition}:x").into()),
            ("account", Expression::account_id().into()),
            ("seconds", number(Expression::reference("Seconds").into())),
        ]);
        let text = concat!(
            r#"{"one":"${HandlerArn}","two":"${HandlerArn}","literal":"${!x}","region":"arn:${AWS::Partition}:x","#,
            r#""account":"${AWS::AccountId}","seconds":${Seconds}}"#
        );
        let seconds = Value::from(Expression::reference("Seconds"));
        let expected = Expression::sub_with(text, [("HandlerArn", arn), ("Seconds", seconds)]);
        assert_eq!(json_text(&value), expected.into());
    }

    proptest::proptest! {
        #[test]
        fn text_of_known_values_reads_back_the_same(texts in proptest::collection::vec(".{0,20}", 0..5), number: i64) {
            let entries = texts.iter().enumerate().map(|(index, text)| {
                (Text::Owned(format!("{index}{text}")), Value::from(vec![text.clone()]))
            });
            let mut map: Map = entries.collect();
            map.push("number", number);
            let written = json_text(&Value::Map(map.clone()));
            let read = stackgen_template::read_json(written.as_str().unwrap_or_default());
            proptest::prop_assert_eq!(read.ok().map(|document| document.value), Some(Value::Map(map)));
        }

        #[test]
        fn literal_text_survives_substitution(text in ".{0,20}|[$]{0,3}[{][!A-Z}]{0,5}") {
            let value = Value::from(vec![Value::from(text.clone()), Expression::reference("X").into()]);
            let written = json_text(&value);
            let arguments = written.get("Fn::Sub").and_then(Value::as_list).unwrap_or_default();
            let template = arguments.first().and_then(Value::as_str).unwrap_or_default();
            // What CloudFormation does: variables first, then `${!` stands for `${`.
            let substituted = template.replace("${X}\"]", "x\"]").replace("${!", "${");
            let read = stackgen_template::read_json(&substituted).ok().map(|document| document.value);
            proptest::prop_assert_eq!(read, Some(Value::from(vec![text, "x".to_owned()])));
        }
    }
}
