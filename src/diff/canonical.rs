//! Values in one form, so that what means the same is equal.
//!
//! - References and texts with references: `Fn::GetAtt` with a list, `Fn::Sub` for every text that consists of text,
//!   `Ref` and `Fn::GetAtt`, however it was joined.
//! - `AWS::NoValue` is absence.
//! - Text that is a JSON document is `Fn::ToJsonString` of the document.
//! - Scalars have the type that the schema wants: `"5"` and `5`, `"true"` and `true`.
//! - Policy documents: lists where one item is allowed, sorted where order means nothing.

use std::collections::HashMap;

use stackgen_schema::Shape;
use stackgen_template::{Function, Intrinsic, Map, Number, SubPart, Value, read_json};

use super::policy_document;
use super::scalar::scalar_text;

/// The key under which a JSON document stands that is written as text.
pub(super) const DOCUMENT: &str = "Fn::ToJsonString";

/// Stands in the text of a document where a reference was, around its number. A private character of Unicode.
const MARK: char = '\u{f8ff}';

/// How deep a text may hold a document that holds a text that holds a document.
const DOCUMENT_DEPTH: usize = 3;

/// Logical ids by their old names.
pub(super) type Renames<'a> = HashMap<&'a str, &'a str>;

/// How scalars are read whose type the schema does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalars {
    /// As they are written.
    Exact,
    /// As text: custom resources get all scalars as text.
    Text,
}

/// Turns values of one template into their canonical form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Canonical<'a> {
    renames: Option<&'a Renames<'a>>,
    scalars: Scalars,
    depth: usize,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Value(Value),
}

impl<'a> Canonical<'a> {
    /// Calls logical ids by their new names.
    pub(super) const fn renaming(renames: &'a Renames<'a>) -> Self {
        Self { renames: Some(renames), scalars: Scalars::Exact, depth: 0 }
    }

    /// Leaves logical ids as they are.
    pub(super) const fn plain() -> Self {
        Self { renames: None, scalars: Scalars::Exact, depth: 0 }
    }

    pub(super) const fn scalars(self, scalars: Scalars) -> Self {
        Self { scalars, ..self }
    }

    /// The canonical form of a value; none for `AWS::NoValue`.
    pub(super) fn of(self, value: &Value, shape: Option<Shape>) -> Option<Value> {
        if let Some(call) = Intrinsic::of(value) {
            return self.call(call, shape);
        }
        Some(match value {
            Value::Map(map) => self.map(map, shape),
            Value::List(items) => {
                let shape = shape.and_then(Shape::items);
                Value::List(items.iter().filter_map(|item| self.of(item, shape)).collect())
            }
            Value::String(text) => match self.document(&[Part::Text(text.to_string())]) {
                Some(document) => document,
                None => self.scalar(value, shape),
            },
            _ => self.scalar(value, shape),
        })
    }

    fn map(self, map: &Map, shape: Option<Shape>) -> Value {
        let entries = map.iter().filter_map(|(key, value)| {
            let shape = shape.and_then(|shape| shape.property(key));
            Some((key.to_owned().into(), self.of(value, shape)?))
        });
        let map: Map = entries.collect();
        if policy_document::is_policy(&map) { policy_document::canonical(map) } else { map.into() }
    }

    fn call(self, call: Intrinsic<'_>, shape: Option<Shape>) -> Option<Value> {
        match call.function {
            Function::Ref => {
                let Some(name) = call.reference() else { return Some(self.generic(call, shape)) };
                (name != "AWS::NoValue").then(|| Value::single("Ref", self.renamed(name).to_owned()))
            }
            Function::GetAtt => Some(match call.get_att().and_then(|get| Some((get.logical_id, get.attribute?))) {
                Some((logical_id, attribute)) => get_att(self.renamed(logical_id), attribute),
                None => self.generic(call, shape),
            }),
            Function::Sub | Function::Join => Some(match self.parts(call) {
                Some(parts) => self.document(&parts).unwrap_or_else(|| text_of(parts)),
                None => self.generic(call, shape),
            }),
            Function::ToJsonString => {
                let exact = Self { depth: self.depth + 1, scalars: Scalars::Exact, ..self };
                Some(Value::single(DOCUMENT, exact.of(call.argument, None)?))
            }
            // The branches stand in place of the value. One that is `AWS::NoValue` stays, or the other would move up.
            Function::If => Some(match call.items() {
                Some([condition, then, otherwise]) => {
                    let branch = |value| self.of(value, shape).unwrap_or_else(|| Value::single("Ref", "AWS::NoValue"));
                    Value::single("Fn::If", vec![condition.clone(), branch(then), branch(otherwise)])
                }
                _ => self.generic(call, shape),
            }),
            _ => Some(self.generic(call, shape)),
        }
    }

    /// A call whose arguments are values like any.
    fn generic(self, call: Intrinsic<'_>, _shape: Option<Shape>) -> Value {
        let argument = self.of(call.argument, None).unwrap_or_default();
        Value::single(call.key.to_owned(), argument)
    }

