#![allow(clippy::unwrap_used)]

use parquet::basic::{Compression, LogicalType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::contract::{ColumnType, RetrieveInput, RetrieveResult, WeatherSource};
use crate::memory::{Memory, finish};

const CURATED: &str = "curated/location_id=marysville/year=2025/month=03/day=01/hour=05/weather.parquet";

/// What the API answers at least: the columns 1 to 33.
fn minimal() -> Value {
    json!({
        "location": {
            "name": "Marysville", "region": "Victoria", "country": "Australia", "lat": -37.504_136, "lon": 145.744_302,
            "tz_id": "Australia/Melbourne", "localtime_epoch": 2_147_483_648_i64, "localtime": "2025-03-01 16:00"
        },
        "current": {
            "last_updated_epoch": 1_740_805_200, "last_updated": "2025-03-01 16:00", "temp_c": 21, "temp_f": 69.8, "is_day": 1,
            "condition": {"text": "Sunny", "icon": "//cdn/113.png", "code": 1000},
            "wind_mph": 2.2, "wind_kph": 3.6, "wind_degree": 10, "wind_dir": "N", "pressure_mb": 1018.0, "pressure_in": 30.06,
            "precip_mm": 0.0, "precip_in": 0.0, "humidity": 60, "cloud": 0, "feelslike_c": 21.0, "feelslike_f": 69.8,
            "vis_km": 10.0, "vis_miles": 6.0, "uv": 5.5, "gust_mph": 3.1, "gust_kph": 5.0
        }
    })
}

fn input(source: WeatherSource) -> CurateInput {
    CurateInput {
        input: RetrieveInput {
            location_id: "marysville".into(),
            q: "-37.504136,145.744302".into(),
            scheduled_time: "2025-03-01T05:12:00Z".into(),
            refetch: false,
            backfill: false,
        },
        retrieve: RetrieveResult {
            key: "raw/k".into(),
            version_id: "2".into(),
            source,
            fetched_at: "2025-03-01T05:00:04.250Z".into(),
            attempts: 1,
            reused: false,
        },
    }
}

/// What a body becomes: the result, and the file.
fn curate_bytes(body: &[u8], source: WeatherSource) -> Result<(CurateResult, Vec<u8>), Failure> {
    let memory = Memory::default();
    memory.with(|content| content.raw.insert("raw/k".into(), vec![(b"{}".to_vec(), None), (body.to_vec(), None)]));
    let result = finish(Curate { store: &memory }.run(&input(source)));
    let mut files = memory.with(|content| content.curated.clone());
    assert_eq!(files.len(), usize::from(result.is_ok()));
    result.map(|result| (result, files.remove(CURATED).unwrap()))
}

/// The values of a file as an independent part of the library reads them.
fn read(file: Vec<u8>) -> Vec<(String, Field)> {
    let reader = SerializedFileReader::new(bytes(file)).unwrap();
    let mut rows = reader.get_row_iter(None).unwrap();
    let row = rows.next().unwrap().unwrap();
    assert!(rows.next().is_none());
    row.get_column_iter().map(|(name, field)| (name.clone(), field.clone())).collect()
}

fn bytes(file: Vec<u8>) -> bytes::Bytes {
    file.into()
}

#[track_caller]
fn curate(body: &Value) -> (CurateResult, Vec<(String, Field)>) {
    let (result, file) = curate_bytes(body.to_string().as_bytes(), WeatherSource::Current).unwrap();
    assert_eq!((result.columns, result.key.as_str()), (53, CURATED));
    (result, read(file))
}

fn get<'r>(row: &'r [(String, Field)], name: &str) -> &'r Field {
    &row.iter().find(|(column, _)| column == name).unwrap().1
}

fn text(text: &str) -> Field {
    Field::Str(text.into())
}

#[test]
fn a_minimal_body_fills_the_columns_1_to_33() {
    let (result, row) = curate(&minimal());
    assert_eq!((result.extra_fields, result.type_errors, row.len()), (0, 0, 53));
    for (number, (name, field)) in (1..).zip(&row) {
        let is_null = (34..=47).contains(&number) || name == "extra";
        assert_eq!(*field == Field::Null, is_null, "{number} {name}");
    }
    for (name, field) in [
        ("name", text("Marysville")),
        ("lat", Field::Double(-37.504_136)),
        ("lon", Field::Double(145.744_302)),
        ("localtime_epoch", Field::Long(2_147_483_648)),
        ("last_updated", text("2025-03-01 16:00")),
        ("temp_c", Field::Double(21.0)),
        ("is_day", Field::Long(1)),
        ("text", text("Sunny")),
        ("icon", text("//cdn/113.png")),
        ("code", Field::Long(1000)),
        ("scheduled_at", Field::TimestampMillis(1_740_805_200_000)),
        ("fetched_at", Field::TimestampMillis(1_740_805_204_250)),
        ("observed_at", Field::TimestampMillis(1_740_805_200_000)),
        ("source", text("current")),
        ("schema_version", Field::Long(1)),
    ] {
        assert_eq!(*get(&row, name), field, "{name}");
    }
}

