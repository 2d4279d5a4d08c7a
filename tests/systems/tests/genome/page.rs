//! The page in a real browser, from the deployed distribution, with the deployed API behind it and the deployed bucket.

use std::time::Duration;

use flate2::Compression;
use genome_pipeline::off_target::OffTargetList;
use genome_pipeline::ranking::Row;
use genome_pipeline::run::Results;
use system_tests::Browser;

use crate::PIPELINE;
use crate::genomes::{csv, genome, judged};
use crate::ncbi::{Served, compressed};
use crate::pipeline::{STACK, TOKEN};

/// Seconds that a job may take on a machine that does other things too.
const JOB_SECONDS: u32 = 120;
/// Rows that the table shows at first.
const ROWS: usize = 100;

fn open() -> Option<Browser> {
    Browser::open(&PIPELINE.deployment, STACK)
}

/// Fills the form and submits it.
#[track_caller]
fn submit(browser: &mut Browser, sequence: &str, genome: &str) {
    browser.go_to("/");
    browser.shows("submit-page");
    // What comes later moves what is about to be clicked.
    browser.wait_for("!document.getElementById('ready-title').textContent.startsWith('Looking')");
    browser.enter("#sequence", sequence);
    browser.enter("#genome", genome);
    browser.click("#submit [type=submit]");
}

/// Submits a job, follows it, and gives its id.
#[track_caller]
fn submitted(browser: &mut Browser, sequence: &str, genome: &str) -> String {
    submit(browser, sequence, genome);
    browser.wait_for("location.hash.startsWith('#job=')");
    browser.wait_for_text("#job-facts", &format!("On {genome}, submitted "), 20);
    browser.text("#job-id")
}

/// Waits until the job that is shown has failed, and gives title and detail of the failure.
#[track_caller]
fn failure(browser: &mut Browser) -> (String, String) {
    browser.wait_for_so_long("document.getElementById('failure').checkVisibility()", JOB_SECONDS);
    assert_eq!(browser.text("#job-state"), "Failed.");
    assert_eq!(browser.evaluate("document.getElementById('guides-view').checkVisibility()"), false);
    (browser.text("#failure-title"), browser.text("#failure-detail"))
}

/// What the page complained about, but for answers with these statuses, which it was to get.
#[track_caller]
fn assert_quiet(browser: &mut Browser, statuses: &[u16]) {
    let is_expected = |text: &String| {
        let of = |status: &u16| {
            text.starts_with(&format!("Failed to load resource: the server responded with a status of {status}"))
        };
        statuses.iter().any(of)
    };
    let complaints = browser.complaints();
    let unexpected: Vec<&String> = complaints.iter().filter(|text| !is_expected(text)).collect();
    assert_eq!(unexpected, Vec::<&String>::new());
}

/// A number as the page writes it.
fn grouped(number: u64) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", grouped(number / 1_000), number % 1_000) }
}

/// The cells of a guide in the table, without its bases.
fn cells(row: &Row) -> Vec<String> {
    let methods = [(row.chopchop, "CHOPCHOP"), (row.mm10db, "mm10db"), (row.sgrnascorer2, "sgRNAScorer2")];
    let accepting: Vec<&str> =
        methods.into_iter().filter_map(|(accepts, name)| (accepts == Some(true)).then_some(name)).collect();
    let sites = [row.d0, row.d1, row.d2, row.d3, row.d4].map(Option::unwrap);
    let each = |between: &str| sites.map(|number| number.to_string()).join(between);
    let off_targets: u64 = sites[1..].iter().sum();
    vec![
        grouped(row.rank.unwrap().into()),
        grouped(row.start),
        row.strand.replace('-', "\u{2212}"),
        format!("{} / 3 {}", row.consensus.unwrap(), accepting.join(", ")).trim_end().to_owned(),
        format!("{:.2}", row.mit.unwrap()),
        format!("{:.2}", row.cfd_specificity.unwrap()),
        format!("{off_targets}; with 0 to 4 mismatches: {}{}", each(", "), each(" \u{b7} ")),
        if row.passed { "\u{2713} yes" } else { "no" }.to_owned(),
    ]
}

fn bed(results: &Results) -> String {
    let mut bed = Vec::new();
    genome_pipeline::output::write_bed(&results.rows, &mut bed).unwrap();
    String::from_utf8(bed).unwrap()
}

