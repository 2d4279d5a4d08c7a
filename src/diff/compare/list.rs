//! Lists: what was inserted, what was removed, and which items are the same ones.

use std::collections::{HashMap, HashSet};

use stackgen_template::{Intrinsic, Map, Value};

use super::super::readable::readable;
use super::super::scalar::scalar_text;
use super::{Comparer, Place};

/// The keys that name an item of a list, the surest first.
const NAMES: [&str; 20] = [
    "Key",
    "Sid",
    "Id",
    "Name",
    "IndexName",
    "AttributeName",
    "ParameterName",
    "PolicyName",
    "DeviceName",
    "LogicalId",
    "OriginId",
    "PathPattern",
    "RuleName",
    "VolumeName",
    "ContainerName",
    "KeyType",
    "Priority",
    "key",
    "name",
    "id",
];

/// More pairs than that are not all compared with each other: lists so long are compared item by item.
const PAIR_LIMIT: usize = 1_000_000;

impl Comparer {
    pub(super) fn lists(&mut self, before: &[Value], after: &[Value], place: Place) {
        let inner = Place {
            shape: place.shape.and_then(stackgen_schema::Shape::items),
            sets: place.sets || place.statements,
            statements: false,
            tags: false,
        };
        let unordered = place.sets
            || place.statements
            || place.tags
            || place.shape.is_some_and(stackgen_schema::Shape::is_unordered);
        if let Some((key, named)) = names(before, after) {
            return self.named(key, &named, (before, after), inner, unordered);
        }
        if unordered {
            self.set(before, after, inner);
        } else {
            self.sequence(before, after, inner);
        }
    }

    /// Items that are known by a name.
    fn named(
        &mut self,
        key: &str,
        named: &HashMap<String, usize>,
        (before, after): (&[Value], &[Value]),
        inner: Place,
        unordered: bool,
    ) {
        let start = self.differences.len();
        let mut kept = HashSet::new();
        let mut order = Vec::new();
        for (index, item) in after.iter().enumerate() {
            let name = name_of(item, key).unwrap_or_default();
            self.steps.push_item(index, name.clone());
            match named.get(&name) {
                Some(&old) => {
                    kept.insert(old);
                    order.push(old);
                    self.values(&before[old], item, inner);
                }
                None => self.differ(None, Some(item)),
            }
            self.steps.pop();
        }
        for (index, item) in before.iter().enumerate() {
            if !kept.contains(&index) {
                self.steps.push_item(index, name_of(item, key).unwrap_or_default());
                self.differ(Some(item), None);
                self.steps.pop();
            }
        }
        let in_order = order.is_sorted();
        if !unordered && !in_order && self.differences.len() == start {
            self.differ(Some(&Value::List(before.to_vec())), Some(&Value::List(after.to_vec())));
        }
    }

    /// Items whose order means nothing.
    fn set(&mut self, before: &[Value], after: &[Value], inner: Place) {
        let mut old: Vec<Option<(usize, &Value)>> = before.iter().enumerate().map(Some).collect();
        let mut new = Vec::new();
        for (index, item) in after.iter().enumerate() {
            match old.iter_mut().find(|slot| slot.is_some_and(|(_, other)| other == item)) {
                Some(slot) => *slot = None,
                None => new.push((index, item)),
            }
        }
        let mut old: Vec<(usize, &Value)> = old.into_iter().flatten().collect();
        if let ([(_, other)], [(index, item)]) = (&*old, &*new) {
            return self.at(*index, |comparer| comparer.values(other, item, inner));
        }
        for (index, item) in new {
            match most_alike(item, &old) {
                Some(position) => {
                    let (_, other) = old.remove(position);
                    self.at(index, |comparer| comparer.values(other, item, inner));
                }
                None => self.at(index, |comparer| comparer.differ(None, Some(item))),
            }
        }
        for (index, item) in old {
            self.at(index, |comparer| comparer.differ(Some(item), None));
        }
    }

    /// Items in order.
    fn sequence(&mut self, before: &[Value], after: &[Value], inner: Place) {
        let prefix = before.iter().zip(after).take_while(|(one, other)| one == other).count();
        let (old, new) = (&before[prefix..], &after[prefix..]);
        let suffix = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
        let (old, new) = (&old[..old.len() - suffix], &new[..new.len() - suffix]);
        let mut anchors = common(old, new);
        anchors.push((old.len(), new.len()));
        let (mut old_at, mut new_at) = (0, 0);
        for (old_end, new_end) in anchors {
            self.gap(&old[old_at..old_end], &new[new_at..new_end], (prefix + old_at, prefix + new_at), inner);
            (old_at, new_at) = (old_end + 1, new_end + 1);
        }
    }

