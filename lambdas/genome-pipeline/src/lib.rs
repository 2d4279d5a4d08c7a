//! Cas9 guides of a DNA sequence, their efficiency and their off-target risk against a whole genome.
//!
//! [`contract`] is what the stacks `genome-ami` and `genome-pipeline` and the handlers agree on.

pub mod contract;
