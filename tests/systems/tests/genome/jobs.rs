//! Jobs that succeed.

use std::fmt::Write;
use std::time::Duration;

use flate2::Compression;
use serde_json::{Value, json};
use system_tests::{sample_data, wait_for};

use crate::PIPELINE;
use crate::genomes::{bases, csv, genome, judged};
use crate::ncbi::{Served, compressed};

#[test]
fn guides_of_a_job_are_those_of_the_local_command() {
    let accession = "GCA_000000001.1";
    let (fasta, sequence) = genome(1);
    PIPELINE.ncbi.serve(accession, Served::fasta(fasta.as_bytes()));
    let job = PIPELINE.submit(&format!(">piece of chr1\n{}", sequence.to_lowercase()), accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    let expected = judged(fasta.as_bytes(), &format!(">piece\n{sequence}"));
    assert!(expected.rows.len() > 100, "{}", expected.rows.len());
    assert!(expected.rows.iter().any(|row| row.perfect_sites == Some(2)), "repeats were planted");
    assert_eq!(PIPELINE.csv(&job), csv(&expected));

    // What is shown is what the files say, page by page.
    let mut shown: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = PIPELINE.get(&format!("/api/results/{job}/targets?limit=37&cursor={cursor}")).json();
        assert_eq!(page["recordsTotal"], expected.rows.len());
        shown.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    let sequences = |rows: &[Value]| rows.iter().map(|row| row["sequence"].clone()).collect::<Vec<_>>();
    let ranked: Vec<Value> = expected.rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect();
    assert_eq!(sequences(&shown), sequences(&ranked));
    assert_eq!(shown[0]["rank"], 1);

    let tasks = PIPELINE.get(&format!("/api/jobs/{job}/tasks")).json();
    let guides = expected.rows.len();
    assert_eq!(tasks, json!({"NumGuides": guides, "NumScoredOntarget": guides, "NumScoredOfftarget": guides}));
    for (target, list) in expected.off_targets.iter().take(5) {
        let answer = PIPELINE.get(&format!("/api/results/{job}/targets/{target}/offtargets"));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["total"], list.total);
        assert_eq!(answer.json()["sites"].as_array().unwrap().len(), list.sites.len());
        assert_eq!(answer.json()["sites"][0]["on_target"], json!(list.sites[0].on_target));
    }
    let bed = PIPELINE.get(&format!("/api/results/{job}/targets.bed"));
    assert_eq!(bed.status, 303);

    // A second job on the genome needs neither its files nor its index.
    let requests = PIPELINE.ncbi.requests(accession);
    assert_eq!(requests.iter().filter(|request| request.starts_with("HEAD")).count(), 1, "{requests:?}");
    let second = PIPELINE.submit(&sequence[..400], accession);
    PIPELINE.wait(&second, "SUCCEEDED");
    assert_eq!(PIPELINE.ncbi.requests(accession), requests);
    let indexes = PIPELINE.deployment.keys(&PIPELINE.bucket(), &format!("{accession}/index/"));
    assert_eq!(indexes, [format!("{accession}/index/1.crx"), format!("{accession}/index/manifest.json")]);
    assert_eq!(PIPELINE.csv(&second), csv(&judged(fasta.as_bytes(), &sequence[..400])));
    let genomes = PIPELINE.get("/api/genomes").json();
    let own = genomes["genomes"].as_array().unwrap().iter().find(|genome| genome["genome"] == accession).cloned();
    assert!(own.unwrap()["sites"].as_u64().unwrap() > 1_000);
}

