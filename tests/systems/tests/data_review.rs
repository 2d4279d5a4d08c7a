//! data-review from end to end: files in the bucket become rows of both tables.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

#[path = "data_review/cruises.rs"]
mod cruises;
#[path = "data_review/events.rs"]
mod events;
#[path = "data_review/samples.rs"]
mod samples;
#[path = "data_review/system.rs"]
mod system;
#[path = "data_review/trouble.rs"]
mod trouble;
