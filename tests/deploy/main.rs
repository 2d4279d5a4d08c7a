//! Deployment from end to end, on a local AWS of the tests' own. Each test has an account of its own on it.
//!
//! `cargo test --features deploy --test deploy`. Python 3.10 or newer is needed; the server's packages are installed once.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod account;
mod approval;
mod apps;
mod assets;
mod command;
mod custom;
mod failures;
mod faults;
mod grants;
mod import;
#[path = "../json_schema/mod.rs"]
mod json_schema;
mod judgement;
mod killed;
mod lifecycle;
mod local;
mod modes;
mod moved;
mod order;
mod parameters;
mod program;
mod proxy;
mod recovery;
mod running;
mod shipping;
mod terminal;
mod together;
