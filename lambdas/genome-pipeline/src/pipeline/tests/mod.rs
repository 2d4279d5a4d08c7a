#![allow(clippy::unwrap_used)]

mod api;
mod failures;
mod schedule;
mod submit;
mod twice;
mod whole;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use handler_runtime::memory::finish;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::build::hexadecimal;
use super::cache::Indexes;
use super::deliver::{self, Delivery};
use super::genomes::Genome;
use super::item::Key;
use super::jobs::Job;
use super::memory::World;
use super::schedule::{Rules, dispatch, tick};
use super::services::{Inbox, Queue, Response};
use super::{Failure, genomes, jobs};
use crate::contract::limits::{MAX_RECEIVE_COUNT, PART_BYTES};
use crate::contract::{JobState, Options, Reason};
use crate::efficiency::Optimisation;
use crate::fasta;
use crate::guide::Identity;
use crate::index::{Builder, Sites};
use crate::off_target::Settings;
use crate::output;
use crate::run::run;

const ACCESSION: &str = "GCA_000482205.1";
const NAME: &str = "GCA_000482205.1_ASM48220v1";
const API: &str = "http://ncbi/api";
const FILES: &str = "http://ncbi/files";

/// Bases by chance, the same for the same seed.
fn bases(seed: u64, length: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let base = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"ACGT"[usize::try_from(state >> 62).unwrap()])
    };
    (0..length).map(base).collect()
}

fn genome() -> String {
    format!(">chr1 first\n{}\n>chr2\n{}{}\n", bases(1, 4_000), bases(2, 500), &bases(1, 4_000)[100..400])
}

