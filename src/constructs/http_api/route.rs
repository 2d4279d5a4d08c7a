//! Which requests a route takes.

use std::fmt;

use stackgen_template::Text;

/// The method and path of a route, such as `GET /items/{id}`.
///
/// A path parameter takes one part of a path, and with a plus sign all that is left: `ANY /{proxy+}`. The method `ANY` takes
/// all methods that have no route of their own. A constant is checked by the compiler:
///
/// ```
/// use stackgen::prelude::*;
///
/// let key = route!("GET /items/{id}");
/// assert!(RouteKey::try_from(String::from("FETCH /items")).is_err());
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let key = route!("GET items");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteKey(Text);

impl RouteKey {
    /// The route of all requests that no other takes.
    pub const DEFAULT: Self = Self(Text::Borrowed("$default"));

    /// The route `text`.
    ///
    /// # Panics
    /// In a constant, and then the program does not compile, when it is no route. For text that is known only at run time
    /// use `try_from`.
    pub const fn new(text: &'static str) -> Self {
        match fault(text.as_bytes()) {
            None => Self(Text::Borrowed(text)),
            Some(rule) => panic!("{}", rule),
        }
    }

    /// Method and path; none of the default route.
    fn parts(&self) -> Option<(&str, &str)> {
        self.0.split_once(' ')
    }

    /// Whether both take the same requests, whatever they call their parameters.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        fn form(path: &str) -> Vec<&str> {
            let of = |part: &'_ str| match (part.starts_with('{'), part.ends_with("+}")) {
                (true, true) => Some("{+}"),
                (true, false) => Some("{}"),
                (false, _) => None,
            };
            path.split('/').map(|part| of(part).unwrap_or(part)).collect()
        }
        match (self.parts(), other.parts()) {
            (Some((method, path)), Some((other_method, other_path))) => {
                method == other_method && form(path) == form(other_path)
            }
            (None, None) => true,
            _ => false,
        }
    }

    /// What the parts of the route are named after: letters and digits, `GetItemsId`.
    pub(super) fn part_name(&self) -> String {
        let Some((method, path)) = self.parts() else { return "DefaultRequest".to_owned() };
        let words = std::iter::once(method).chain(path.split(|other: char| !other.is_ascii_alphanumeric()));
        let mut name = String::new();
        for word in words {
            let mut characters = word.chars();
            name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
            if name.len() == 1 {
                // The method is the only word that is shouted.
                name.push_str(&characters.as_str().to_ascii_lowercase());
            } else {
                name.push_str(characters.as_str());
            }
        }
        name
    }

    /// The method and path of requests as the ARN of a permission has them, `*` for what may differ.
    pub(super) fn source_path(&self) -> String {
        let Some((method, path)) = self.parts() else { return "$default".to_owned() };
        let method = if method == "ANY" { "*" } else { method };
        let path: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "*" } else { part }).collect();
        format!("{method}{}", path.join("/"))
    }
}

/// A route, checked by the compiler: see [`RouteKey`](crate::constructs::RouteKey).
#[macro_export]
macro_rules! route {
    ($text:literal) => {{
        const ROUTE: $crate::constructs::RouteKey = $crate::constructs::RouteKey::new($text);
        ROUTE
    }};
}

const METHODS: [&[u8]; 8] = [b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"ANY"];

const fn fault(text: &[u8]) -> Option<&'static str> {
    let mut blank = 0;
    while blank < text.len() && text[blank] != b' ' {
        blank += 1;
    }
    if !is_method(text, blank) {
        return Some("a route begins with GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or ANY, and a blank");
    }
    if blank + 1 >= text.len() || text[blank + 1] != b'/' {
        return Some("the path of a route begins with `/`");
    }
    path_fault(text, blank + 1)
}

const fn is_method(text: &[u8], end: usize) -> bool {
    let mut method = 0;
    while method < METHODS.len() {
        let mut index = 0;
        while index < end && index < METHODS[method].len() && text[index] == METHODS[method][index] {
            index += 1;
        }
        if index == end && index == METHODS[method].len() {
            return true;
        }
        method += 1;
    }
    false
}

