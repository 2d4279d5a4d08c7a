//! Daily US covid-19 figures with a dashboard.
//!
//! One function refreshes a table of cumulative figures from two sources, another serves it. [`contract`] is what the
//! stacks `etl-backend` and `etl-frontend` and these functions agree on.

pub mod contract;
