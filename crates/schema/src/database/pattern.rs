//! The regular expressions of the schemas, compiled when first needed.

use std::sync::OnceLock;

use regex_lite::{Regex, RegexBuilder};

use super::Database;

/// A pattern of the schemas, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PatternId(usize);

/// Every pattern that was compiled.
static COMPILED: OnceLock<Box<[OnceLock<Option<Regex>>]>> = OnceLock::new();

/// The memory that one compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 16 << 20;

impl PatternId {
    pub(crate) const fn new(number: usize) -> Self {
        Self(number)
    }

    /// The text of the pattern.
    pub(crate) fn text(self) -> &'static str {
        Database::get().pattern(self.0)
    }

    /// Whether the pattern is found in `text`.
    pub(crate) fn matches(self, text: &str) -> bool {
        let compiled = COMPILED
            .get_or_init(|| std::iter::repeat_with(OnceLock::new).take(Database::get().pattern_count()).collect());
        let regex = compiled[self.0].get_or_init(|| RegexBuilder::new(self.text()).size_limit(SIZE_LIMIT).build().ok());
        // A pattern that the engine refuses, which the generator of the database does not let in, accepts everything.
        regex.as_ref().is_none_or(|regex| {
            // Java's `$` also matches before a line break that ends the text.
            regex.is_match(text) || text.strip_suffix('\n').is_some_and(|text| regex.is_match(text))
        })
    }
}
