//! The function that predicts the efficiency of guides.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::consensus)
}
