//! Checks template files.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use stackgen_schema::{Options, validate};
use stackgen_template::{ReadError, read_bytes};

use super::finding::LocatedFinding;

/// The findings of all files, in the order of the files and of their lines.
pub(super) fn check_all(files: &[PathBuf], regions: &[String]) -> Vec<LocatedFinding> {
    let options = Options::new().regions(regions.iter().cloned());
    files.iter().flat_map(|file| check(file, &options)).collect()
}

fn check(file: &Path, options: &Options) -> Vec<LocatedFinding> {
    let is_input = file.as_os_str() == "-";
    let name = if is_input { "<stdin>".to_owned() } else { file.to_string_lossy().into_owned() };
    let bytes = if is_input { read_input() } else { fs::read(file) };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("cannot read `{name}`: {error}");
            return vec![LocatedFinding { file: None, ..LocatedFinding::unreadable(&name, message, None) }];
        }
    };
    let (template, places) = match read_bytes(&bytes).and_then(stackgen_template::Document::into_template) {
        Ok(read) => read,
        Err(error) => return vec![unreadable(&name, &error)],
    };
    let mut findings: Vec<_> = validate(&template, options)
        .into_iter()
        .map(|finding| LocatedFinding::of_finding(finding, &name, &places))
        .collect();
    findings.sort_by_key(|finding| finding.position);
    findings
}

fn unreadable(name: &str, error: &ReadError) -> LocatedFinding {
    let hint = error.hint().map(str::to_owned);
    LocatedFinding { hint, ..LocatedFinding::unreadable(name, error.message(), Some(error.place())) }
}

fn read_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}
