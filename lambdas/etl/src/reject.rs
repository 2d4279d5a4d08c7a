//! Rows that are not taken.

use serde::Serialize;

use crate::contract::{RejectReason, Source};
use crate::series::amount;

/// How many rejected rows of a run are kept.
pub const MAX_KEPT: usize = 1_000;
/// How many of them the message names.
const IN_MESSAGE: usize = 10;
/// Characters of a row's text that are kept.
const TEXT_CHARACTERS: usize = 200;

/// A row that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// Which source it is of.
    pub source: Source,
    /// Its line, the header being 1.
    pub line: u64,
    /// Its text, cut after 200 characters.
    pub text: String,
    /// Why it is not taken.
    pub reason: RejectReason,
}

impl Rejected {
    /// One readable line.
    fn told(&self) -> String {
        let source = match self.source {
            Source::Nyt => "nyt",
            Source::Jhu => "jhu",
        };
        format!("{source} line {}: {}: {}", self.line, reason(self.reason), self.text)
    }
}

/// The rows that are not taken: the count of all, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rejects {
    /// How many there are.
    pub count: u64,
    /// The first 1,000, in the order of their lines within each source.
    pub kept: Vec<Rejected>,
}

impl Rejects {
    pub(crate) fn add(&mut self, source: Source, line: u64, text: &[u8], reason: RejectReason) {
        self.count += 1;
        if self.kept.len() < MAX_KEPT {
            // A character takes at most four bytes: no need to look at the rest of a row of megabytes.
            let start = &text[..text.len().min(4 * TEXT_CHARACTERS)];
            let text = String::from_utf8_lossy(start).chars().take(TEXT_CHARACTERS).collect();
            self.kept.push(Rejected { source, line, text, reason });
        }
    }

    pub(crate) fn sort(&mut self) {
        self.kept.sort_by_key(|rejected| rejected.line);
    }

    /// Those of both sources.
    pub(crate) fn joined(mut self, other: Self) -> Self {
        self.count += other.count;
        let room = MAX_KEPT.saturating_sub(self.kept.len());
        self.kept.extend(other.kept.into_iter().take(room));
        self
    }

    /// The first ten as readable lines.
    pub(crate) fn told(&self) -> Vec<String> {
        self.kept.iter().take(IN_MESSAGE).map(Rejected::told).collect()
    }

    /// The content of `rejects/<run_id>.json`.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let left_out = self.count - amount(self.kept.len());
        let content = serde_json::json!({ "count": self.count, "left_out": left_out, "rows": self.kept });
        content.to_string().into_bytes()
    }
}

const fn reason(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::BadDate => "bad_date",
        RejectReason::FutureDate => "future_date",
        RejectReason::BadNumber => "bad_number",
        RejectReason::UnexpectedProvince => "unexpected_province",
        RejectReason::DuplicateConflict => "duplicate_conflict",
    }
}
