//! The function that builds the index of a genome.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::index_builder)
}
