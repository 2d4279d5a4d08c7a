//! Keys of the genome bucket. The grants of the functions name the same prefixes.

/// Prefix of genomes that people uploaded.
pub const CUSTOM_PREFIX: &str = "custom/";
/// Prefix of results.
pub const RESULTS_PREFIX: &str = "results/";
/// What keys of FASTA files begin with, with a `*` for the genome: for grants.
pub const FASTA_PATTERN: &str = "*/fasta/";
/// What keys of indexes begin with, with a `*` for the genome: for grants.
pub const INDEX_PATTERN: &str = "*/index/";

/// The folder of a genome: an accession stands at the top, a custom name below [`CUSTOM_PREFIX`]. An accession begins
/// with a capital letter and a custom name never does.
pub fn genome_folder(genome: &str) -> String {
    if genome.starts_with(|first: char| first.is_ascii_uppercase()) {
        format!("{genome}/")
    } else {
        format!("{CUSTOM_PREFIX}{genome}/")
    }
}

/// A FASTA file of a genome.
pub fn fasta(genome: &str, file: &str) -> String {
    format!("{}fasta/{file}", genome_folder(genome))
}

/// The index that an attempt built.
pub fn index(genome: &str, attempt: u32) -> String {
    format!("{}index/{attempt}.crx", genome_folder(genome))
}

/// What tells of the index of a genome.
pub fn manifest(genome: &str) -> String {
    format!("{}index/manifest.json", genome_folder(genome))
}

/// The ranked guides of a job, for the API.
pub fn ranked(job: &str) -> String {
    format!("{RESULTS_PREFIX}{job}/ranked.json.gz")
}

/// The ranked guides of a job as CSV.
pub fn csv(job: &str) -> String {
    format!("{RESULTS_PREFIX}{job}/targets.csv")
}

/// The guides of a job as BED.
pub fn bed(job: &str) -> String {
    format!("{RESULTS_PREFIX}{job}/targets.bed")
}

/// The off-target sites of a guide.
pub fn off_targets(job: &str, target: u32) -> String {
    format!("{RESULTS_PREFIX}{job}/off/{target}.json.gz")
}

/// Name of the parameter that holds the id of the worker's image, which the stack `stack` builds.
pub fn image_parameter(stack: &str) -> String {
    format!("/imagebuilder/{stack}/ami-id")
}
