//! Scores of single sites.

pub mod cfd;
pub mod mit;
