//! `review-folder` as it is run.
#![cfg(feature = "command")]
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

fn samples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean")
}

/// A folder of this test with some samples in it.
fn folder(test: &str, names: &[&str]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("leg 1")).unwrap();
    for name in names {
        fs::copy(samples().join(name), folder.join("leg 1").join(name)).unwrap();
    }
    folder
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_review-folder")).args(arguments).output().unwrap()
}

#[test]
fn one_line_a_file_and_success_in_spite_of_findings() {
    let folder = folder("findings", &["bottle_defects_hy1.csv", "cast_00101_ct1.csv", "report.pdf"]);
    let output = run(&[folder.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!(lines[0][..4], ["FILE", "TYPE", "STATUS", "ROWS"]);
    assert_eq!(lines[1][..5], ["leg", "1/bottle_defects_hy1.csv", "exchange_bottle", "errors", "4"]);
    assert_eq!(lines[2][..5], ["leg", "1/cast_00101_ct1.csv", "exchange_ctd", "ok", "31"]);
    assert_eq!(lines[3][..4], ["leg", "1/report.pdf", "pdf", "unsupported"]);
    assert_eq!(output.stderr, b"");
}

#[test]
fn files_that_cannot_be_read_fail_the_command() {
    for name in ["nothing_hy1.csv", "truncated_ct1.zip", "truncated_ctd.nc", "bomb_ct1.zip"] {
        let folder = folder(&format!("unreadable {name}"), &[name, "cast_00101_ct1.csv"]);
        let output = run(&[folder.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3, "{name}");
    }
}

#[test]
fn json_and_csv_hold_everything() {
    let folder = folder("files", &["bottle_good_hy1.csv", "nothing_hy1.csv"]);
    let (json, csv) = (folder.join("all.json"), folder.join("all.csv"));
    run(&[folder.to_str().unwrap(), "--json", json.to_str().unwrap(), "--csv", csv.to_str().unwrap()]);
    let entries: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    assert_eq!(entries[0]["file"], "leg 1/bottle_good_hy1.csv");
    assert_eq!(entries[0]["review"]["summary"]["observations"], 8);
    assert_eq!(entries[0]["review"]["parameters"][3]["mean"], 250.0);
    assert_eq!(entries[1]["failure"]["kind"], "empty");
    let csv = fs::read_to_string(csv).unwrap();
    assert_eq!(csv.lines().count(), 5);
    let oxygen = "leg 1/bottle_good_hy1.csv,exchange_bottle,OXYGEN,UMOL/KG,8,1,0,0.125,7,250,250,250,2:7 9:1";
    assert_eq!(csv.lines().last(), Some(oxygen));

    let output = run(&[folder.to_str().unwrap(), "--json", "-"]);
    let entries: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(entries[2]["review"]["summary"]["file_type"], "exchange_bottle");
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let output = run(&["no such folder"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("error: no such folder: "), "{text}");
    assert_eq!(run(&[]).status.code(), Some(2));
}
