#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stackgen_contract::{Environment, ToInput};

use super::api::{DailyRow, DataRow, ErrorBody, ErrorDetail, PeriodRow};
use super::*;

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, value: &T) {
    assert_eq!(serde_json::from_str::<T>(text).unwrap(), *value);
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

fn message(outcome: Outcome, failure: Option<Failure>) -> RunMessage {
    RunMessage {
        run_id: "r1".into(),
        started_at: "2020-08-04T18:45:00Z".into(),
        finished_at: "2020-08-04T18:45:09Z".into(),
        outcome,
        added: 40,
        revised: 103,
        unchanged: 51,
        vanished: 0,
        rejected: 0,
        not_reported: 92,
        warnings: 2,
        date_min: Some("2020-01-22".into()),
        date_max: None,
        nyt: SourceReport { status: FetchStatus::Fetched, rows: 195, etag: Some("\"a\"".into()) },
        jhu: SourceReport { status: FetchStatus::NotModified, rows: 194, etag: None },
        rejects: vec![],
        failure,
    }
}

#[test]
fn a_run_tells_what_it_did() {
    round_trip(
        r#"{"run_id":"r1","started_at":"2020-08-04T18:45:00Z","finished_at":"2020-08-04T18:45:09Z","outcome":"SUCCESS",
            "added":40,"revised":103,"unchanged":51,"vanished":0,"rejected":0,"not_reported":92,"warnings":2,
            "date_min":"2020-01-22","date_max":null,"nyt":{"status":"fetched","rows":195,"etag":"\"a\""},
            "jhu":{"status":"not_modified","rows":194,"etag":null}}"#,
        &message(Outcome::Success, None),
    );
}

#[test]
fn a_failed_run_tells_why() {
    let failure =
        Failure { stage: Stage::Transform, error_class: FailureClass::SourceShrunk, message: "154 of 419 rows".into() };
    let text = serde_json::to_value(message(Outcome::Failed, Some(failure.clone()))).unwrap();
    assert_eq!(
        (&text["outcome"], &text["stage"], &text["error_class"]),
        (&"FAILED".into(), &"transform".into(), &"source_shrunk".into())
    );
    let read: RunMessage = serde_json::from_value(text).unwrap();
    assert_eq!(read.failure, Some(failure));
}

#[test]
fn the_event_of_the_schedule_asks_for_nothing_special() {
    let scheduled = r#"{"version":"0","source":"aws.events","detail-type":"Scheduled Event","detail":{}}"#;
    assert_eq!(serde_json::from_str::<RefreshEvent>(scheduled).unwrap(), RefreshEvent::default());
    round_trip(r#"{"ignoreEtag":true}"#, &RefreshEvent { ignore_etag: true });
    assert_eq!(RefreshEvent::default().to_input().unwrap(), "{}");
}

#[test]
fn answers_are_as_the_page_reads_them() {
    round_trip(
        r#"{"granularity":"data","from":null,"to":"2020-12-14","updated_at":null,
            "rows":[{"date":"2020-12-14","cases":1,"deaths":2,"recoveries":null}]}"#,
        &Answer {
            granularity: Granularity::Data,
            from: None,
            to: Some("2020-12-14".into()),
            updated_at: None,
            rows: vec![DataRow { date: "2020-12-14".into(), cases: 1, deaths: 2, recoveries: None }],
        },
    );
    round_trip(
        r#"{"date":"2021-06-04","cases":-23999,"deaths":0,"recoveries":null,"days":1,"decreases":["cases"]}"#,
        &DailyRow {
            date: "2021-06-04".into(),
            cases: -23999,
            deaths: 0,
            recoveries: None,
            days: 1,
            decreases: vec!["cases".into()],
        },
    );
    round_trip(
        r#"{"date":"2021-03-31","from":"2021-03-01","to":"2021-03-31","cases":848166,"deaths":22011,"recoveries":null,"complete":false}"#,
        &PeriodRow {
            date: "2021-03-31".into(),
            from: "2021-03-01".into(),
            to: "2021-03-31".into(),
            cases: 848_166,
            deaths: 22_011,
            recoveries: None,
            complete: false,
        },
    );
    round_trip(
        r#"{"error":{"code":"bad_date","message":"m"}}"#,
        &ErrorBody { error: ErrorDetail { code: "bad_date".into(), message: "m".into() } },
    );
}

#[test]
fn each_granularity_is_a_route() {
    for granularity in Granularity::ALL {
        assert_eq!(Granularity::of_path(granularity.path()), Some(granularity));
        assert_eq!(serde_json::to_value(granularity).unwrap(), granularity.path()[1..]);
    }
    assert_eq!(Granularity::of_path("/yearly"), None);
}

#[test]
fn the_stack_gives_what_the_handler_reads() {
    let given: Vec<(&str, String)> =
        RefreshEnv { table: "t", snapshots: "s", topic: "p", nyt_url: "n", jhu_url: "j", stack: "e" }.variables();
    assert_eq!(given.iter().map(|(name, _)| *name).collect::<Vec<_>>(), RefreshEnv::VARIABLES);
    let loaded =
        RefreshEnv::load_from(|name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
    assert_eq!(loaded.unwrap().jhu_url, "j");
    assert_eq!(ReadEnv::VARIABLES, ["TABLE"]);
}

#[test]
fn reasons_and_classes_have_the_names_of_the_specification() {
    assert_eq!(serde_json::to_value(RejectReason::DuplicateConflict).unwrap(), "duplicate_conflict");
    assert_eq!(serde_json::to_value(FailureClass::TooManyRejected).unwrap(), "too_many_rejected");
    assert_eq!(serde_json::to_value(Outcome::NoChange).unwrap(), "NO_CHANGE");
    assert_eq!(serde_json::to_value(Source::Jhu).unwrap(), "jhu");
}
