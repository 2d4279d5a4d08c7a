//! Cas9 guides of a DNA sequence, their efficiency and their off-target risk against a whole genome.
//!
//! [`contract`] is what the stacks `genome-ami` and `genome-pipeline` and the handlers agree on. The feature `science`
//! adds the rest, which knows nothing of AWS: [`fasta`] reads genomes, [`guide`] finds guides, [`index`] finds the sites
//! of a genome that resemble them, [`off_target`] and [`efficiency`] judge them, [`run`](mod@run) does all of it, [`output`] writes it.
//! The feature `pipeline` adds what functions and worker do, over traits of the services; `handler` adds these on AWS.

#[cfg(feature = "handler")]
pub mod aws;
pub mod contract;

#[cfg(feature = "science")]
pub mod bases;
#[cfg(feature = "science")]
pub mod efficiency;
#[cfg(feature = "science")]
pub mod fasta;
#[cfg(feature = "science")]
pub mod folding;
#[cfg(feature = "science")]
pub mod guide;
#[cfg(feature = "science")]
pub mod index;
#[cfg(feature = "science")]
pub mod off_target;
#[cfg(feature = "science")]
pub mod output;
#[cfg(feature = "pipeline")]
pub mod pipeline;
#[cfg(feature = "science")]
pub mod ranking;
#[cfg(feature = "science")]
pub mod run;
#[cfg(feature = "science")]
pub mod score;
#[cfg(feature = "science")]
pub mod site;
