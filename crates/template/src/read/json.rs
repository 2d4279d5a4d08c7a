//! The reader of JSON.

use super::keys::Keys;
use super::{DEPTH_LIMIT, Document, ReadError, ReadErrorKind, number, without_mark};
use crate::place::PlaceRecorder;
use crate::{Map, Number, Place, Value};

/// Reads a document in JSON.
///
/// Numbers are kept as they are written. A byte order mark in front is passed over. A key that a mapping has twice is an
/// error: of two resources with the same id, one would be lost in silence.
///
/// ```
/// use stackgen_template::{Place, read_json};
///
/// let error = read_json("{\n  \"a\": 1,\n  \"a\": 2\n}").unwrap_err();
/// assert_eq!(error.place(), Place { line: 3, column: 3 });
/// assert_eq!(error.message(), "duplicate key `a`, first at line 2, column 3");
/// ```
pub fn read_json(text: &str) -> Result<Document, ReadError> {
    let text = without_mark(text);
    let mut reader = Reader { text, position: 0, line: 1, counted: 0, column: 1, places: PlaceRecorder::default() };
    reader.skip_blanks();
    let value = reader.value(0)?;
    reader.skip_blanks();
    if reader.position < text.len() {
        return Err(reader.error("expected the end of the text after the document"));
    }
    Ok(Document { value, places: reader.places.finish() })
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
    line: usize,
    /// Up to here, in bytes, the characters of the line are counted in `column`. A document may be a single line:
    /// counting from its start for every value would take quadratic time.
    counted: usize,
    column: usize,
    places: PlaceRecorder,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn place(&mut self) -> Place {
        let passed = &self.text.as_bytes()[self.counted..self.position];
        // Every byte of UTF-8 but the continuation of a character begins one.
        self.column += passed.iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
        self.counted = self.position;
        Place { line: number(self.line), column: number(self.column) }
    }

    fn error(&mut self, message: &str) -> ReadError {
        let found = match self.text[self.position..].chars().next() {
            Some(found) if found.is_control() => format!(", found `{}`", found.escape_default()),
            Some(found) => format!(", found `{found}`"),
            None => ", found the end of the text".to_owned(),
        };
        ReadError::syntax(format!("{message}{found}"), self.place())
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.position += 1,
                b'\n' => {
                    self.position += 1;
                    self.line += 1;
                    self.counted = self.position;
                    self.column = 1;
                }
                _ => return,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        if depth > DEPTH_LIMIT {
            return Err(ReadError::new(ReadErrorKind::TooDeep, self.place()));
        }
        match self.peek() {
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => {
                let place = self.place();
                self.places.scalar(place);
                Ok(Value::from(self.string()?))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.error("expected a value")),
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, ReadError> {
        let place = self.place();
        let open = self.places.open_map(place);
        let mut map = Map::new();
        let mut keys = Keys::default();
        self.position += 1;
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            self.position += 1;
            return Ok(Value::Map(map));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.error("expected a key in double quotes"));
            }
            let place = self.place();
            let key = self.string()?;
            if let Some(index) = keys.duplicate(&map, &key) {
                let first = self.places.key_place(open, index);
                return Err(ReadError::new(ReadErrorKind::DuplicateKey { key, first }, place));
            }
            self.places.key(place, &key);
            self.skip_blanks();
            if self.peek() != Some(b':') {
                return Err(self.error("expected `:` after the key"));
            }
            self.position += 1;
            self.skip_blanks();
            let value = self.value(depth + 1)?;
            map.push(key, value);
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.position += 1,
                Some(b'}') => {
                    self.position += 1;
                    self.places.close(open);
                    return Ok(Value::Map(map));
                }
                _ => return Err(self.error("expected `,` or `}` in the mapping")),
            }
            self.skip_blanks();
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, ReadError> {
        let place = self.place();
        let open = self.places.open_list(place);
        let mut items = Vec::new();
        self.position += 1;
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.position += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.position += 1,
                Some(b']') => {
                    self.position += 1;
                    self.places.close(open);
                    return Ok(Value::List(items));
                }
                _ => return Err(self.error("expected `,` or `]` in the list")),
            }
            self.skip_blanks();
        }
    }

    fn number(&mut self) -> Result<Value, ReadError> {
        let place = self.place();
        let rest = &self.text[self.position..];
        let length = rest
            .find(|character: char| !matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let text = &rest[..length];
        let number =
            Number::parse(text).ok_or_else(|| ReadError::syntax(format!("`{text}` is not a number of JSON"), place))?;
        self.places.scalar(place);
        self.position += length;
        Ok(Value::Number(number))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ReadError> {
        if !self.text[self.position..].starts_with(word) {
            return Err(self.error("expected a value"));
        }
        let place = self.place();
        self.places.scalar(place);
        self.position += word.len();
        Ok(value)
    }

    /// Reads a string, from its opening quote on.
    fn string(&mut self) -> Result<String, ReadError> {
        self.position += 1;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.position..];
            let Some(length) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) else {
                self.position = self.text.len();
                return Err(self.error("expected `\"` at the end of the string"));
            };
            string.push_str(&rest[..length]);
            self.position += length;
            match rest.as_bytes()[length] {
                b'"' => {
                    self.position += 1;
                    return Ok(string);
                }
                b'\\' => string.push(self.escape()?),
                _ => return Err(self.error("expected `\"`: line breaks and control characters must be escaped")),
            }
        }
    }

    /// Reads an escape, from its backslash on.
    fn escape(&mut self) -> Result<char, ReadError> {
        let character = match self.text.as_bytes().get(self.position + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(ReadError::syntax("unknown escape after `\\`", self.place())),
        };
        self.position += 2;
        Ok(character)
    }

    /// Reads `\uXXXX`; of characters beyond 16 bits, both halves.
    fn unicode_escape(&mut self) -> Result<char, ReadError> {
        let unit = |position: usize| {
            let digits = self.text.get(position..position + 6)?.strip_prefix("\\u")?;
            if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                u32::from_str_radix(digits, 16).ok()
            } else {
                None
            }
        };
        let (character, length) = match (unit(self.position), unit(self.position + 6)) {
            (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                (char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
            }
            (Some(unit), _) => (char::from_u32(unit), 6),
            (None, _) => return Err(ReadError::syntax("expected four hexadecimal digits after `\\u`", self.place())),
        };
        let character = character
            .ok_or_else(|| ReadError::syntax("`\\u` gives half a character: both halves are wanted", self.place()))?;
        self.position += length;
        Ok(character)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Path;

    fn value(text: &str) -> Value {
        read_json(text).unwrap().value
    }

    #[track_caller]
    fn fails(text: &str, message: &str) {
        assert_eq!(read_json(text).unwrap_err().to_string(), message, "{text}");
    }

    #[test]
    fn every_kind_of_value_is_read() {
        assert_eq!(
            value(r#" {"a": [null, true, false, -1.50e3, "x", {}, []]} "#),
            Value::single(
                "a",
                Value::List(vec![
                    Value::Null,
                    true.into(),
                    false.into(),
                    Number::parse("-1.50e3").unwrap().into(),
                    "x".into(),
                    Map::new().into(),
                    Value::List(vec![]),
                ])
            )
        );
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(value(r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#), Value::from("\"\\/\u{8}\u{c}\n\r\té😀é"));
        fails(r#""\x""#, "line 1, column 2: unknown escape after `\\`");
        fails(r#""\ud83d""#, "line 1, column 2: `\\u` gives half a character: both halves are wanted");
        fails(r#""\ud83d\u0041""#, "line 1, column 2: `\\u` gives half a character: both halves are wanted");
        fails(r#""\u+123""#, "line 1, column 2: expected four hexadecimal digits after `\\u`");
        fails("\"\\", "line 1, column 2: unknown escape after `\\`");
    }

    #[test]
    fn places_count_lines_and_characters() {
        let document = read_json("{\r\n  \"é\": [\"ü\", 7],\n\"b\":{}}").unwrap();
        let list = Path::root().key("é");
        let place = |line, column| Some(Place { line, column });
        assert_eq!(document.place_of(&Path::root()), place(1, 1));
        assert_eq!(document.places.of_key(&list), place(2, 3));
        assert_eq!(document.place_of(&list), place(2, 8));
        assert_eq!(document.place_of(&list.index(1)), place(2, 14));
        assert_eq!(document.place_of(&Path::root().key("b")), place(3, 5));
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        fails("", "line 1, column 1: expected a value, found the end of the text");
        fails("{", "line 1, column 2: expected a key in double quotes, found the end of the text");
        fails("{\"a\": 1,\n}", "line 2, column 1: expected a key in double quotes, found `}`");
        fails("{\"a\" 1}", "line 1, column 6: expected `:` after the key, found `1`");
        fails("{\"a\": 1 \"b\": 2}", "line 1, column 9: expected `,` or `}` in the mapping, found `\"`");
        fails("[1 2]", "line 1, column 4: expected `,` or `]` in the list, found `2`");
        fails("[01]", "line 1, column 2: `01` is not a number of JSON");
        fails("[1.]", "line 1, column 2: `1.` is not a number of JSON");
        fails("nul", "line 1, column 1: expected a value, found `n`");
        fails("\"é", "line 1, column 3: expected `\"` at the end of the string, found the end of the text");
        fails(
            "\"a\nb\"",
            "line 1, column 3: expected `\"`: line breaks and control characters must be escaped, found `\\n`",
        );
        fails("{} {}", "line 1, column 4: expected the end of the text after the document, found `{`");
    }

    #[test]
    fn duplicate_keys_are_told_with_both_places() {
        let error = read_json("{\"a\": {\"x\": 1},\n \"b\": 2,\n \"b\": 3}").unwrap_err();
        let first = Place { line: 2, column: 2 };
        assert_eq!(error.kind(), &ReadErrorKind::DuplicateKey { key: "b".into(), first });
        assert_eq!(error.place(), Place { line: 3, column: 2 });
    }

    #[test]
    fn deep_nesting_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read_json(&nested(DEPTH_LIMIT)).is_ok());
        assert_eq!(read_json(&nested(100_000)).unwrap_err().kind(), &ReadErrorKind::TooDeep);
    }
}
