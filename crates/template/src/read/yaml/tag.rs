//! What the tags of YAML stand for.

use crate::{Function, Text};

/// The meaning of a tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// No tag: a scalar without quotes is resolved.
    None,
    /// `!`: a scalar is text.
    Text,
    /// A tag of YAML itself, such as `!!str`: its name without the exclamation marks.
    Core(String),
    /// The short form of a function: its key in the long form.
    Function(Text),
    /// Any other: the tag as it is written out.
    Other(String),
}

impl Tag {
    pub(super) fn of(tag: Option<&saphyr_parser::Tag>) -> Self {
        let Some(tag) = tag else { return Self::None };
        let full = format!("{}{}", tag.handle, tag.suffix);
        if full == "!" {
            Self::Text
        } else if let Some(name) = full.strip_prefix("tag:yaml.org,2002:") {
            Self::Core(name.to_owned())
        } else if let Some(name) = full.strip_prefix('!') {
            Self::Function(key(name))
        } else {
            Self::Other(full)
        }
    }

    /// The tag as people write it.
    pub(super) fn written(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text => "!".to_owned(),
            Self::Core(name) => format!("!!{name}"),
            Self::Function(key) => format!("!{}", key.strip_prefix("Fn::").unwrap_or(&key)),
            Self::Other(tag) => tag,
        }
    }
}

/// The key of the function that has the short form `!name`. A function that is not known is one all the same.
fn key(name: &str) -> Text {
    let key = if matches!(name, "Ref" | "Condition") || name.starts_with("Fn::") {
        name.to_owned()
    } else {
        format!("Fn::{name}")
    };
    match Function::of_key(&key) {
        Some(function) if function.key() == key => Text::Borrowed(function.key()),
        _ => Text::Owned(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(handle: &str, suffix: &str) -> Tag {
        Tag::of(Some(&saphyr_parser::Tag { handle: handle.into(), suffix: suffix.into() }))
    }

    #[test]
    fn tags_are_told_apart() {
        assert_eq!(tag("", "!"), Tag::Text);
        assert_eq!(tag("tag:yaml.org,2002:", "str"), Tag::Core("str".into()));
        assert_eq!(tag("", "tag:yaml.org,2002:str"), Tag::Core("str".into()));
        assert_eq!(tag("", "!Ref"), Tag::Function("Ref".into()));
        assert_eq!(tag("tag:example.org:", "x"), Tag::Other("tag:example.org:x".into()));
    }

    #[test]
    fn every_function_has_its_tag() {
        for function in Function::ALL {
            let short = function.short_tag().expect("every function with a key has a tag");
            assert_eq!(tag("!", &short[1..]), Tag::Function(function.key().into()));
            assert_eq!(tag("!", &short[1..]).written(), short);
        }
        assert_eq!(tag("!", "Frobnicate"), Tag::Function("Fn::Frobnicate".into()));
        assert_eq!(tag("!", "Fn::Sub"), Tag::Function("Fn::Sub".into()));
    }
}
