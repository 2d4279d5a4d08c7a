//! What a scalar of YAML without quotes stands for.

use crate::{Number, Value};

/// The value of a scalar without quotes.
///
/// CloudFormation reads YAML 1.1, where `yes` and `off` are truth values: a template that says `MfaConfiguration: OFF`
/// without quotes sends `false`. So they are here. Numbers are only what everybody means as one: decimal, without
/// underscores, and without leading zeros, which are the sign of account ids and file modes. An exponent alone makes no
/// number either, since abbreviated hashes look so. Dates and times, which YAML 1.1 knows too, are text.
pub(super) fn resolve(text: String) -> Value {
    if is_null(&text) {
        Value::Null
    } else if let Some(truth) = truth(&text) {
        Value::Bool(truth)
    } else if let Some(number) = number(&text) {
        Value::Number(number)
    } else {
        Value::from(text)
    }
}

pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// The number of a text such as `5`, `+5`, `-1.50`, `.5`, `5.`, `1.0e+5`.
pub(super) fn number(text: &str) -> Option<Number> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let Some((whole, rest)) = unsigned.split_once('.') else {
        let integer = unsigned.bytes().all(|byte| byte.is_ascii_digit());
        return integer.then(|| Number::parse(text.strip_prefix('+').unwrap_or(text))).flatten();
    };
    let (fraction, exponent) = rest.find(['e', 'E']).map_or((rest, ""), |index| rest.split_at(index));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    // JSON wants a digit on both sides of the point.
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    Number::parse(&format!("{sign}{whole}.{fraction}{exponent}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Value {
        resolve(text.to_owned())
    }

    #[test]
    fn nulls_and_truth_values() {
        for text in ["", "~", "null", "NULL"] {
            assert_eq!(resolved(text), Value::Null, "{text}");
        }
        for text in ["true", "True", "yes", "ON"] {
            assert_eq!(resolved(text), Value::Bool(true), "{text}");
        }
        for text in ["false", "FALSE", "no", "Off"] {
            assert_eq!(resolved(text), Value::Bool(false), "{text}");
        }
        for text in ["y", "n", "Y", "tRUE", "yES", "nULL"] {
            assert_eq!(resolved(text), Value::from(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn numbers_that_everybody_means() {
        for (text, json) in [
            ("0", "0"),
            ("-5", "-5"),
            ("+5", "5"),
            ("123456789012", "123456789012"),
            ("12345678901234567890", "12345678901234567890"),
            ("1.10", "1.10"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("5.", "5.0"),
            ("1.0e+5", "1.0e+5"),
            ("1.5E3", "1.5E3"),
        ] {
            assert_eq!(resolved(text).as_number().map(ToString::to_string).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn everything_else_is_text() {
        for text in [
            "012345678901",
            "0644",
            "0o17",
            "0x1F",
            "0b1",
            "1_000",
            "1e5",
            "12e03",
            "2012-10-17",
            "12:30:45",
            "190:20:30",
            "1.2.3",
            "10.0.0.0",
            ".",
            "-",
            "+",
            "-.",
            ".e5",
            "01.5",
            ".inf",
            ".nan",
            "=",
            "1.5e",
            "٣",
            "5.٣",
        ] {
            assert_eq!(resolved(text), Value::from(text.to_owned()), "{text}");
        }
    }
}
