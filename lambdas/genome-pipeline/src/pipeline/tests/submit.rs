//! What is taken as a job.

use super::*;
use crate::pipeline::answer::Answer;
use crate::pipeline::submit::submit;

const ID: &str = "00000000-0000-4000-8000-000000000001";

fn submitted(world: &World, body: &Value, key: Option<&str>, id: &str) -> Answer {
    finish(submit(world, body.to_string().as_bytes(), key, id.to_owned(), 20_000)).unwrap()
}

fn refused(body: &Value) -> (String, Option<String>, String) {
    let world = World::new();
    let answer = submitted(&world, body, None, ID);
    assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&answer.body));
    assert!(world.rows().is_empty());
    let error = serde_json::from_slice::<Value>(&answer.body).unwrap()["error"].take();
    let text = |name: &str| error[name].as_str().map(str::to_owned);
    (text("code").unwrap(), text("field"), text("message").unwrap())
}

#[test]
fn sequences_are_read_as_people_write_them() {
    for (given, record, letters) in [
        ("acgtu", "sequence", "ACGTT"),
        (" AC GT\r\nRYSWKMBDHVN\t", "sequence", "ACGTRYSWKMBDHVN"),
        (">x some text\nAC\nGT\n", "x", "ACGT"),
        ("\n>x\r\nACGT", "x", "ACGT"),
        ("> x\nACGT", "", "ACGT"),
    ] {
        let world = World::new();
        let answer = submitted(&world, &json!({"sequence": given, "genome": ACCESSION}), None, ID);
        assert_eq!(answer.status, 202, "{given}");
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body, json!({"job_id": ID, "state": "SUBMITTED"}));
        let job = Job::of(&world.row(&Key::job(ID)).unwrap()).unwrap();
        assert_eq!((job.record.as_str(), job.sequence.as_str()), (record, letters));
        assert_eq!(job.options, Options::default());
        assert!(world.row(&Key::tasks(ID)).unwrap().contains_key("Expires"));
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let with = |name: &str, value: Value| {
        let mut body = json!({"sequence": "ACGT", "genome": ACCESSION});
        body[name] = value;
        refused(&body)
    };
    for (name, value, code) in [
        ("sequence", json!(null), "missing_field"),
        ("sequence", json!(""), "empty_field"),
        ("sequence", json!(" \n"), "empty_field"),
        ("sequence", json!(">only a header"), "empty_field"),
        ("sequence", json!(7), "bad_field"),
        ("sequence", json!("ACGX"), "bad_letter"),
        ("sequence", json!("ACGÄ"), "bad_letter"),
        ("sequence", json!("AC-G"), "bad_letter"),
        ("sequence", json!("AC\u{0}G"), "bad_letter"),
        ("sequence", json!(">a\nAC\n>b\nGT"), "several_records"),
        ("sequence", json!("A".repeat(20_001)), "sequence_too_long"),
        ("genome", json!(null), "missing_field"),
        ("genome", json!(""), "empty_field"),
        ("genome", json!("GCA_1.1"), "unknown_genome"),
        ("genome", json!("../x"), "unknown_genome"),
        ("genome", json!("not-uploaded"), "unknown_genome"),
        ("options", json!({"method": "none"}), "bad_option"),
        ("options", json!({"threshold": 101}), "bad_option"),
        ("options", json!({"threshold": -1}), "bad_option"),
        ("options", json!({"max_distance": 5}), "bad_option"),
        ("options", json!({"max_distance": 1.5}), "bad_option"),
        ("options", json!({"treshold": 5}), "bad_option"),
        ("options", json!([]), "bad_option"),
    ] {
        let (found, field, message) = with(name, value.clone());
        assert_eq!((found.as_str(), field.as_deref()), (code, Some(name)), "{name} {value} {message}");
    }
    assert_eq!(with("sequence", json!("ACG\nTX")).2, "'X' at position 5 is no base");
    for body in [json!(null), json!([]), json!("x")] {
        assert_eq!(refused(&body).0, "bad_json");
    }
    let just_right = submitted(&World::new(), &json!({"sequence": "A".repeat(20_000), "genome": ACCESSION}), None, ID);
    assert_eq!(just_right.status, 202);
}

#[test]
fn the_same_key_is_the_same_job() {
    let world = World::new();
    let body = json!({"sequence": "ACGT", "genome": ACCESSION});
    let other = "00000000-0000-4000-8000-000000000002";
    let first = submitted(&world, &body, Some("k"), ID);
    let rows = world.rows();
    assert_eq!(submitted(&world, &body, Some("k"), other), first);
    assert_eq!(world.rows(), rows);
    assert_ne!(submitted(&world, &body, Some("l"), other), first);
    for key in ["", &"k".repeat(256)] {
        assert_eq!(submitted(&world, &body, Some(key), other).status, 400);
    }
}
