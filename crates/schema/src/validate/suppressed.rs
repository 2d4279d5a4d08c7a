//! Findings that are accepted.

use stackgen_template::{Trail, Value};

use super::Report;
use super::context::Context;
use crate::similar::did_you_mean;
use crate::{Code, Finding, Suppression};

/// Parts the findings into those to report and those that a suppression accepts.
pub(super) fn sort_out(context: &Context<'_>, mut findings: Vec<Finding>) -> Report {
    let own = of_resources(context, &mut findings);
    if own.is_empty() && context.options.suppressions.is_empty() {
        return Report { findings, suppressed: Vec::new() };
    }
    let mut report = Report::default();
    for finding in findings {
        let accepted = own.iter().chain(&context.options.suppressions).find(|one| one.covers(&finding));
        match accepted {
            Some(suppression) => report.suppressed.push((finding, suppression.reason.clone())),
            None => report.findings.push(finding),
        }
    }
    report
}

/// The suppressions in the metadata of resources: `Metadata: {stackgen: {suppress: [{code, reason}]}}`.
fn of_resources(context: &Context<'_>, findings: &mut Vec<Finding>) -> Vec<Suppression> {
    let mut suppressions = Vec::new();
    let root = Trail::root();
    let section = root.key("Resources");
    for resource in &context.resources {
        let Some(Value::Map(metadata)) = resource.body.get("Metadata") else { continue };
        let Some(entries) = metadata.get("stackgen").and_then(|own| own.get("suppress")) else { continue };
        let resource_trail = section.key(resource.logical_id);
        let metadata_trail = resource_trail.key("Metadata");
        let own = metadata_trail.key("stackgen");
        let trail = own.key("suppress");
        let Value::List(entries) = entries else {
            findings.push(Finding::new(Code::Suppression, trail.to_path(), "suppressions must be a list"));
            continue;
        };
        for (index, entry) in entries.iter().enumerate() {
            match read(entry) {
                Ok((code, reason)) => suppressions.push(Suppression::resource(code, resource.logical_id, reason)),
                Err((message, hint)) => {
                    let path = trail.index(index).to_path();
                    findings.push(Finding { hint, ..Finding::new(Code::Suppression, path, message) });
                }
            }
        }
    }
    suppressions
}

fn read(entry: &Value) -> Result<(Code, &str), (String, Option<String>)> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let Some(name) = text("code") else { return Err(("a suppression needs a `code`".to_owned(), None)) };
    let Some(code) = Code::parse(name) else {
        let hint = did_you_mean(name, Code::all().iter().map(|code| code.name()));
        return Err((format!("there is no code `{name}`"), hint));
    };
    match text("reason") {
        Some(reason) => Ok((code, reason)),
        None => Err((format!("the suppression of {code} needs a `reason`"), None)),
    }
}
