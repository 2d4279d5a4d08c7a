//! Objects that are written, written again, and go.

use serde_json::{Value, json};

use crate::system::{details, system};

/// A bottle file with one row, whose station has this name.
fn bottle(station: &str) -> Vec<u8> {
    format!(
        "BOTTLE,x\nEXPOCODE,STNNBR,CASTNO,SAMPNO,DATE,TIME,LATITUDE,LONGITUDE,CTDPRS\n,,,,,,,,DBAR\n\
         99SG,{station},1,1,20250401,0000,10.0,20.0,5.0\nEND_DATA\n"
    )
    .into_bytes()
}

/// The event that S3 sends for a new object.
fn object_created(key: &str, version: &str, etag: &str, size: u64) -> Value {
    json!({
        "version": "0", "id": "1", "detail-type": "Object Created", "source": "aws.s3", "account": "100000000001",
        "time": "2025-04-01T00:00:00Z", "region": "us-east-1", "resources": [],
        "detail": {
            "version": "0", "bucket": {"name": system().bucket()}, "reason": "PutObject",
            "object": {"key": key, "size": size, "etag": etag, "version-id": version, "sequencer": "0"}
        }
    })
}

#[test]
fn a_key_of_any_characters_is_no_path_and_a_duplicate_event_changes_nothing() {
    let system = system();
    let key = "events/../a b+c/d%20é&=?#.csv";
    let version = system.put(key, &bottle("1"));
    let rows = system.summarised(key, &version);
    assert!(rows.contains_key(&format!("C#{version}#99SG|1|1")), "{rows:?}");
    let summary = &rows["SUMMARY"];
    let event = object_created(key, &version, summary["etag"].as_str().unwrap(), summary["size"].as_u64().unwrap());
    for _ in 0..2 {
        let answer = system.deployment.invoke(system.output("Orchestrator"), &event);
        assert_eq!((answer.is_error, &answer.payload["sent_bottle"]), (false, &1.into()));
    }
    // A later file has passed the same queue when it is there.
    let later = "events/later.csv";
    system.summarised(later, &system.put(later, &bottle("2")));
    assert_eq!(system.stats(key), rows);
    assert!(system.failures(key).is_empty());
}

#[test]
fn an_overwritten_object_has_rows_of_its_latest_version_only() {
    let system = system();
    let key = "events/overwritten.csv";
    let mut last = String::new();
    for station in ["1", "2", "3"] {
        last = system.put(key, &bottle(station));
    }
    let rows = system.summarised(key, &last);
    let stations: Vec<&Value> = details(&rows, "C#").map(|cast| &cast["station"]).collect();
    assert_eq!(stations, ["3"]);

    // An old version whose message comes late changes nothing.
    let arguments = json!({"Bucket": system.bucket(), "Prefix": key});
    let answer = system.deployment.call("s3", "list_object_versions", arguments);
    let versions = answer["Versions"].as_array().unwrap();
    let old = versions.iter().find(|version| version["VersionId"] != last.as_str()).unwrap();
    let event = object_created(
        key,
        old["VersionId"].as_str().unwrap(),
        old["ETag"].as_str().unwrap().trim_matches('"'),
        old["Size"].as_u64().unwrap(),
    );
    let answer = system.deployment.invoke(system.output("Orchestrator"), &event);
    assert!(!answer.is_error, "{:?}", answer.payload);
    let later = "events/overwritten-later.csv";
    system.summarised(later, &system.put(later, &bottle("4")));
    // Versions of the same second are equally old: whichever was written last stays, and nothing of the others.
    let rows = system.stats(key);
    assert_eq!((details(&rows, "C#").count(), details(&rows, "P#").count()), (1, 1), "{rows:?}");
}

#[test]
fn a_failure_is_counted_reopened_and_resolved() {
    let system = system();
    let key = "events/fixed.csv";
    let version = system.put(key, b"day,litres\n1,2\n");
    let row = system.failure(key);
    assert_eq!((&row["kind"], &row["count"]), (&"unrecognised".into(), &1.into()));
    let event = object_created(key, &version, row["etag"].as_str().unwrap(), 15);
    system.deployment.invoke(system.output("Orchestrator"), &event);
    let rows = system.failed(key, |rows| rows.values().any(|row| row["count"] == 2));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows.values().next().unwrap()["first_seen"], row["first_seen"]);

    let fixed = system.put(key, &bottle("1"));
    system.summarised(key, &fixed);
    let rows = system.failed(key, |rows| rows.values().all(|row| row["resolved"] == true));
    let row = rows.values().next().unwrap();
    assert_eq!((&row["resolution"], row.get("open")), (&"summarised".into(), None));
    assert!(row["resolved_at"].is_string());
}

#[test]
fn the_failure_of_an_object_that_is_gone_is_resolved_by_a_sweep() {
    let system = system();
    let key = "gone/nonsense.txt";
    system.put(key, b"nonsense");
    system.failure(key);
    system.deployment.call("s3", "delete_object", json!({"Bucket": system.bucket(), "Key": key}));
    let report = system.sweep("gone/");
    assert_eq!((&report["listed"], &report["complete"]), (&0.into(), &true.into()));
    let row = system.failure(key);
    assert_eq!((&row["resolved"], &row["resolution"]), (&true.into(), &"object removed".into()));
}
