//! Files of feeds that are wrong, as people see it on the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::synthesized::root;

/// A folder of its own for a test, with a file of feeds.
struct Room(PathBuf);

impl Room {
    fn new(name: &str, feeds: Option<&str>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("feeds-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        if let Some(feeds) = feeds {
            fs::write(folder.join("feeds.json"), feeds).unwrap();
        }
        Self(folder)
    }

    /// Runs the app in the folder, with the file of the folder.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        command.args(["-c", "feeds=feeds.json"]).args(arguments).output().unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackgen"));
        command.current_dir(&self.0).arg("--root").arg(root()).env("NO_COLOR", "1");
        command
    }

    /// What `synth` says, which must fail and leave everything as it was.
    #[track_caller]
    fn refusal(&self) -> String {
        let before = self.files();
        let output = self.run(&["synth"]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        assert_eq!(self.files(), before);
        String::from_utf8(output.stderr).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = fs::read_dir(&self.0).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let feeds = r#"{
  "stack": "bus-observatory",
  "feeds": [
    {
      "system_id": "sf_muni",
      "publish": true,
      "enabled": true,
      "system_name": "Muni",
      "city_name": "San Francisco",
      "feed_type": "gtfsrt",
      "url": "https://api.511.org/transit/vehiclepositions?api_key={key}&agency=SF",
      "auth": { "type": "query", "secret": { "store": "secretsmanager", "name": "0123456789abcdef" } },
      "tz": "America/San_Francisco",
      "route_column": "vehicle_trip_route_id",
      "timestamp_column": "vehicle_timestamp",
      "rate": "rate(1 minute)",
      "colour": "red"
    },
    {
      "system_id": "sf_muni",
      "publish": true,
      "enabled": true,
      "city_name": "Washington",
      "feed_type": "gtfsrt",
      "url": "https://api.wmata.com/gtfs/bus-gtfsrt-vehiclepositions.pb",
      "auth": {
        "type": "header",
        "secret": "fedcba9876543210",
        "header": "",
        "template": "{key}"
      },
      "tz": "America/New_York",
      "route_column": "vehicle_trip_route_id",
      "timestamp_column": "vehicle_timestamp",
      "rate": "rate(90 seconds)"
    }
  ]
}
"#;
    let told = Room::new("several", Some(feeds)).refusal();
    insta::assert_snapshot!(told);
    assert!(!told.contains("0123456789") && !told.contains("fedcba"), "a key that was pasted is repeated");
}

#[test]
fn problems_of_many_feeds_are_in_the_order_of_the_file() {
    let feeds: Vec<_> = (0..12).map(|number| format!("{{\"system_id\": \"Feed{number}\"}}")).collect();
    let text = format!("{{\"stack\": \"buses\", \"feeds\": [\n{}\n]}}", feeds.join(",\n"));
    let told = Room::new("many", Some(&text)).refusal();
    let lines: Vec<_> = told.lines().filter(|line| line.contains(".system_id: ")).collect();
    for (number, line) in lines.iter().enumerate() {
        assert!(line.starts_with(&format!("error: feeds.json: feeds[{number}].system_id: must be")), "{line}");
        assert!(line.ends_with(&format!("(line {})", number + 2)), "{line}");
    }
    assert_eq!(lines.len(), 12);
}

#[test]
fn text_that_is_no_json() {
    insta::assert_snapshot!(Room::new("no-json", Some("{\n  \"stack\": bus\n}\n")).refusal());
    insta::assert_snapshot!(Room::new("empty", Some("")).refusal());
}

#[test]
fn a_file_that_is_not_there() {
    insta::assert_snapshot!(Room::new("absent", None).refusal());
}

#[test]
fn what_was_written_before_stays() {
    let room = Room::new("before", Some("[]"));
    fs::create_dir(room.0.join("stackgen.out")).unwrap();
    fs::write(room.0.join("stackgen.out/manifest.json"), "earlier").unwrap();
    room.refusal();
    assert_eq!(fs::read_to_string(room.0.join("stackgen.out/manifest.json")).unwrap(), "earlier");
    assert_eq!(fs::read_dir(room.0.join("stackgen.out")).unwrap().count(), 1);
}

#[test]
fn the_stack_asked_for_by_name_is_not_called_unknown() {
    let room = Room::new("by-name", Some("[]"));
    let output = room.run(&["synth", "bus-observatory"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("feeds.json: must be an object, not a list (line 1)"), "{told}");
    assert!(!told.contains("no stack is called"), "{told}");
}

#[test]
fn feeds_are_found_from_every_folder() {
    // Here is no file of feeds: the one of the workspace is read.
    let room = Room::new("elsewhere", None);
    let output = room.command().args(["list"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stacks = String::from_utf8(output.stdout).unwrap();
    assert!(stacks.lines().any(|stack| stack == "bus-observatory"), "{stacks}");
}

#[test]
fn another_file_gives_another_stack() {
    let feeds = fs::read_to_string(root().join("feeds.json")).unwrap();
    let room = Room::new("other", Some(&feeds.replace("\"stack\": \"bus-observatory\"", "\"stack\": \"other-buses\"")));
    let output = room.run(&["list"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stacks = String::from_utf8(output.stdout).unwrap();
    assert!(stacks.lines().any(|stack| stack == "other-buses"), "{stacks}");
}