#[test]
fn newer_fields_and_air_quality_have_their_columns() {
    let mut body = minimal();
    let newer = ["windchill_c", "windchill_f", "heatindex_c", "heatindex_f", "dewpoint_c", "dewpoint_f"];
    for name in newer {
        body["current"][name] = json!(1.5);
    }
    body["current"]["air_quality"] = json!({
        "co": 233.65, "no2": "4.5", "o3": 60, "so2": 1.2, "pm2_5": 3.4, "pm10": 5.6, "us-epa-index": 1, "gb-defra-index": 2
    });
    let (result, row) = curate(&body);
    assert_eq!((result.extra_fields, result.type_errors), (0, 0));
    assert!(newer.iter().all(|name| *get(&row, name) == Field::Double(1.5)));
    let air: Vec<_> = row[39..47].iter().map(|(name, field)| (name.as_str(), field.clone())).collect();
    assert_eq!(
        air,
        [
            ("aq_co", Field::Double(233.65)),
            ("aq_no2", Field::Double(4.5)),
            ("aq_o3", Field::Double(60.0)),
            ("aq_so2", Field::Double(1.2)),
            ("aq_pm2_5", Field::Double(3.4)),
            ("aq_pm10", Field::Double(5.6)),
            ("aq_us_epa_index", Field::Long(1)),
            ("aq_gb_defra_index", Field::Long(2)),
        ]
    );
}

