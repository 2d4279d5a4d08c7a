//! PyYAML (YAML 1.1) and ruamel.yaml (YAML 1.2) read our YAML as the data of our JSON.
//!
//! Needs a Python with both packages: `STACKGEN_PYTHON` names the interpreter, `python3` is the default. Without them the
//! test says so and passes.
#![cfg(feature = "yaml")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use stackgen_template::{Map, Value, YamlStyle, to_json, to_json_compact, to_yaml};

/// Enough for every nasty text to come up in many positions, at a second of Python.
const CASES: usize = 1500;

#[test]
fn other_readers_see_the_same_data() {
    let python = std::env::var("STACKGEN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let modules = Command::new(&python).args(["-c", "import yaml, ruamel.yaml"]).stderr(Stdio::null()).status();
    if !modules.is_ok_and(|status| status.success()) {
        eprintln!("skipped: `{python}` has no PyYAML and ruamel.yaml, name one that has in STACKGEN_PYTHON");
        return;
    }

    let mut runner = TestRunner::deterministic();
    let strategy = common::value();
    let mut cases = String::new();
    for _ in 0..CASES {
        let value = strategy.new_tree(&mut runner).unwrap().current();
        // One line of a document that is a mapping, as templates are, so that texts stand below keys and in lists.
        let value = Value::Map(Map::from([("value", value.clone()), ("list", Value::List(vec![value]))]));
        let case = Map::from([
            ("json", to_json(&value)),
            ("long", to_yaml(&value, YamlStyle::Long)),
            ("short", to_yaml(&value, YamlStyle::Short)),
        ]);
        cases.push_str(&to_json_compact(&case.into()));
        cases.push('\n');
    }

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/read_back.py");
    let mut child =
        Command::new(&python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
    child.stdin.take().unwrap().write_all(cases.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
