//! Every code of a finding: a template that has it, and the right form of the same, which is free of errors.
#![allow(clippy::unwrap_used)]

#[path = "rules/document.rs"]
mod document;
#[path = "rules/entries.rs"]
mod entries;
#[path = "rules/limits.rs"]
mod limits;
#[path = "rules/messages.rs"]
mod messages;
#[path = "rules/properties.rs"]
mod properties;
#[path = "rules/references.rs"]
mod references;
#[path = "rules/resources.rs"]
mod resources;
#[path = "rules/services.rs"]
mod services;
#[path = "rules/state_machines.rs"]
mod state_machines;

use std::collections::BTreeSet;

use stackgen_schema::{Code, Finding, Options, Severity, validate, validate_app};
use stackgen_template::{Document, Template, Value, read};

/// A code with a template that has it, and one that does not.
type Case = (Code, &'static str, &'static str);

fn template(text: &str) -> Template {
    read(text).and_then(Document::into_template).unwrap_or_else(|error| panic!("{error}\n{text}")).0
}

fn findings(text: &str) -> Vec<Finding> {
    validate(&template(text), &Options::new().regions(["us-east-1", "eu-central-1"]))
}

fn all() -> impl Iterator<Item = &'static Case> {
    [
        document::CASES,
        entries::CASES,
        references::CASES,
        resources::CASES,
        properties::CASES,
        services::CASES,
        state_machines::CASES,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_rule_finds_what_is_wrong_and_nothing_else() {
    let mut faults = Vec::new();
    for (code, wrong, _) in all() {
        let found = findings(wrong);
        if !found.iter().any(|finding| finding.code == *code) {
            faults.push(format!("{code} is not found in\n{wrong}\nbut {found:#?}"));
        }
        // One mistake is told once, not as several.
        let others = found.iter().filter(|finding| finding.code != *code && finding.severity == Severity::Error);
        faults.extend(others.map(|other| format!("beside {code} there is {other} in\n{wrong}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn every_rule_lets_the_right_form_pass() {
    let mut faults = Vec::new();
    for (code, _, right) in all() {
        let wrong = findings(right);
        let wrong = wrong.iter().filter(|finding| finding.code == *code || finding.severity == Severity::Error);
        faults.extend(wrong.map(|finding| format!("{code}: {finding}\n{right}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn every_finding_names_a_place_of_the_template() {
    for (_, wrong, _) in all() {
        let template = template(wrong);
        for finding in findings(wrong) {
            let found = Value::Map(template.root().clone()).at(&finding.path).is_some();
            assert!(found, "{finding} is nowhere in\n{wrong}");
        }
    }
}

#[test]
fn every_code_is_tested_and_explained() {
    let mut tested: BTreeSet<Code> = all().map(|(code, ..)| *code).collect();
    tested.extend(limits::TESTED);
    tested.insert(Code::ImportMissing);
    let untested: Vec<&Code> = Code::all().iter().filter(|code| !tested.contains(code)).collect();
    assert!(untested.is_empty(), "{untested:?}");
    for code in Code::all() {
        assert!(code.explanation().ends_with('.') && code.explanation().len() > 20, "{code}");
    }
}

#[test]
fn imports_are_compared_between_the_stacks_of_an_app() {
    let producer = template(
        "
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {Arn: {Value: !Ref Topic, Export: {Name: topic-arn}}}
",
    );
    let consumer = |name: &str| {
        template(&format!(
            "
Resources: {{Subscription: {{Type: AWS::SNS::Subscription, Properties: {{Protocol: sqs, TopicArn: !ImportValue {name}}}}}}}
"
        ))
    };
    assert_eq!(validate_app(&[&producer, &consumer("topic-arn")]), []);
    let found = validate_app(&[&producer, &consumer("topic-am")]);
    let [(1, finding)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.code, Code::ImportMissing);
    assert_eq!(finding.hint.as_deref(), Some("did you mean `topic-arn`?"));
    assert_eq!(finding.path.to_string(), "Resources/Subscription/Properties/TopicArn/Fn::ImportValue");
}

#[test]
fn exports_are_compared_between_the_stacks_of_an_app() {
    let stack = |name: &str| {
        template(&format!(
            "
Resources: {{Topic: {{Type: AWS::SNS::Topic}}}}
Outputs: {{Arn: {{Value: !Ref Topic, Export: {{Name: {name}}}}}}}
"
        ))
    };
    let found = validate_app(&[&stack("shared"), &stack("shared")]);
    let [(1, finding)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.code, Code::DuplicateExport);
    assert_eq!(finding.path.to_string(), "Outputs/Arn/Export/Name");
    assert_eq!(validate_app(&[&stack("one"), &stack("two")]), []);
    // What is computed from the name of the stack differs between stacks, and what is computed from the region does not.
    assert_eq!(validate_app(&[&stack("!Sub '${AWS::StackName}-a'"), &stack("!Sub '${AWS::StackName}-a'")]), []);
    let regional = "!Join ['-', [!Ref 'AWS::Region', a]]";
    assert_eq!(validate_app(&[&stack(regional), &stack(regional)]).len(), 1);
}
