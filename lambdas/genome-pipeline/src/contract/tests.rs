#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stackgen_contract::{Environment, ToInput};

use super::api::*;
use super::*;

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, value: &T) {
    assert_eq!(serde_json::from_str::<T>(text).unwrap(), *value);
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

#[test]
fn messages_are_as_the_specification_writes_them() {
    round_trip(
        r#"{"genome":"GCA_000482205.1","attempt":1}"#,
        &GenomeMessage { genome: "GCA_000482205.1".into(), attempt: 1 },
    );
    let mut part = PartMessage {
        genome: "GCA_000482205.1".into(),
        attempt: 1,
        file: "f.fna.gz".into(),
        url: "https://h/f.fna.gz".into(),
        key: keys::fasta("GCA_000482205.1", "f.fna.gz"),
        part: 1,
        parts: 7,
        start: 0,
        end: 49_999_999,
        upload_id: Some("u".into()),
    };
    round_trip(
        r#"{"genome":"GCA_000482205.1","attempt":1,"file":"f.fna.gz","url":"https://h/f.fna.gz",
            "key":"GCA_000482205.1/fasta/f.fna.gz","part":1,"parts":7,"start":0,"end":49999999,"upload_id":"u"}"#,
        &part,
    );
    part.upload_id = None;
    assert_eq!(serde_json::to_value(&part).unwrap()["upload_id"], serde_json::Value::Null);
    round_trip(r#"{"job_id":"j"}"#, &ScanMessage { job_id: "j".into() });
    round_trip(
        r#"{"job_id":"j","genome":"my-genome","chunk":0,"targets":[[0,"ATCGATCGATCGATCGATCGAGG"],[7,"ATCGATCGATCGATCGATCGTGG"]]}"#,
        &ChunkMessage {
            job_id: "j".into(),
            genome: "my-genome".into(),
            chunk: 0,
            targets: vec![(0, "ATCGATCGATCGATCGATCGAGG".into()), (7, "ATCGATCGATCGATCGATCGTGG".into())],
        },
    );
    assert_eq!(Tick::default().to_input().unwrap(), r#"{"action":"tick"}"#);
}

#[test]
fn a_full_chunk_fits_into_a_message() {
    let targets =
        (0..u32::try_from(limits::CHUNK_TARGETS).unwrap()).map(|id| (id + 4_000_000_000, "A".repeat(23))).collect();
    let message = ChunkMessage { job_id: "j".repeat(36), genome: "g".repeat(64), chunk: u32::MAX, targets };
    assert!(message.to_input().unwrap().len() < 262_144);
}

#[test]
fn a_request_may_leave_its_options_out() {
    let request: SubmitRequest = serde_json::from_str(r#"{"sequence":"ACGT","genome":"g"}"#).unwrap();
    assert_eq!(request.options, Options { method: Method::And, threshold: 75.0, max_distance: 4 });
    let request: SubmitRequest =
        serde_json::from_str(r#"{"sequence":"ACGT","genome":"g","options":{"method":"avg","max_distance":2}}"#)
            .unwrap();
    assert_eq!(request.options, Options { method: Method::Avg, threshold: 75.0, max_distance: 2 });
    assert!(serde_json::from_str::<Options>(r#"{"treshold":1}"#).is_err());
    round_trip(
        r#"{"sequence":"ACGT","genome":"g","options":{"method":"and","threshold":75.0,"max_distance":4}}"#,
        &SubmitRequest { sequence: "ACGT".into(), genome: "g".into(), options: Options::default() },
    );
}

#[test]
fn answers_are_as_the_page_reads_them() {
    round_trip(
        r#"{"job_id":"j","state":"SUBMITTED"}"#,
        &SubmitAnswer { job_id: "j".into(), state: JobState::Submitted },
    );
    round_trip(
        r#"{"job_id":"j","state":"FAILED","genome_state":"DOWNLOADING","reason":"checksum_mismatch","message":"m",
            "genome":"g","created":"c","updated":"u"}"#,
        &JobAnswer {
            job_id: "j".into(),
            state: JobState::Failed,
            genome_state: Some(GenomeState::Downloading),
            reason: Some(Reason::ChecksumMismatch),
            message: Some("m".into()),
            genome: "g".into(),
            created: "c".into(),
            updated: "u".into(),
        },
    );
    round_trip(
        r#"{"NumGuides":1980,"NumScoredOntarget":250,"NumScoredOfftarget":0}"#,
        &TasksAnswer { num_guides: Some(1980), num_scored_ontarget: 250, num_scored_offtarget: 0 },
    );
    round_trip(
        r#"{"recordsTotal":3,"data":[1],"cursor":null}"#,
        &TargetsAnswer { records_total: 3, data: vec![1], cursor: None },
    );
    round_trip(
        r#"{"name":"n","file":"f.fa","size":5}"#,
        &UploadRequest { name: "n".into(), file: "f.fa".into(), size: 5 },
    );
    round_trip(
        r#"{"url":"u","key":"k","expires":"e"}"#,
        &UploadAnswer { url: "u".into(), key: "k".into(), expires: "e".into() },
    );
    round_trip(
        r#"{"error":{"code":"bad_letter","message":"m","field":"sequence"}}"#,
        &ErrorBody {
            error: ErrorDetail { code: "bad_letter".into(), message: "m".into(), field: Some("sequence".into()) },
        },
    );
}

#[test]
fn states_have_their_names() {
    assert_eq!(serde_json::to_value(JobState::Preparing).unwrap(), "PREPARING");
    assert!(JobState::Failed.is_final() && JobState::Succeeded.is_final() && !JobState::Scoring.is_final());
    assert_eq!(serde_json::to_value(GenomePath::Ec2).unwrap(), "ec2");
    assert_eq!(serde_json::to_value(Reason::NoWorkerImage).unwrap(), "no_worker_image");
}

#[test]
fn keys_match_the_patterns_of_the_grants() {
    assert_eq!(keys::fasta("my-genome", "a.fa"), "custom/my-genome/fasta/a.fa");
    assert_eq!(keys::index("GCF_000001405.40", 2), "GCF_000001405.40/index/2.crx");
    assert_eq!(keys::manifest("my-genome"), "custom/my-genome/index/manifest.json");
    assert!(keys::manifest("my-genome").contains(keys::INDEX_PATTERN.trim_start_matches('*')));
    assert!(keys::fasta("my-genome", "a.fa").contains(keys::FASTA_PATTERN.trim_start_matches('*')));
    assert_eq!(keys::off_targets("j", 7), "results/j/off/7.json.gz");
    assert_eq!(
        [keys::ranked("j"), keys::csv("j"), keys::bed("j")],
        ["results/j/ranked.json.gz", "results/j/targets.csv", "results/j/targets.bed"]
    );
    assert_eq!(keys::image_parameter("genome-ami"), "/imagebuilder/genome-ami/ami-id");
}

#[test]
fn the_page_reaches_every_path_of_the_api() {
    let start = site::API_PATHS.trim_end_matches('*');
    for path in api::JOB_ROUTES.iter().chain([&api::SUBMIT_ROUTE, &api::UPLOAD_ROUTE]) {
        assert!(path.starts_with(start), "{path}");
    }
}

#[test]
fn the_worker_reads_what_the_scheduler_passes_on() {
    let given: Vec<(&str, String)> = WorkerEnv {
        jobs: "j",
        tasks: "t",
        targets: "g",
        genomes: "e",
        bucket: "b",
        log_group: "l",
        ncbi_api: limits::DEFAULT_NCBI_API,
        ncbi_files: limits::DEFAULT_NCBI_FILES,
    }
    .variables();
    let lines = given.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n");
    let loaded = WorkerEnv::load_from(|name| {
        lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    });
    assert_eq!(loaded.unwrap().ncbi_files, limits::DEFAULT_NCBI_FILES);
    assert_eq!(SchedulerEnv::VARIABLES.len(), 12);
}
