//! Paths into the data of an execution.

use std::fmt;

use stackgen_template::{Text, Value};

/// A path into the input of a state (`$.failure.Error`) or into the context of the execution (`$$.Execution.Id`).
///
/// Constants are written with the macro `json_path!`, which the compiler checks:
///
/// ```
/// use stackgen::json_path;
/// use stackgen::constructs::states::JsonPath;
///
/// let error = json_path!("$.failure.Error");
/// assert!("failure.Error".parse::<JsonPath>().is_err());
/// ```
/// ```compile_fail
/// let error = stackgen::json_path!("failure.Error");
/// ```
///
/// Its methods make the rules of a [`Choice`](super::states::Choice): `json_path!("$.count").is_at_least(5)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(Text);

impl JsonPath {
    /// The path `text`.
    ///
    /// # Panics
    /// In a constant, and then the program does not compile, when it is no path. Text that is known only at run time is read
    /// with `parse` or `try_from`.
    pub const fn new(text: &'static str) -> Self {
        match fault(text.as_bytes()) {
            None => Self(Text::Borrowed(text)),
            Some(rule) => panic!("{}", rule),
        }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the path names exactly one place in the data, which can then be written to or compared.
    pub(super) fn is_reference(&self) -> bool {
        !self.0.contains(['*', '?', '@', ',', ':']) && !self.0.contains("..")
    }

    /// Whether the path leads into the context, which cannot be written to.
    pub(super) fn is_context(&self) -> bool {
        self.0.starts_with("$$")
    }
}

/// A path into the data of an execution, checked by the compiler: see [`JsonPath`](crate::constructs::states::JsonPath).
#[macro_export]
macro_rules! json_path {
    ($text:literal) => {{
        const PATH: $crate::constructs::states::JsonPath = $crate::constructs::states::JsonPath::new($text);
        PATH
    }};
}

const fn fault(text: &[u8]) -> Option<&'static str> {
    if text.is_empty() || text[0] != b'$' {
        return Some("a path begins with `$`, or with `$$` for the context of the execution");
    }
    let mut index = if text.len() > 1 && text[1] == b'$' { 2 } else { 1 };
    if index < text.len() && text[index] != b'.' && text[index] != b'[' {
        return Some("after `$` a path goes on with `.` and a name, or with `[`");
    }
    let mut depth = 0;
    while index < text.len() {
        match text[index] {
            b'[' => depth += 1,
            b']' if depth == 0 => return Some("a path closes a bracket that it did not open"),
            b']' => depth -= 1,
            b'.' if index + 1 == text.len() => return Some("a path ends with a name, not with `.`"),
            _ => {}
        }
        index += 1;
    }
    if depth > 0 { Some("a path leaves a bracket open") } else { None }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<JsonPath> for Value {
    fn from(path: JsonPath) -> Self {
        path.0.into()
    }
}

impl TryFrom<String> for JsonPath {
    type Error = JsonPathError;

    fn try_from(text: String) -> Result<Self, JsonPathError> {
        match fault(text.as_bytes()) {
            None => Ok(Self(Text::Owned(text))),
            Some(rule) => Err(JsonPathError { text, rule }),
        }
    }
}

impl std::str::FromStr for JsonPath {
    type Err = JsonPathError;

    fn from_str(text: &str) -> Result<Self, JsonPathError> {
        text.to_owned().try_into()
    }
}

/// Text is not a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPathError {
    text: String,
    rule: &'static str,
}

impl fmt::Display for JsonPathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no path: {}", self.text, self.rule)
    }
}

impl std::error::Error for JsonPathError {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use super::*;

    #[test]
    fn paths_are_read_as_step_functions_reads_them() {
        for text in ["$", "$$", "$.a", "$$.Execution.Id", "$['a b'].c[0]", "$.a[?(@.b == 'c')]", "$..a"] {
            assert!(text.parse::<JsonPath>().is_ok(), "{text}");
        }
        for text in ["", "a", "$a", "$.", "$.a[0", "$.a]", "$$$"] {
            assert!(text.parse::<JsonPath>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_path_to_one_place_is_a_reference() {
        let is_reference = |text: &str| text.parse::<JsonPath>().unwrap().is_reference();
        assert!(is_reference("$.a.b[0]"));
        assert!(!is_reference("$.a[*]"));
        assert!(!is_reference("$..a"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in "\\$?\\$?[a-z.\\[\\]*'@?é ]{0,20}") {
            match text.parse::<JsonPath>() {
                Ok(path) => {
                    proptest::prop_assert_eq!(path.as_str(), &text);
                    proptest::prop_assert!(text.starts_with('$'));
                }
                Err(error) => proptest::prop_assert!(error.to_string().contains(&text)),
            }
        }
    }
}