#[test]
fn a_job_from_submit_to_download() {
    let Some(mut browser) = open() else { return };
    let accession = "GCA_000000301.1";
    let (fasta, sequence) = genome(301);
    // Slow enough for the download to be seen.
    let served = Served { delay: Duration::from_secs(4), ..Served::fasta(fasta.as_bytes()) };
    PIPELINE.ncbi.serve(accession, served);
    let job = submitted(&mut browser, &format!(">piece of chr1\n{sequence}"), accession);
    browser.wait_for_text("#job-state", "The genome is being downloaded.", JOB_SECONDS);
    let now = browser.texts("#steps [aria-current=step]");
    assert_eq!(now, ["\u{25cf} Genome ready: now"]);
    browser.screenshot("preparing.png");
    browser.wait_for_text("#job-state", "Done in ", JOB_SECONDS);

    // The guides are those of the local command.
    let expected = judged(fasta.as_bytes(), &format!(">piece\n{sequence}"));
    let passed: Vec<&Row> = expected.rows.iter().filter(|row| row.passed).collect();
    let (all, good) = (expected.rows.len(), passed.len());
    assert!(all > ROWS && good > 0 && good < ROWS, "{all} {good}");
    browser.wait_for_text("#guides-summary", &format!("{all} guides, of which {good} passed"), 20);
    assert_eq!(browser.texts("#guides-count"), [format!("{all} guides, the first {ROWS} shown.")]);
    browser.click("#more");
    let bases: Vec<&String> = expected.rows.iter().map(|row| &row.sequence).collect();
    assert_eq!(browser.texts("#guides tbody th").iter().collect::<Vec<_>>(), bases);
    assert_eq!(browser.texts("#guides tbody td"), expected.rows.iter().flat_map(cells).collect::<Vec<_>>());
    browser.click("#filters [name=passed]");
    assert_eq!(browser.texts("#guides tbody th"), passed.iter().map(|row| row.sequence.clone()).collect::<Vec<_>>());
    browser.screenshot("passed.png");
    browser.click("#filters [type=reset]");
    browser.wait_for_text("#guides-count", &format!("{all} guides"), 20);

    // A guide that has another place in the genome, with the places.
    let is_like_another = |(_, list): &&(u32, OffTargetList)| list.sites.len() > 1;
    let (target, list) = expected.off_targets.iter().find(is_like_another).unwrap();
    browser.evaluate(&format!("location.hash += '&guide={target}'"));
    browser.wait_for_text("#sites-state", &format!("{} places with at most", list.total), 20);
    let row = expected.rows.iter().find(|row| row.target_id == *target).unwrap();
    assert_eq!(browser.text("#guide-title"), format!("Guide {}", row.sequence));
    let sites: Vec<String> = list.sites.iter().map(|site| site.sequence.clone()).collect();
    assert_eq!(browser.texts("#sites tbody tr td:first-child code"), sites);
    let own = list.sites.iter().position(|site| site.on_target).unwrap();
    let place = format!("chr1: {} to {} the guide's own", grouped(200 + row.start), grouped(200 + row.end));
    assert_eq!(browser.texts("#sites tbody tr td:nth-child(2)")[own], place);
    browser.screenshot("guide.png");

    // Both files come whole.
    browser.click("#back");
    browser.shows("downloads");
    browser.click("#csv");
    assert_eq!(browser.downloaded("targets.csv"), csv(&expected));
    browser.click("#bed");
    assert_eq!(browser.downloaded("targets.bed"), bed(&expected));

    // It is found again, and its genome is offered.
    browser.click("nav [data-page=results]");
    browser.shows("recent");
    assert!(browser.texts("#recent li")[0].starts_with(&format!("1,200 letters on {accession}")));
    browser.screenshot("results.png");
    browser.click("nav [data-page=submit]");
    browser.wait_for(&format!("document.querySelector('#genomes option[value=\"{accession}\"]')"));
    browser.go_to(&format!("/#job={job}"));
    browser.wait_for_text("#guides-summary", &format!("{all} guides"), 20);
    browser.size(390, 844);
    browser.click("#filters [name=passed]");
    browser.screenshot("narrow.png");
    assert_quiet(&mut browser, &[]);

    // Nobody else was asked, and nobody else can be: the policy of the distribution holds.
    let bucket = format!("{}.s3.us-east-1.amazonaws.com", PIPELINE.bucket());
    assert_eq!(browser.asked(), [&*bucket], "files come from the bucket");
    let elsewhere = "fetch('https://elsewhere.example/').then(() => 'sent', () => 'refused')";
    assert_eq!(browser.evaluate(elsewhere), "refused");
    assert_eq!(browser.asked(), [bucket]);
    assert!(browser.complaints().iter().any(|text| text.contains("Content Security Policy")));
}

