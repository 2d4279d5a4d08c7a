//! Findings as SARIF 2.1.0, which code scanning services read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use stackgen_schema::{Code, Severity};
use stackgen_template::{Map, Value, to_json};

use super::finding::LocatedFinding;

/// The rule of what no rule of validation found.
const GENERAL: (&str, &str, &str) =
    ("SG0000", "general", "A file cannot be read as a template, or a construct of the app reports a fault.");

/// A log with one run.
pub(super) fn write(findings: &[LocatedFinding]) -> String {
    let ids: BTreeSet<&str> = findings.iter().map(rule_of).collect();
    let rules: Vec<Value> = ids.iter().map(|id| rule(id).into()).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &ids).into()).collect();
    let driver = Map::from([
        ("name", Value::from("stackgen")),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("informationUri", env!("CARGO_PKG_REPOSITORY").into()),
        ("rules", rules.into()),
    ]);
    let run = Map::from([
        ("tool", Value::single("driver", driver)),
        ("columnKind", "unicodeCodePoints".into()),
        ("results", results.into()),
    ]);
    let log = Map::from([
        ("$schema", Value::from("https://json.schemastore.org/sarif-2.1.0.json")),
        ("version", "2.1.0".into()),
        ("runs", vec![run].into()),
    ]);
    to_json(&log.into()) + "\n"
}

fn rule_of(finding: &LocatedFinding) -> &'static str {
    finding.code.unwrap_or(GENERAL.0)
}

fn rule(id: &str) -> Map {
    let (id, name, explanation, severity) = match Code::parse(id) {
        Some(code) => (code.as_str(), code.name(), code.explanation(), code.severity()),
        None => (GENERAL.0, GENERAL.1, GENERAL.2, Severity::Error),
    };
    Map::from([
        ("id", Value::from(id)),
        ("name", name.into()),
        ("shortDescription", Value::single("text", explanation)),
        ("defaultConfiguration", Value::single("level", level(severity))),
    ])
}

fn result(finding: &LocatedFinding, rules: &BTreeSet<&str>) -> Map {
    let id = rule_of(finding);
    let index = rules.iter().position(|rule| *rule == id).unwrap_or_default();
    let message = match &finding.hint {
        Some(hint) => format!("{}. Hint: {hint}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = Map::from([
        ("ruleId", Value::from(id)),
        ("ruleIndex", i64::try_from(index).unwrap_or_default().into()),
        ("level", level(finding.severity).into()),
        ("message", Value::single("text", message)),
    ]);
    let mut location = Map::new();
    if let Some(file) = &finding.file {
        let mut physical = Map::from([("artifactLocation", Value::single("uri", uri(file)))]);
        if let Some(position) = finding.position {
            physical.push("region", Map::from([("startLine", position.line), ("startColumn", position.column)]));
        }
        location.push("physicalLocation", physical);
    }
    if let Some(within) = finding.within() {
        location.push("logicalLocations", vec![Map::from([("fullyQualifiedName", within)])]);
    }
    if !location.is_empty() {
        result.push("locations", vec![location]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "note",
    }
}

/// A path as a URI reference: what a URI does not take is percent-encoded.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("my templates/a.yaml"), "my%20templates/a.yaml");
        assert_eq!(uri("/tmp/é.json"), "file:///tmp/%C3%A9.json");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}
