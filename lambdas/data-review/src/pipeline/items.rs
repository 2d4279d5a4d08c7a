//! A review as items of the table `AggregationStats`.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::mark::Mark;
use super::objects::Facts;
use super::{in_table, object_version};
use crate::contract::tables::stats;
use crate::{ANALYSIS_VERSION, Cast, Finding, Review};

/// An item: its attributes by their names.
pub type Item = Map<String, Value>;

/// Bytes of JSON that an item has at most. The table accepts 400 KiB, and counts less than JSON has.
const ITEM_BYTES: usize = 350_000;
/// Groups of findings in one item.
const GROUPS: usize = 25;
/// Names of cruises, and of sections, in the summary. A file of more is none of a cruise, and its casts tell them all.
const NAMES: usize = 200;

/// All items of a review.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Items {
    pub(super) summary: Item,
    pub(super) details: Vec<Item>,
    pub(super) mark: Mark,
}

impl Items {
    pub(super) fn of(filename: &str, facts: &Facts, review: &Review, now: Timestamp) -> Self {
        let version = object_version(facts.version.as_deref(), &facts.etag);
        let new = |item: String| {
            let mut new = Item::new();
            new.insert(stats::FILENAME.into(), filename.into());
            new.insert(stats::ITEM.into(), item.into());
            new.insert("object_version".into(), version.clone().into());
            new.insert("last_modified".into(), facts.last_modified.clone().into());
            new
        };
        let mut details = Vec::new();
        for parameter in &review.parameters {
            let mut item = new(format!("{}{version}#{}", stats::PARAMETER_PREFIX, parameter.parameter));
            extend(&mut item, parameter);
            details.push(item);
        }
        let mut keys = HashSet::new();
        for cast in &review.casts {
            let key = cast_key(cast);
            if keys.insert(key.clone()) {
                let mut item = new(format!("{}{version}#{key}", stats::CAST_PREFIX));
                extend(&mut item, cast);
                details.push(item);
            }
        }

        let mut summary = new(stats::SUMMARY.into());
        extend(&mut summary, &review.summary);
        for names in ["expocodes", "sections"] {
            if let Some(Value::Array(names)) = summary.get_mut(names) {
                names.truncate(NAMES);
            }
        }
        summary.insert("etag".into(), facts.etag.clone().into());
        summary.insert("size".into(), facts.size.into());
        summary.insert("analysed_at".into(), in_table(now).into());
        summary.insert("analysis_version".into(), ANALYSIS_VERSION.into());
        let room = ITEM_BYTES.saturating_sub(bytes(&summary));
        let (first, _) = review.split_findings();
        let (fitting, taken) = fill(first, first.len(), room);
        summary.insert("findings".into(), fitting);

        let mut rest = &review.findings[taken..];
        let mut number = 0_usize;
        while !rest.is_empty() {
            let (groups, taken) = fill(rest, GROUPS, ITEM_BYTES);
            let mut item = new(format!("{}{version}#{number:04}", stats::FINDINGS_PREFIX));
            item.insert("findings".into(), groups);
            details.push(item);
            // A group of five places never fills an item; were it so, it would be left out rather than repeated.
            rest = &rest[taken.max(1)..];
            number += 1;
        }
        let mark = Mark {
            object_version: version.clone(),
            etag: facts.etag.clone(),
            last_modified: facts.last_modified.clone(),
            analysis_version: ANALYSIS_VERSION,
        };
        Self { summary, details, mark }
    }

    /// The sort keys of the details.
    pub(super) fn keys(&self) -> HashSet<&str> {
        self.details.iter().filter_map(|item| item.get(stats::ITEM)?.as_str()).collect()
    }
}

/// As many of the first groups as an item of so many bytes has room for, and how many they are.
fn fill(findings: &[Finding], most: usize, room: usize) -> (Value, usize) {
    let mut groups = Vec::new();
    let mut used = 0;
    for finding in findings.iter().take(most) {
        let Value::Object(group) = value_of(finding) else { continue };
        used += bytes(&group) + 1;
        if used > room {
            break;
        }
        groups.push(Value::Object(group));
    }
    let count = groups.len();
    (groups.into(), count)
}

/// Adds the fields of something; those that have no value are left out.
fn extend(item: &mut Item, fields: &impl Serialize) {
    if let Value::Object(fields) = value_of(fields) {
        item.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
    }
}

/// Never fails: all keys are texts.
fn value_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| json!({"error": error.to_string()}))
}

fn bytes(item: &Item) -> usize {
    serde_json::to_string(item).map_or(usize::MAX, |text| text.len())
}

/// `<expocode>|<station>|<cast>`. A `|` within a part is escaped, so that no two casts share a key.
fn cast_key(cast: &Cast) -> String {
    [&cast.expocode, &cast.station, &cast.cast].map(|part| part.replace('%', "%25").replace('|', "%7C")).join("|")
}
