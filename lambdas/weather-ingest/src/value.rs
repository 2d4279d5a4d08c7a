//! Values of JSON as values of columns.

use serde_json::Value;

use crate::contract::ColumnType;

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// Of a column of [`ColumnType::Text`].
    Text(String),
    /// Of a column of [`ColumnType::Double`].
    Double(f64),
    /// Of a column of [`ColumnType::Integer`], or milliseconds of one of [`ColumnType::Timestamp`].
    Integer(i64),
}

impl Cell {
    /// The value for a column of type `kind`; none when it is of another type.
    pub(crate) fn of(value: &Value, kind: ColumnType) -> Option<Self> {
        match (value, kind) {
            (Value::Null, _) => Some(Self::Null),
            (Value::String(text), ColumnType::Text) => Some(Self::Text(text.clone())),
            (_, ColumnType::Text) => None,
            (_, ColumnType::Double) => double(value).map(Self::Double),
            (_, ColumnType::Integer | ColumnType::Timestamp) => integer(value).map(Self::Integer),
        }
    }
}

/// A number, or a text that is one.
fn double(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => numeric(text)?.parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// An integer, or a text that is one; `5.0` is one too.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => {
            let text = numeric(text)?;
            text.parse().ok().or_else(|| whole(text.parse().ok()?))
        }
        _ => None,
    }
}

/// The text of a decimal number. Rust takes `inf` and `nan` for numbers too.
fn numeric(text: &str) -> Option<&str> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)).then_some(text)
}

fn whole(number: f64) -> Option<i64> {
    /// From here on, a number of this type may stand for many integers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_exact = number.abs() < EXACT && number.fract() == 0.0;
    // The check before leaves nothing to lose.
    #[expect(clippy::cast_possible_truncation)]
    is_exact.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_may_be_texts_and_5_0_is_an_integer() {
        for (value, integer, double) in [
            (json!(21), Some(21), Some(21.0)),
            (json!(5.0), Some(5), Some(5.0)),
            (json!("5.0"), Some(5), Some(5.0)),
            (json!(" -7 "), Some(-7), Some(-7.0)),
            (json!(2_147_483_648_i64), Some(2_147_483_648), Some(2_147_483_648.0)),
            (json!(i64::MAX), Some(i64::MAX), Some(9_223_372_036_854_775_807.0)),
            (json!(-37.504_136), None, Some(-37.504_136)),
            (json!("-37.504136"), None, Some(-37.504_136)),
            (json!(1e300), None, Some(1e300)),
            (json!("1e999"), None, None),
            (json!("high"), None, None),
            (json!("inf"), None, None),
            (json!("NaN"), None, None),
            (json!(""), None, None),
            (json!(true), None, None),
            (json!([1]), None, None),
        ] {
            assert_eq!(Cell::of(&value, ColumnType::Integer), integer.map(Cell::Integer), "{value}");
            assert_eq!(Cell::of(&value, ColumnType::Double), double.map(Cell::Double), "{value}");
        }
        for kind in [ColumnType::Text, ColumnType::Double, ColumnType::Integer] {
            assert_eq!(Cell::of(&Value::Null, kind), Some(Cell::Null));
        }
        assert_eq!(Cell::of(&json!("a"), ColumnType::Text), Some(Cell::Text("a".into())));
        assert_eq!(Cell::of(&json!(1), ColumnType::Text), None);
    }

    proptest! {
        #[test]
        fn a_number_survives(integer: i64, double in prop::num::f64::NORMAL, text: String) {
            prop_assert_eq!(Cell::of(&json!(integer), ColumnType::Integer), Some(Cell::Integer(integer)));
            let read: Value = serde_json::from_str(&format!("{double:e}")).unwrap_or_default();
            prop_assert_eq!(Cell::of(&read, ColumnType::Double), Some(Cell::Double(double)));
            prop_assert_eq!(Cell::of(&json!(double.to_string()), ColumnType::Double), Some(Cell::Double(double)));
            let _ = Cell::of(&json!(text), ColumnType::Integer);
        }
    }
}
