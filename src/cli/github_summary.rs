//! The summary of a step of a workflow on GitHub.

use std::fs::OpenOptions;
use std::io::Write;

use super::error::Failure;

/// Adds a page of Markdown to the summary of a step, where GitHub asks for one.
pub(super) fn add(page: impl FnOnce() -> String) -> Result<(), Failure> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let page = page();
    let written =
        OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| file.write_all(page.as_bytes()));
    written.map_err(|error| {
        let mut failure = Failure::new("cannot write the summary that GITHUB_STEP_SUMMARY names");
        failure.causes.push(error.to_string());
        failure
    })
}