/// What is wrong with the path that begins at `start`.
const fn path_fault(text: &[u8], start: usize) -> Option<&'static str> {
    let mut index = start;
    while index < text.len() {
        match text[index] {
            b'{' => {
                if text[index - 1] != b'/' {
                    return Some("a path parameter is a whole part of the path: `/{name}/`");
                }
                let name = index + 1;
                while index < text.len() && text[index] != b'}' {
                    index += 1;
                }
                if index == text.len() {
                    return Some("a path parameter ends with `}`");
                }
                let is_greedy = text[index - 1] == b'+';
                if index == name || (is_greedy && index - 1 == name) {
                    return Some("a path parameter has a name: `{name}`");
                }
                if index + 1 < text.len() && (is_greedy || text[index + 1] != b'/') {
                    return Some("a path parameter is a whole part of the path, and one with `+` the last");
                }
            }
            b'}' => return Some("a path parameter begins with `{`"),
            b' ' | b'?' | b'#' => return Some("a path has no blanks, no `?` and no `#`"),
            _ => {}
        }
        index += 1;
    }
    None
}

impl fmt::Display for RouteKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for RouteKey {
    type Error = RouteKeyError;

    fn try_from(text: String) -> Result<Self, RouteKeyError> {
        match fault(text.as_bytes()) {
            None => Ok(Self(Text::Owned(text))),
            Some(rule) => Err(RouteKeyError { text, rule }),
        }
    }
}

/// Text is not a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteKeyError {
    text: String,
    rule: &'static str,
}

impl fmt::Display for RouteKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no route: {}", self.text, self.rule)
    }
}

impl std::error::Error for RouteKeyError {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use super::*;

    fn key(text: &str) -> RouteKey {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn routes_are_a_method_and_a_path() {
        for text in ["GET /", "ANY /{proxy+}", "POST /api/submit", "GET /{a}/b/{c}", "DELETE /a.b_c-d"] {
            assert!(RouteKey::try_from(text.to_owned()).is_ok(), "{text}");
        }
        let bad =
            ["", "GET", "GET ", "get /a", "GETS /a", "GE /a", "GET a", "GET /{}", "GET /{+}", "GET /{a", "GET /a}"];
        for text in bad.into_iter().chain(["GET /x{a}", "GET /{a}x", "GET /{a+}/b", "GET /a b", "GET /a?b", "ANY/ /a"])
        {
            assert!(RouteKey::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn names_and_permissions_follow_the_route() {
        assert_eq!(key("GET /buses/bulk/{system_id}").part_name(), "GetBusesBulkSystemId");
        assert_eq!(key("GET /").part_name(), "Get");
        assert_eq!(key("ANY /{proxy+}").part_name(), "AnyProxy");
        assert_eq!(key("GET /buses/{system_id}/schema").source_path(), "GET/buses/*/schema");
        assert_eq!(key("ANY /{proxy+}").source_path(), "*/*");
        assert_eq!(RouteKey::DEFAULT.source_path(), "$default");
    }

    #[test]
    fn names_of_parameters_tell_no_routes_apart() {
        assert!(key("GET /{a}").is_same_as(&key("GET /{b}")));
        assert!(!key("GET /{a}").is_same_as(&key("GET /{a+}")));
        assert!(!key("GET /a").is_same_as(&key("PUT /a")));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in "([A-Z]{0,7} ?)?[a-z/{}+ ?é._-]{0,30}") {
            if let Ok(key) = RouteKey::try_from(text.clone()) {
                proptest::prop_assert_eq!(key.to_string(), text);
                proptest::prop_assert!(key.part_name().chars().all(|character| character.is_ascii_alphanumeric()));
                let source = key.source_path();
                let is_plain = !source.contains(['{', '}']);
                proptest::prop_assert!(is_plain);
                proptest::prop_assert!(key.is_same_as(&key));
            }
        }
    }
}