    /// What stands between items that are equal: items that are alike are the same ones, changed.
    fn gap(&mut self, old: &[Value], new: &[Value], (old_start, new_start): (usize, usize), inner: Place) {
        let pairs = old.len().min(new.len());
        let mut removed: Vec<usize> = Vec::new();
        let mut position = 0;
        for (index, item) in new.iter().enumerate() {
            // As many as are missing on one side may be skipped there.
            let window = position..old.len().min(position + 1 + old.len().saturating_sub(pairs));
            let found = window.clone().find(|at| is_alike(&old[*at], item));
            match found {
                Some(at) => {
                    removed.extend(position..at);
                    self.at(new_start + index, |comparer| comparer.values(&old[at], item, inner));
                    position = at + 1;
                }
                None if old.len() == new.len() => {
                    self.at(new_start + index, |comparer| comparer.values(&old[index], item, inner));
                    position = position.max(index + 1);
                }
                None => self.at(new_start + index, |comparer| comparer.differ(None, Some(item))),
            }
        }
        removed.extend(position..old.len());
        for at in removed {
            self.at(old_start + at, |comparer| comparer.differ(Some(&old[at]), None));
        }
    }

    fn at(&mut self, index: usize, compare: impl FnOnce(&mut Self)) {
        self.steps.push_index(index);
        compare(self);
        self.steps.pop();
    }
}

/// The key that names every item of both lists, with the old items by name.
fn names(before: &[Value], after: &[Value]) -> Option<(&'static str, HashMap<String, usize>)> {
    if before.is_empty() || after.is_empty() || !before.iter().chain(after).all(|item| plain_map(item).is_some()) {
        return None;
    }
    NAMES.into_iter().find_map(|key| {
        let old = distinct(before, key)?;
        distinct(after, key)?;
        Some((key, old))
    })
}

fn distinct(items: &[Value], key: &str) -> Option<HashMap<String, usize>> {
    let mut names = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if names.insert(name_of(item, key)?, index).is_some() {
            return None;
        }
    }
    Some(names)
}

fn name_of(item: &Value, key: &str) -> Option<String> {
    let value = item.get(key)?;
    match value {
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Some(scalar_text(value)),
        _ => Intrinsic::of(value).map(|_| readable(value)),
    }
}

fn plain_map(value: &Value) -> Option<&Map> {
    value.as_map().filter(|_| Intrinsic::of(value).is_none())
}

/// Whether two items are so alike that one is the other, changed: mappings of which at least half of the entries are
/// equal.
fn is_alike(one: &Value, other: &Value) -> bool {
    likeness(one, other).is_some_and(|(equal, all)| 2 * equal >= all)
}

/// How many entries are equal, and how many there are.
fn likeness(one: &Value, other: &Value) -> Option<(usize, usize)> {
    let (one, other) = (plain_map(one)?, plain_map(other)?);
    let equal = one.iter().filter(|(key, value)| other.get(key) == Some(value)).count();
    Some((equal, one.len().max(other.len())))
}

/// Which of `others` is most like `item`, when one is like it.
fn most_alike(item: &Value, others: &[(usize, &Value)]) -> Option<usize> {
    let scores = others.iter().enumerate().filter_map(|(position, (_, other))| {
        let (equal, all) = likeness(item, other)?;
        (2 * equal >= all).then_some((equal, position))
    });
    scores.max_by_key(|(equal, position)| (*equal, std::cmp::Reverse(*position))).map(|(_, position)| position)
}

/// The longest common subsequence of two lists, as pairs of indices.
fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let (rows, columns) = (old.len(), new.len());
    if rows == 0 || columns == 0 || rows.saturating_mul(columns) > PAIR_LIMIT {
        return Vec::new();
    }
    let width = columns + 1;
    let mut lengths = vec![0u32; (rows + 1) * width];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            lengths[row * width + column] = if old[row] == new[column] {
                lengths[(row + 1) * width + column + 1] + 1
            } else {
                lengths[(row + 1) * width + column].max(lengths[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while row < rows && column < columns {
        if old[row] == new[column] {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}
