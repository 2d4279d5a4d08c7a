//! genome-pipeline: Cas9 guides of a sequence, with their efficiency and their off-target risk against a whole genome.
//!
//! A job goes from the API to its table, whose stream wakes the scheduler. Its genome is downloaded and indexed once
//! (`download` → `parts` → `index`, or an instance of the worker when it is large), then its guides are found and scored
//! (`scan` → `consensus` and `offtarget`).

mod line;
mod ncbi;
mod preparation;
mod scheduler;
mod scoring;
mod settings;
mod store;
mod web;
mod worker;

use stackgen::prelude::*;

use ncbi::Ncbi;
use scheduler::Starts;
pub use settings::Settings;
use store::Store;
use worker::Worker;

/// The package of the functions.
const PACKAGE: &str = "genome-pipeline";

/// Adds the stack, whose worker starts from the image of `genome-ami`.
pub fn genome_pipeline(app: &mut App, image: &AmiBuilderHandle, settings: &Settings) {
    let mut stack = app.stack("genome-pipeline");
    stack.description("Cas9 guides of a DNA sequence, their efficiency, and their off-target risk against a genome");

    let ncbi = Ncbi::add_to(&mut stack);
    let store = Store::add_to(&mut stack);
    let scan = scoring::add_to(&mut stack, &store);
    let preparation = preparation::add_to(&mut stack, &store, &scan, &ncbi.files);
    let worker = Worker::add_to(&mut stack, &store, &ncbi, image, settings);
    let starts = Starts { preparation: &preparation, scan: &scan, worker: &worker };
    scheduler::add_to(&mut stack, &store, &ncbi, &starts, settings);
    web::add_to(&mut stack, &store, settings);

    stack.output("GenomeBucket", store.bucket.name());
    stack.output("JobsTable", store.jobs.name());
    stack.output("TasksTable", store.tasks.name());
    stack.output("TargetsTable", store.targets.name());
    stack.output("GenomesTable", store.genomes.name());
}
