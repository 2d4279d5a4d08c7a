//! The writer of JSON.

use crate::{Map, Reference, Value};

/// A value as JSON, indented by two blanks, without a line break at the end.
///
/// A [`Value::Reference`], which no finished template holds, is written as the `Ref` or `Fn::GetAtt` that it is within
/// its own stack.
pub fn to_json(value: &Value) -> String {
    write(Some(0), |writer| writer.value(value))
}

/// A value as JSON without blanks.
pub fn to_json_compact(value: &Value) -> String {
    write(None, |writer| writer.value(value))
}

pub(crate) fn map_pretty(map: &Map) -> String {
    write(Some(0), |writer| writer.map(map))
}

pub(crate) fn map_compact(map: &Map) -> String {
    write(None, |writer| writer.map(map))
}

fn write(indent: Option<usize>, write: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer { text: String::with_capacity(256), indent };
    write(&mut writer);
    writer.text
}

/// The end of a line and the deepest usual indentation, to copy from.
const LINE: &str = "\n                                                                ";

struct Writer {
    text: String,
    /// The indentation of the current line, in blanks; none when all is written in one line.
    indent: Option<usize>,
}

impl Writer {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(true) => self.text.push_str("true"),
            Value::Bool(false) => self.text.push_str("false"),
            Value::Number(number) => self.text.push_str(&number.as_text()),
            Value::String(text) => push_string(&mut self.text, text),
            Value::List(items) => self.list(items),
            Value::Map(map) => self.map(map),
            Value::Reference(reference) => self.reference(reference),
        }
    }

    fn list(&mut self, items: &[Value]) {
        self.sequence('[', ']', items.iter(), Self::value);
    }

    fn map(&mut self, map: &Map) {
        self.sequence('{', '}', map.iter(), |writer, (key, value)| {
            push_string(&mut writer.text, key);
            writer.text.push_str(if writer.indent.is_some() { ": " } else { ":" });
            writer.value(value);
        });
    }

    fn reference(&mut self, reference: &Reference) {
        self.value(&reference.to_intrinsic());
    }

    fn sequence<T>(
        &mut self,
        open: char,
        close: char,
        items: impl ExactSizeIterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) {
        self.text.push(open);
        if items.len() > 0 {
            self.indent = self.indent.map(|indent| indent + 2);
            for (index, item) in items.enumerate() {
                if index > 0 {
                    self.text.push(',');
                }
                self.new_line();
                write(self, item);
            }
            self.indent = self.indent.map(|indent| indent - 2);
            self.new_line();
        }
        self.text.push(close);
    }

    fn new_line(&mut self) {
        let Some(indent) = self.indent else { return };
        match LINE.get(..=indent) {
            Some(line) => self.text.push_str(line),
            None => {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', indent));
            }
        }
    }
}

/// Adds a string in double quotes. Runs of characters that need no escape are copied as a whole.
pub(super) fn push_string(text: &mut String, string: &str) {
    text.push('"');
    let mut start = 0;
    for (index, byte) in string.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        text.push_str(&string[start..index]);
        start = index + 1;
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x8 => text.push_str("\\b"),
            0xc => text.push_str("\\f"),
            control => {
                let digit = |digit: u8| char::from(b"0123456789abcdef"[usize::from(digit)]);
                text.push_str("\\u00");
                text.push(digit(control >> 4));
                text.push(digit(control & 0xf));
            }
        }
    }
    text.push_str(&string[start..]);
    text.push('"');
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{ResourceId, StackId, read_json};

    #[test]
    fn the_pretty_form_is_that_of_other_tools() {
        let value = read_json(r#"{"a":[1,{"b":null}],"c":{},"d":[],"e":"x"}"#).unwrap().value;
        assert_eq!(
            to_json(&value),
            concat!(
                "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n",
                "  \"c\": {},\n  \"d\": [],\n  \"e\": \"x\"\n}"
            )
        );
        assert_eq!(to_json_compact(&value), r#"{"a":[1,{"b":null}],"c":{},"d":[],"e":"x"}"#);
    }

    #[test]
    fn strings_are_escaped() {
        assert_eq!(
            to_json(&"\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}é😀".into()),
            "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u{7f}é😀\""
        );
    }

    #[test]
    fn indentation_goes_on_beyond_the_usual_depth() {
        let value = (0..50).fold(Value::Null, |value, _| Value::List(vec![value]));
        let text = to_json(&value);
        assert!(text.contains(&format!("\n{}null\n", " ".repeat(100))));
        assert_eq!(read_json(&text).unwrap().value, value);
    }

    #[test]
    fn references_are_written_as_within_their_stack() {
        let bucket = ResourceId::new(StackId(0), "Bucket");
        assert_eq!(to_json_compact(&Reference::to(bucket.clone()).into()), r#"{"Ref":"Bucket"}"#);
        assert_eq!(to_json_compact(&Reference::attribute(bucket, "Arn").into()), r#"{"Fn::GetAtt":["Bucket","Arn"]}"#);
    }
}