#[test]
fn unknown_fields_are_kept() {
    let mut body = minimal();
    body["current"]["snow_prob"] = json!(3);
    let (result, row) = curate(&body);
    assert_eq!((result.extra_fields, result.type_errors), (1, 0));
    assert_eq!(*get(&row, "extra"), text(r#"{"current.snow_prob":3}"#));

    body["location"]["temp_c"] = json!(1);
    body["current"]["text"] = json!("a");
    body["current"]["aq_co"] = json!(1);
    body["current"]["schema_version"] = json!(9);
    body["current"]["condition"]["day"] = json!([1]);
    body["alerts"] = json!({"a": null});
    let (result, row) = curate(&body);
    assert_eq!(result.extra_fields, 7);
    let Field::Str(extra) = get(&row, "extra") else { panic!("no text") };
    let extra: Value = serde_json::from_str(extra).unwrap();
    assert_eq!(
        extra,
        json!({"location.temp_c": 1, "current.snow_prob": 3, "current.text": "a", "current.aq_co": 1,
            "current.schema_version": 9, "current.condition.day": [1], "alerts": {"a": null}})
    );
    assert_eq!((get(&row, "text"), get(&row, "schema_version")), (&text("Sunny"), &Field::Long(1)));
}

#[test]
fn values_of_a_wrong_type_become_null_and_are_kept() {
    let mut body = minimal();
    body["current"]["humidity"] = json!("high");
    body["current"]["cloud"] = json!("5.0");
    body["current"]["uv"] = Value::Null;
    body["current"]["condition"] = json!("Sunny");
    body["location"]["name"] = json!(7);
    let (result, row) = curate(&body);
    assert_eq!((result.extra_fields, result.type_errors), (0, 3));
    for name in ["humidity", "uv", "text", "icon", "code", "name"] {
        assert_eq!(*get(&row, name), Field::Null, "{name}");
    }
    assert_eq!(*get(&row, "cloud"), Field::Long(5));
    let Field::Str(extra) = get(&row, "extra") else { panic!("no text") };
    assert_eq!(
        serde_json::from_str::<Value>(extra).unwrap(),
        json!({"location.name": 7, "current.condition": "Sunny", "current.humidity": "high",
            "_type_errors": ["location.name", "current.condition", "current.humidity"]})
    );
}

#[test]
fn an_hour_of_history_has_the_same_columns() {
    let hour = |epoch: i64, temp: i64| {
        json!({"time_epoch": epoch, "time": "2025-03-01 16:00", "temp_c": temp, "is_day": 1, "will_it_rain": 0,
            "condition": {"text": "Rain", "icon": "i", "code": 1063}, "windchill_c": 3.5, "last_updated": "x"})
    };
    let body = json!({
        "location": minimal()["location"],
        "forecast": {"forecastday": [{"date": "2025-03-01", "day": {}, "hour": [hour(1_740_801_600, 1), hour(1_740_805_200, 2)]}]}
    });
    let (result, file) = curate_bytes(body.to_string().as_bytes(), WeatherSource::History).unwrap();
    let row = read(file);
    assert_eq!((result.extra_fields, result.type_errors), (2, 0));
    for (name, field) in [
        ("temp_c", Field::Double(2.0)),
        ("windchill_c", Field::Double(3.5)),
        ("last_updated_epoch", Field::Long(1_740_805_200)),
        ("last_updated", text("2025-03-01 16:00")),
        ("observed_at", Field::TimestampMillis(1_740_805_200_000)),
        ("source", text("history")),
        ("extra", text(r#"{"hour.will_it_rain":0,"hour.last_updated":"x"}"#)),
    ] {
        assert_eq!(*get(&row, name), field, "{name}");
    }
}

#[test]
fn all_files_have_one_schema() {
    let mut strange = minimal();
    strange["current"] = json!({"temp_c": "x", "new": {"a": [1, 2]}});
    let schema = |body: &Value| {
        let (_, file) = curate_bytes(body.to_string().as_bytes(), WeatherSource::Current).unwrap();
        let reader = SerializedFileReader::new(bytes(file)).unwrap();
        let metadata = reader.metadata();
        let entries = metadata.file_metadata().key_value_metadata().unwrap();
        let entries: Vec<_> = entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_deref())).collect();
        assert_eq!(entries, [("schema_version", Some("1")), ("location_id", Some("marysville"))]);
        let group = metadata.row_group(0);
        assert!(group.columns().iter().all(|column| column.compression() == Compression::SNAPPY));
        metadata.file_metadata().schema().clone()
    };
    let of_minimal = schema(&minimal());
    assert_eq!(of_minimal, schema(&strange));
    for (field, column) in of_minimal.get_fields().iter().zip(COLUMNS) {
        assert_eq!((field.name(), field.is_optional()), (column.name, true));
        let logical = field.get_basic_info().logical_type_ref();
        let expected = match column.kind {
            ColumnType::Text => matches!(logical, Some(LogicalType::String)),
            ColumnType::Double | ColumnType::Integer => logical.is_none(),
            ColumnType::Timestamp => matches!(logical, Some(LogicalType::Timestamp { .. })),
        };
        assert!(expected, "{}", column.name);
    }
}

#[test]
fn the_same_object_gives_the_same_file() {
    let body = minimal().to_string();
    let files = [0; 2].map(|_| curate_bytes(body.as_bytes(), WeatherSource::Current).unwrap());
    assert_eq!(files[0], files[1]);
}

#[test]
fn what_cannot_be_read_writes_nothing() {
    for body in ["", "<html>", "{}", r#"{"location":{}}"#] {
        let failure = curate_bytes(body.as_bytes(), WeatherSource::Current).unwrap_err();
        assert_eq!(failure.class(), Some(ErrorClass::RawUnreadable), "{body}");
        assert!(failure.to_string().starts_with("raw/k version 2: "), "{failure}");
    }
    let empty = r#"{"location":{},"forecast":{"forecastday":[]}}"#;
    let failure = curate_bytes(empty.as_bytes(), WeatherSource::History).unwrap_err();
    assert_eq!(failure.to_string(), "raw/k version 2: the body has no entry within half an hour of 2025-03-01T05");
    let failure = finish(Curate { store: &Memory::default() }.run(&input(WeatherSource::Current))).unwrap_err();
    assert_eq!(failure.to_string(), "raw/k version 2: there is no such object");
}

/// Any JSON.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9eE+.a-z é\"-]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[a-z_]{1,6}", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_object_becomes_a_row(
        values in prop::collection::vec((prop::sample::select(&COLUMNS[..]), json_value()), 0..40),
        condition in json_value(),
        air in json_value(),
    ) {
        let members: serde_json::Map<_, _> = values.into_iter().map(|(column, value)| (column.name.to_owned(), value)).collect();
        let mut current = members.clone();
        current.insert("condition".into(), condition);
        current.insert("air_quality".into(), air);
        let body = json!({"location": members, "current": current}).to_string();
        let (_, file) = curate_bytes(body.as_bytes(), WeatherSource::Current).unwrap();
        prop_assert_eq!(read(file).len(), 53);
    }
}
