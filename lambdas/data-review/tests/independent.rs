//! Another calculation of all statistics, in Python with numpy and netCDF4, agrees with ours. The Python to run is that of
//! `STACKGEN_PYTHON`, with the packages of `tests/independent/requirements.txt`; without it, or without them, the test says
//! so and passes.
#![cfg(feature = "command")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python that has the packages.
fn python() -> Option<PathBuf> {
    let found = env::var_os("STACKGEN_PYTHON").map(PathBuf::from).filter(|python| {
        let check = Command::new(python).args(["-c", "import netCDF4, numpy"]).output();
        check.is_ok_and(|check| check.status.success())
    });
    if found.is_none() {
        eprintln!("skipped: STACKGEN_PYTHON names no Python with netCDF4 and numpy");
    }
    found
}

/// Compares all files of a folder, and tells how many there were to compare.
#[track_caller]
fn compare(folder: &Path, name: &str) -> Option<usize> {
    let python = python()?;
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.json"));
    // It fails for the files that are damaged on purpose.
    Command::new(env!("CARGO_BIN_EXE_review-folder")).arg(folder).arg("--json").arg(&results).output().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent/compare.py");
    let output = Command::new(python).arg(script).arg(&results).arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    eprintln!("{said}");
    said.lines().last()?.split(' ').next()?.parse().ok()
}

#[test]
fn the_samples_have_the_statistics_that_python_finds() {
    let compared = compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean"), "samples");
    assert!(compared.is_none_or(|count| count >= 8), "{compared:?}");
}

#[test]
fn real_cruises_have_the_statistics_that_python_finds() {
    let compared = compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ocean"), "cruises");
    assert!(compared.is_none_or(|count| count >= 12), "{compared:?}");
}
