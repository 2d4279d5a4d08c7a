//! Codes SG1101–SG1107: what CloudFormation takes at most.

use std::fmt::Write;

use stackgen_schema::{Code, Finding, Severity};

use crate::findings;

pub(crate) const TESTED: [Code; 7] = [
    Code::ResourceLimit,
    Code::ParameterLimit,
    Code::OutputLimit,
    Code::MappingLimit,
    Code::SizeLimit,
    Code::TextLimit,
    Code::NearLimit,
];

/// A template with so many entries in a section.
fn entries(section: &str, count: usize, entry: &str) -> Vec<Finding> {
    let mut text = String::new();
    if section != "Resources" {
        text.push_str("Resources: {T: {Type: AWS::SNS::Topic}}\n");
    }
    writeln!(text, "{section}:").unwrap();
    for number in 0..count {
        writeln!(text, "  E{number}: {entry}").unwrap();
    }
    findings(&text)
}

/// The codes of errors, and whether the 80 % of a limit are told.
fn outcome(found: &[Finding]) -> (Vec<Code>, bool) {
    let errors = found.iter().filter(|finding| finding.severity == Severity::Error);
    (errors.map(|finding| finding.code).collect(), found.iter().any(|finding| finding.code == Code::NearLimit))
}

#[test]
fn entries_are_counted() {
    for (section, most, entry, code) in [
        ("Resources", 500, "{Type: AWS::SNS::Topic}", Code::ResourceLimit),
        ("Parameters", 200, "{Type: String}", Code::ParameterLimit),
        ("Outputs", 200, "{Value: x}", Code::OutputLimit),
        ("Mappings", 200, "{a: {b: c}}", Code::MappingLimit),
    ] {
        assert_eq!(outcome(&entries(section, most + 1, entry)), (vec![code], false), "{section}");
        assert_eq!(outcome(&entries(section, most, entry)), (vec![], true), "{section}");
        assert_eq!(outcome(&entries(section, most * 8 / 10, entry)), (vec![], true), "{section}");
        assert_eq!(outcome(&entries(section, most * 8 / 10 - 1, entry)), (vec![], false), "{section}");
    }
}

#[test]
fn a_split_of_too_many_resources_is_proposed() {
    let found = entries("Resources", 501, "{Type: AWS::SNS::Topic}");
    let finding = found.iter().find(|finding| finding.code == Code::ResourceLimit).unwrap();
    let hint = finding.hint.as_deref().unwrap();
    assert!(hint.contains("2 stacks") && hint.contains("501 of SNS"), "{hint}");
}

#[test]
fn the_size_is_estimated() {
    let template = |bytes: usize| {
        findings(&format!(
            "Resources: {{T: {{Type: AWS::CloudFormation::CustomResource, Properties: {{ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:f', Text: {}}}}}}}",
            "x".repeat(bytes)
        ))
    };
    assert_eq!(outcome(&template(1_000_001)), (vec![Code::SizeLimit], false));
    assert_eq!(outcome(&template(850_000)), (vec![], true));
    assert_eq!(outcome(&template(700_000)), (vec![], false));
}

#[test]
fn texts_are_measured() {
    let template = |bytes: usize| {
        findings(&format!("Description: {}\nResources: {{T: {{Type: AWS::SNS::Topic}}}}", "x".repeat(bytes)))
    };
    assert_eq!(outcome(&template(1025)).0, [Code::TextLimit]);
    assert_eq!(outcome(&template(1024)).0, []);
}
