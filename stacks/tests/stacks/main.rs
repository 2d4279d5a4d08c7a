//! The templates of the app, against what each system needs.

#![allow(clippy::unwrap_used)]

mod bus_iceberg;
mod bus_observatory;
mod ci_roles;
mod data_review;
mod etl;
mod every_stack;
mod genome_ami;
mod genome_grants;
mod genome_pipeline;
mod genome_site;
mod genome_worker;
mod readme;
mod scripts;
mod synthesized;
mod weather_ingest;
mod wrong_feeds;
