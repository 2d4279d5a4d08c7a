//! Values of SIRI and of the bus map: what one says in JSON and in XML, as one shape.

use jiff::Timestamp;
use serde_json::Value;

/// A value of the wrong shape: its entity is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The value at a path of names. What is missing, null or an empty list is none; of a list it is the first element.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> Result<Option<&'a Value>, Malformed> {
    let mut value = value;
    for name in path {
        value = match first(value) {
            Some(Value::Object(fields)) => match fields.get(*name) {
                Some(value) => value,
                None => return Ok(None),
            },
            None => return Ok(None),
            // An element of XML without content is an empty text.
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(_) => return Err(Malformed),
        };
    }
    Ok(first(value))
}

/// The first element of a list, or the value itself.
fn first(value: &Value) -> Option<&Value> {
    match value {
        Value::Null => None,
        Value::Array(values) => values.first().and_then(first),
        value => Some(value),
    }
}

/// A text, also one that is written as a number, or as an object with a `value`.
pub(super) fn text(value: &Value, path: &[&str]) -> Result<Option<String>, Malformed> {
    let text = match at(value, path)? {
        None => return Ok(None),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(value)) => value.to_string(),
        Some(object @ Value::Object(_)) => match at(object, &["value"])? {
            Some(Value::String(text)) => text.trim().to_owned(),
            None | Some(_) => return Err(Malformed),
        },
        Some(_) => return Err(Malformed),
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A number, also one that is written as a text.
pub(super) fn double(value: &Value, path: &[&str]) -> Result<Option<f64>, Malformed> {
    text(value, path)?.map(|text| text.parse().map_err(|_| Malformed)).transpose()
}

/// An integer.
pub(super) fn integer(value: &Value, path: &[&str]) -> Result<Option<i32>, Malformed> {
    text(value, path)?.map(|text| text.parse().map_err(|_| Malformed)).transpose()
}

/// A time with its offset from UTC, in microseconds since 1970.
pub(super) fn time(value: &Value, path: &[&str]) -> Result<Option<i64>, Malformed> {
    text(value, path)?.map(|text| time_of(&text)).transpose()
}

/// A time that is written with its offset from UTC, in microseconds since 1970.
pub(super) fn time_of(text: &str) -> Result<i64, Malformed> {
    text.parse::<Timestamp>().map(Timestamp::as_microsecond).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_may_be_a_list_with_one() {
        let value = json!({"a": ["x", "y"], "b": [], "c": null, "d": 7, "e": {"value": " z "}, "f": [[{"g": "h"}]]});
        let text_at = |path: &[&str]| text(&value, path);
        assert_eq!(text_at(&["a"]), Ok(Some("x".into())));
        assert_eq!((text_at(&["b"]), text_at(&["c"]), text_at(&["none"])), (Ok(None), Ok(None), Ok(None)));
        assert_eq!((text_at(&["d"]), text_at(&["e"])), (Ok(Some("7".into())), Ok(Some("z".into()))));
        assert_eq!((text_at(&["f", "g"]), text_at(&["a", "b"])), (Ok(Some("h".into())), Err(Malformed)));
        assert_eq!(text_at(&["f"]), Err(Malformed));
    }

    #[test]
    fn a_time_keeps_its_instant() {
        assert_eq!(time_of("2021-06-23T00:03:41.000-04:00"), Ok(1_624_421_021_000_000));
        assert_eq!(time_of("2021-06-23T04:03:41Z"), Ok(1_624_421_021_000_000));
        assert_eq!(time_of("2021-06-23T04:03:41"), Err(Malformed));
    }
}
