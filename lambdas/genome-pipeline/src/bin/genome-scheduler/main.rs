//! The function that starts the work of jobs and ends the overdue.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::scheduler)
}
