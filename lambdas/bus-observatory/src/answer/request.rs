//! A request, taken apart.

/// A GET request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    pub(super) path: Vec<String>,
    query: Vec<(String, String)>,
    pub(super) accept: Option<String>,
}

impl Request {
    /// Takes a path and a query apart, as they stand in a URL, and keeps the header `Accept`.
    pub fn new(path: &str, query: &str, accept: Option<&str>) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let segments =
            if path.is_empty() { Vec::new() } else { path.split('/').map(|part| decoded(part, false)).collect() };
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name, true), decoded(value, true))
        });
        Self { path: segments, query: pairs.collect(), accept: accept.map(str::to_owned) }
    }

    /// The first value of a name in the query.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The text that stands in a URL as `text`. What is no right escape stands for itself.
fn decoded(text: &str, plus_is_space: bool) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (bytes, mut decoded, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'%' => match (digit(bytes.get(at)), digit(bytes.get(at + 1))) {
                (Some(high), Some(low)) => {
                    decoded.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte"));
                    at += 2;
                }
                _ => decoded.push(b'%'),
            },
            b'+' if plus_is_space => decoded.push(b' '),
            byte => decoded.push(*byte),
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let request = Request::new("/buses/bulk/a%20b/M1%2F2/%zz+/", "tz=feed&format=a%3Db+c&x&tz=other", None);
        assert_eq!(request.path, ["buses", "bulk", "a b", "M1/2", "%zz+"]);
        assert_eq!((request.value("tz"), request.value("format")), (Some("feed"), Some("a=b c")));
        assert_eq!((request.value("x"), request.value("y")), (Some(""), None));
        assert_eq!(Request::new("/", "", None).path, [""; 0]);
        assert_eq!(Request::new("%", "%=%4", None).path, ["%"]);
    }
}
