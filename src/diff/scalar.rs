//! Scalars as texts.

use stackgen_template::Value;

/// The text of a scalar, as CloudFormation makes it text; of anything else, nothing.
pub(super) fn scalar_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => integer.to_string(),
            None => number.as_text().into_owned(),
        },
        _ => String::new(),
    }
}
