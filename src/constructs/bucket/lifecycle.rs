//! What becomes of objects with time.

use stackgen_resources::typed::{Arg, Int};
use stackgen_template::{Map, Text, Value};

use crate::core::Days;

/// The most days that S3 counts.
const MAX_DAYS: i64 = 2_147_483_647;

/// What becomes of objects with time: which ones, and what.
///
/// ```
/// use stackgen::prelude::*;
///
/// let raw = Bucket::new()
///     .versioned()
///     .lifecycle(LifecycleRule::new().to_infrequent_access(days::<30>()).expire_noncurrent(days::<90>()))
///     .lifecycle(LifecycleRule::new().prefix("errors/").expire(days::<90>()))
///     .lifecycle(LifecycleRule::new().abort_incomplete_uploads(days::<7>()));
/// ```
///
/// S3 takes no object to infrequent access in its first month:
///
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let rule = LifecycleRule::new().to_infrequent_access(days::<7>());
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a rule does nothing until it is given to a bucket"]
pub struct LifecycleRule {
    filter: Map,
    tags: Vec<Value>,
    actions: Map,
    transitions: Vec<Value>,
    noncurrent_transitions: Vec<Value>,
}

impl LifecycleRule {
    /// A rule for all objects of the bucket. It needs at least one thing to do.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only objects whose keys begin so.
    pub fn prefix(mut self, prefix: impl Arg<String>) -> Self {
        self.filter.insert("Prefix", prefix.into_value());
        self
    }

    /// Only objects that have a tag.
    pub fn tag(mut self, key: impl Into<Text>, value: impl Arg<String>) -> Self {
        self.tags.push(pair("Key", key.into(), "Value", value.into_value()));
        self
    }

    /// Only objects of more than so many bytes.
    pub fn larger_than(mut self, bytes: u64) -> Self {
        self.filter.insert("ObjectSizeGreaterThan", bytes.to_string());
        self
    }

    /// Only objects of less than so many bytes.
    pub fn smaller_than(mut self, bytes: u64) -> Self {
        self.filter.insert("ObjectSizeLessThan", bytes.to_string());
        self
    }

    /// Deletes objects so many days after they were made. In a versioned bucket an older version of each stays.
    pub fn expire(self, after: impl Arg<Days<1, MAX_DAYS>>) -> Self {
        self.action("ExpirationInDays", after.into_value())
    }

    /// Deletes versions so many days after a newer one, or a deletion, took their place.
    pub fn expire_noncurrent(self, after: impl Arg<Days<1, MAX_DAYS>>) -> Self {
        self.action("NoncurrentVersionExpiration", Value::single("NoncurrentDays", after.into_value()))
    }

    /// As [`expire_noncurrent`](Self::expire_noncurrent), but keeps the newest `versions` of them: 1 to 100.
    pub fn expire_noncurrent_but(self, after: impl Arg<Days<1, MAX_DAYS>>, versions: impl Arg<Int<1, 100>>) -> Self {
        let expiration = pair("NoncurrentDays", after.into_value(), "NewerNoncurrentVersions", versions.into_value());
        self.action("NoncurrentVersionExpiration", expiration)
    }

    /// Deletes marks of deletion that hide no version any more.
    pub fn remove_expired_delete_markers(self) -> Self {
        self.action("ExpiredObjectDeleteMarker", true)
    }

    /// Deletes the parts of uploads that were not completed so many days after they began.
    pub fn abort_incomplete_uploads(self, after: impl Arg<Days<1, MAX_DAYS>>) -> Self {
        self.action("AbortIncompleteMultipartUpload", Value::single("DaysAfterInitiation", after.into_value()))
    }

    /// Moves objects to the class for infrequent access, after 30 days or more.
    pub fn to_infrequent_access(self, after: impl Arg<Days<30, MAX_DAYS>>) -> Self {
        self.transition("STANDARD_IA", after.into_value())
    }

