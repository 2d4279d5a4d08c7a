//! Reads documents: JSON and YAML, each node with its place.

mod error;
mod json;
mod keys;
#[cfg(feature = "yaml")]
mod yaml;

pub use error::{ReadError, ReadErrorKind};
pub use json::read_json;
#[cfg(feature = "yaml")]
pub use yaml::read_yaml;

use crate::{Path, Place, Places, Template, Value};

/// How deep values may be nested. Templates that CloudFormation takes stay far below.
const DEPTH_LIMIT: usize = 200;

/// A document that was read: its value, and where in the text each part of it stands.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The value.
    pub value: Value,
    /// The lines and columns.
    pub places: Places,
}

impl Document {
    /// Where the value at `path` begins in the text.
    pub fn place_of(&self, path: &Path) -> Option<Place> {
        self.places.of(path)
    }

    /// The document as a template, which must be a mapping.
    ///
    /// ```
    /// use stackgen_template::{Path, read};
    ///
    /// let text = r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#;
    /// let (template, places) = read(text)?.into_template()?;
    /// assert_eq!(template.resource("Topic").and_then(|topic| topic.type_name()), Some("AWS::SNS::Topic"));
    /// assert_eq!(places.of(&Path::root().key("Resources")).map(|place| place.column), Some(15));
    /// # Ok::<(), stackgen_template::ReadError>(())
    /// ```
    pub fn into_template(self) -> Result<(Template, Places), ReadError> {
        match self.value {
            Value::Map(root) => Ok((Template::from(root), self.places)),
            other => {
                let place = self.places.of(&Path::root()).unwrap_or(Place::START);
                Err(ReadError::new(ReadErrorKind::NotAMapping(other.kind()), place))
            }
        }
    }
}

/// Reads a document in JSON or YAML: a text that begins with a brace is JSON.
///
/// Without the feature `yaml`, every text is taken for JSON or refused.
pub fn read(text: &str) -> Result<Document, ReadError> {
    if without_mark(text).trim_start().starts_with('{') {
        return read_json(text);
    }
    #[cfg(feature = "yaml")]
    return read_yaml(text);
    #[cfg(not(feature = "yaml"))]
    return read_json(text).map_err(|_| ReadError::new(ReadErrorKind::YamlNotBuilt, Place::START));
}

/// Reads a document in JSON or YAML from the bytes of a file, which must be UTF-8.
pub fn read_bytes(bytes: &[u8]) -> Result<Document, ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let last_line = valid.rsplit('\n').next().unwrap_or_default();
            let place =
                Place { line: number(valid.matches('\n').count() + 1), column: number(last_line.chars().count() + 1) };
            Err(ReadError::new(ReadErrorKind::NotUtf8, place))
        }
    }
}

/// The text without the byte order mark that some editors put in front.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A line or column as it is kept. No template has four thousand million of them.
fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_brace_decides() {
        assert_eq!(read("\u{feff} {\"a\": 1}").unwrap().value, Value::single("a", 1));
        #[cfg(feature = "yaml")]
        assert_eq!(read("a: 1").unwrap().value, Value::single("a", 1));
        #[cfg(not(feature = "yaml"))]
        assert_eq!(read("a: 1").unwrap_err().kind(), &ReadErrorKind::YamlNotBuilt);
    }

    #[test]
    fn what_is_no_mapping_is_no_template() {
        let error = read_json(" [1]").unwrap().into_template().unwrap_err();
        assert_eq!(error.to_string(), "line 1, column 2: expected a mapping, found a list");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_at_their_place() {
        let error = read_bytes(b"{\n  \"a\": \"\xff\"}").unwrap_err();
        assert_eq!((error.kind(), error.place()), (&ReadErrorKind::NotUtf8, Place { line: 2, column: 9 }));
        assert!(read_bytes(b"{}").is_ok());
    }
}
