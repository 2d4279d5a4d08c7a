#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use stackgen_contract::{Environment, ToInput, scheduler};

use super::*;

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str, value: &T) {
    assert_eq!(serde_json::from_str::<T>(text).unwrap(), *value);
    let expected: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(value).unwrap(), expected);
}

fn input(time: &str) -> RetrieveInput {
    let location = Location::marysville();
    RetrieveInput {
        location_id: location.id().to_owned(),
        q: location.q().to_owned(),
        scheduled_time: time.to_owned(),
        refetch: false,
        backfill: false,
    }
}

#[test]
fn the_schedule_writes_the_input_of_the_execution() {
    assert_eq!(
        input(scheduler::SCHEDULED_TIME).to_input().unwrap(),
        r#"{"location_id":"marysville","q":"-37.504136,145.744302","scheduled_time":"<aws.scheduler.scheduled-time>"}"#
    );
    round_trip(
        r#"{"location_id":"marysville","q":"-37.504136,145.744302","scheduled_time":"2025-03-01T05:00:00Z","refetch":true,"backfill":true}"#,
        &RetrieveInput { refetch: true, backfill: true, ..input("2025-03-01T05:00:00Z") },
    );
}

#[test]
fn retrieve_reads_the_input_with_the_execution() {
    round_trip(
        r#"{"input":{"location_id":"marysville","q":"-37.504136,145.744302","scheduled_time":"t"},"execution_id":"arn"}"#,
        &RetrieveEvent { input: input("t"), execution_id: "arn".into() },
    );
}

#[test]
fn curate_reads_the_input_with_the_result_of_retrieve() {
    round_trip(
        r#"{"location_id":"marysville","q":"-37.504136,145.744302","scheduled_time":"2025-03-01T05:00:00Z",
            "retrieve":{"key":"raw/k","version_id":"v","source":"history","fetched_at":"2025-03-01T06:20:00Z","attempts":2,"reused":false}}"#,
        &CurateInput {
            input: input("2025-03-01T05:00:00Z"),
            retrieve: RetrieveResult {
                key: "raw/k".into(),
                version_id: "v".into(),
                source: WeatherSource::History,
                fetched_at: "2025-03-01T06:20:00Z".into(),
                attempts: 2,
                reused: false,
            },
        },
    );
    round_trip(
        r#"{"key":"curated/k","columns":53,"extra_fields":1,"type_errors":0}"#,
        &CurateResult { key: "curated/k".into(), columns: 53, extra_fields: 1, type_errors: 0 },
    );
}

#[test]
fn a_failure_has_the_members_of_step_functions() {
    round_trip(
        r#"{"Error":"ApiAuth","Cause":"c"}"#,
        &Failure { error: ErrorClass::ApiAuth.to_string(), cause: "c".into() },
    );
    round_trip(
        r#"{"execution":"e","state_machine":"s","started_at":"t","location_id":"unknown","hour":"unknown","error":"BadInput","cause":"c"}"#,
        &Notification {
            execution: "e".into(),
            state_machine: "s".into(),
            started_at: "t".into(),
            location_id: states::UNKNOWN.into(),
            hour: states::UNKNOWN.into(),
            error: ErrorClass::BadInput.name().into(),
            cause: "c".into(),
        },
    );
}

#[test]
fn the_name_of_a_class_is_its_error_type() {
    for class in [
        ErrorClass::ApiUnavailable,
        ErrorClass::ApiInvalidBody,
        ErrorClass::ApiAuth,
        ErrorClass::ApiQuota,
        ErrorClass::ApiBadRequest,
        ErrorClass::SecretMissing,
        ErrorClass::HourNotAvailable,
        ErrorClass::BadInput,
        ErrorClass::RawUnreadable,
    ] {
        assert_eq!(serde_json::to_value(class).unwrap(), class.name());
    }
}

#[test]
fn columns_stand_where_the_specification_says() {
    let number = |name: &str| COLUMNS.iter().position(|column| column.name == name).unwrap() + 1;
    for (name, place) in [
        ("name", 1),
        ("lat", 4),
        ("tz_id", 6),
        ("localtime_epoch", 7),
        ("localtime", 8),
        ("last_updated_epoch", 9),
        ("last_updated", 10),
        ("temp_c", 11),
        ("is_day", 13),
        ("text", 14),
        ("code", 16),
        ("wind_mph", 17),
        ("wind_degree", 19),
        ("wind_dir", 20),
        ("pressure_mb", 21),
        ("humidity", 25),
        ("feelslike_c", 27),
        ("gust_kph", 33),
        ("windchill_c", 34),
        ("dewpoint_f", 39),
        ("aq_co", 40),
        ("aq_pm10", 45),
        ("aq_us_epa_index", 46),
        ("scheduled_at", 48),
        ("observed_at", 50),
        ("source", 51),
        ("extra", 52),
        ("schema_version", 53),
    ] {
        assert_eq!(number(name), place, "{name}");
    }
    let names: HashSet<_> = COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(names.len(), 53);
    let count = |kind| COLUMNS.iter().filter(|column| column.kind == kind).count();
    let counts = [ColumnType::Text, ColumnType::Double, ColumnType::Integer, ColumnType::Timestamp].map(count);
    assert_eq!(counts, [11, 29, 10, 3]);
    assert_eq!(ColumnType::Integer.glue_type(), "bigint");
    assert!(
        keys::PARTITIONS.iter().all(|partition| !names.contains(partition)),
        "Glue refuses a partition key that is a column"
    );
}

#[test]
fn keys_are_those_of_the_specification() {
    let folder = keys::hour_folder("marysville", "2025", "03", "01", "05");
    assert_eq!(
        format!("{}{folder}{}", keys::RAW_PREFIX, keys::RAW_FILE),
        "raw/location_id=marysville/year=2025/month=03/day=01/hour=05/weather.json"
    );
    assert_eq!(
        keys::projection_folder(),
        "location_id=${location_id}/year=${year}/month=${month}/day=${day}/hour=${hour}/"
    );
}

#[test]
fn the_id_of_a_location_fits_in_a_key() {
    assert!(Location::new("a-1", "Paris").is_ok());
    for id in ["", "A", "a_b", "a/b", &"a".repeat(41)] {
        assert_eq!(Location::new(id, "Paris"), Err(LocationError::Id(id.to_owned())));
    }
    assert_eq!(Location::new("a", " ").unwrap_err().to_string(), "the location `a` asks the API for nothing");
}

#[test]
fn the_stack_gives_what_the_handlers_read() {
    let given: Vec<(&str, String)> =
        RetrieveEnv { raw_bucket: "r", api_key_secret: "k", api_base_url: "u" }.variables();
    assert_eq!(given.iter().map(|(name, _)| *name).collect::<Vec<_>>(), RetrieveEnv::VARIABLES);
    assert_eq!(CurateEnv::VARIABLES, ["RAW_BUCKET", "CURATED_BUCKET"]);
}
