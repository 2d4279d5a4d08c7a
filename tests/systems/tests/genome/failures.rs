//! What goes wrong ends with a reason, or in the queue of lost messages: never in silence.

use std::time::Duration;

use serde_json::{Value, json};
use system_tests::wait_for;

use crate::PIPELINE;
use crate::genomes::genome;
use crate::ncbi::Served;

/// Submits a job and gives reason and message of its failure.
#[track_caller]
fn fails(genome: &str, sequence: &str) -> (String, String) {
    let job = PIPELINE.submit(sequence, genome);
    let job = PIPELINE.wait(&job, "FAILED");
    let text = |name: &str| job[name].as_str().unwrap_or_else(|| panic!("{job}")).to_owned();
    (text("reason"), text("message"))
}

/// The bodies of the messages that are in the queue of lost messages of a stage, which stay there.
fn lost(queue: &str) -> Vec<String> {
    let url = PIPELINE.queue(queue);
    let arguments = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
    let answer = PIPELINE.deployment.call("sqs", "receive_message", arguments);
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_accession_that_nobody_knows_is_not_found() {
    let (reason, message) = fails("GCA_000000404.1", "ACGTACGTACGTACGTACGTAGG");
    assert_eq!((reason.as_str(), message.as_str()), ("genome_not_found", "NCBI has no report of `GCA_000000404.1`"));
}

#[test]
fn damaged_files_fail_their_jobs_and_the_next_job_tries_again() {
    let (fasta, sequence) = genome(100);
    let whole = Served::fasta(fasta.as_bytes());
    let cut = &whole.content[..whole.content.len() / 2];
    let with_nul = fasta.replacen("\r\n\r\n", "\r\nAC\0GT\r\n", 1);
    for (accession, served, expected, told) in [
        ("GCA_000000101.1", Served::of(cut.to_vec()), "bad_fasta", "the gzip data are damaged or cut short"),
        ("GCA_000000102.1", Served { md5: "0".repeat(32), ..whole.clone() }, "checksum_mismatch", "has the MD5"),
        ("GCA_000000103.1", Served::fasta(with_nul.as_bytes()), "bad_fasta", "line 152: '\\x00' is no letter"),
        ("GCA_000000104.1", Served { content: Vec::new(), ..whole.clone() }, "download_failed", "has no size"),
    ] {
        PIPELINE.ncbi.serve(accession, served);
        let (reason, message) = fails(accession, &sequence);
        assert_eq!(reason, expected, "{message}");
        assert!(message.contains(told), "{message}");
    }
    let accession = "GCA_000000101.1";
    PIPELINE.ncbi.serve(accession, whole);
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    let indexes = PIPELINE.deployment.keys(&PIPELINE.bucket(), &format!("{accession}/index/"));
    assert!(indexes.contains(&format!("{accession}/index/2.crx")), "{indexes:?}");
}

#[test]
fn a_mirror_that_stopped_fails_the_job_and_the_message_is_kept() {
    let accession = "GCA_000000105.1";
    let (fasta, sequence) = genome(105);
    PIPELINE.ncbi.serve(accession, Served { status: 503, ..Served::fasta(fasta.as_bytes()) });
    let (reason, message) = fails(accession, &sequence);
    assert_eq!(reason, "download_failed");
    assert!(message.starts_with("download: ") && message.ends_with("answered 503"), "{message}");
    wait_for("the lost message", Duration::from_secs(20), || {
        lost("DownloadQueueDeadLetter").iter().any(|body| body.contains(accession)).then_some(())
    });
}

#[test]
fn messages_that_nobody_can_read_are_kept() {
    let url = PIPELINE.queue("DownloadQueue");
    PIPELINE.deployment.call("sqs", "send_message", json!({"QueueUrl": url, "MessageBody": "poison"}));
    wait_for("the lost message", Duration::from_secs(40), || {
        lost("DownloadQueueDeadLetter").contains(&"poison".to_owned()).then_some(())
    });
    // Beside poison, others are done: of a batch, only what failed is given again.
    for function in ["PartsFunction", "IndexFunction", "ScanFunction", "ConsensusFunction", "OffTargetFunction"] {
        let known = json!({"job_id": "01234567-89ab-4def-8123-456789abcdef", "genome": "GCA_000000106.1", "attempt": 1,
            "chunk": 0, "targets": [], "file": "f", "url": "u", "key": "k", "part": 1, "parts": 1, "start": 0, "end": 0,
            "upload_id": null});
        let failed = PIPELINE.deliver(function, &[known, Value::from("poison"), json!({})], 3);
        assert_eq!(failed, ["1", "2"], "{function}");
    }
}

#[test]
fn a_message_that_nobody_can_read_fails_the_job_that_it_names() {
    let accession = "GCA_000000110.1";
    let (fasta, sequence) = genome(110);
    let served = Served { delay: Duration::from_secs(8), ..Served::fasta(fasta.as_bytes()) };
    PIPELINE.ncbi.serve(accession, served);
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "PREPARING");
    let body = json!({"job_id": job, "genome": accession, "chunk": "first", "targets": []}).to_string();
    let url = PIPELINE.queue("ConsensusQueue");
    PIPELINE.deployment.call("sqs", "send_message", json!({"QueueUrl": url, "MessageBody": body}));
    let failed = PIPELINE.wait(&job, "FAILED");
    assert_eq!(failed["reason"], "internal");
    assert!(failed["message"].as_str().unwrap().starts_with("efficiency: the message cannot be read: "), "{failed}");
    assert!(!lost("ConsensusQueueDeadLetter").iter().any(|body| body.contains(&job)), "the job says it");
}

