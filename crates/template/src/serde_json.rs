//! Conversions from and to the values of `serde_json`.

use serde_json::Value as Json;

use crate::{Map, Number, Value};

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => match number.as_i64() {
                Some(integer) => Self::from(integer),
                None => Number::parse(&number.to_string()).map_or(Self::Null, Self::Number),
            },
            Json::String(text) => Self::from(text),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(entries) => Self::Map(Map::from(entries)),
        }
    }
}

impl From<serde_json::Map<String, Json>> for Map {
    fn from(entries: serde_json::Map<String, Json>) -> Self {
        entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
    }
}

impl From<&Number> for Json {
    /// A number beyond the range of `f64` becomes its text.
    fn from(number: &Number) -> Self {
        let text = number.as_text();
        if let Ok(integer) = text.parse::<i64>() {
            return integer.into();
        }
        if let Ok(integer) = text.parse::<u64>() {
            return integer.into();
        }
        serde_json::Number::from_f64(number.as_f64()).map_or_else(|| Self::String(text.into_owned()), Self::Number)
    }
}

impl From<&Value> for Json {
    /// A [`Value::Reference`] becomes the `Ref` or `Fn::GetAtt` that it is within its own stack.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::from(number),
            Value::String(text) => Self::String(text.to_string()),
            Value::List(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Map(map) => Self::from(map),
            Value::Reference(reference) => Self::from(&reference.to_intrinsic()),
        }
    }
}

impl From<&Map> for Json {
    fn from(map: &Map) -> Self {
        Self::Object(map.iter().map(|(key, value)| (key.to_owned(), Self::from(value))).collect())
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::read_json;

    #[test]
    fn there_and_back_is_the_same() {
        let text = r#"{"b":[null,true,-5,1.5,18446744073709551615,"x",{}],"a":{"c":[]}}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        let value = Value::from(json.clone());
        assert_eq!(value, read_json(text).unwrap().value);
        assert_eq!(Json::from(&value), json);
        assert_eq!(Json::from(value).to_string(), text, "the order is kept");
    }

    #[test]
    fn a_number_that_is_too_large_becomes_text() {
        assert_eq!(Json::from(read_json("1e999").unwrap().value), Json::String("1e999".into()));
    }
}