/// A sequence of more than one chunk of guides, some of them in the genome twice.
fn sequence() -> String {
    bases(1, 4_000)[..3_000].to_owned()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// What NCBI serves for the one accession that there is.
#[derive(Clone)]
struct Served {
    report: Value,
    file: Vec<u8>,
    md5: String,
    /// Status of answers for the file.
    status: u16,
    /// Bytes that are missing at the end of each.
    cut: usize,
    /// Whether ranges are ignored.
    no_ranges: bool,
    /// What its size is said to be.
    size: u64,
}

impl Served {
    fn of(file: Vec<u8>) -> Self {
        let report = json!({"reports": [{"assembly_stats": {"total_sequence_length": "4800"}}]});
        let md5 = hexadecimal(&Md5::digest(&file));
        let size = file.len() as u64;
        Self { report, file, md5, status: 200, cut: 0, no_ranges: false, size }
    }

    fn answer(&self, url: &str, range: Option<(u64, u64)>) -> Response {
        let text = |text: String| Response { status: 200, body: text.into_bytes(), ..Response::default() };
        let folder = format!("{FILES}/genomes/all/GCA/000/482/205/");
        if url == format!("{API}/genome/accession/{ACCESSION}/dataset_report") {
            return text(self.report.to_string());
        }
        if url == folder {
            return text(format!("<a href=\"{NAME}/\">{NAME}</a>"));
        }
        if url == format!("{folder}{NAME}/md5checksums.txt") {
            return text(format!("{}  ./{NAME}_genomic.fna.gz\n", self.md5));
        }
        if url != format!("{folder}{NAME}/{NAME}_genomic.fna.gz") {
            return Response { status: 404, ..Response::default() };
        }
        let content_length = Some(self.size);
        let Some((first, last)) = range.filter(|_| !self.no_ranges) else {
            return Response { status: self.status, content_length, body: self.file.clone(), ..Response::default() };
        };
        let [from, to] = [first, last + 1].map(|place| usize::try_from(place).unwrap().min(self.file.len()));
        let body = self.file[from..to.saturating_sub(self.cut).max(from)].to_vec();
        let status = if self.status == 200 { 206 } else { self.status };
        let content_range = Some(format!("bytes {first}-{last}/{}", self.size));
        Response { status, content_range, content_length, body }
    }
}

/// A folder that is gone with its owner.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("genome-pipeline-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The pipeline in memory: functions are called by hand.
struct Bench {
    world: World,
    rules: Rules,
    scratch: Scratch,
    indexes: Indexes,
    jobs: u32,
    /// Messages that were given up.
    lost: Vec<(Queue, String)>,
}

impl Bench {
    fn new() -> Self {
        let bench = Self::without_ncbi();
        bench.serve(Served::of(gzip(&genome())));
        bench
    }

    fn without_ncbi() -> Self {
        let scratch = Scratch::new();
        let indexes = Indexes::new(scratch.0.clone(), 10 << 20);
        let worker_environment = "JOBS_TABLE=jobs".to_owned();
        let rules = Rules { ncbi_api: API.to_owned(), ec2_cutoff_mib: 650, worker_environment };
        Self { world: World::new(), rules, scratch, indexes, jobs: 0, lost: Vec::new() }
    }

    fn serve(&self, served: Served) {
        self.world.serve(move |url, range| Ok(served.answer(url, range)));
    }

    /// A new job, of which nobody was told yet.
    fn job(&mut self, genome: &str, sequence: &str) -> String {
        self.jobs += 1;
        let id = format!("00000000-0000-4000-8000-{:012}", self.jobs);
        let body = json!({"sequence": sequence, "genome": genome}).to_string();
        let answer = finish(super::submit::submit(&self.world, body.as_bytes(), None, id.clone(), 20_000)).unwrap();
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        id
    }

    fn dispatch(&self, id: &str) -> Result<(), Failure> {
        finish(dispatch(&self.world, &self.rules, id))
    }

    fn tick(&self) -> Result<(), Failure> {
        finish(tick(&self.world, &self.rules))
    }

    fn deliver(&self, queue: Queue, body: &str, receive_count: u32) -> Result<(), Failure> {
        let delivery = Delivery { body: body.to_owned(), receive_count };
        let world = &self.world;
        match queue {
            Queue::Download => finish(deliver::download(world, FILES, &delivery)),
            Queue::Parts => finish(deliver::part(world, &delivery)),
            Queue::Index => finish(deliver::index(world, &self.scratch.0, &delivery)),
            Queue::Scan => finish(deliver::scan(world, &delivery)),
            Queue::Consensus => finish(deliver::consensus(world, &delivery)),
            Queue::OffTarget => finish(deliver::off_target(world, &self.indexes, &[delivery])).remove(0),
        }
    }

    /// Delivers all messages, each up to three times, until there are none.
    fn run(&mut self) {
        let mut counts: BTreeMap<(Queue, String), u32> = BTreeMap::new();
        let mut again = Vec::new();
        for _ in 0..1_000 {
            let next = self.world.take().or_else(|| again.pop());
            let Some((queue, body)) = next else { return };
            let count = counts.entry((queue, body.clone())).or_default();
            *count += 1;
            if self.deliver(queue, &body, (*count).min(MAX_RECEIVE_COUNT)).is_err() {
                if *count < MAX_RECEIVE_COUNT {
                    again.push((queue, body));
                } else {
                    self.lost.push((queue, body));
                }
            }
        }
        panic!("it never ends");
    }

    fn state(&self, id: &str) -> Job {
        Job::of(&self.world.row(&Key::job(id)).unwrap()).unwrap()
    }

    fn genome(&self, name: &str) -> Genome {
        finish(genomes::get(&self.world, name)).unwrap().unwrap()
    }

    #[track_caller]
    fn failed(&self, id: &str, reason: Reason) -> String {
        let job = self.state(id);
        assert_eq!((job.state, job.reason), (JobState::Failed, Some(reason)), "{:?}", job.message);
        assert!(!self.world.row(&Key::job(id)).unwrap().contains_key("Open"), "a finished job is not open");
        job.message.unwrap()
    }

    fn csv(&self, id: &str) -> String {
        String::from_utf8(self.world.object(&format!("results/{id}/targets.csv")).unwrap()).unwrap()
    }

    fn pass(&self, duration: Duration) {
        finish(handler_runtime::Clock::wait(&self.world, duration));
    }
}

/// What the local command gives.
fn expected(sequence: &str) -> String {
    let mut builder = Builder::new(Sites::All);
    builder.add_fasta(genome().as_bytes(), "genome").unwrap();
    let index = builder.finish().unwrap();
    let records = fasta::records(sequence.as_bytes(), "sequence").unwrap();
    let settings = Settings::new(&Options::default(), false).unwrap();
    let results = run(&records, &index, Identity::Protospacer, Optimisation::UltraLow, &settings, &()).unwrap();
    let mut csv = Vec::new();
    output::write_csv(&results.rows, &mut csv).unwrap();
    String::from_utf8(csv).unwrap()
}

#[test]
fn deadlines_depend_on_state_and_place() {
    use crate::contract::GenomePath::{Ec2, Lambda};
    let now: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let minutes = |state, path| (jobs::deadline(state, path, now) - now.as_second()) / 60;
    assert_eq!(minutes(JobState::Submitted, Lambda), 30);
    assert_eq!(minutes(JobState::Scanning, Lambda), 60);
    assert_eq!((minutes(JobState::Preparing, Lambda), minutes(JobState::Scoring, Lambda)), (360, 360));
    assert_eq!(minutes(JobState::Preparing, Ec2), 480);
    assert_eq!(PART_BYTES, 50_000_000);
}