#[test]
fn the_last_receipt_fails_the_job_with_the_stage() {
    let accession = "GCA_000000107.1";
    let (fasta, sequence) = genome(107);
    PIPELINE.ncbi.serve(accession, Served::fasta(fasta.as_bytes()));
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    // As if its guides were still to be scored, against an index in which a byte was flipped.
    PIPELINE.set(&job, "State", &json!({"S": "SCORING"}));
    let key = format!("{accession}/index/1.crx");
    let mut index = PIPELINE.deployment.get(&PIPELINE.bucket(), &key).unwrap();
    let middle = index.len() / 2;
    index[middle] ^= 1;
    // Scored elsewhere: a warm function keeps the index that it checked.
    PIPELINE.deployment.put(&PIPELINE.bucket(), &key, &index);
    let manifest = format!("{accession}/index/manifest.json");
    let text = String::from_utf8(PIPELINE.deployment.get(&PIPELINE.bucket(), &manifest).unwrap()).unwrap();
    let sha256 = serde_json::from_str::<Value>(&text).unwrap()["sha256"].as_str().unwrap().to_owned();
    let other = text.replace(&sha256, &sha256.chars().rev().collect::<String>());
    PIPELINE.deployment.put(&PIPELINE.bucket(), &manifest, other.as_bytes());
    let chunk = json!({"job_id": job, "genome": accession, "chunk": 0, "targets": [[0, "ACGTACGTACGTACGTACGTAGG"]]});
    assert_eq!(PIPELINE.deliver("OffTargetFunction", std::slice::from_ref(&chunk), 1), ["0"]);
    assert_eq!(PIPELINE.job(&job)["state"], "SCORING");
    assert_eq!(PIPELINE.deliver("OffTargetFunction", &[chunk], 3), ["0"]);
    let failed = PIPELINE.job(&job);
    assert_eq!((failed["state"].as_str(), failed["reason"].as_str()), (Some("FAILED"), Some("internal")));
    let message = failed["message"].as_str().unwrap();
    assert!(message.starts_with("off-target risk: ") && message.contains("is not what its manifest says"), "{message}");
}

#[test]
fn a_tick_ends_what_is_overdue() {
    let accession = "GCA_000000108.1";
    let (fasta, sequence) = genome(108);
    // Its listing takes longer than the test.
    let served = Served { delay: Duration::from_secs(15), ..Served::fasta(fasta.as_bytes()) };
    PIPELINE.ncbi.serve(accession, served);
    let job = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&job, "PREPARING");
    assert!(!PIPELINE.tick().is_error);
    assert_eq!(PIPELINE.job(&job)["state"], "PREPARING");
    PIPELINE.set(&job, "Deadline", &json!({"N": "1000"}));
    let answer = PIPELINE.tick();
    assert!(!answer.is_error, "{answer:?}");
    let failed = PIPELINE.job(&job);
    assert_eq!((failed["state"].as_str(), failed["reason"].as_str()), (Some("FAILED"), Some("timeout")));
    assert!(failed["message"].as_str().unwrap().starts_with("the job was PREPARING for too long"), "{failed}");
}

#[test]
fn a_tick_dispatches_what_was_forgotten() {
    let accession = "GCA_000000109.1";
    let (fasta, sequence) = genome(109);
    PIPELINE.ncbi.serve(accession, Served::fasta(fasta.as_bytes()));
    let first = PIPELINE.submit(&sequence, accession);
    PIPELINE.wait(&first, "SUCCEEDED");
    // As if its record had been lost three minutes ago.
    let job = PIPELINE.submit("ATATATATATATATATATATATATATATATAT", accession);
    PIPELINE.wait(&job, "SUCCEEDED");
    PIPELINE.set(&job, "State", &json!({"S": "SUBMITTED"}));
    PIPELINE.set(&job, "Open", &json!({"S": "1"}));
    PIPELINE.set(&job, "Deadline", &json!({"N": "9999999999"}));
    PIPELINE.set(&job, "Updated", &json!({"S": "2026-01-01T00:00:00.000Z"}));
    let answer = PIPELINE.tick();
    assert!(!answer.is_error, "{answer:?}");
    PIPELINE.wait(&job, "SUCCEEDED");
}
