//! Values and types in words.

use stackgen_template::Value;

use crate::database::format::json_type;

/// Texts of users are shown up to this many characters.
const LONGEST_TEXT: usize = 60;

/// What a finding speaks of.
pub(super) enum Subject<'v> {
    Map,
    List,
    Value(&'v Value),
}

impl Subject<'_> {
    /// The subject in words: `a mapping`, `the text "x"`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Map | Self::Value(Value::Map(_)) => "a mapping".to_owned(),
            Self::List | Self::Value(Value::List(_)) => "a list".to_owned(),
            Self::Value(Value::String(text)) => format!("the text `{}`", shortened(text)),
            Self::Value(Value::Number(number)) => format!("the number {number}"),
            Self::Value(Value::Bool(value)) => format!("`{value}`"),
            Self::Value(Value::Null) => "null".to_owned(),
            Self::Value(Value::Reference(_)) => "a reference".to_owned(),
        }
    }
}

/// The types in words: `a list or text`.
pub(super) fn types(bits: u8) -> String {
    let names = [
        (json_type::OBJECT, "a mapping"),
        (json_type::ARRAY, "a list"),
        (json_type::STRING, "text"),
        (json_type::INTEGER, "an integer"),
        (json_type::NUMBER, "a number"),
        (json_type::BOOLEAN, "`true` or `false`"),
        (json_type::NULL, "null"),
    ];
    let wanted: Vec<&str> = names.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, name)| *name).collect();
    wanted.join(" or ")
}

/// The beginning of a text.
pub(super) fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST_TEXT).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}

/// Names in a row: `A`, `B` and `C`. Many are cut off.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] if names.len() <= 12 => format!("{} {last} {end}", first.join(", ")),
        many => format!("{} and {} more", many[..10].join(", "), many.len() - 10),
    }
}

/// A number of things: `1 item`, `2 items`.
pub(super) fn count(number: usize, thing: &str) -> String {
    match (number, thing) {
        (1, _) => format!("1 {thing}"),
        (_, "property") => format!("{number} properties"),
        (_, "entry") => format!("{number} entries"),
        _ => format!("{number} {thing}s"),
    }
}
