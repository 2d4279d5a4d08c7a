//! Automatic review of oceanographic data files.
//!
//! Each file put into the bucket is identified by its content, queued, analysed by one handler and summarised in a
//! table. [`contract`] is what the stack `data-review` and its handlers agree on. The feature `review` adds the review
//! itself, which knows nothing of AWS: [`identify`] tells what a file is from a few ranges of it, and [`review`] reads
//! all of it. The feature `handler` adds what the functions do with that: `pipeline` over traits for the services, and `aws`
//! with the services themselves.

pub mod contract;

#[cfg(feature = "handler")]
pub mod aws;
#[cfg(feature = "handler")]
pub mod pipeline;

#[cfg(feature = "review")]
mod archive;
#[cfg(feature = "review")]
mod area;
#[cfg(feature = "review")]
mod beginning;
#[cfg(feature = "review")]
mod calendar;
#[cfg(feature = "review")]
mod cast;
#[cfg(feature = "review")]
mod collector;
#[cfg(feature = "review")]
mod exchange;
#[cfg(feature = "review")]
mod failure;
#[cfg(feature = "review")]
mod finding;
#[cfg(feature = "review")]
mod flag;
#[cfg(feature = "review")]
mod identify;
#[cfg(feature = "review")]
mod limits;
#[cfg(feature = "review")]
mod netcdf;
#[cfg(feature = "review")]
mod number;
#[cfg(feature = "review")]
mod report;
#[cfg(feature = "review")]
mod review;
#[cfg(feature = "review")]
mod source;
#[cfg(feature = "review")]
mod statistics;
#[cfg(feature = "review")]
mod text;

#[cfg(feature = "review")]
pub use self::{
    area::Area,
    cast::Cast,
    failure::Failure,
    finding::{Code, Finding, Place},
    identify::{Identity, identify},
    limits::Limits,
    report::{ANALYSIS_VERSION, FindingCounts, Review, SUMMARY_FINDINGS, Summary},
    review::review,
    source::{BLOCK, Blocks, Source},
    statistics::Parameter,
};
