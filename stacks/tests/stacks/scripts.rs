//! The scripts around the secret of weather-ingest, run against a stand-in for the AWS command line.

#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const KEY: &str = "0123456789abcdef0123456789abcde";

/// Writes down how it is called and what it reads, and answers `describe-secret` with the files `described` or `fault`.
const STAND_IN: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
printf '%s\n' "$*" >>"$here/calls"
case "$*" in
*describe-secret*)
    if [ -e "$here/fault" ]; then cat "$here/fault" >&2; exit 254; fi
    cat "$here/described" ;;
*file:///dev/stdin*) cat >"$here/secret" ;;
esac
"#;

/// A folder with the stand-in, which is gone with the test.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scripts-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let room = Self(folder);
        room.program("aws", STAND_IN);
        room
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    fn run(&self, script: &str, arguments: &[&str], input: &str) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/weather_ingest").join(script);
        let path = std::env::var("PATH").unwrap();
        let mut child = Command::new("bash")
            .arg(script)
            .args(arguments)
            .env("PATH", format!("{}:{path}", self.0.display()))
            .env("STACKGEN", self.0.join("toolkit"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A script that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        for text in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(text).contains(KEY), "the key is printed");
        }
        assert!(!self.read("calls").contains(KEY), "the key is an argument");
        output
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn message(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const NOT_FOUND: &str = "An error occurred (ResourceNotFoundException) when calling the DescribeSecret operation";

#[test]
fn a_key_is_stored_in_a_new_secret() {
    let room = Room::new("create");
    room.write("fault", NOT_FOUND);
    let output = room.run("set_key.sh", &[], &format!("  {KEY} \n"));
    assert!(output.status.success(), "{}", message(&output));
    assert_eq!(room.read("secret"), KEY);
    assert!(room.read("calls").contains("create-secret --name weather-ingest/api-key"), "{}", room.read("calls"));
}

#[test]
fn a_key_becomes_a_new_version_of_a_secret() {
    let room = Room::new("version");
    room.write("described", "None\n");
    let output = room.run("set_key.sh", &["other/key"], KEY);
    assert!(output.status.success(), "{}", message(&output));
    assert_eq!(room.read("secret"), KEY);
    let calls = room.read("calls");
    assert!(calls.contains("put-secret-value --secret-id other/key") && !calls.contains("restore-secret"), "{calls}");
}

#[test]
fn a_secret_that_is_to_be_deleted_is_restored_first() {
    let room = Room::new("restore");
    room.write("described", "2030-01-01T00:00:00+00:00\n");
    let output = room.run("set_key.sh", &[], KEY);
    assert!(output.status.success(), "{}", message(&output));
    let calls = room.read("calls");
    let position = |call| calls.find(call).unwrap_or_else(|| panic!("{call}: {calls}"));
    assert!(position("restore-secret") < position("put-secret-value"), "{calls}");
}

#[test]
fn nothing_is_stored_without_a_key_or_when_in_doubt() {
    let room = Room::new("refuse");
    room.write("described", "None\n");
    assert_eq!(room.run("set_key.sh", &[], " \n").status.code(), Some(1));
    assert_eq!(room.run("set_key.sh", &["a", "b"], KEY).status.code(), Some(2));
    assert_eq!(room.run("set_key.sh", &["fedcba9876543210fedcba9876543210"], KEY).status.code(), Some(2));
    room.write("fault", "An error occurred (AccessDeniedException)");
    let output = room.run("set_key.sh", &[], KEY);
    assert_eq!(output.status.code(), Some(1));
    assert!(message(&output).contains("AccessDenied"), "{}", message(&output));
    assert!(!room.read("calls").contains("put-secret-value"), "{}", room.read("calls"));
}

#[test]
fn the_secret_goes_after_the_stack() {
    let room = Room::new("destroy");
    room.write("described", "None\n");
    room.program("toolkit", "#!/bin/sh\necho \"toolkit $*\" >>\"$(dirname \"$0\")/calls\"\n");
    let output = room.run("destroy.sh", &[], "");
    assert!(output.status.success(), "{}", message(&output));
    let calls = room.read("calls");
    assert!(calls.starts_with("toolkit destroy weather-ingest\n"), "{calls}");
    assert!(calls.contains("delete-secret --secret-id weather-ingest/api-key --recovery-window-in-days 7"), "{calls}");
}

#[test]
fn the_secret_stays_while_the_stack_does() {
    let room = Room::new("keep");
    room.write("described", "None\n");
    room.program("toolkit", "#!/bin/sh\nexit 1\n");
    assert!(!room.run("destroy.sh", &[], "").status.success());
    assert_eq!(room.read("calls"), "");
}
