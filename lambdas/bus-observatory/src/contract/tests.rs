#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stackgen_contract::{Environment, ToInput, scheduler};

use super::*;
use crate::feeds::{Auth, Feed, FeedType, Rate, SecretName, SecretStore, TableFormat};

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, value: &T) {
    assert_eq!(serde_json::from_str::<T>(text).unwrap(), *value);
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

fn feed(auth: Auth) -> Feed {
    Feed {
        system_id: "wmata_bus".into(),
        publish: true,
        enabled: true,
        system_name: "Metrobus".into(),
        city_name: "Washington".into(),
        notes: None,
        feed_type: FeedType::Gtfsrt,
        url: "https://h/".into(),
        auth,
        tz: "America/New_York".into(),
        route_column: "r".into(),
        timestamp_column: "t".into(),
        rate: Rate::every(1).unwrap(),
        freshness_minutes: 60,
    }
}

#[test]
fn the_schedule_writes_the_event_of_the_grabber() {
    let secret = SecretName { store: SecretStore::Secretsmanager, name: "bus-observatory/wmata".into() };
    let auth = Auth::Header { secret, header: "api_key".into(), template: "{key}".into() };
    let event = GrabEvent { feed: feed(auth), scheduled_time: scheduler::SCHEDULED_TIME.into() };
    round_trip(
        r#"{"feed":{"system_id":"wmata_bus","publish":true,"enabled":true,"system_name":"Metrobus","city_name":"Washington",
            "feed_type":"gtfsrt","url":"https://h/","auth":{"type":"header","secret":{"store":"secretsmanager",
            "name":"bus-observatory/wmata"},"header":"api_key","template":"{key}"},"tz":"America/New_York","route_column":"r",
            "timestamp_column":"t","rate":"rate(1 minute)","freshness_minutes":60},
            "scheduled_time":"<aws.scheduler.scheduled-time>"}"#,
        &event,
    );
    assert!(serde_json::from_str::<Rate>(r#""rate(90 minutes)""#).is_err());
}

#[test]
fn kinds_of_authentication_are_told_by_their_type() {
    round_trip(r#"{"type":"none"}"#, &Auth::None);
    let secret = SecretName { store: SecretStore::Ssm, name: "/bus-observatory/a".into() };
    round_trip(r#"{"type":"query","secret":{"store":"ssm","name":"/bus-observatory/a"}}"#, &Auth::Query { secret });
}

#[test]
fn the_compactor_may_be_told_which_hours() {
    let event = CompactEvent { system_id: "mbta_all".into(), from: None, to: None };
    assert_eq!(event.to_input().unwrap(), r#"{"system_id":"mbta_all"}"#);
    round_trip(
        r#"{"system_id":"mbta_all","from":"2025-03-01T00:00:00Z","to":"2025-03-01T05:00:00Z"}"#,
        &CompactEvent { from: Some("2025-03-01T00:00:00Z".into()), to: Some("2025-03-01T05:00:00Z".into()), ..event },
    );
}

#[test]
fn what_is_told_of_a_feed_has_neither_url_nor_secret() {
    let text = serde_json::to_value(api::FeedListing::from(&feed(Auth::None))).unwrap();
    assert!(text.get("url").is_none() && text.get("auth").is_none());
    assert_eq!(text["feed_type"], "gtfsrt");
}

#[test]
fn answers_are_as_the_specification_writes_them() {
    let query = api::BulkQuery {
        system_id: "s".into(),
        route: "M1".into(),
        start: "2023-04-30T23:00:00Z".into(),
        end: "2023-05-01T00:00:00Z".into(),
    };
    round_trip(
        r#"{"query":{"system_id":"s","route":"M1","start (gte)":"2023-04-30T23:00:00Z","end (lt)":"2023-05-01T00:00:00Z"},"result":[]}"#,
        &api::BulkAnswer::<String> { query, result: vec![] },
    );
    round_trip(
        r#"{"error":{"code":"bad_hour","message":"m","field":null}}"#,
        &api::ErrorBody { error: api::ErrorDetail { code: "bad_hour".into(), message: "m".into(), field: None } },
    );
}

#[test]
fn names_are_those_of_the_specification() {
    assert_eq!(keys::pointer_projection("mbta_all"), "pointer/feed=mbta_all/dt=${dt}/hr=${hr}/");
    assert!(keys::pointer_projection("mbta_all").starts_with(&keys::pointer_folder("mbta_all")));
    assert_eq!(keys::last_grab("mbta_all"), "state/feed=mbta_all/last.parquet");
    assert_eq!(keys::iceberg_folder("mbta_all"), "iceberg/mbta_all/");
    assert_eq!(keys::feed_parameter("bus-observatory", "mbta_all"), "/bus-observatory/feeds/mbta_all");
    assert_eq!(keys::database("bus-observatory"), "bus_observatory");
}

#[test]
fn the_format_of_the_tables_is_read_as_a_type() {
    let given: Vec<(&str, String)> =
        CompactorEnv { lake: "l", table_format: TableFormat::Iceberg.name(), database: "d" }.variables();
    let load = |format: &str| {
        CompactorEnv::load_from(|name| match name {
            "TABLE_FORMAT" => Some(format.to_owned()),
            _ => given.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()),
        })
    };
    assert_eq!(load("iceberg").unwrap().table_format, TableFormat::Iceberg);
    assert_eq!(
        load("delta").unwrap_err().to_string(),
        "the environment is incomplete: `TABLE_FORMAT` is `delta`: must be `hive` or `iceberg`"
    );
    assert_eq!((GrabberEnv::VARIABLES.len(), ApiEnv::VARIABLES.len()), (1, 5));
}
