//! Events of the schedules, and what the functions return.

use serde::{Deserialize, Serialize};

use crate::feeds::Feed;

/// What `bus-grabber` is invoked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrabEvent {
    /// The feed, with the name of its secret and never the key.
    pub feed: Feed,
    /// The time that the grab was planned for: RFC 3339, UTC. The schedule writes
    /// [`SCHEDULED_TIME`](stackgen_contract::scheduler::SCHEDULED_TIME).
    pub scheduled_time: String,
}

/// What `bus-grabber` returns: numbers of observations, as in the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GrabReport {
    /// Rows that were written.
    pub rows: u64,
    /// Rows that the grab before had already.
    pub duplicates: u64,
    /// Entities that could not be read.
    pub rejected: u64,
    /// Observations over 24 hours old.
    pub stale: u64,
    /// Observations over 5 minutes ahead.
    pub future: u64,
    /// Rows at most 15 minutes old.
    pub fresh_rows: u64,
    /// Whether the body was cut short.
    pub partial: bool,
}

/// What `bus-compactor` is invoked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompactEvent {
    /// Id of the feed.
    pub system_id: String,
    /// The first hour to look at, as any time within it: RFC 3339. Without it, the last three days in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last hour to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What `bus-compactor` returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CompactReport {
    /// Hours that were looked at.
    pub partitions: u64,
    /// Files that were merged.
    pub inputs: u64,
    /// Rows of the merged files.
    pub rows: u64,
    /// Rows that were there twice.
    pub duplicates: u64,
    /// Files that could not be read, and were left.
    pub unreadable: u64,
    /// Objects that were deleted after the commit.
    pub deleted: u64,
}

impl CompactReport {
    /// Adds the counts of another report.
    pub fn add(&mut self, other: &Self) {
        self.partitions += other.partitions;
        self.inputs += other.inputs;
        self.rows += other.rows;
        self.duplicates += other.duplicates;
        self.unreadable += other.unreadable;
        self.deleted += other.deleted;
    }
}
