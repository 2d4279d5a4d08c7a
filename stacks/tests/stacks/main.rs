//! The templates of the app, against what each system needs.

#![allow(clippy::unwrap_used)]

mod data_review;
mod etl;
mod every_stack;
mod scripts;
mod synthesized;
mod weather_ingest;
