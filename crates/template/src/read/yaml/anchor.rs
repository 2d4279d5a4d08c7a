//! Anchored values, and the limit on what aliases make of them.

use std::collections::HashMap;

use crate::place::Recorded;
use crate::{Map, Value};

/// How many keys and values all copies together may have: a few times what the largest template has.
const NODE_LIMIT: usize = 250_000;

/// How many bytes of text all copies together may have.
const BYTE_LIMIT: usize = 16 * 1024 * 1024;

/// The values that have an anchor, by the number that the parser gives it.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    values: HashMap<usize, Anchored>,
    nodes: usize,
    bytes: usize,
}

/// A value that has an anchor, and its places.
#[derive(Debug, Clone)]
pub(super) struct Anchored {
    pub(super) value: Value,
    pub(super) places: Recorded,
}

/// That the copies are more than the limits allow.
#[derive(Debug)]
pub(super) struct TooLarge;

impl Anchors {
    /// Keeps a copy of a value for the aliases to come. Nested anchors make many copies, so these count too.
    pub(super) fn keep(&mut self, anchor: usize, value: &Value, places: Recorded) -> Result<(), TooLarge> {
        self.charge(value, &places)?;
        self.values.insert(anchor, Anchored { value: value.clone(), places });
        Ok(())
    }

    /// A copy of the value of an anchor; none when the value is not complete yet.
    pub(super) fn copy(&mut self, anchor: usize) -> Result<Option<Anchored>, TooLarge> {
        let Some(anchored) = self.values.remove(&anchor) else { return Ok(None) };
        self.charge(&anchored.value, &anchored.places)?;
        let copy = anchored.clone();
        self.values.insert(anchor, anchored);
        Ok(Some(copy))
    }

    fn charge(&mut self, value: &Value, places: &Recorded) -> Result<(), TooLarge> {
        self.nodes += places.len();
        self.bytes += bytes(value);
        if self.nodes > NODE_LIMIT || self.bytes > BYTE_LIMIT { Err(TooLarge) } else { Ok(()) }
    }
}

/// The length of all text in a value.
fn bytes(value: &Value) -> usize {
    let entries = |map: &Map| map.iter().map(|(key, value)| key.len() + bytes(value)).sum();
    match value {
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().map(bytes).sum(),
        Value::Map(map) => entries(map),
        _ => 0,
    }
}