    fn scalar(self, value: &Value, shape: Option<Shape>) -> Value {
        let kinds = shape.map(Shape::kinds).filter(|kinds| !kinds.is_unknown());
        match (value, kinds) {
            (Value::Bool(_) | Value::Number(_), None) if self.scalars == Scalars::Text => scalar_text(value).into(),
            (Value::Bool(_) | Value::Number(_), Some(kinds)) if kinds.string() => scalar_text(value).into(),
            (Value::String(text), Some(kinds)) if !kinds.string() => {
                let number = || Number::parse(text).filter(|_| kinds.number()).map(Value::from);
                boolean(text)
                    .filter(|_| kinds.boolean())
                    .map(Value::from)
                    .or_else(number)
                    .unwrap_or_else(|| value.clone())
            }
            _ => value.clone(),
        }
    }

    /// The parts of a text, when nothing in it can be absent.
    fn parts(self, call: Intrinsic<'_>) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        match call.function {
            Function::Sub => {
                let (text, variables) = call.sub()?;
                for part in text.parts() {
                    match part {
                        SubPart::Text(text) => parts.push(Part::Text(text.to_owned())),
                        SubPart::Escaped(name) => parts.push(Part::Text(format!("${{{name}}}"))),
                        SubPart::Variable(variable) => match variables.and_then(|own| own.get(variable.name)) {
                            Some(value) => self.push_parts(value, &mut parts)?,
                            None => parts.push(Part::Value(match variable.split() {
                                (logical_id, Some(attribute)) => get_att(self.renamed(logical_id), attribute),
                                (name, None) => Value::single("Ref", self.renamed(name).to_owned()),
                            })),
                        },
                        SubPart::Unclosed(_) => return None,
                    }
                }
            }
            Function::Join => {
                let (delimiter, items) = call.join()?;
                let items = items.as_list()?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 && !delimiter.is_empty() {
                        parts.push(Part::Text(delimiter.to_owned()));
                    }
                    self.push_parts(item, &mut parts)?;
                }
            }
            _ => return None,
        }
        Some(merged(parts))
    }

    fn push_parts(self, value: &Value, parts: &mut Vec<Part>) -> Option<()> {
        match value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) => parts.push(Part::Text(scalar_text(value))),
            _ => {
                let call = Intrinsic::of(value)?;
                match call.function {
                    // With `AWS::NoValue` in a branch, the delimiter goes too.
                    Function::If => return None,
                    Function::Sub | Function::Join if self.parts(call).is_some() => parts.extend(self.parts(call)?),
                    _ => parts.push(Part::Value(self.call(call, None)?)),
                }
            }
        }
        Some(())
    }

    /// The document that a text is, when it is one.
    fn document(self, parts: &[Part]) -> Option<Value> {
        let first = match parts.first()? {
            Part::Text(text) => text.trim_start(),
            Part::Value(_) => return None,
        };
        if self.depth >= DOCUMENT_DEPTH || !first.starts_with(['{', '[']) {
            return None;
        }
        let mut text = String::new();
        let mut values = Vec::new();
        for part in parts {
            match part {
                Part::Text(part) if part.contains(MARK) => return None,
                Part::Text(part) => text.push_str(part),
                Part::Value(value) => {
                    text.extend([MARK.to_string(), values.len().to_string(), MARK.to_string()]);
                    values.push(value);
                }
            }
        }
        let mut document = read_json(&text).ok()?.value;
        put_back(&mut document, &values);
        let inside = Self { depth: self.depth + 1, scalars: Scalars::Exact, renames: None };
        Some(Value::single(DOCUMENT, inside.of(&document, None)?))
    }

    fn renamed<'s>(self, name: &'s str) -> &'s str
    where
        'a: 's,
    {
        self.renames.and_then(|renames| renames.get(name).copied()).unwrap_or(name)
    }
}

/// Puts references back into the texts of a document.
fn put_back(value: &mut Value, values: &[&Value]) {
    match value {
        Value::String(text) if text.contains(MARK) => {
            let parts = text.split(MARK).enumerate().filter_map(|(index, part)| {
                if index % 2 == 0 {
                    return Some(Part::Text(part.to_owned()));
                }
                part.parse::<usize>()
                    .ok()
                    .and_then(|index| values.get(index))
                    .map(|value| Part::Value((*value).clone()))
            });
            *value = text_of(merged(parts.collect()));
        }
        Value::List(items) => items.iter_mut().for_each(|item| put_back(item, values)),
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| put_back(value, values)),
        _ => {}
    }
}

fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (merged.last_mut(), part) {
            (_, Part::Text(text)) if text.is_empty() => {}
            (Some(Part::Text(last)), Part::Text(text)) => last.push_str(&text),
            (_, part) => merged.push(part),
        }
    }
    merged
}

