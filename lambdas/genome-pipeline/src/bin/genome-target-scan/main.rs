//! The function that finds the guides of a job.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::target_scan)
}
