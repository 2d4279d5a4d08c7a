//! Validates template files: `cargo run -p stackgen-schema --example validate_files -- FILE…`
//!
//! Prints one line a finding, and at the end how many files and findings there were.

use std::process::ExitCode;

use stackgen_schema::{Options, Severity, validate};
use stackgen_template::{Document, read_bytes};

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn main() -> ExitCode {
    let (mut files, mut errors, mut warnings, mut unread) = (0, 0, 0, 0);
    for path in std::env::args().skip(1) {
        files += 1;
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                println!("{path}: {error}");
                unread += 1;
                continue;
            }
        };
        let (template, places) = match read_bytes(&bytes).and_then(Document::into_template) {
            Ok(read) => read,
            Err(error) => {
                println!("{path}: {error}");
                unread += 1;
                continue;
            }
        };
        for finding in validate(&template, &Options::new()) {
            let place = places.nearest(&finding.path).map(|place| place.to_string()).unwrap_or_default();
            println!("{path}:{place}: {finding}");
            errors += usize::from(finding.severity == Severity::Error);
            warnings += usize::from(finding.severity == Severity::Warning);
        }
    }
    println!("{files} files ({unread} not read), {errors} errors, {warnings} warnings");
    if errors + unread > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
