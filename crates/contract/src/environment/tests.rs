#![allow(clippy::unwrap_used)]

use super::{Environment, EnvironmentError, Unset, VariableProblemKind};
use crate::environment;

environment! {
    /// An environment with every kind of field.
    struct Sample {
        /// A text.
        table: "TABLE",
        /// A number.
        batch: "BATCH" as u32,
        /// A text that may be absent.
        optional endpoint: "ENDPOINT",
        /// A number that may be absent.
        optional limit: "LIMIT" as u64,
    }
}

environment! {
    struct Single { table: "TABLE" }
}

/// A stand-in for the template's value type.
#[derive(Debug, PartialEq)]
enum Node {
    Text(String),
    Number(u32),
    Reference(&'static str),
}

struct Handle(&'static str);

impl From<Handle> for Node {
    fn from(handle: Handle) -> Self {
        Self::Reference(handle.0)
    }
}
impl From<&Handle> for Node {
    fn from(handle: &Handle) -> Self {
        Self::Reference(handle.0)
    }
}
impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<u32> for Node {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

fn load(variables: &[(&str, &str)]) -> Result<Sample, EnvironmentError> {
    Sample::load_from(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

#[test]
fn the_stack_fills_fields_with_values_of_different_types() {
    let queue = Handle("Queue");
    let variables: Vec<(&str, Node)> =
        Sample { table: Handle("Table"), batch: 25, endpoint: Some(&queue), limit: Unset }.variables();
    assert_eq!(
        variables,
        [("TABLE", Node::Reference("Table")), ("BATCH", Node::Number(25)), ("ENDPOINT", Node::Reference("Queue"))]
    );
    let variables: Vec<(&str, Node)> =
        Sample { table: "plain", batch: 1, endpoint: None::<&str>, limit: Some(7) }.variables();
    assert_eq!(
        variables,
        [("TABLE", Node::Text("plain".into())), ("BATCH", Node::Number(1)), ("LIMIT", Node::Number(7))]
    );
}

#[test]
fn the_handler_loads_typed_values() {
    let sample = load(&[("TABLE", "stats"), ("BATCH", "25"), ("LIMIT", "9000000000")]).unwrap();
    assert_eq!(sample, Sample { table: "stats".to_owned(), batch: 25, endpoint: None, limit: Some(9_000_000_000) });
    let sample = load(&[("TABLE", "stats"), ("BATCH", "1"), ("ENDPOINT", "here"), ("LIMIT", "")]).unwrap();
    assert_eq!((sample.endpoint.as_deref(), sample.limit), (Some("here"), None));
}

#[test]
fn all_problems_come_at_once() {
    let error = load(&[("BATCH", "many"), ("LIMIT", "-1")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the environment is incomplete: `TABLE` is not set; `BATCH` is `many`: invalid digit found in string; \
         `LIMIT` is `-1`: invalid digit found in string"
    );
    assert_eq!(error.problems().len(), 3);
    let error = load(&[("TABLE", ""), ("BATCH", "1")]).unwrap_err();
    assert_eq!(error.problems()[0].kind, VariableProblemKind::Empty);
}

#[test]
fn names_are_known_without_loading() {
    assert_eq!(Sample::VARIABLES, ["TABLE", "BATCH", "ENDPOINT", "LIMIT"]);
    assert_eq!(Single::VARIABLES, ["TABLE"]);
}

#[test]
fn the_process_environment_is_what_load_reads() {
    // `CARGO_PKG_NAME` is set for every test that cargo runs.
    environment! {
        struct Package { name: "CARGO_PKG_NAME" }
    }
    assert_eq!(Package::load().unwrap().name, "stackgen-contract");
    assert!(Single::load_from(|_| None).is_err());
}