#[test]
fn two_jobs_at_once_share_one_download() {
    let accession = "GCA_000000002.1";
    let (fasta, sequence) = genome(20);
    // Slow enough for the second job to come while the first waits.
    let served = Served { delay: Duration::from_secs(2), ..Served::fasta(fasta.as_bytes()) };
    PIPELINE.ncbi.serve(accession, served);
    let jobs: Vec<String> = std::thread::scope(|scope| {
        let submit = || scope.spawn(|| PIPELINE.submit(&sequence, accession));
        let submitted = [submit(), submit()];
        submitted.into_iter().map(|submitted| submitted.join().unwrap()).collect()
    });
    assert_ne!(jobs[0], jobs[1]);
    let expected = csv(&judged(fasta.as_bytes(), &sequence));
    for job in &jobs {
        PIPELINE.wait(job, "SUCCEEDED");
        assert_eq!(PIPELINE.csv(job), expected);
    }
    let requests = PIPELINE.ncbi.requests(accession);
    let count = |start: &str| requests.iter().filter(|request| request.starts_with(start)).count();
    assert_eq!((count("HEAD "), count("GET GCA_000000002.1_ASM1v1_genomic.fna.gz")), (1, 1), "{requests:?}");
    let state = PIPELINE.rows("GenomesTable", "Genome", accession).join(" ");
    assert!(state.contains(r#""Attempt": {"N": "1"}"#) || state.contains(r#""Attempt":{"N":"1"}"#), "{state}");
}

#[test]
fn a_file_of_several_parts_is_put_together() {
    let accession = "GCA_000000003.1";
    let (mut fasta, sequence) = genome(30);
    // Most of it is unknown, so that the file is large and the index is not; gzip that does not compress.
    fasta.push_str(">gap\n");
    for _ in 0..800_000 {
        fasta.write_str("NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN\n").unwrap();
    }
    PIPELINE.ncbi.serve(accession, Served::of(compressed(fasta.as_bytes(), Compression::none())));
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    assert_eq!(PIPELINE.csv(&job), csv(&judged(fasta.as_bytes(), &sequence)));
    let requests = PIPELINE.ncbi.requests(accession);
    let parts = requests.iter().filter(|request| *request == "GET GCA_000000003.1_ASM1v1_genomic.fna.gz").count();
    assert_eq!(parts, 2, "{requests:?}");
}

#[test]
fn what_is_delivered_twice_changes_nothing() {
    let accession = "GCA_000000004.1";
    let (fasta, sequence) = genome(40);
    PIPELINE.ncbi.serve(accession, Served::fasta(fasta.as_bytes()));
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    let before = PIPELINE.snapshot(&job, accession);

    let genome_message = json!({"genome": accession, "attempt": 1});
    let file = format!("{accession}_ASM1v1_genomic.fna.gz");
    let part = json!({"genome": accession, "attempt": 1, "file": file, "url": format!("{}/x", PIPELINE.ncbi.files()),
        "key": format!("{accession}/fasta/{file}"), "part": 1, "parts": 1, "start": 0, "end": 9, "upload_id": null});
    let targets: Vec<Value> =
        judged(fasta.as_bytes(), &sequence).rows.iter().map(|row| json!([row.target_id, row.sequence])).collect();
    let chunk = json!({"job_id": job, "genome": accession, "chunk": 0, "targets": targets});
    for (function, message) in [
        ("DownloadFunction", genome_message.clone()),
        ("PartsFunction", part),
        ("IndexFunction", genome_message),
        ("ScanFunction", json!({"job_id": job})),
        ("ConsensusFunction", chunk.clone()),
        ("OffTargetFunction", chunk),
    ] {
        assert_eq!(PIPELINE.deliver(function, &[message.clone(), message], 1), Vec::<String>::new(), "{function}");
    }
    let record = json!({"eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "dynamodb": {"Keys": {"JobID": {"S": job}}, "NewImage": {"JobID": {"S": job}, "State": {"S": "SUBMITTED"}}}});
    let modified = json!({"eventName": "MODIFY", "dynamodb": {"Keys": {"JobID": {"S": "other"}}}});
    let removed = json!({"eventName": "REMOVE", "dynamodb": {"Keys": {"JobID": {"S": "other"}}}});
    let records = json!({"Records": [record, modified, removed]});
    let answer = PIPELINE.deployment.invoke(PIPELINE.function("SchedulerFunction"), &records);
    assert!(!answer.is_error, "{answer:?}");
    assert_eq!(PIPELINE.snapshot(&job, accession), before);
    let requests = PIPELINE.ncbi.requests(accession);
    assert_eq!(requests.iter().filter(|request| request.starts_with("HEAD")).count(), 1, "{requests:?}");
}

#[test]
fn the_sample_job_has_its_three_guides() {
    let Some(genome) = sample_data("genome/ncov.fa") else { return };
    let accession = "GCA_000000005.1";
    PIPELINE.ncbi.serve(accession, Served::fasta(&std::fs::read(genome).unwrap()));
    let sequence = "ATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG";
    let job = PIPELINE.submit(sequence, accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    let rows = PIPELINE.get(&format!("/api/results/{job}/targets")).json();
    let mut found: Vec<String> = rows["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].to_string().replace('"', "");
            let score = row["sgrnascorer2_score"].as_f64().unwrap();
            let energy = row["mfe"].as_f64().unwrap();
            let [start, end, strand, sequence, count] = ["start", "end", "strand", "sequence", "count"].map(text);
            let tools = ["chopchop", "mm10db", "sgrnascorer2"].map(text).join(" ");
            format!("{start} {end} {strand} {sequence} {count} {tools} {energy:.2} {score:.6}")
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "0 23 + ATCGATCGATCGATCGATCGAGG 2 true true true -26.90 2.597819",
            "23 46 + ATCGATCGATCGATCGATCGTGG 2 true true true -26.90 2.597819",
            "46 69 - CGATCGATCGATCGATCGATTGG 1 false true false -26.60 -4.637011",
        ]
    );
}

#[test]
fn a_sequence_without_guides_succeeds_without_results() {
    let accession = "GCA_000000006.1";
    let (fasta, _) = genome(60);
    PIPELINE.ncbi.serve(accession, Served::fasta(fasta.as_bytes()));
    let job = PIPELINE.submit("ATATATATATATATATATATATATATATATAT", accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    let targets = PIPELINE.get(&format!("/api/results/{job}/targets")).json();
    assert_eq!(targets, json!({"recordsTotal": 0, "data": [], "cursor": null}));
    let csv = PIPELINE.get(&format!("/api/results/{job}/targets.csv"));
    assert_eq!((csv.status, csv.body.split(|byte| *byte == b'\n').count()), (200, 2));
    assert_eq!(PIPELINE.get(&format!("/api/results/{job}/targets.bed")).status, 200);
}

#[test]
fn several_chunks_of_guides_and_several_jobs_are_scored_together() {
    let accession = "GCA_000000007.1";
    let (fasta, sequence) = genome(70);
    PIPELINE.ncbi.serve(accession, Served::fasta(fasta.as_bytes()));
    // More than 250 guides in the first.
    let long = format!("{sequence}{}", bases(71, 3_000));
    let jobs = [(PIPELINE.submit(&long, accession), long), (PIPELINE.submit(&sequence, accession), sequence)];
    for (job, sequence) in &jobs {
        PIPELINE.wait(job, "SUCCEEDED");
        assert_eq!(PIPELINE.csv(job), csv(&judged(fasta.as_bytes(), sequence)));
    }
    wait_for("the genome", Duration::from_secs(1), || {
        PIPELINE.get("/api/genomes").json().to_string().contains(accession).then_some(())
    });
}