    /// Moves objects to the class for infrequent access that keeps them in one zone only, after 30 days or more.
    pub fn to_one_zone(self, after: impl Arg<Days<30, MAX_DAYS>>) -> Self {
        self.transition("ONEZONE_IA", after.into_value())
    }

    /// Moves objects to the class that finds the cheapest tier by how often they are read.
    pub fn to_intelligent_tiering(self, after: impl Arg<Days<0, MAX_DAYS>>) -> Self {
        self.transition("INTELLIGENT_TIERING", after.into_value())
    }

    /// Moves objects to the archive from which they can be read at once.
    pub fn to_instant_archive(self, after: impl Arg<Days<0, MAX_DAYS>>) -> Self {
        self.transition("GLACIER_IR", after.into_value())
    }

    /// Moves objects to the archive from which they are restored within minutes or hours.
    pub fn to_archive(self, after: impl Arg<Days<0, MAX_DAYS>>) -> Self {
        self.transition("GLACIER", after.into_value())
    }

    /// Moves objects to the cheapest archive, from which they are restored within two days.
    pub fn to_deep_archive(self, after: impl Arg<Days<0, MAX_DAYS>>) -> Self {
        self.transition("DEEP_ARCHIVE", after.into_value())
    }

    /// Moves versions to the class for infrequent access, 30 days or more after a newer one took their place.
    pub fn noncurrent_to_infrequent_access(mut self, after: impl Arg<Days<30, MAX_DAYS>>) -> Self {
        self.noncurrent_transitions.push(pair("StorageClass", "STANDARD_IA", "TransitionInDays", after.into_value()));
        self
    }

    fn transition(mut self, class: &'static str, after: Value) -> Self {
        self.transitions.push(pair("StorageClass", class, "TransitionInDays", after));
        self
    }

    fn action(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.actions.insert(name, value);
        self
    }

    /// What S3 would refuse.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.actions.is_empty() && self.transitions.is_empty() && self.noncurrent_transitions.is_empty() {
            return Some("a lifecycle rule does nothing");
        }
        let narrowed = !self.tags.is_empty() || self.filter.keys().any(|name| name != "Prefix");
        if self.actions.contains_key("AbortIncompleteMultipartUpload") && narrowed {
            return Some("a lifecycle rule on incomplete uploads can only be limited by a prefix");
        }
        if self.actions.contains_key("ExpiredObjectDeleteMarker")
            && (narrowed || self.actions.contains_key("ExpirationInDays"))
        {
            return Some(
                "a lifecycle rule on marks of deletion can only be limited by a prefix, and expires nothing else",
            );
        }
        let expiration = self.actions.get("ExpirationInDays").and_then(days);
        let last =
            self.transitions.iter().filter_map(|transition| transition.get("TransitionInDays").and_then(days)).max();
        if let (Some(expiration), Some(last)) = (expiration, last)
            && expiration <= last
        {
            return Some("a lifecycle rule deletes objects before or when it would move them");
        }
        None
    }

    /// The rule as it stands in a bucket's properties.
    pub(super) fn into_value(self) -> Value {
        let mut rule = Map::from_iter([(Text::Borrowed("Status"), "Enabled".into())]);
        rule.extend(self.filter);
        if !self.tags.is_empty() {
            rule.push("TagFilters", self.tags);
        }
        rule.extend(self.actions);
        if !self.transitions.is_empty() {
            rule.push("Transitions", self.transitions);
        }
        if !self.noncurrent_transitions.is_empty() {
            rule.push("NoncurrentVersionTransitions", self.noncurrent_transitions);
        }
        rule.into()
    }
}

fn days(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        _ => None,
    }
}

fn pair(one: &'static str, value: impl Into<Value>, two: &'static str, other: impl Into<Value>) -> Value {
    Map::from_iter([(Text::Borrowed(one), value.into()), (Text::Borrowed(two), other.into())]).into()
}
