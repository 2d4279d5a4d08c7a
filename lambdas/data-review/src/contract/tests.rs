#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stackgen_contract::{Environment, ToInput};

use super::*;

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, value: &T) {
    assert_eq!(serde_json::from_str::<T>(text).unwrap(), *value);
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

#[test]
fn a_message_is_as_the_orchestrator_writes_it() {
    round_trip(
        r#"{"schema":1,"bucket":"b","key":"a b+c/d.csv","version_id":null,"etag":"9e1","size":12,
            "file_type":"exchange_ctd_zip","force":false,"request_id":"r-1"}"#,
        &FileMessage {
            schema: MESSAGE_SCHEMA,
            bucket: "b".into(),
            key: "a b+c/d.csv".into(),
            version_id: None,
            etag: "9e1".into(),
            size: 12,
            file_type: FileType::ExchangeCtdZip,
            force: false,
            request_id: "r-1".into(),
        },
    );
}

#[test]
fn the_rule_of_the_sweep_says_no_more_than_it_must() {
    assert_eq!(SweepInput::default().to_input().unwrap(), r#"{"action":"sweep"}"#);
    round_trip(
        r#"{"action":"sweep","force":true,"prefix":"cruise/"}"#,
        &SweepInput { action: Sweep::Sweep, force: true, prefix: "cruise/".into() },
    );
    let written_out: SweepInput = serde_json::from_str(r#"{"action":"sweep","force":false,"prefix":""}"#).unwrap();
    assert_eq!(written_out, SweepInput::default());
}

#[test]
fn the_orchestrator_tells_its_events_apart() {
    let event = r#"{"version":"0","id":"1","detail-type":"Object Created","source":"aws.s3","account":"123456789012",
        "time":"2025-03-01T05:00:00Z","region":"us-east-1","resources":["arn:aws:s3:::b"],
        "detail":{"version":"0","bucket":{"name":"b"},"object":{"key":"a b+c/d.csv","size":5,"etag":"e","version-id":"v",
        "sequencer":"0"},"request-id":"R","requester":"123456789012","source-ip-address":"1.2.3.4","reason":"PutObject"}}"#;
    let OrchestratorEvent::ObjectCreated(event) = serde_json::from_str(event).unwrap() else { panic!("another event") };
    assert_eq!((event.source.as_str(), event.detail_type.as_str()), (OBJECT_CREATED_SOURCE, OBJECT_CREATED));
    assert_eq!(
        (event.detail.object.key.as_str(), event.detail.object.version_id.as_deref()),
        ("a b+c/d.csv", Some("v"))
    );

    let sweep: OrchestratorEvent = serde_json::from_str(r#"{"action":"sweep"}"#).unwrap();
    assert_eq!(sweep, OrchestratorEvent::Sweep(SweepInput::default()));
    for other in [r#"{"action":"delete"}"#, r#"{"action":"sweep","forse":true}"#, "{}", "[]"] {
        assert!(serde_json::from_str::<OrchestratorEvent>(other).is_err(), "{other}");
    }
}

#[test]
fn the_report_has_the_fields_of_the_specification() {
    let report = SweepReport {
        listed: 16,
        sent_bottle: 4,
        sent_ctd: 3,
        sent_netcdf: 6,
        unsupported: 3,
        complete: true,
        ..SweepReport::default()
    };
    round_trip(
        r#"{"listed":16,"skipped":0,"sent_bottle":4,"sent_ctd":3,"sent_netcdf":6,"unsupported":3,"unrecognised":0,
            "errors":0,"complete":true}"#,
        &report,
    );
}

#[test]
fn kinds_of_files_have_their_names_and_routes() {
    for (name, route) in [
        ("exchange_bottle", Route::Bottle),
        ("exchange_bottle_zip", Route::Bottle),
        ("exchange_ctd", Route::Ctd),
        ("exchange_ctd_zip", Route::Ctd),
        ("whp_netcdf_bottle", Route::Netcdf),
        ("whp_netcdf_ctd", Route::Netcdf),
        ("whp_netcdf_bottle_zip", Route::Netcdf),
        ("whp_netcdf_ctd_zip", Route::Netcdf),
        ("cf_netcdf", Route::Netcdf),
        ("woce_bottle_text", Route::Unsupported),
        ("woce_ctd_text", Route::Unsupported),
        ("woce_ctd_zip", Route::Unsupported),
        ("woce_summary_text", Route::Unsupported),
        ("matlab5", Route::Unsupported),
        ("seabird_cnv", Route::Unsupported),
        ("pdf", Route::Unsupported),
        ("gzip", Route::Unsupported),
        ("office_document", Route::Unsupported),
        ("other_netcdf", Route::Unsupported),
        ("unknown", Route::Unrecognised),
    ] {
        let kind: FileType = serde_json::from_value(name.into()).unwrap();
        assert_eq!(kind.route(), route, "{name}");
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
    }
    assert_eq!(serde_json::to_value(FailureKind::AttemptsExhausted).unwrap(), "attempts_exhausted");
    assert_eq!(serde_json::to_value(Status::Warnings).unwrap(), "warnings");
    assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Info);
}

#[test]
fn the_stack_gives_what_the_handler_reads() {
    let given: Vec<(&str, String)> = HandlerEnv { stats: "s", failures: String::from("f") }.variables();
    let loaded =
        HandlerEnv::load_from(|name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()));
    assert_eq!(loaded.unwrap(), HandlerEnv { stats: "s".to_owned(), failures: "f".to_owned() });
    assert_eq!(OrchestratorEnv::VARIABLES.len(), 6);
}
