//! Files and messages that mean trouble.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use system_tests::{wait_for, workspace};

use crate::system::system;

fn sample(name: &str) -> Vec<u8> {
    fs::read(workspace().join("test_data/ocean").join(name)).unwrap()
}

#[test]
fn files_that_cannot_be_read_leave_a_failure_each() {
    let system = system();
    let cut = |name: &str, at: usize| sample(name)[..at].to_vec();
    for (key, content, kind) in [
        ("trouble/empty.csv", Vec::new(), "empty"),
        ("trouble/cut.zip", cut("casts_ct1.zip", 900), "unreadable"),
        ("trouble/cut.nc", cut("cast_00101_ctd.nc", 1_000), "unreadable"),
        ("trouble/data.csv", b"day,litres\n1,2\n".to_vec(), "unrecognised"),
        ("trouble/report.csv", sample("report.pdf"), "unsupported"),
        ("trouble/bomb.csv", sample("bomb_ct1.zip"), "too_large"),
    ] {
        system.put(key, &content);
        let row = system.failure(key);
        assert_eq!((&row["kind"], &row["open"]), (&kind.into(), &"1".into()), "{key}: {row}");
        assert!(system.stats(key).is_empty(), "{key}");
    }
    // The name does not matter: it is the content that counts.
    let key = "trouble/station.pdf";
    let rows = system.summarised(key, &system.put(key, &sample("station_1_hy1.nc")));
    assert_eq!(rows["SUMMARY"]["file_type"], "whp_netcdf_bottle");
}

#[test]
fn messages_that_cannot_be_handled_end_in_the_dead_letter_queue_and_stop_no_others() {
    let system = system();
    let queue = system.queue("NetcdfQueue");
    // A message that fails comes back after half an hour otherwise.
    let soon = json!({"QueueUrl": queue, "Attributes": {"VisibilityTimeout": "4"}});
    system.deployment.call("sqs", "set_queue_attributes", soon);

    // No message of the orchestrator, and one of a bucket that the handler may not read: a service that says no.
    system.send(&queue, "no message at all");
    let key = "trouble/elsewhere.nc";
    let forbidden = json!({
        "schema": 1, "bucket": "elsewhere", "key": key, "version_id": null, "etag": "e", "size": 1,
        "file_type": "whp_netcdf_ctd", "force": false, "request_id": "r"
    });
    system.send(&queue, &forbidden.to_string());
    let good = "trouble/good.nc";
    let version = system.put(good, &sample("cast_00101_ctd.nc"));
    assert_eq!(system.summarised(good, &version)["SUMMARY"]["observations"], 31);

    let lost = system.queue("NetcdfQueueDeadLetters");
    let mut bodies: Vec<String> = Vec::new();
    wait_for("two messages in the dead-letter queue", Duration::from_mins(3), || {
        let arguments = json!({"QueueUrl": lost, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1});
        let answer = system.deployment.call("sqs", "receive_message", arguments);
        for message in answer["Messages"].as_array().into_iter().flatten() {
            bodies.push(message["Body"].as_str().unwrap().to_owned());
        }
        (bodies.len() >= 2).then_some(())
    });
    bodies.sort();
    assert_eq!(bodies.len(), 2, "{bodies:?}");
    assert_eq!(bodies[0], "no message at all");
    assert_eq!(serde_json::from_str::<Value>(&bodies[1]).unwrap(), forbidden);
    let row = system.failure(key);
    assert_eq!((&row["kind"], &row["open"], &row["count"]), (&"attempts_exhausted".into(), &"1".into(), &1.into()));
    let back = json!({"QueueUrl": queue, "Attributes": {"VisibilityTimeout": "1800"}});
    system.deployment.call("sqs", "set_queue_attributes", back);

    // No function was denied anything else than what was forbidden on purpose.
    for name in system.deployment.functions("data-review").values() {
        for line in system.deployment.logs(name) {
            assert!(!line.contains("AccessDenied") || line.contains("elsewhere"), "{name}: {line}");
        }
    }
}
