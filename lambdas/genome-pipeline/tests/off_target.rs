//! The known answers of off-target scores, and a scorer by brute force to compare with.

#![cfg(feature = "science")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod samples;

use std::{collections::BTreeMap, fmt::Write as _, fs::File, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use genome_pipeline::{
    bases::Protospacer,
    contract::{Method, Options},
    index::{Builder, Format, Index, Sites},
    off_target::{Score, Settings, score},
    score::cfd,
};
use proptest::prelude::*;

fn settings(method: Method, threshold: f64, max_distance: u8, compatible: bool) -> Settings {
    Settings::new(&Options { method, threshold, max_distance }, compatible).unwrap()
}

fn protospacer(text: &str) -> Protospacer {
    Protospacer::new(text.as_bytes()).unwrap()
}

fn scored(index: &Index, guides: &[Protospacer], settings: &Settings) -> Vec<Score> {
    score(index, guides, settings, &|_| ()).unwrap()
}

/// What the command prints for each guide.
fn printed(index: &Index, guides: &[String], method: Method, threshold: f64) -> String {
    let bases: Vec<Protospacer> = guides.iter().map(|guide| protospacer(guide)).collect();
    let settings = Settings { early_exit: true, ..settings(method, threshold, 4, false) };
    guides.iter().zip(scored(index, &bases, &settings)).fold(String::new(), |mut text, (guide, score)| {
        match method {
            Method::Mit => writeln!(text, "{guide}\t{:.6}\t-1", score.mit).unwrap(),
            Method::Cfd => writeln!(text, "{guide}\t-1\t{:.6}", score.cfd).unwrap(),
            _ => writeln!(text, "{guide}\t{:.6}\t{:.6}", score.mit, score.cfd).unwrap(),
        }
        text
    })
}

fn ncov(sites: Sites) -> Option<Index> {
    let mut builder = Builder::new(sites);
    builder.add_fasta(File::open(samples::path("ncov.fa")?).unwrap(), "ncov.fa").unwrap();
    Some(builder.finish().unwrap())
}

#[test]
fn published_scores() {
    let Some(path) = samples::path("ncov.fixed.issl") else { return };
    let index = Index::open(&path).unwrap();
    let guides = samples::lines("ncov.q").unwrap();
    for (method, threshold, expected) in [
        (Method::And, 0.0, "c16362187165750d36d4ba9fc437134e8a144121b6a109fd4b58564f7b1e47aa"),
        (Method::And, 75.0, "c16362187165750d36d4ba9fc437134e8a144121b6a109fd4b58564f7b1e47aa"),
        (Method::Mit, 0.0, "53a9f9f8a6ae8bd0136889fb9788ed03b2c5829b73b4b6cb0ce651ffa290c0ad"),
        (Method::Cfd, 0.0, "e6331ef1b2e1a2880ef5e7c071981d56409083257022dd18e446f2682b204795"),
    ] {
        let text = printed(&index, &guides, method, threshold);
        assert_eq!(samples::sha256(text.as_bytes()), expected, "{method:?} {threshold}");
    }
    let all = ncov(Sites::All).unwrap();
    let text = printed(&all, &guides, Method::And, 0.0);
    assert_eq!(samples::sha256(text.as_bytes()), "e37bae9158e1370e17044d5fb58a79a02f1c6c3903c10ef2adc43aa245ba1883");
    assert_eq!(text.lines().filter(|line| !line.contains("\t100.000000\t")).count(), 14);
    let text = printed(&index, &guides, Method::And, 0.0);
    assert!(text.contains("CTGAGGCTTCTAAGAAGCCT\t95.924098\t98.730606"));
    assert_eq!(text.lines().filter(|line| !line.contains("\t100.000000\t")).count(), 9);
}

#[test]
fn real_pams_and_the_guides_own_site() {
    let Some(index) = ncov(Sites::All) else { return };
    let guides = samples::lines("ncov.q").unwrap();
    let bases: Vec<Protospacer> = guides.iter().map(|guide| protospacer(guide)).collect();
    let settings = Settings { listed: 1_000, ..settings(Method::And, 75.0, 4, false) };
    let scores = scored(&index, &bases, &settings);
    let mean = scores.iter().map(|score| score.cfd_specificity).sum::<f64>() / 1_980.0;
    assert_eq!(format!("{mean:.6}"), "99.955413");
    assert_eq!(scores.iter().filter(|score| format!("{:.6}", score.cfd_specificity) != "100.000000").count(), 12);
    let hits =
        scores.iter().fold([0; 5], |sum, score| std::array::from_fn(|distance| sum[distance] + score.hits[distance]));
    assert_eq!(hits, [1_980, 0, 1, 1, 12]);
    assert!(scores.iter().all(|score| score.perfect_sites() == 1 && score.is_in_genome() && score.accepted));
    let of = |guide: &str| &scores[guides.iter().position(|text| text == guide).unwrap()];
    let places = |guide: &str| {
        of(guide)
            .list
            .sites
            .iter()
            .map(|site| (site.start.unwrap(), site.strand.unwrap().to_string(), site.distance, site.on_target))
            .collect::<Vec<_>>()
    };
    for (guide, specificity, own, other) in
        [("ACATATAAAAATACGTGTGA", "66.077739", 12_499, 16_509), ("TTATATAAAAATACATGTGT", "76.138681", 16_509, 12_499)]
    {
        assert_eq!(format!("{:.6}", of(guide).cfd_specificity), specificity);
        let expected = [(own, "+".to_owned(), 0, true), (other, "+".to_owned(), 4, false)];
        assert_eq!(places(guide), expected);
    }
    let palindrome = of("CTGAGGCTTCTAAGAAGCCT");
    assert_eq!(format!("{:.6}", palindrome.cfd_specificity), "93.103448");
    assert_eq!(
        serde_json::to_value(&palindrome.list).unwrap(),
        serde_json::json!({"total": 2, "sites": [
            {"contig": "NC_045512.2", "start": 29027, "end": 29050, "strand": "+", "sequence": "CTGAGGCTTCTAAGAAGCCTCGG",
             "mismatches": [], "distance": 0, "cfd": 1.0, "on_target": true},
            {"contig": "NC_045512.2", "start": 29027, "end": 29050, "strand": "-", "sequence": "CCGAGGCTTCTTAGAAGCCTCAG",
             "mismatches": [2, 12], "distance": 2, "cfd": palindrome.list.sites[1].cfd, "on_target": false},
        ]})
    );
    for (method, rejected) in [(Method::Mit, 0), (Method::Cfd, 1), (Method::And, 0), (Method::Or, 1), (Method::Avg, 0)]
    {
        let scores = scored(&index, &bases, &self::settings(method, 75.0, 4, false));
        assert_eq!(scores.iter().filter(|score| !score.accepted).count(), rejected, "{method:?}");
    }
}

#[test]
fn early_exit_stops_where_it_was_published() {
    let sites = [
        ("ACCTACGTACGTACTTACGT", 1),
        ("ACGTACGTACGTACGTACGA", 1),
        ("ACGTACGTACGTACGTACGT", 2),
        ("ACGTACGTACGTACGTTCGA", 5),
        ("CCGTACGTACGTACGTACGT", 3),
        ("GGGTACGATCGTACGTACGC", 1),
    ];
    let text: String =
        sites.iter().flat_map(|(site, count)| std::iter::repeat_n([site, "\n"].concat(), *count)).collect();
    let mut builder = Builder::without_places(Sites::Compatible);
    builder.add_sites(text.as_bytes()).unwrap();
    let index = builder.finish().unwrap();
    for (guide, distance, threshold, method, mit, cfd) in [
        ("ACGTACGTACGTACGTACGT", 4, 0.0, Method::And, "22.273476", "94.729377"),
        ("ACGTACGTACGTACGTACGT", 4, 75.0, Method::And, "22.273476", "94.729377"),
        ("ACGTACGTACGTACGTACGT", 4, 75.0, Method::Avg, "22.273476", "94.729377"),
        ("ACGTACGTACGTACGTACGT", 4, 75.0, Method::Or, "70.571630", "99.440646"),
        ("ACGTACGTACGTACGTACGT", 4, 75.0, Method::Mit, "70.571630", ""),
        ("ACGTACGTACGTACGTACGT", 4, 75.0, Method::Cfd, "", "94.729377"),
        ("ACGTACGTACGTACGTACGT", 0, 0.0, Method::And, "100.000000", "98.039216"),
        ("GGGTACGATCGTACGTACGC", 4, 0.0, Method::And, "100.000000", "99.009901"),
        ("TTTTTTTTTTTTTTTTTTTT", 4, 0.0, Method::And, "100.000000", "100.000000"),
    ] {
        let settings = Settings { early_exit: true, ..settings(method, threshold, distance, true) };
        let score = &scored(&index, &[protospacer(guide)], &settings)[0];
        for (found, expected) in [(score.mit, mit), (score.cfd, cfd)] {
            assert!(expected.is_empty() || format!("{found:.6}") == expected, "{guide} {method:?}: {found}");
        }
    }
}

/// The sites of a genome by text: sequence and strand of every 23 letters that end with AG or GG.
fn sites_by_text(genome: &str) -> Vec<(String, bool)> {
    let complement = |letter: char| "TGCA".chars().nth("ACGT".find(letter).unwrap()).unwrap();
    let mut sites = Vec::new();
    for record in genome.split('|') {
        let letters: Vec<char> = record.to_uppercase().chars().collect();
        for window in letters.windows(23).filter(|window| window.iter().all(|letter| "ACGT".contains(*letter))) {
            for text in
                [window.iter().collect::<String>(), window.iter().rev().map(|letter| complement(*letter)).collect()]
            {
                if text.ends_with("AG") || text.ends_with("GG") {
                    sites.push((text[..20].to_owned(), text.ends_with("GG")));
                }
            }
        }
    }
    sites
}

/// The published weights of the MIT score.
const MIT: [f64; 20] = [
    0.0, 0.0, 0.014, 0.0, 0.0, 0.395, 0.317, 0.0, 0.389, 0.079, 0.445, 0.508, 0.613, 0.851, 0.732, 0.828, 0.615, 0.804,
    0.685, 0.583,
];

/// MIT score, both CFD scores, perfect sites and hits of a guide, by comparing it with every site.
fn scores_by_text(guide: &str, sites: &[(String, bool)], max_distance: usize) -> (f64, f64, f64, u64, [u64; 5]) {
    let (mut mit, mut cfd, mut specificity, mut hits, mut perfect) = (0.0, 0.0, 0.0, [0; 5], 0);
    let mut own_site_is_left = true;
    for (site, is_gg) in sites {
        let differing: Vec<usize> = (0..20).filter(|at| guide.as_bytes()[*at] != site.as_bytes()[*at]).collect();
        perfect += u64::from(differing.is_empty());
        if differing.len() > max_distance {
            continue;
        }
        hits[differing.len()] += 1;
        let weight = cfd::mismatch_weight(protospacer(guide), protospacer(site));
        cfd += weight;
        if let [first, .., last] | [first @ last] = differing[..] {
            let count = f64::from(u32::try_from(differing.len()).unwrap());
            let gaps = f64::from(u32::try_from(last - first).unwrap());
            let mean = if differing.len() == 1 { 19.0 } else { gaps / (count - 1.0) };
            let hindered: f64 = differing.iter().map(|at| 1.0 - MIT[*at]).product();
            mit += 100.0 * hindered / ((19.0 - mean) / 19.0 * 4.0 + 1.0) / count.powi(2);
        } else if *is_gg && std::mem::replace(&mut own_site_is_left, false) {
            continue;
        }
        specificity += weight * if *is_gg { 1.0 } else { cfd::pam_weight(*b"AG") };
    }
    (10_000.0 / (100.0 + mit), 10_000.0 / (100.0 + cfd), 100.0 / (1.0 + specificity), perfect, hits)
}

/// Writes records as FASTA, wrapped, perhaps with CRLF, perhaps compressed.
fn fasta(records: &[&str], width: usize, end: &str, compressed: bool) -> Vec<u8> {
    let mut text = String::new();
    for (number, record) in records.iter().enumerate() {
        write!(text, ">record{number} of some{end}").unwrap();
        for line in record.as_bytes().chunks(width) {
            text.push_str(std::str::from_utf8(line).unwrap());
            text.push_str(end);
        }
    }
    if !compressed {
        return text.into_bytes();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A genome: random letters, runs of N, and mutated copies of `guides` with a PAM, on both strands. `|` ends a record.
fn genome() -> impl Strategy<Value = (Vec<String>, String)> {
    let guides = prop::collection::vec("[ACGT]{20}", 1..4);
    let part =
        (0..7_u8, "[ACGT]{1,60}", any::<prop::sample::Index>(), prop::collection::vec((0..20_usize, "[ACGT]"), 0..6));
    (guides, prop::collection::vec(part, 1..40)).prop_map(|(guides, parts)| {
        let mut genome = String::new();
        for (kind, random, which, mutations) in parts {
            let mut copy = which.get(&guides).clone();
            for (at, base) in mutations {
                copy.replace_range(at..=at, &base);
            }
            let reverse = |text: &str| -> String {
                text.chars().rev().map(|letter| "TGCA".chars().nth("ACGT".find(letter).unwrap()).unwrap()).collect()
            };
            match kind {
                0 => genome += &random,
                1 => genome += &random.to_lowercase(),
                2 => genome += "NNNNNN",
                3 => genome += &[&copy, "TGG"].concat(),
                4 => genome += &[&copy, "CAG"].concat(),
                5 => genome += &reverse(&format!("{copy}AGG")),
                _ => genome += "|",
            }
        }
        (guides, genome)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_are_those_of_brute_force(
        (guides, genome) in genome(),
        width in 1_usize..80,
        end in prop::sample::select(["\n", "\r\n"].as_slice()),
        compressed: bool,
        files in 1_usize..3,
        max_distance in 0_u8..=4,
        case: u64,
    ) {
        let records: Vec<&str> = genome.split('|').collect();
        let mut builder = Builder::new(Sites::All);
        for part in records.chunks(records.len().div_ceil(files)) {
            builder.add_fasta(fasta(part, width, end, compressed).as_slice(), "genome.fa").unwrap();
        }
        let index = builder.finish().unwrap();
        let path = std::env::temp_dir().join(format!("genome-pipeline-{}-{case}.crx", std::process::id()));
        index.write(Format::Crx, File::create(&path).unwrap()).unwrap();
        let reopened = Index::open(&path);
        std::fs::remove_file(&path).unwrap();
        let sites = sites_by_text(&genome);
        prop_assert_eq!(index.occurrences(), sites.len() as u64);
        let bases: Vec<Protospacer> = guides.iter().map(|guide| protospacer(guide)).collect();
        let settings = Settings { listed: 1_000, ..settings(Method::And, 75.0, max_distance, false) };
        let found = scored(&index, &bases, &settings);
        prop_assert_eq!(&scored(&reopened.unwrap(), &bases, &settings), &found);
        for (guide, score) in guides.iter().zip(&found) {
            let (mit, cfd, specificity, perfect, hits) = scores_by_text(guide, &sites, max_distance.into());
            prop_assert_eq!(score.hits, hits);
            prop_assert_eq!(score.perfect_sites(), perfect);
            for (found, expected) in [(score.mit, mit), (score.cfd, cfd), (score.cfd_specificity, specificity)] {
                prop_assert!((found - expected).abs() < 1e-9, "{} {} {}", guide, found, expected);
            }
            // The list has every place once, with what stands there.
            prop_assert_eq!(score.list.total, hits.iter().sum::<u64>());
            prop_assert_eq!(score.list.sites.len() as u64, score.list.total);
            let mut listed = BTreeMap::new();
            for site in &score.list.sites {
                let number: usize = site.contig.as_ref().unwrap().strip_prefix("record").unwrap().parse().unwrap();
                *listed.entry((number, site.start, site.strand, site.sequence.clone())).or_insert(0) += 1;
                prop_assert_eq!(site.mismatches.len(), site.distance as usize);
            }
            if files == 1 {
                prop_assert!(listed.values().all(|count| *count == 1));
            }
            let specificity: f64 = score.list.sites.iter().filter(|site| !site.on_target).map(|site| site.cfd).sum();
            prop_assert!((100.0 / (1.0 + specificity) - score.cfd_specificity).abs() < 1e-9);
            // Stopping early changes no decision.
            for method in [Method::Mit, Method::Cfd, Method::And, Method::Or, Method::Avg] {
                let whole = self::settings(method, 75.0, max_distance, false);
                let early = Settings { early_exit: true, ..whole.clone() };
                let [whole, early] = [whole, early].map(|settings| scored(&index, &[protospacer(guide)], &settings).remove(0));
                prop_assert_eq!(whole.accepted, early.accepted);
                prop_assert!(early.stopped || whole == early);
            }
        }
    }
}
