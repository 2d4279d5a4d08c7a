use stackgen_schema::Database;
use stackgen_template::read_json;

use super::super::canonical::Canonical;
use super::*;

fn differences(type_name: Option<&str>, before: &str, after: &str) -> Vec<(String, String, String)> {
    let resource_type = type_name.map(|name| Database::get().resource_type(name).unwrap());
    let shape = resource_type.map(|resource_type| resource_type.shape());
    let read = |text: &str| Canonical::plain().of(&read_json(text).unwrap().value, shape).unwrap();
    let tags = resource_type.and_then(|resource_type| resource_type.tag_property());
    let text = |value: &Option<Value>| value.as_ref().map(super::super::readable::readable).unwrap_or_default();
    compare_tagged("P", &read(before), &read(after), shape, tags)
        .into_iter()
        .map(|found| (found.label, text(&found.before), text(&found.after)))
        .collect()
}

fn found(list: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    list.iter().map(|(one, two, three)| ((*one).to_owned(), (*two).to_owned(), (*three).to_owned())).collect()
}

#[test]
fn an_insertion_in_the_middle_is_one_addition() {
    assert_eq!(differences(None, r#"{"L": [1, 2, 4, 5]}"#, r#"{"L": [1, 2, 3, 4, 5]}"#), found(&[("P.L[2]", "", "3")]));
    assert_eq!(differences(None, r#"{"L": [1, 2, 3]}"#, r#"{"L": [1, 3]}"#), found(&[("P.L[1]", "2", "")]));
    assert_eq!(differences(None, r#"{"L": [1, 2, 3]}"#, r#"{"L": [1, 7, 3]}"#), found(&[("P.L[1]", "2", "7")]));
}

#[test]
fn items_that_are_alike_are_changed_ones() {
    assert_eq!(
        differences(
            None,
            r#"{"L": [{"Port": 1, "Open": true}, {"Port": 2, "Open": true}]}"#,
            r#"{"L": [{"Port": 0, "Open": false}, {"Port": 1, "Open": true}, {"Port": 2, "Open": false}]}"#
        ),
        found(&[("P.L[0]", "", "{Port: 0, Open: false}"), ("P.L[2].Open", "true", "false")])
    );
}

#[test]
fn tags_are_compared_by_key() {
    let (before, after) = (
        r#"{"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}"#,
        r#"{"Tags": [{"Key": "c", "Value": "3"}, {"Key": "b", "Value": "0"}, {"Key": "a", "Value": 1}]}"#,
    );
    assert_eq!(
        differences(Some("AWS::SQS::Queue"), before, after),
        found(&[("P.Tags[c]", "", "{Key: c, Value: 3}"), ("P.Tags[b].Value", "2", "0")])
    );
    assert_eq!(differences(Some("AWS::SQS::Queue"), r#"{"Tags": []}"#, "{}"), []);
}

#[test]
fn the_order_of_named_items_counts_where_the_schema_says_so() {
    let (one, other) = (r#"{"L": [{"Name": "a"}, {"Name": "b"}]}"#, r#"{"L": [{"Name": "b"}, {"Name": "a"}]}"#);
    assert_eq!(differences(None, one, other).len(), 1);
}

#[test]
fn statements_are_a_set() {
    let statement = |action: &str, resource: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#)
    };
    let policy = |statements: &[String]| {
        format!(r#"{{"PolicyDocument": {{"Version": "2012-10-17", "Statement": [{}]}}}}"#, statements.join(","))
    };
    let (get, put, delete) = (statement("s3:Get", "a"), statement("s3:Put", "b"), statement("s3:Delete", "b"));
    assert_eq!(differences(None, &policy(&[get.clone(), put.clone()]), &policy(&[put.clone(), get.clone()])), []);
    assert_eq!(
        differences(None, &policy(&[get.clone(), put]), &policy(&[delete, get])),
        found(&[("P.PolicyDocument.Statement[0].Action[0]", "s3:Put", "s3:Delete")])
    );
}

#[test]
fn documents_in_text_are_compared_inside() {
    let machine =
        |seconds: u32| format!(r#"{{"DefinitionString": "{{\"States\": {{\"Wait\": {{\"Seconds\": {seconds}}}}}}}"}}"#);
    assert_eq!(
        differences(None, &machine(5), &machine(6)),
        found(&[("P.DefinitionString.States.Wait.Seconds", "5", "6")])
    );
    let text = r#"{"Policy": "{\"a\": 1}"}"#;
    assert_eq!(differences(None, text, r#"{"Policy": {"a": 1}}"#), []);
}

#[test]
fn branches_of_the_same_condition_are_compared_each() {
    let size = |small: u32| format!(r#"{{"Size": {{"Fn::If": ["Big", 9, {small}]}}}}"#);
    assert_eq!(differences(None, &size(1), &size(2)), found(&[("P.Size(unless Big)", "1", "2")]));
}
