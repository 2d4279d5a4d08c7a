//! The function that takes jobs.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::create_job)
}
