//! `validate`: checks the stacks of the app, or any template.

mod finding;
mod json;
mod sarif;
mod template;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;

use crate::core::{App, Severity};

use super::arguments::FindingFormat;
use super::console::{Console, Style, count};
use super::context::{Context, Dependencies, select};
use super::error::Failure;
use super::outcome::BuildOutcome;
use super::problems::{self, Parts, format_parts};

use finding::LocatedFinding;

pub(super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let files: Vec<PathBuf> = own.get_many("template").into_iter().flatten().cloned().collect();
    let (findings, checked) = if files.is_empty() {
        let mut synthesis = context.synthesize(true)?;
        select(&mut synthesis, own, Dependencies::Left)?;
        problems::sort(&mut synthesis.problems);
        let findings = synthesis.problems.into_iter().map(LocatedFinding::of_problem).collect();
        (findings, count(synthesis.stacks.len(), "stack"))
    } else {
        let regions: Vec<String> = own.get_many("region").into_iter().flatten().cloned().collect();
        (template::check_all(&files, &regions), count(files.len(), "template"))
    };
    print(&findings, format_of(own), console)?;
    let tally = problems::tally(findings.iter().map(|finding| finding.severity));
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    let (label, style) = if has_errors { ("failed", Style::Error) } else { ("passed", Style::Success) };
    let label = console.messages_palette().styled(label, style).to_string();
    console.note(format_args!("{label}: {checked}, {}", tally.as_deref().unwrap_or("no problems")))?;
    Ok(ExitCode::from(u8::from(has_errors)))
}

fn format_of(own: &ArgMatches) -> FindingFormat {
    if own.get_flag("json") {
        FindingFormat::Json
    } else {
        own.get_one("format").copied().unwrap_or(FindingFormat::Text)
    }
}

fn print(findings: &[LocatedFinding], format: FindingFormat, console: &mut Console<'_>) -> Result<(), Failure> {
    let text = match format {
        FindingFormat::Json => json::write(findings),
        FindingFormat::Sarif => sarif::write(findings),
        FindingFormat::Text => {
            let (palette, quiet) = (console.output_palette(), console.is_quiet());
            let told = findings.iter().filter(|finding| !quiet || finding.severity == Severity::Error);
            told.map(|finding| {
                let (place, within) = (finding.place(), finding.within());
                let parts = Parts {
                    severity: finding.severity,
                    code: finding.code,
                    message: &finding.message,
                    place: place.as_deref(),
                    within: within.as_deref(),
                    hint: finding.hint.as_deref(),
                };
                format_parts(&parts, palette) + "\n"
            })
            .collect()
        }
    };
    Ok(console.output().write_all(text.as_bytes())?)
}
