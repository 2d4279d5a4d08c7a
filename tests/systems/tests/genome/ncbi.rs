//! A mirror of the parts of NCBI that the pipeline asks, on loopback.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use md5::{Digest, Md5};
use serde_json::json;
use system_tests::{Loopback, Reply, Request};

/// A genome as the mirror has it.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    /// The content of its file.
    pub(crate) content: Vec<u8>,
    /// The MD5 that the list of checksums says.
    pub(crate) md5: String,
    /// What the report says of its letters.
    pub(crate) letters: Option<u64>,
    /// The status of answers for its file.
    pub(crate) status: u16,
    /// How long an answer for its listing takes.
    pub(crate) delay: Duration,
}

impl Served {
    /// A genome whose file has this content.
    pub(crate) fn of(content: Vec<u8>) -> Self {
        let md5 = Md5::digest(&content)
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 0x0f])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect();
        Self { content, md5, letters: Some(30_000), status: 200, delay: Duration::ZERO }
    }

    /// A genome of FASTA.
    pub(crate) fn fasta(text: &[u8]) -> Self {
        Self::of(compressed(text, Compression::default()))
    }
}

/// FASTA in gzip.
pub(crate) fn compressed(text: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

type Genomes = Arc<Mutex<BTreeMap<String, Served>>>;

/// The mirror.
#[derive(Debug)]
pub(crate) struct Ncbi {
    server: Loopback,
    genomes: Genomes,
}

impl Ncbi {
    pub(crate) fn start() -> Self {
        let genomes = Genomes::default();
        let shared = Arc::clone(&genomes);
        let server = Loopback::start(move |request| {
            let genomes = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
            answer(&genomes, request).unwrap_or_else(|| Reply::new(404, "not found"))
        });
        Self { server, genomes }
    }

    /// URL of the datasets API.
    pub(crate) fn api(&self) -> String {
        format!("{}/api", self.server.url)
    }

    /// URL of the file server.
    pub(crate) fn files(&self) -> String {
        format!("{}/files", self.server.url)
    }

    /// Serves a genome under an accession.
    pub(crate) fn serve(&self, accession: &str, genome: Served) {
        self.genomes.lock().unwrap_or_else(PoisonError::into_inner).insert(accession.to_owned(), genome);
    }

    /// The methods and last steps of the paths of the requests for a genome so far.
    pub(crate) fn requests(&self, accession: &str) -> Vec<String> {
        let folder = folder(accession);
        let is_own = |request: &&Request| request.path.contains(accession) || request.path.ends_with(&folder);
        let told = |request: &Request| {
            let name = request.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            format!("{} {name}", request.method)
        };
        self.server.requests().iter().filter(is_own).map(told).collect()
    }
}

fn folder(accession: &str) -> String {
    let (kind, digits) = accession.split_once('_').unwrap();
    format!("/genomes/all/{kind}/{}/{}/{}/", &digits[..3], &digits[3..6], &digits[6..9])
}

fn answer(genomes: &BTreeMap<String, Served>, request: &Request) -> Option<Reply> {
    let path = request.path.as_str();
    if let Some(rest) = path.strip_prefix("/api/genome/accession/") {
        let genome = genomes.get(rest.strip_suffix("/dataset_report")?);
        // As NCBI does for accessions that it does not know.
        let Some(genome) = genome else { return Some(Reply::new(200, "{}")) };
        let mut stats = json!({"number_of_contigs": 1});
        if let Some(letters) = genome.letters {
            stats["total_sequence_length"] = letters.to_string().into();
        }
        return Some(Reply::new(200, json!({"reports": [{"assembly_stats": stats}], "total_count": 1}).to_string()));
    }
    let path = path.strip_prefix("/files")?;
    for (accession, genome) in genomes {
        let Some(rest) = path.strip_prefix(&folder(accession)) else { continue };
        let name = format!("{accession}_ASM1v1");
        if rest.is_empty() {
            let listing = format!("<a href=\"/genomes/\">up</a>\n<a href=\"{name}/\">{name}/</a>");
            return Some(Reply::new(200, listing).after(genome.delay));
        }
        let file = format!("{name}_genomic.fna.gz");
        if rest == format!("{name}/md5checksums.txt") {
            let other = "0".repeat(32);
            let list = format!("{other}  ./{name}_cds_from_genomic.fna.gz\n{}  ./{file}\n", genome.md5);
            return Some(Reply::new(200, list));
        }
        if rest == format!("{name}/{file}") {
            return Some(ranged(genome, request));
        }
    }
    None
}

fn ranged(genome: &Served, request: &Request) -> Reply {
    if genome.status != 200 {
        return Reply::new(genome.status, "");
    }
    let whole = genome.content.len();
    let range = request.header("range").and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let Some((first, last)) = range else { return Reply::new(200, genome.content.clone()) };
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    Reply::new(206, &genome.content[first..=last]).header("content-range", format!("bytes {first}-{last}/{whole}"))
}
