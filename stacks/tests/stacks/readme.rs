//! The README shows what is so: its pictures are what `graph` prints, its first stack is the example that is tested.
//!
//! `UPDATE_README=1 cargo test -p stackgen-app --test stacks readme` writes the pictures anew.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The systems, by the stacks that each is drawn from.
const PICTURES: [(&str, &str); 5] = [
    ("data-review", "data-review"),
    ("etl", "etl-*"),
    ("bus-observatory", "bus-observatory"),
    ("weather-ingest", "weather-ingest"),
    ("genome-pipeline", "genome-pipeline"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn picture(stacks: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackgen"));
    let output = command.args(["graph", "--overview", stacks]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_pictures_are_those_of_graph() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut expected = readme.clone();
    for (system, stacks) in PICTURES {
        let (begin, end) = (format!("<!-- picture of {system} -->\n"), "<!-- end of picture -->");
        let (before, rest) =
            expected.split_once(&begin).unwrap_or_else(|| panic!("README.md has no picture of {system}"));
        let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("the picture of {system} does not end"));
        let mut text = format!("{before}{begin}");
        let _ = write!(text, "```mermaid\n{}```\n{end}{after}", picture(stacks));
        expected = text;
    }
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(readme, expected, "run with UPDATE_README=1 to write the pictures anew");
}

#[test]
fn the_first_stack_is_the_example() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let example = fs::read_to_string(root().join("examples/first_stack.rs")).unwrap();
    let (_, code) = readme.split_once("```rust\n").unwrap();
    let (code, _) = code.split_once("```").unwrap();
    assert!(example.contains(code), "the first Rust block of README.md is not in examples/first_stack.rs");
}
