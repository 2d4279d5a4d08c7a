//! Resources under another logical id: as records of the app say, and as equal content suggests.

use std::collections::{BTreeMap, HashMap, HashSet};

use stackgen_template::{ResourceView, Template, Value, to_json_compact};

use crate::core::Move;

use super::canonical::{Canonical, Renames};
use super::changes::SuggestedMove;

/// More pairs than that of equal content are not compared with each other.
const PAIR_LIMIT: usize = 100_000;

/// More rounds than that are not made. Each finds the moved resources that refer only to those found before.
const ROUNDS: usize = 8;

/// What the records say of the resources of two templates.
#[derive(Debug, Default)]
pub(super) struct Moved<'a> {
    /// New logical ids by old ones.
    pub(super) renames: Renames<'a>,
    /// Records that fit no resource.
    pub(super) without_source: Vec<&'a Move>,
}

/// Reads the records. A record speaks of one resource, or of all below a construct: then both ids are beginnings.
pub(super) fn recorded<'a>(before: &'a Template, after: &'a Template, records: &'a [Move]) -> Moved<'a> {
    let mut moved = Moved::default();
    if records.is_empty() {
        return moved;
    }
    let old: HashSet<&str> = before.resources().map(|resource| resource.logical_id).collect();
    let new: HashMap<String, &str> =
        after.resources().map(|resource| (resource.logical_id.to_owned(), resource.logical_id)).collect();
    for record in records {
        let mut found = false;
        for id in &old {
            let Some(rest) = id.strip_prefix(record.from.as_str()) else { continue };
            // The rest of an id is the path from there down, and names begin with a capital letter or a digit.
            if rest.starts_with(|letter: char| letter.is_ascii_lowercase()) || new.contains_key(*id) {
                continue;
            }
            if let Some(target) = new.get(&format!("{}{rest}", record.to)).filter(|target| !old.contains(**target)) {
                moved.renames.insert(id, target);
                found = true;
            }
        }
        // A record stays in the app after it was deployed.
        let is_done = new.keys().any(|id| id.starts_with(&record.to) && old.contains(id.as_str()));
        if !found && !is_done {
            moved.without_source.push(record);
        }
    }
    moved
}

/// Pairs of removed and added resources of equal content, as far as it is clear which belongs to which.
pub(super) fn suggested<'a>(before: &'a Template, after: &'a Template, renames: &Renames<'a>) -> Vec<SuggestedMove> {
    let old_ids: HashSet<&str> = before.resources().map(|resource| resource.logical_id).collect();
    let new_ids: HashSet<&str> = after.resources().map(|resource| resource.logical_id).collect();
    let taken: HashSet<&str> = renames.values().copied().collect();
    let mut removed: Vec<_> = before
        .resources()
        .filter(|resource| !new_ids.contains(resource.logical_id) && !renames.contains_key(resource.logical_id))
        .collect();
    let mut added: Vec<_> = after
        .resources()
        .filter(|resource| !old_ids.contains(resource.logical_id) && !taken.contains(resource.logical_id))
        .collect();
    let mut known = renames.clone();
    let mut suggestions = Vec::new();
    for _ in 0..ROUNDS {
        if removed.is_empty() || added.is_empty() {
            break;
        }
        let mut by_content: BTreeMap<String, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
        for resource in &removed {
            let content = content(resource.body, Canonical::renaming(&known));
            by_content.entry(content).or_default().0.push(resource.logical_id);
        }
        for resource in &added {
            let content = content(resource.body, Canonical::plain());
            by_content.entry(content).or_default().1.push(resource.logical_id);
        }
        let before_round = known.len();
        for (from, to) in by_content.into_values().flat_map(|(old, new)| pairs(&old, &new)) {
            known.insert(from, to);
            let type_name = removed
                .iter()
                .find(|resource| resource.logical_id == from)
                .and_then(ResourceView::type_name)
                .unwrap_or_default();
            suggestions.push(SuggestedMove {
                from: from.to_owned(),
                to: to.to_owned(),
                type_name: type_name.to_owned(),
            });
            removed.retain(|resource| resource.logical_id != from);
            added.retain(|resource| resource.logical_id != to);
        }
        if known.len() == before_round {
            break;
        }
    }
    suggestions
}

/// Which of several resources of equal content are the same ones: each the most alike to the other by its logical id, and no
/// second one as much.
fn pairs<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    if let ([old], [new]) = (old, new) {
        return vec![(old, new)];
    }
    if old.len().saturating_mul(new.len()) > PAIR_LIMIT {
        return Vec::new();
    }
    let found = old.iter().filter_map(|from| {
        let to = best(from, new)?;
        (best(to, old)? == *from).then_some((*from, to))
    });
    found.collect()
}

/// The one that is most like `id`; none when there are two of them.
fn best<'a>(id: &str, others: &[&'a str]) -> Option<&'a str> {
    let mut best: Option<(usize, &'a str)> = None;
    let mut is_single = false;
    for other in others {
        let likeness = likeness(id, other);
        match best {
            Some((most, _)) if likeness < most => {}
            Some((most, _)) if likeness == most => is_single = false,
            _ => {
                best = Some((likeness, other));
                is_single = true;
            }
        }
    }
    best.filter(|_| is_single).map(|(_, other)| other)
}

/// How many letters two ids share at the beginning and at the end.
fn likeness(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let prefix = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let rest = (&one[prefix..], &other[prefix..]);
    prefix + rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(one, other)| one == other).count()
}

/// What a resource is, as text: type and properties, with keys in order.
fn content(body: &Value, canonical: Canonical<'_>) -> String {
    let type_name = body.get("Type").and_then(Value::as_str).unwrap_or_default();
    let properties = body.get("Properties").and_then(|value| canonical.of(value, None));
    let mut properties = properties.unwrap_or_default();
    sort(&mut properties);
    format!("{type_name} {}", to_json_compact(&properties))
}

fn sort(value: &mut Value) {
    match value {
        Value::List(items) => items.iter_mut().for_each(sort),
        Value::Map(map) => {
            map.iter_mut().for_each(|(_, value)| sort(value));
            map.sort_keys();
        }
        _ => {}
    }
}
