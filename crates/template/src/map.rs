//! A mapping in document order.

use crate::{Text, Value};

/// A mapping that keeps the order in which its entries were written.
///
/// Nearly all mappings of a template are small, so entries stand in one list and a look-up walks it.
/// Two maps are equal when they hold the same entries, in any order.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Vec<(Text, Value)>,
}

impl Map {
    /// An empty map.
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// An empty map with room for `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { entries: Vec::with_capacity(capacity) }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of `key`, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Whether `key` has a value.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets `key`, in place when it exists and at the end otherwise. Returns the value that it replaces.
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        match self.get_mut(&key) {
            Some(slot) => Some(std::mem::replace(slot, value)),
            None => {
                self.entries.push((key, value));
                None
            }
        }
    }

    /// Adds an entry at the end without looking for an earlier one of the same key.
    ///
    /// For callers that know that the key is new: looking it up would make building a large map quadratic.
    pub fn push(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        self.entries.push((key.into(), value.into()));
    }

    /// Adds an entry at `index`, moving those behind it, without looking for an earlier one of the same key.
    ///
    /// # Panics
    /// When `index` is greater than the number of entries.
    pub fn insert_at(&mut self, index: usize, key: impl Into<Text>, value: impl Into<Value>) {
        self.entries.insert(index, (key.into(), value.into()));
    }

    /// Removes `key`, keeping the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let index = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.remove(index).1)
    }

    /// The value of `key`, set to what `default` returns when there is none.
    pub fn entry_or_insert_with(&mut self, key: &str, default: impl FnOnce() -> Value) -> &mut Value {
        let index = self.entries.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
            self.entries.push((Text::Owned(key.to_owned()), default()));
            self.entries.len() - 1
        });
        &mut self.entries[index].1
    }

    /// The first entry.
    pub fn first(&self) -> Option<(&str, &Value)> {
        self.entries.first().map(|(key, value)| (key.as_ref(), value))
    }

    /// Keeps the entries for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &mut Value) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }

    /// Sorts the entries by key. CloudFormation gives the order no meaning.
    pub fn sort_keys(&mut self) {
        self.entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    }

    /// The entries in document order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> + DoubleEndedIterator {
        self.entries.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// The entries in document order, values to change.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut Value)> {
        self.entries.iter_mut().map(|(key, value)| (&**key, value))
    }

    /// The keys in document order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_ref())
    }

    /// The values in document order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.entries.iter().map(|(_, value)| value)
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        // Equal maps nearly always have the same order: then no key has to be looked up.
        self.len() == other.len()
            && self.entries.iter().zip(&other.entries).all(|((key, value), (other_key, other_value))| {
                if key == other_key { value == other_value } else { other.get(key) == Some(value) }
            })
    }
}

impl FromIterator<(Text, Value)> for Map {
    /// Collects entries whose keys are distinct.
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl<K: Into<Text>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Map {
    /// A map of entries whose keys are distinct.
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
    }
}

impl Extend<(Text, Value)> for Map {
    /// Sets each entry, in place when its key exists and at the end otherwise.
    fn extend<I: IntoIterator<Item = (Text, Value)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl IntoIterator for Map {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a str, &'a Value);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Text, Value)>, fn(&'a (Text, Value)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(key, value)| (key.as_ref(), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_does_not_count_for_equality() {
        let one = Map::from([("a", 1), ("b", 2), ("c", 3)]);
        let mut other = Map::from([("c", 3), ("b", 2), ("a", 1)]);
        assert_eq!(one, other);
        assert_eq!(one.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
        other.sort_keys();
        assert_eq!(other.keys().collect::<Vec<_>>(), ["a", "b", "c"]);
        other.insert("b", 5);
        assert_ne!(one, other);
    }

    #[test]
    fn setting_a_key_again_keeps_its_position() {
        let mut map = Map::from([("a", 1), ("b", 2)]);
        assert_eq!(map.insert("a", 3), Some(Value::from(1)));
        assert_eq!(map.first(), Some(("a", &Value::from(3))));
        assert_eq!(map.remove("a"), Some(Value::from(3)));
        map.insert_at(0, "z", 9);
        map.extend([("b".into(), 7.into()), ("c".into(), 8.into())]);
        assert_eq!(map, Map::from([("z", 9), ("b", 7), ("c", 8)]));
        map.retain(|key, _| key != "b");
        assert_eq!(map.into_iter().map(|(key, _)| key).collect::<Vec<_>>(), ["z", "c"]);
    }

    #[test]
    fn a_missing_entry_is_made_once() {
        let mut map = Map::new();
        *map.entry_or_insert_with("a", || 1.into()) = 2.into();
        assert_eq!(map.entry_or_insert_with("a", || 1.into()), &Value::from(2));
    }
}
