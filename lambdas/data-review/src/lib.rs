//! Automatic review of oceanographic data files.
//!
//! Each file put into the bucket is identified by its content, queued, analysed by one handler and summarised in a
//! table. [`contract`] is what the stack `data-review` and its handlers agree on.

pub mod contract;
