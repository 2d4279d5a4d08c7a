//! Genomes of chance, and what the local command says of them.

use genome_pipeline::contract::Options;
use genome_pipeline::efficiency::Optimisation;
use genome_pipeline::fasta;
use genome_pipeline::guide::Identity;
use genome_pipeline::index::{Builder, Sites};
use genome_pipeline::off_target::Settings;
use genome_pipeline::run::{Results, run};

/// Bases by chance, the same for the same seed.
pub(crate) fn bases(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let base = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"ACGT"[usize::try_from(state >> 62).unwrap()])
    };
    (0..length).map(base).collect()
}

/// A genome in two records, in which the first thousand bases of the first come again in the second, a little changed and
/// on the other strand, beside an N run and small letters.
pub(crate) fn genome(seed: u64) -> (String, String) {
    let first = bases(seed, 12_000);
    let repeat: String = first[..1_000].chars().rev().map(complement).collect();
    let changed: String = repeat.char_indices().map(|(place, base)| if place % 37 == 0 { 'A' } else { base }).collect();
    let second =
        format!("{}{}{changed}{}", bases(seed + 1, 3_000).to_lowercase(), "N".repeat(100), bases(seed + 2, 500));
    let wrapped = |text: &str| {
        text.as_bytes()
            .chunks(80)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect::<Vec<_>>()
            .join("\r\n")
    };
    let fasta = format!(">chr1 the first\r\n{}\r\n\r\n>chr2\r\n{}\r\n", wrapped(&first), wrapped(&second));
    (fasta, first[200..1_400].to_owned())
}

fn complement(base: char) -> char {
    match base {
        'A' => 'T',
        'C' => 'G',
        'G' => 'C',
        _ => 'A',
    }
}

/// What `crispr run` gives for the same genome and sequence.
pub(crate) fn judged(genome: &[u8], sequence: &str) -> Results {
    let mut builder = Builder::new(Sites::All);
    builder.add_fasta(genome, "genome.fa").unwrap();
    let index = builder.finish().unwrap();
    let records = fasta::records(sequence.as_bytes(), "sequence").unwrap();
    let settings = Settings { listed: 1_000, ..Settings::new(&Options::default(), false).unwrap() };
    run(&records, &index, Identity::Protospacer, Optimisation::UltraLow, &settings, &()).unwrap()
}

/// The CSV file of results.
pub(crate) fn csv(results: &Results) -> String {
    let mut csv = Vec::new();
    genome_pipeline::output::write_csv(&results.rows, &mut csv).unwrap();
    String::from_utf8(csv).unwrap()
}
