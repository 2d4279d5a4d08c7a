//! What the API tells.

use super::*;
use crate::pipeline::answer::Answer;
use crate::pipeline::api::{answer, is_job_id};
use crate::pipeline::upload::sign;

fn get(bench: &Bench, path: &str, query: &str) -> Answer {
    finish(answer(&bench.world, path, query)).unwrap()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn rows(bench: &Bench, job: &str, limit: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut query = format!("limit={limit}");
    loop {
        let page = json_of(&get(bench, &format!("/api/results/{job}/targets"), &query));
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= limit);
        rows.extend(data.iter().cloned());
        match page["cursor"].as_str() {
            Some(cursor) => query = format!("cursor={cursor}&limit={limit}"),
            None => return rows,
        }
    }
}

#[test]
fn a_job_is_followed_to_its_results() {
    let mut bench = Bench::new();
    let job = bench.job(ACCESSION, &sequence());
    let path = |rest: &str| format!("/api/jobs/{job}{rest}");
    let state = json_of(&get(&bench, &path(""), ""));
    assert_eq!((state["state"].as_str(), state["genome_state"].as_str()), (Some("SUBMITTED"), None));
    assert_eq!(state["created"], "2026-03-01T12:00:00.000Z");
    let none = json!({"NumGuides": null, "NumScoredOntarget": 0, "NumScoredOfftarget": 0});
    assert_eq!(json_of(&get(&bench, &path("/tasks"), "")), none);
    assert_eq!(json_of(&get(&bench, "/api/genomes", "")), json!({"genomes": []}));
    bench.dispatch(&job).unwrap();
    let mut seen = Vec::new();
    while let Some((queue, body)) = bench.world.take() {
        if queue == Queue::OffTarget && !seen.contains(&queue) {
            // Before the results, rows come in the order of the sequence.
            let ids: Vec<_> = rows(&bench, &job, 37).iter().map(|row| row["target_id"].as_u64().unwrap()).collect();
            assert!(ids.is_sorted() && ids.len() > 250);
            assert_eq!(get(&bench, &format!("/api/results/{job}/targets.csv"), "").status, 404);
            assert_eq!(get(&bench, &format!("/api/results/{job}/targets/0/offtargets"), "").status, 404);
            let tasks = json_of(&get(&bench, &path("/tasks"), ""));
            assert_eq!(
                (tasks["NumScoredOntarget"].as_u64(), tasks["NumScoredOfftarget"].as_u64()),
                (Some(250), Some(0))
            );
        }
        seen.push(queue);
        bench.deliver(queue, &body, 1).unwrap();
    }
    let found = rows(&bench, &job, 100);
    let ranks: Vec<_> = found.iter().map(|row| row["rank"].as_u64().unwrap()).collect();
    assert_eq!(ranks, (1..=found.len() as u64).collect::<Vec<_>>());
    let tasks = json_of(&get(&bench, &path("/tasks"), ""));
    let all = json!(found.len());
    assert_eq!(tasks, json!({"NumGuides": all, "NumScoredOntarget": all, "NumScoredOfftarget": all}));
    let csv = get(&bench, &format!("/api/results/{job}/targets.csv"), "");
    let url = format!("https://bucket/results/{job}/targets.csv?signed&as=targets.csv");
    assert_eq!((csv.status, csv.headers[0].clone()), (303, ("location", url)));
    let list = json_of(&get(&bench, &format!("/api/results/{job}/targets/0/offtargets"), ""));
    assert_eq!(list["sites"][0]["on_target"], true);
    assert_eq!(get(&bench, &format!("/api/results/{job}/targets/99999/offtargets"), "").status, 404);
    assert_eq!(get(&bench, &format!("/api/results/{job}/targets/x/offtargets"), "").status, 404);
    for query in ["limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=-1"] {
        assert_eq!(get(&bench, &format!("/api/results/{job}/targets"), query).status, 400, "{query}");
    }
    let past = json_of(&get(&bench, &format!("/api/results/{job}/targets"), "cursor=4000000000"));
    assert_eq!(past["data"], json!([]));
    let genomes = json_of(&get(&bench, "/api/genomes", ""));
    assert_eq!(genomes["genomes"][0]["genome"], ACCESSION);
}

#[test]
fn what_is_not_there_is_not_found() {
    let bench = Bench::new();
    let id = "01234567-89ab-4def-8123-456789abcdef";
    assert!(is_job_id(id));
    for other in ["", "key#0123", "01234567-89AB-4def-8123-456789abcdef", "01234567x89ab-4def-8123-456789abcdef"] {
        assert!(!is_job_id(other), "{other}");
    }
    for path in [
        "/",
        "/api",
        "/api/jobs",
        "/api/jobs/",
        &format!("/api/jobs/{id}"),
        &format!("/api/jobs/{id}/x"),
        &format!("/api/results/{id}/targets.xml"),
        "/api/genomes/x",
    ] {
        let found = get(&bench, path, "");
        assert_eq!((found.status, json_of(&found)["error"]["code"].as_str()), (404, Some("not_found")), "{path}");
    }
}

#[test]
fn uploads_need_the_token_and_a_free_name() {
    let mut bench = Bench::without_ncbi();
    let body = json!({"name": "mine", "file": "a.fa", "size": 9}).to_string();
    let ask = |authorization: Option<&str>, body: &str| {
        finish(sign(&bench.world, authorization, "s3cret", body.as_bytes())).unwrap()
    };
    for wrong in [None, Some("s3cret"), Some("Bearer "), Some("Bearer s3cre"), Some("bearer s3cret")] {
        assert_eq!(ask(wrong, &body).status, 401, "{wrong:?}");
    }
    let answer = ask(Some("Bearer s3cret"), &body);
    let expected = json!({"url": "https://bucket/custom/mine/fasta/a.fa?signed&length=9",
        "key": "custom/mine/fasta/a.fa", "expires": "2026-03-01T13:00:00.000Z"});
    assert_eq!((answer.status, json_of(&answer)), (200, expected));
    for (body, field) in [
        (json!({"name": "m", "file": "a.fa", "size": 9}), Some("name")),
        (json!({"name": "GCA_000482205.1", "file": "a.fa", "size": 9}), Some("name")),
        (json!({"name": "mine", "file": "a.exe", "size": 9}), Some("file")),
        (json!({"name": "mine", "file": "a.fa", "size": 0}), Some("size")),
        (json!({"name": "mine", "file": "a.fa", "size": 5_000_000_001_u64}), Some("size")),
        (json!({"name": "mine", "file": "a.fa"}), None),
        (json!({"name": "mine", "file": "a.fa", "size": 9, "more": 1}), None),
    ] {
        let answer = ask(Some("Bearer s3cret"), &body.to_string());
        assert_eq!((answer.status, json_of(&answer)["error"]["field"].as_str()), (400, field), "{body}");
    }
    bench.world.put_object("custom/mine/fasta/a.fa", b">a\nACGTACGT");
    let job = bench.job("mine", "ACGT");
    bench.dispatch(&job).unwrap();
    let ask = finish(sign(&bench.world, Some("Bearer s3cret"), "s3cret", body.as_bytes())).unwrap();
    assert_eq!((ask.status, json_of(&ask)["error"]["code"].as_str()), (409, Some("genome_exists")));
}
