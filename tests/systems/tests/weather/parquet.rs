//! Another reader of Parquet, pyarrow, reads what the deployed function wrote. The Python to run is that of
//! `STACKGEN_PYTHON`; without it, or without pyarrow in it, the test says so and passes.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use system_tests::workspace;
use weather_ingest::contract::{COLUMNS, ColumnType};

use crate::world::{WORLD, World, current, folder, this_hour};

/// A Python that has pyarrow.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("STACKGEN_PYTHON").map(PathBuf::from).filter(|python| {
        let check = Command::new(python).args(["-c", "import pyarrow.parquet"]).output();
        check.is_ok_and(|check| check.status.success())
    });
    if python.is_none() {
        #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
        {
            eprintln!("left out: STACKGEN_PYTHON names no Python with pyarrow");
        }
    }
    python
}

#[test]
fn pyarrow_reads_the_row_of_an_hour() {
    let Some(python) = python() else { return };
    let (world, location, time) = (&*WORLD, "parquet", this_hour());
    world.serve(location, [current()]);
    let execution = world.run(&World::input(location, &time, &json!({})));
    assert_eq!(execution.status, "SUCCEEDED");
    let key = format!("curated/{}weather.parquet", folder(location, &time));
    let path = world.deployment.server.folder.join("row.parquet");
    std::fs::write(&path, world.deployment.get(&world.curated, &key).unwrap()).unwrap();
    let script = workspace().join("lambdas/weather-ingest/tests/other_reader.py");
    let output = Command::new(python).arg(script).arg(path).output().unwrap();
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();

    let columns = COLUMNS.iter().map(|column| {
        let kind = match column.kind {
            ColumnType::Text => "string",
            ColumnType::Double => "double",
            ColumnType::Integer => "int64",
            ColumnType::Timestamp => "timestamp[ms, tz=UTC]",
        };
        json!([column.name, kind, true])
    });
    assert_eq!(read["schema"], columns.collect::<Value>());
    assert_eq!(read["metadata"], json!({"schema_version": "1", "location_id": location}));
    let row = read["rows"][0].as_object().unwrap();
    let values: Value =
        row.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), value.clone())).collect();
    let fetched_at = execution.output["retrieve"]["fetched_at"].as_str().unwrap();
    let expected = json!({"name": "Somewhere", "lat": -37.504_136, "last_updated_epoch": 1_740_805_200, "temp_c": 21.0,
        "scheduled_at": time.replace('Z', "+00:00"), "fetched_at": fetched_at.replace('Z', "+00:00"),
        "observed_at": "2025-03-01T05:00:00+00:00", "source": "current", "extra": "{\"current.snow_prob\":3}",
        "schema_version": 1});
    assert_eq!(values, expected);
}
