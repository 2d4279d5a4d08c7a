//! Findings as JSON.

use stackgen_schema::Code;
use stackgen_template::{Map, Value, to_json};

use super::finding::LocatedFinding;

/// One object a finding; what a finding does not have is null.
pub(super) fn write(findings: &[LocatedFinding]) -> String {
    let list: Vec<Value> = findings.iter().map(|finding| describe(finding).into()).collect();
    to_json(&list.into()) + "\n"
}

fn describe(finding: &LocatedFinding) -> Map {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    Map::from([
        ("severity", Value::from(finding.severity.as_str())),
        ("code", finding.code.map_or(Value::Null, Value::from)),
        ("name", finding.code.and_then(Code::parse).map_or(Value::Null, |code| code.name().into())),
        ("message", finding.message.clone().into()),
        ("hint", text(&finding.hint)),
        ("stack", text(&finding.stack)),
        ("path", text(&finding.path)),
        ("file", text(&finding.file)),
        ("line", finding.position.map_or(Value::Null, |position| position.line.into())),
        ("column", finding.position.map_or(Value::Null, |position| position.column.into())),
    ])
}
