//! What the functions and the worker do, over traits of the services: it runs without AWS.
//!
//! A message of a queue goes to [`deliver`], a new job and the tick go to [`schedule`], requests of the API go to
//! [`submit`], [`api`] and [`upload`]. [`worker`] does all that functions do in one program. State comes first and messages
//! second everywhere: what is received twice repeats the messages, and changes nothing else.

pub mod answer;
pub mod api;
mod build;
mod cache;
pub mod deliver;
mod download;
mod failure;
mod genomes;
pub mod item;
mod jobs;
mod launch;
#[cfg(test)]
mod memory;
mod ncbi;
mod part;
mod rows;
mod scan;
pub mod schedule;
mod score;
pub mod services;
pub mod submit;
#[cfg(test)]
mod tests;
pub mod upload;
pub mod worker;

pub use cache::Indexes;
pub use failure::Failure;
