//! The function that tells of jobs, results and genomes.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::job_api)
}
