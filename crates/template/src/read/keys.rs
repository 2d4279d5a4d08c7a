//! The search for duplicate keys.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::Map;

/// From this many entries on, keys are looked up by hash: comparing each with all others would take too long.
const MANY: usize = 16;

/// Tells whether a key is new to a mapping that is being read.
#[derive(Debug, Default)]
pub(super) struct Keys {
    many: Option<(RandomState, HashSet<u64>)>,
}

impl Keys {
    /// The index of the entry of `map` that has `key` already. To be asked once for every key, before it is added.
    pub(super) fn duplicate(&mut self, map: &Map, key: &str) -> Option<usize> {
        let search = || map.keys().position(|present| present == key);
        if map.len() < MANY {
            return search();
        }
        let (state, hashes) = self.many.get_or_insert_with(|| {
            let state = RandomState::new();
            let hashes = map.keys().map(|key| state.hash_one(key)).collect();
            (state, hashes)
        });
        // Two keys may have the same hash, so a hit is only a reason to look closer.
        if hashes.insert(state.hash_one(key)) { None } else { search() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_found_in_small_and_large_mappings() {
        let mut map = Map::new();
        let mut keys = Keys::default();
        for number in 0..100 {
            let key = format!("key{number}");
            assert_eq!(keys.duplicate(&map, &key), None);
            map.push(key, number);
            let earlier = number / 2;
            assert_eq!(keys.duplicate(&map, &format!("key{earlier}")), usize::try_from(earlier).ok());
        }
    }
}
