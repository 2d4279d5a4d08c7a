//! The JSON of a diff is of the form that its published schema describes.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

#[path = "json_schema/mod.rs"]
mod json_schema;

use std::fs;
use std::process::{Command, Stdio};

use stackgen::core::Move;
use stackgen::diff::{Changes, JSON_SCHEMA, StackTemplate, diff, read_stacks, render};
use stackgen::template::{Template, read_json};

use json_schema::faults;

/// Changes of every kind: the templates of the unit tests, a move, an import, a nested stack, stacks that come and go.
fn samples() -> Vec<Changes> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/diff/tests/templates");
    let read = |name: &str| read_stacks(format!("{folder}/{name}.yaml").as_ref()).unwrap().remove(0);
    let (before, after) = (read("before"), StackTemplate { name: "before".to_owned(), ..read("after") });
    let json = |text: &str| {
        let (template, _) = read_json(text).unwrap().into_template().unwrap();
        StackTemplate::new("s", template)
    };
    let old = json(
        r#"{"Resources": {"A": {"Type": "AWS::SQS::Queue"}, "N": {"Type": "AWS::CloudFormation::Stack"}, "T": {"Type": "AWS::SQS::Queue"}}}"#,
    );
    let mut new = json(
        r#"{"Resources": {"B": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": null}}, "C": {"Type": "AWS::SNS::Topic"},
        "N": {"Type": "AWS::CloudFormation::Stack"}, "T": {"Type": "AWS::SNS::Topic"}}, "Odd": 1}"#,
    );
    new.moves = vec![Move { from: "A".to_owned(), to: "B".to_owned() }];
    new.imports = vec!["C".to_owned()];
    new.nested.insert("N".to_owned(), after.clone());
    vec![
        diff(std::slice::from_ref(&before), &[after]),
        diff(&[old], &[new]),
        diff(std::slice::from_ref(&before), &[StackTemplate::new("other", Template::new())]),
        diff(std::slice::from_ref(&before), std::slice::from_ref(&before)),
        Changes::default(),
    ]
}

#[test]
fn every_sample_is_of_the_form_of_the_schema() {
    let schema = read_json(JSON_SCHEMA).unwrap().value;
    for changes in samples() {
        let document = read_json(&render::json(&changes)).unwrap().value;
        let faults = faults(&schema, &document);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
    // The check can fail.
    let faults = faults(&schema, &read_json(r#"{"version": 2, "stacks": [{}], "more": 1}"#).unwrap().value);
    assert!(faults.len() > 3, "{faults:?}");
}

/// Another implementation of JSON schema agrees, where Python and its package `jsonschema` are installed.
#[test]
fn python_agrees() {
    const PROGRAM: &str = "import json, sys, jsonschema\n\
        schema = json.load(open(sys.argv[1]))\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        for name in sys.argv[2:]: jsonschema.Draft202012Validator(schema).validate(json.load(open(name)))\n";
    let python = std::env::var("STACKGEN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_package = Command::new(&python).args(["-c", "import jsonschema"]).stderr(Stdio::null()).status();
    if !has_package.is_ok_and(|status| status.success()) {
        eprintln!("skipped: `{python}` has no package `jsonschema`, name one that has in STACKGEN_PYTHON");
        return;
    }
    let folder = std::env::temp_dir().join(format!("stackgen-schema-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(&python);
    command.args(["-c", PROGRAM]);
    let mut add = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        command.arg(folder.join(name));
    };
    add("schema.json", JSON_SCHEMA);
    for (number, changes) in samples().iter().enumerate() {
        add(&format!("{number}.json"), &render::json(changes));
    }
    let output = command.output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
