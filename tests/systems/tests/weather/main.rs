//! weather-ingest from end to end: executions of the state machine against an API on loopback, the topic's messages seen in
//! a queue, and the back-fill.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod backfill;
mod failures;
mod hours;
mod parquet;
mod scripts;
mod secrecy;
mod world;