/// The value that gives a text: the text itself, the one reference in it, `Fn::Sub`, or else `Fn::Join`.
fn text_of(mut parts: Vec<Part>) -> Value {
    match parts.len() {
        0 => return "".into(),
        1 => match parts.remove(0) {
            Part::Text(text) => return text.into(),
            Part::Value(value) => return value,
        },
        _ => {}
    }
    let mut text = String::new();
    for part in &parts {
        match part {
            Part::Text(part) => text.push_str(&part.replace("${", "${!")),
            Part::Value(value) => match Intrinsic::of(value) {
                Some(call) => match (call.reference(), call.get_att()) {
                    (Some(name), _) => text.extend(["${", name, "}"]),
                    (_, Some(get)) if get.attribute.is_some() => {
                        text.extend(["${", get.logical_id, ".", get.attribute.unwrap_or_default(), "}"]);
                    }
                    _ => return joined(parts),
                },
                None => return joined(parts),
            },
        }
    }
    Value::single("Fn::Sub", text)
}

fn joined(parts: Vec<Part>) -> Value {
    let items: Vec<Value> = parts
        .into_iter()
        .map(|part| match part {
            Part::Text(text) => text.into(),
            Part::Value(value) => value,
        })
        .collect();
    Value::single("Fn::Join", vec![Value::from(""), items.into()])
}

fn get_att(logical_id: &str, attribute: &str) -> Value {
    Value::single("Fn::GetAtt", vec![logical_id.to_owned(), attribute.to_owned()])
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" => Some(true),
        "false" | "False" => Some(false),
        _ => None,
    }
}

/// The document in a value that is one written as text.
pub(super) fn document_in(value: &Value) -> Option<&Value> {
    Intrinsic::of(value).filter(|call| call.function == Function::ToJsonString).map(|call| call.argument)
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use stackgen_schema::Database;
    use stackgen_template::read_json;

    use super::*;

    fn canonical(text: &str) -> Value {
        Canonical::plain().of(&read_json(text).unwrap().value, None).unwrap()
    }

    fn same(one: &str, other: &str) {
        assert_eq!(canonical(one), canonical(other));
    }

    #[test]
    fn texts_with_references_are_equal_however_they_are_joined() {
        same(r#"{"Fn::Sub": "${A}"}"#, r#"{"Ref": "A"}"#);
        same(r#"{"Fn::GetAtt": "A.B"}"#, r#"{"Fn::GetAtt": ["A", "B"]}"#);
        same(
            r#"{"Fn::Join": ["", ["a-", {"Ref": "B"}, {"Fn::GetAtt": ["C", "Arn"]}]]}"#,
            r#"{"Fn::Sub": "a-${B}${C.Arn}"}"#,
        );
        same(r#"{"Fn::Join": [":", ["a", "b"]]}"#, r#""a:b""#);
        same(r#"{"Fn::Sub": ["${X}/z", {"X": {"Ref": "B"}}]}"#, r#"{"Fn::Sub": "${B}/z"}"#);
        same(r#"{"Fn::Sub": "${!Literal}"}"#, r#""${Literal}""#);
        assert_ne!(canonical(r#"{"Fn::Sub": "${A}b"}"#), canonical(r#""${A}b""#));
    }

    #[test]
    fn absence_in_a_joined_list_takes_its_delimiter_along() {
        let text = r#"{"Fn::Join": [",", ["a", {"Fn::If": ["C", "b", {"Ref": "AWS::NoValue"}]}]]}"#;
        assert_eq!(canonical(text), read_json(text).unwrap().value);
    }

    #[test]
    fn documents_in_text_are_documents() {
        same(r#""{\"b\": [1], \"a\": 2}""#, r#""{ \"a\":2,\"b\":[ 1 ] }""#);
        assert_ne!(canonical(r#""{\"a\": 1}""#), canonical(r#""{\"a\": \"1\"}""#), "inside a document, types count");
        same(
            r#"{"Fn::Join": ["", ["{\"Arn\":\"", {"Fn::GetAtt": ["F", "Arn"]}, ":1\"}"]]}"#,
            r#"{"Fn::Sub": "{\"Arn\": \"${F.Arn}:1\"}"}"#,
        );
        assert_eq!(canonical(r#""[a-z]+""#), Value::from("[a-z]+"));
    }

    #[test]
    fn no_value_is_absence() {
        same(r#"{"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}"#, r#"{"b": [1]}"#);
    }

    #[test]
    fn scalars_take_the_type_of_the_schema() {
        let shape = Database::get().resource_type("AWS::Lambda::Function").unwrap().shape();
        let of = |text: &str| Canonical::plain().of(&read_json(text).unwrap().value, Some(shape)).unwrap();
        assert_eq!(of(r#"{"Timeout": "5", "FunctionName": 7}"#), of(r#"{"Timeout": 5, "FunctionName": "7"}"#));
        assert_ne!(of(r#"{"Timeout": "5"}"#), of(r#"{"Timeout": 6}"#));
    }

    #[test]
    fn references_are_called_by_their_new_names() {
        let renames = Renames::from([("Old", "New")]);
        let value = read_json(r#"{"a": {"Fn::Sub": "x${Old.Arn}"}, "b": {"Ref": "Old"}}"#).unwrap().value;
        let expected = read_json(r#"{"a": {"Fn::Sub": "x${New.Arn}"}, "b": {"Ref": "New"}}"#).unwrap().value;
        assert_eq!(Canonical::renaming(&renames).of(&value, None).unwrap(), expected);
    }
}
