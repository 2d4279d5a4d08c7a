//! Another reader of Parquet, pyarrow, reads what is written. The Python to run is that of `STACKGEN_PYTHON`; without it,
//! or without pyarrow in it, the test says so and passes.
#![cfg(feature = "ingest")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use weather_ingest::contract::{COLUMNS, ColumnType, WeatherSource};
use weather_ingest::{Hour, Observation, Row, parquet_file};

/// A Python that has pyarrow.
fn python() -> Option<PathBuf> {
    let python = PathBuf::from(env::var_os("STACKGEN_PYTHON")?);
    let check = Command::new(&python).args(["-c", "import pyarrow.parquet"]).output().ok()?;
    check.status.success().then_some(python)
}

fn read(python: &Path, name: &str, body: &Value, source: WeatherSource) -> Value {
    let hour = Hour::parse("2025-03-01T05").unwrap();
    let observation = Observation::read(body.to_string().as_bytes(), source, hour).unwrap();
    let row = Row::new(&observation, hour, "2025-03-01T05:00:04.250Z".parse().unwrap());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.parquet"));
    fs::write(&path, parquet_file(&row, "marysville").unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/other_reader.py");
    let output = Command::new(python).arg(script).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn pyarrow_reads_what_is_written() {
    let Some(python) = python() else {
        eprintln!("skipped: STACKGEN_PYTHON names no Python with pyarrow");
        return;
    };
    let full = json!({
        "location": {"name": "Marysville", "lat": -37.504_136, "lon": 145.744_302, "localtime_epoch": 2_147_483_648_i64},
        "current": {
            "last_updated_epoch": 1_740_805_200, "temp_c": 21, "humidity": "high", "condition": {"text": "Sünny", "code": 1000},
            "air_quality": {"us-epa-index": 1, "co": 233.65}, "dewpoint_f": 54.3, "snow_prob": 3
        }
    });
    let empty = json!({"location": {}, "forecast": {"forecastday": [{"hour": [{"time_epoch": 1_740_805_200}]}]}});
    let full = read(&python, "full", &full, WeatherSource::Current);
    let empty = read(&python, "empty", &empty, WeatherSource::History);

    let expected: Vec<Value> = COLUMNS
        .iter()
        .map(|column| {
            let kind = match column.kind {
                ColumnType::Text => "string",
                ColumnType::Double => "double",
                ColumnType::Integer => "int64",
                ColumnType::Timestamp => "timestamp[ms, tz=UTC]",
            };
            json!([column.name, kind, true])
        })
        .collect();
    for file in [&full, &empty] {
        assert_eq!(file["schema"], json!(expected));
        assert_eq!(file["metadata"], json!({"schema_version": "1", "location_id": "marysville"}));
        assert_eq!(file["compression"], json!(["SNAPPY"]));
        assert_eq!(file["rows"].as_array().unwrap().len(), 1);
    }
    let values = |file: &Value| -> Value {
        let row = file["rows"][0].as_object().unwrap();
        row.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    assert_eq!(
        values(&full),
        json!({
            "name": "Marysville", "lat": -37.504_136, "lon": 145.744_302, "localtime_epoch": 2_147_483_648_i64,
            "last_updated_epoch": 1_740_805_200, "temp_c": 21.0, "text": "Sünny", "code": 1000, "dewpoint_f": 54.3,
            "aq_co": 233.65, "aq_us_epa_index": 1,
            "scheduled_at": "2025-03-01T05:00:00+00:00", "fetched_at": "2025-03-01T05:00:04.250000+00:00",
            "observed_at": "2025-03-01T05:00:00+00:00", "source": "current",
            "extra": r#"{"current.humidity":"high","current.snow_prob":3,"_type_errors":["current.humidity"]}"#,
            "schema_version": 1,
        })
    );
    assert_eq!(
        values(&empty),
        json!({
            "last_updated_epoch": 1_740_805_200, "scheduled_at": "2025-03-01T05:00:00+00:00",
            "fetched_at": "2025-03-01T05:00:04.250000+00:00", "observed_at": "2025-03-01T05:00:00+00:00",
            "source": "history", "schema_version": 1,
        })
    );
}
