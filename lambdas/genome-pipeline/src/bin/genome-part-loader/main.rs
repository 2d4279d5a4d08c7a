//! The function that fetches a part of a file.

fn main() -> Result<(), handler_runtime::Error> {
    genome_pipeline::aws::run(genome_pipeline::aws::part_loader)
}
