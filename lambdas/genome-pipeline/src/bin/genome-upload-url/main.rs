//! The function that signs uploads of genomes.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::upload_url)
}
