//! The function that scores the off-target risk of guides.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::off_target_scorer)
}
