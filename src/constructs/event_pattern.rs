//! Patterns that choose events.

use stackgen_template::{Map, Number, Text, Value};

use super::BucketHandle;

/// Which events a [`Rule`](super::Rule) or an event source passes on: those whose fields all match.
///
/// ```
/// use stackgen::prelude::*;
///
/// let orders = EventPattern::source("shop.orders")
///     .detail_type("Order Placed")
///     .detail("country", Matcher::one_of(["NZ", "AU"]))
///     .detail("total", Matcher::at_least(100));
/// let inserted = EventPattern::new().field("eventName", Matcher::equals("INSERT"));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use = "a pattern does nothing until it is given to a rule or event source"]
pub struct EventPattern {
    fields: Map,
    /// Whether it waits for events of a bucket that sends none.
    waits_for_silence: bool,
}

impl EventPattern {
    /// A pattern that says nothing yet. One that never names a field is reported.
    pub fn new() -> Self {
        Self::default()
    }

    /// Events of a source, such as `aws.s3`.
    pub fn source(source: impl Into<Value>) -> Self {
        Self::new().field("source", Matcher::equals(source))
    }

    /// Objects that are put into a bucket, whose events must be switched on (`Bucket::notify_event_bridge`).
    pub fn object_created<R>(bucket: &BucketHandle<R>) -> Self {
        let pattern = Self { waits_for_silence: bucket.is_silent, ..Self::source("aws.s3") };
        pattern.detail_type("Object Created").detail("bucket.name", Matcher::equals(bucket.name()))
    }

    /// A pattern as EventBridge writes it.
    pub fn raw(pattern: Map) -> Self {
        Self { fields: pattern, waits_for_silence: false }
    }

    /// Events of a type, such as `Object Created`.
    pub fn detail_type(self, detail_type: impl Into<Value>) -> Self {
        self.field("detail-type", Matcher::equals(detail_type))
    }

    /// Events whose detail has a field that matches: `.detail("object.key", Matcher::prefix("raw/"))`.
    pub fn detail(self, path: &str, matcher: Matcher) -> Self {
        self.field(&format!("detail.{path}"), matcher)
    }

    /// Events with a field that matches. `path` goes from the event down, with dots between names. Of several matchers of
    /// one field, one has to hold.
    pub fn field(mut self, path: &str, matcher: Matcher) -> Self {
        let mut names: Vec<&str> = path.split('.').collect();
        let last = names.pop().unwrap_or_default();
        let mut map = &mut self.fields;
        for name in names {
            let inner = map.entry_or_insert_with(name, || Map::new().into());
            if !matches!(inner, Value::Map(_)) {
                *inner = Map::new().into();
            }
            map = inner.as_map_mut().expect("made a mapping just before");
        }
        match map.entry_or_insert_with(last, || Value::List(Vec::new())) {
            Value::List(matchers) => matchers.extend(matcher.0),
            other => *other = Value::List(matcher.0),
        }
        self
    }

    /// Whether no field is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether the events come from a bucket that is known to tell EventBridge of nothing.
    pub(crate) fn waits_for_silence(&self) -> bool {
        self.waits_for_silence
    }
}

impl From<EventPattern> for Value {
    fn from(pattern: EventPattern) -> Self {
        pattern.fields.into()
    }
}

/// What a field of an event must be.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a matcher does nothing until it is given to a pattern"]
pub struct Matcher(Vec<Value>);

impl Matcher {
    fn operator(name: &'static str, operand: impl Into<Value>) -> Self {
        Self(vec![Value::single(name, operand)])
    }

    fn compare(parts: impl IntoIterator<Item = Value>) -> Self {
        Self::operator("numeric", Value::List(parts.into_iter().collect()))
    }

    /// This value.
    pub fn equals(value: impl Into<Value>) -> Self {
        Self(vec![value.into()])
    }

    /// One of these values.
    pub fn one_of<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        Self(values.into_iter().map(Into::into).collect())
    }

    /// This text, in capitals or not.
    pub fn equals_ignore_case(text: impl Into<Value>) -> Self {
        Self::operator("equals-ignore-case", text)
    }

    /// Text that begins so.
    pub fn prefix(text: impl Into<Value>) -> Self {
        Self::operator("prefix", text)
    }

    /// Text that ends so.
    pub fn suffix(text: impl Into<Value>) -> Self {
        Self::operator("suffix", text)
    }

    /// Text in which `*` stands for any characters.
    pub fn wildcard(text: impl Into<Value>) -> Self {
        Self::operator("wildcard", text)
    }

    /// None of these values.
    pub fn anything_but<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::operator("anything-but", Value::List(values.into_iter().map(Into::into).collect()))
    }

    /// Any value, as long as the field is there.
    pub fn exists() -> Self {
        Self::operator("exists", true)
    }

    /// A field that is not there.
    pub fn absent() -> Self {
        Self::operator("exists", false)
    }

    /// A number that is greater.
    pub fn greater_than(number: impl Into<Number>) -> Self {
        Self::compare([">".into(), Value::Number(number.into())])
    }

    /// A number that is as great or greater.
    pub fn at_least(number: impl Into<Number>) -> Self {
        Self::compare([">=".into(), Value::Number(number.into())])
    }

    /// A number that is less.
    pub fn less_than(number: impl Into<Number>) -> Self {
        Self::compare(["<".into(), Value::Number(number.into())])
    }

    /// A number that is as great or less.
    pub fn at_most(number: impl Into<Number>) -> Self {
        Self::compare(["<=".into(), Value::Number(number.into())])
    }

    /// A number from `least` to `most`, both included.
    pub fn between(least: impl Into<Number>, most: impl Into<Number>) -> Self {
        Self::compare([">=".into(), Value::Number(least.into()), "<=".into(), Value::Number(most.into())])
    }

    /// An address in a block such as `10.0.0.0/24`.
    pub fn address_in(block: impl Into<Text>) -> Self {
        Self::operator("cidr", block.into())
    }

    /// This, or what `other` matches.
    pub fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

#[cfg(test)]
mod tests {
    use stackgen_template::to_json_compact;

    use super::*;

    #[test]
    fn fields_nest_and_matchers_of_one_field_are_alternatives() {
        let pattern = EventPattern::source("aws.s3")
            .detail("object.key", Matcher::prefix("raw/"))
            .detail("object.key", Matcher::suffix(".json").or(Matcher::absent()))
            .detail("object.size", Matcher::between(1, 1_000));
        assert_eq!(
            to_json_compact(&pattern.into()),
            concat!(
                r#"{"source":["aws.s3"],"detail":{"object":{"#,
                r#""key":[{"prefix":"raw/"},{"suffix":".json"},{"exists":false}],"#,
                r#""size":[{"numeric":[">=",1,"<=",1000]}]}}}"#
            )
        );
    }
}
