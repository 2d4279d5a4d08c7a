//! bus-observatory from end to end: feeds on loopback are grabbed by the inputs of their schedules, merged, and asked for.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod api;
mod grab;
mod keys;
mod merge;
mod world;
