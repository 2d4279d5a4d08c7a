//! Other programs agree with this one: Google's bindings on messages, pyarrow on merged files, a validator on the
//! description of the API. They are Python packages: `tests/requirements.txt` names them, `STACKGEN_PYTHON` the Python
//! that must have them. Without that variable, and without them in `python3`, these tests say so and check nothing.

#![cfg(feature = "simulate")]
#![allow(clippy::unwrap_used)]

mod rows;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bus_observatory::answer::document;
use bus_observatory::compact::compact;
use bus_observatory::decode::decode;
use bus_observatory::feeds::{Configuration, FeedType};
use bus_observatory::grab::grab;
use bus_observatory::lake::hour_rows;
use bus_observatory::partition::Hour;
use bus_observatory::simulate::Fleet;
use bus_observatory::storage::{Memory, Storage};
use bus_observatory::table::Layout;
use jiff::Timestamp;
use serde_json::Value;

/// The Python that has `module`. Where none was named, and there is none, it says so.
fn python(module: &str) -> Option<PathBuf> {
    let named = std::env::var_os("STACKGEN_PYTHON");
    let python = PathBuf::from(named.as_deref().unwrap_or("python3".as_ref()));
    let import = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if import.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    assert!(named.is_none(), "`STACKGEN_PYTHON` names a Python without `{module}`: see tests/requirements.txt");
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    {
        eprintln!("left out: `python3` has no `{module}`, name one that has in STACKGEN_PYTHON");
    }
    None
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_description_of_the_api_is_a_valid_one() {
    let Some(python) = python("openapi_spec_validator") else { return };
    let folder = folder("openapi");
    let path = folder.join("openapi.json");
    fs::write(&path, document().to_string()).unwrap();
    let said = run(Command::new(&python).args(["-m", "openapi_spec_validator", "--schema", "3.1"]).arg(&path));
    assert!(said.contains("OK"), "{said}");
    // A validator that takes anything would be no witness.
    let mut wrong = document();
    wrong["paths"]["/feeds"]["get"]["responses"]["200"].as_object_mut().unwrap().remove("description");
    fs::write(&path, wrong.to_string()).unwrap();
    let refused = Command::new(&python).args(["-m", "openapi_spec_validator"]).arg(&path).output().unwrap();
    assert!(!refused.status.success());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn messages_of_the_bindings_are_read_alike() {
    let Some(python) = python("google.transit.gtfs_realtime_pb2") else { return };
    let (folder, seeds) = (folder("bindings"), 100..160);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/generate.py");
    run(Command::new(python).arg(script).arg(&folder).args([seeds.start.to_string(), seeds.end.to_string()]));
    let compared: usize = seeds.map(|seed| rows::compare(&folder, seed)).sum();
    assert!(compared > 500, "{compared}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn merged_files_are_read_alike() {
    const READ: &str = "
import json, sys
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[1], partitioning=None)
table = table.set_column(table.schema.get_field_index('timestamp'), 'timestamp', table['timestamp'].cast('int64'))
print(json.dumps(table.select(['route', 'timestamp', 'vehicle_id', 'lat', 'next_stop_d', 'passenger_count', 'alert']).to_pylist()))
";
    let Some(python) = python("pyarrow") else { return };
    let memory = Memory::new();
    let shipped = include_str!("../../../feeds.json");
    let feeds = Configuration::read(shipped, "feeds.json").unwrap().feeds;
    let feed = feeds.into_iter().find(|feed| feed.feed_type == FeedType::Siri).unwrap();
    let start: Timestamp = "2024-02-29T10:00:00Z".parse().unwrap();
    for minute in 1..30 {
        let time = Timestamp::from_second(start.as_second() + minute * 60).unwrap();
        let body = Fleet::new(3, 400).body(feed.feed_type, time.as_second(), &[]);
        grab(&memory, &feed, time, time, &body).unwrap();
    }
    let hour = Hour::of(start.as_microsecond());
    compact(&memory, &feed.system_id, hour, start.as_microsecond()).unwrap();
    let merged = memory.list(&hour.compacted(&feed.system_id)).unwrap().remove(0).key;
    let folder = folder("merged");
    let path = folder.join("merged.parquet");
    fs::write(&path, memory.get(&merged).unwrap().unwrap().content).unwrap();
    let told = run(Command::new(python).args(["-c", READ]).arg(&path));
    let told: Vec<Value> = serde_json::from_str(&told).unwrap();
    let table = hour_rows(&memory, &feed.system_id, hour, Layout::of(&feed).unwrap()).unwrap();
    assert!(told.len() > 11_000 && told.len() == table.len(), "{} {}", told.len(), table.len());
    let names: Vec<&str> = feed.feed_type.columns().iter().map(|column| column.name).collect();
    for (row, told) in told.iter().enumerate() {
        for (name, value) in told.as_object().unwrap() {
            let column = names.iter().position(|known| known == name).unwrap();
            assert_eq!(rows::value(table.cell(column, row)), *value, "{row} {name}");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn bodies_of_other_encodings_are_decoded() {
    // Files that pyarrow writes with encodings that this program does not write.
    const WRITE: &str = "
import sys
import pyarrow.parquet as pq
table = pq.read_table(sys.argv[1], partitioning=None)
encodings = {name: 'DELTA_BYTE_ARRAY' if str(table.schema.field(name).type) == 'string' else 'BYTE_STREAM_SPLIT'
             for name in table.column_names if str(table.schema.field(name).type) in ('string', 'float', 'double', 'int32')}
pq.write_table(table, sys.argv[2], use_dictionary=False, column_encoding=encodings, data_page_version='2.0', coerce_timestamps='us')
pq.write_table(table, sys.argv[3], data_page_version='2.0', coerce_timestamps='us', compression='zstd')
";
    let Some(python) = python("pyarrow") else { return };
    let folder = folder("encodings");
    let layout = Layout::standard(FeedType::Gtfsrt);
    let time = 1_682_899_200;
    let body = Fleet::new(5, 700).body(FeedType::Gtfsrt, time, &[]);
    let table = layout.sorted(&decode(FeedType::Gtfsrt, &body, time * 1_000_000).unwrap().table);
    let content =
        bus_observatory::file::encode(layout, table.clone(), bus_observatory::file::Compression::Snappy, &[]).unwrap();
    let paths = ["own", "other", "second"].map(|name| folder.join(name));
    fs::write(&paths[0], content).unwrap();
    run(Command::new(python).args(["-c", WRITE]).args(&paths));
    for path in &paths {
        let file = bus_observatory::file::File::open(fs::read(path).unwrap().into()).unwrap();
        let mut merger = bus_observatory::compact::Merger::new(layout);
        merger.add(&file).unwrap();
        let result = merger.finish(&[]).unwrap();
        let rows = bus_observatory::file::File::open(result.content.into()).unwrap().read_all().unwrap();
        assert_eq!(rows, table, "{}", path.display());
    }
    fs::remove_dir_all(folder).unwrap();
}