#[test]
fn what_fails_is_told_with_its_reason() {
    let Some(mut browser) = open() else { return };
    let (fasta, sequence) = genome(310);
    submit(&mut browser, &sequence, "never-uploaded");
    browser.wait_for_text("#genome-error", "The genome is neither an accession such as", 20);
    browser.screenshot("refused.png");
    // What the page does not offer, and the server refuses.
    let more = "document.getElementById('max_distance').add(new Option('7 at most', '7'))";
    browser.evaluate(more);
    browser.choose("#max_distance", "7");
    browser.enter("#genome", "GCA_000000404.2");
    browser.click("#submit [type=submit]");
    browser.wait_for_text("#max_distance-error", "`max_distance` is 7: give a whole number from 0 to 4.", 20);
    browser.screenshot("option.png");
    assert_quiet(&mut browser, &[400]);

    submitted(&mut browser, &sequence, "GCA_000000404.2");
    let (title, detail) = failure(&mut browser);
    assert_eq!(title, "There is no such genome");
    assert_eq!(detail, "genome_not_found: NCBI has no report of `GCA_000000404.2`");
    browser.screenshot("unknown.png");
    assert_quiet(&mut browser, &[]);

    let stopped = "GCA_000000311.1";
    PIPELINE.ncbi.serve(stopped, Served { status: 503, ..Served::fasta(fasta.as_bytes()) });
    submitted(&mut browser, &sequence, stopped);
    let (title, detail) = failure(&mut browser);
    assert_eq!(title, "The genome could not be downloaded");
    assert!(detail.starts_with("download_failed: download: ") && detail.ends_with("answered 503"), "{detail}");
    assert_eq!(browser.texts("#steps .failed"), ["\u{2715} Genome ready: failed"]);
    browser.screenshot("stopped.png");
    assert_quiet(&mut browser, &[]);

    let broken = "GCA_000000312.1";
    let whole = compressed(fasta.as_bytes(), Compression::default());
    PIPELINE.ncbi.serve(broken, Served::of(whole[..whole.len() / 2].to_vec()));
    submitted(&mut browser, &sequence, broken);
    let (title, detail) = failure(&mut browser);
    assert_eq!(title, "The genome's file is no FASTA");
    assert!(detail.contains("damaged or cut short"), "{detail}");
    assert_quiet(&mut browser, &[]);

    let whole = "GCA_000000313.1";
    PIPELINE.ncbi.serve(whole, Served::fasta(fasta.as_bytes()));
    submitted(&mut browser, "ATATATATATATATATATATATATATATATAT", whole);
    browser.wait_for_text("#guides-summary", "The sequence has no guide", JOB_SECONDS);
    assert_eq!(browser.evaluate("document.getElementById('downloads').checkVisibility()"), false);
    browser.screenshot("no-guides.png");
    assert_quiet(&mut browser, &[]);

    browser.go_to("/#job=123e4567-e89b-42d3-a456-426614174000");
    browser.wait_for_text("#trouble-text", "There is no such job.", 20);
    browser.screenshot("no-job.png");
    assert_quiet(&mut browser, &[404]);
    assert_eq!(browser.asked(), Vec::<String>::new());
}

#[test]
fn a_genome_of_ones_own_is_uploaded_and_searched() {
    let Some(mut browser) = open() else { return };
    let name = "page-genome";
    let (fasta, sequence) = genome(320);
    let content = compressed(fasta.as_bytes(), Compression::default());
    let file = PIPELINE.deployment.server.folder.join("of-the-page.fa.gz");
    std::fs::write(&file, &content).unwrap();
    browser.go_to("/#upload");
    browser.shows("upload");
    browser.enter("#upload-name", name);
    browser.choose_file("#upload-file", &file);
    browser.enter("#upload-token", "guessed");
    browser.click("#upload [type=submit]");
    browser.wait_for_text("#upload-token-error", "The service does not know this token.", 20);
    browser.screenshot("upload-refused.png");
    assert_quiet(&mut browser, &[401]);

    browser.enter("#upload-token", TOKEN);
    browser.click("#upload [type=submit]");
    browser.shows("upload-done");
    let key = format!("custom/{name}/fasta/of-the-page.fa.gz");
    assert_eq!(PIPELINE.deployment.get(&PIPELINE.bucket(), &key), Some(content));
    browser.screenshot("uploaded.png");
    browser.click("#upload-use");
    browser.shows("submit-page");
    assert_eq!(browser.evaluate("document.getElementById('genome').value"), name);
    browser.enter("#sequence", &sequence);
    browser.click("#submit [type=submit]");
    browser.wait_for_text("#job-state", "Done in ", JOB_SECONDS);
    let expected = judged(fasta.as_bytes(), &sequence);
    browser.wait_for_text("#guides-summary", &format!("{} guides", expected.rows.len()), 20);
    browser.click("#csv");
    assert_eq!(browser.downloaded("targets.csv"), csv(&expected));

    // Now that it is searched, nobody changes it.
    browser.go_to("/#upload");
    browser.shows("upload");
    browser.enter("#upload-name", name);
    browser.choose_file("#upload-file", &file);
    browser.enter("#upload-token", TOKEN);
    browser.click("#upload [type=submit]");
    browser.wait_for_text("#upload-name-error", "in use", 20);
    browser.screenshot("upload-taken.png");
    assert_quiet(&mut browser, &[409]);
    assert_eq!(browser.asked(), [format!("{}.s3.us-east-1.amazonaws.com", PIPELINE.bucket())]);
}
