//! What the API takes, and what it refuses.

use serde_json::json;

use crate::PIPELINE;
use crate::genomes::{csv, genome, judged};
use crate::ncbi::compressed;
use crate::pipeline::{Pipeline, TOKEN};

#[test]
fn bad_jobs_are_refused_with_code_and_field() {
    let long = "A".repeat(20_001);
    for (body, code, field) in [
        ("no json".to_owned(), "bad_json", None),
        (json!({"genome": "GCA_000000001.1"}).to_string(), "missing_field", Some("sequence")),
        (json!({"sequence": "", "genome": "GCA_000000001.1"}).to_string(), "empty_field", Some("sequence")),
        (json!({"sequence": "ACGT"}).to_string(), "missing_field", Some("genome")),
        (json!({"sequence": "AC!T", "genome": "GCA_000000001.1"}).to_string(), "bad_letter", Some("sequence")),
        (json!({"sequence": long, "genome": "GCA_000000001.1"}).to_string(), "sequence_too_long", Some("sequence")),
        (
            json!({"sequence": ">a\nAC\n>b\nGT", "genome": "GCA_000000001.1"}).to_string(),
            "several_records",
            Some("sequence"),
        ),
        (json!({"sequence": "ACGT", "genome": "GCA_1"}).to_string(), "unknown_genome", Some("genome")),
        (json!({"sequence": "ACGT", "genome": "never-uploaded"}).to_string(), "unknown_genome", Some("genome")),
        (
            json!({"sequence": "ACGT", "genome": "GCA_000000001.1", "options": {"method": "x"}}).to_string(),
            "bad_option",
            Some("options.method"),
        ),
    ] {
        let reply = PIPELINE.post("/api/submit", &[], &body);
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(
            (reply.json()["error"]["code"].as_str(), reply.json()["error"]["field"].as_str()),
            (Some(code), field)
        );
    }
    let letter =
        PIPELINE.post("/api/submit", &[], &json!({"sequence": "AC\nG!", "genome": "GCA_000000001.1"}).to_string());
    assert_eq!(letter.json()["error"]["message"], "'!' at position 4 is no base");
}

#[test]
fn what_is_not_there_is_not_found() {
    let id = "01234567-89ab-4def-8123-456789abcdef";
    for path in [
        format!("/api/jobs/{id}"),
        format!("/api/jobs/{id}/tasks"),
        format!("/api/results/{id}/targets"),
        format!("/api/results/{id}/targets.csv"),
        format!("/api/results/{id}/targets.bed"),
        format!("/api/results/{id}/targets/0/offtargets"),
        "/api/jobs/../x".to_owned(),
        "/api/jobs/key%23x".to_owned(),
        "/api/other".to_owned(),
    ] {
        assert_eq!(PIPELINE.get(&path).status, 404, "{path}");
    }
}

#[test]
fn the_same_key_is_the_same_job() {
    let body = json!({"sequence": "ATATATATATATATATATATATATATATATAT", "genome": "GCA_000000099.1"}).to_string();
    let submit = |key: &str| PIPELINE.post("/api/submit", &[("Idempotency-Key", key)], &body).json()["job_id"].clone();
    let first = submit("one");
    assert_eq!(submit("one"), first);
    assert_ne!(submit("two"), first);
    assert_eq!(PIPELINE.post("/api/submit", &[("Idempotency-Key", &"k".repeat(256))], &body).status, 400);
}

#[test]
fn a_genome_of_ones_own_is_uploaded_with_the_token() {
    let name = "my-genome_1";
    let (fasta, sequence) = genome(80);
    let file = compressed(fasta.as_bytes(), flate2::Compression::default());
    let body = json!({"name": name, "file": "g.fa.gz", "size": file.len()}).to_string();
    for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", TOKEN)]] {
        let reply = PIPELINE.post("/api/uploads", headers, &body);
        assert_eq!((reply.status, reply.json()["error"]["code"].as_str()), (401, Some("unauthorized")));
    }
    let token = format!("Bearer {TOKEN}");
    let headers = [("authorization", token.as_str())];
    for (body, field) in [
        (json!({"name": "No", "file": "g.fa", "size": 1}), "name"),
        (json!({"name": name, "file": "../g.fa", "size": 1}), "file"),
        (json!({"name": name, "file": "g.fa", "size": 5_000_000_001_u64}), "size"),
    ] {
        let reply = PIPELINE.post("/api/uploads", &headers, &body.to_string());
        assert_eq!((reply.status, reply.json()["error"]["field"].as_str()), (400, Some(field)));
    }
    let reply = PIPELINE.post("/api/uploads", &headers, &body);
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    let reply = reply.json();
    assert_eq!(reply["key"], format!("custom/{name}/fasta/g.fa.gz"));
    let url = reply["url"].as_str().unwrap();
    assert!(url.contains("content-length"), "the length is signed");
    assert_eq!(Pipeline::put(url, &file).status, 200);

    let job = PIPELINE.submit(&sequence, name);
    PIPELINE.wait(&job, "SUCCEEDED");
    assert_eq!(PIPELINE.csv(&job), csv(&judged(fasta.as_bytes(), &sequence)));
    let again = PIPELINE.post("/api/uploads", &headers, &body);
    assert_eq!((again.status, again.json()["error"]["code"].as_str()), (409, Some("genome_exists")));
}
