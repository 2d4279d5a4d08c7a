//! etl from end to end: sources on loopback are refreshed into the table, its messages seen in a queue of the topic, the
//! table read through the API, and the page in a real browser.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod api;
mod known;
mod locks;
mod page;
mod sources;
mod world;
