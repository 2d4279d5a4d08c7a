//! What is taken as a job.

use super::*;
use crate::contract::Method;
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
fn a_bad_option_is_named_with_what_is_allowed() {
    let methods = "give one of `mit`, `cfd`, `and`, `or`, `avg`";
    let threshold = "give a number from 0 to 100";
    let distance = "give a whole number from 0 to 4";
    for (options, name, message) in [
        (json!({"method": "none"}), "method", format!("`method` is \"none\": {methods}")),
        (json!({"method": 1}), "method", format!("`method` is 1: {methods}")),
        (json!({"method": "AND"}), "method", format!("`method` is \"AND\": {methods}")),
        (json!({"threshold": 100.5}), "threshold", format!("`threshold` is 100.5: {threshold}")),
        (json!({"threshold": -1}), "threshold", format!("`threshold` is -1: {threshold}")),
        (json!({"threshold": "75"}), "threshold", format!("`threshold` is \"75\": {threshold}")),
        (json!({"method": "mit", "threshold": null}), "threshold", format!("`threshold` is null: {threshold}")),
        (json!({"max_distance": 5}), "max_distance", format!("`max_distance` is 5: {distance}")),
        (json!({"max_distance": -1}), "max_distance", format!("`max_distance` is -1: {distance}")),
        (json!({"max_distance": 260}), "max_distance", format!("`max_distance` is 260: {distance}")),
        (json!({"max_distance": 1.5}), "max_distance", format!("`max_distance` is 1.5: {distance}")),
        (
            json!({"treshold": 5}),
            "treshold",
            "`treshold` is no option: there are `method`, `threshold` and `max_distance`".to_owned(),
        ),
    ] {
        let found = refused(&json!({"sequence": "ACGT", "genome": ACCESSION, "options": options}));
        assert_eq!(found, ("bad_option".to_owned(), Some(format!("options.{name}")), message));
    }
    let (_, field, message) =
        refused(&json!({"sequence": "ACGT", "genome": ACCESSION, "options": {"x".repeat(9_000): "y".repeat(9_000)}}));
    assert!(field.unwrap().len() < 100 && message.len() < 200, "{message}");
}

#[test]
fn good_options_are_kept() {
    for (options, expected) in [
        (json!({}), Options::default()),
        (json!({"threshold": 0, "max_distance": 0}), Options { threshold: 0.0, max_distance: 0, ..Options::default() }),
        (
            json!({"threshold": 100, "method": "avg"}),
            Options { threshold: 100.0, method: Method::Avg, ..Options::default() },
        ),
        (
            json!({"threshold": 62.5, "method": "mit"}),
            Options { threshold: 62.5, method: Method::Mit, ..Options::default() },
        ),
    ] {
        let world = World::new();
        let body = json!({"sequence": "ACGT", "genome": ACCESSION, "options": options});
        assert_eq!(submitted(&world, &body, None, ID).status, 202, "{options}");
        assert_eq!(Job::of(&world.row(&Key::job(ID)).unwrap()).unwrap().options, expected);
    }
    for method in Method::ALL {
        let body = json!({"sequence": "ACGT", "genome": ACCESSION, "options": {"method": method}});
        assert_eq!(submitted(&World::new(), &body, None, ID).status, 202, "{method:?}");
    }
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
