//! The commands as people and builds see them: exit codes, streams, files.

use std::fs;

use stackgen::deploy::EVENT_JSON_SCHEMA;
use stackgen::template::{Value, read_json};

use crate::account::Account;
use crate::json_schema::faults;
use crate::program::{Program, deploy};

#[tokio::test]
async fn deploy_prints_outputs_writes_them_to_a_file_and_says_when_nothing_changed() {
    let account = Account::new();
    let program = Program::of(&account);
    let made = deploy(&program, &[], &["data", "--outputs-file", "outputs.json"]).success();
    let url = account.stack("data").await.unwrap().outputs["Url"].clone();
    assert_eq!(made.stdout, format!("\ndata\n  Url  {url}\n"));
    assert!(made.stderr.contains("CREATE_COMPLETE Jobs AWS::SQS::Queue"), "{}", made.stderr);
    let written = fs::read_to_string(account.folder.join("outputs.json")).unwrap();
    assert_eq!(written, format!("{{\n  \"data\": {{\n    \"Url\": \"{url}\"\n  }}\n}}\n"));

    let again = deploy(&program, &[], &["data"]).success();
    assert!(again.stderr.contains("data no changes"), "{}", again.stderr);
    let outputs = program.run(&["outputs", "--all", "--json"]).success();
    assert_eq!(outputs.stdout, written);
}

#[tokio::test]
async fn changes_that_need_a_yes_end_with_3_where_nobody_can_be_asked() {
    let account = Account::new();
    let program = Program::of(&account);
    let refused = program.run(&["deploy", "data", "--require-approval", "any"]);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert!(refused.stderr.contains("error: the changes of `data` need a yes, and nobody can be asked"));
    assert!(refused.stderr.contains("--require-approval never"), "{}", refused.stderr);
    assert!(account.stack("data").await.is_none());
    assert_eq!(program.run(&["deploy", "data", "--require-approval", "broadening"]).code, 0);
    let refused = program.run(&["destroy", "data"]);
    assert_eq!(refused.code, 3, "{}", refused.stderr);
    assert_eq!(account.status("data").await, "CREATE_COMPLETE");
    program.run(&["destroy", "data", "--yes"]).success();
}

#[tokio::test]
async fn a_stack_that_fails_ends_with_1_and_a_wrong_command_line_with_2() {
    let account = Account::new();
    let program = Program::of(&account);
    let none = program.run(&["deploy", "no-such-stack"]);
    assert_eq!(none.code, 2, "{}", none.stderr);
    let unknown = deploy(&program, &[], &["data", "--parameters", "data:Size=3"]);
    assert_eq!(unknown.code, 1, "{}", unknown.stderr);
    assert!(unknown.stderr.contains("error: the stack `data` has no parameter `Size`"), "{}", unknown.stderr);
    let other = deploy(&program, &[], &["data", "--parameters", "other:Size=3"]);
    assert_eq!(other.code, 2, "{}", other.stderr);
    let nobody = program.command().env("AWS_REGION", "").args(["deploy", "data"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(1));
}

#[tokio::test]
async fn events_are_json_lines_on_request() {
    let account = Account::new();
    let program = Program::of(&account);
    let made = deploy(&program, &[], &["data", "--json"]).success();
    let events: Vec<Value> = made.stdout.lines().map(|line| read_json(line).unwrap().value).collect();
    let kinds: Vec<_> = events.iter().map(|event| event.get("event").and_then(Value::as_str).unwrap()).collect();
    assert_eq!(kinds.first(), Some(&"started"));
    assert_eq!(kinds.last(), Some(&"finished"));
    assert!(kinds.contains(&"planned") && kinds.contains(&"executing") && kinds.contains(&"resource"), "{kinds:?}");
    let finished = events.last().unwrap();
    assert_eq!(finished.get("outcome").and_then(Value::as_str), Some("created"));

    let schema = read_json(EVENT_JSON_SCHEMA).unwrap().value;
    let wrong = |event: &Value| faults(&schema, event);
    assert!(events.iter().all(|event| wrong(event).is_empty()), "{events:?}");

    let history = program.run(&["events", "data", "--json", "-n", "1"]).success();
    let last = read_json(history.stdout.trim()).unwrap().value;
    assert!(wrong(&last).is_empty(), "{last:?}");
    assert_eq!(last.get("status").and_then(Value::as_str), Some("CREATE_COMPLETE"));
    assert!(last.get("by").and_then(Value::as_str).is_some_and(|by| by.contains(" on ")), "{last:?}");
}

#[tokio::test]
async fn the_local_aws_is_found_and_used() {
    let account = Account::new();
    let program = Program::of(&account);
    let status = program.run(&["local", "status"]).success();
    assert!(status.stdout.contains(account.endpoint()), "{}", status.stdout);
    let made = deploy(&program, &[], &["data", "--local"]).success();
    assert!(made.stdout.contains("/000000000000/data-Jobs"), "{}", made.stdout);
    program.run(&["destroy", "--local", "data", "--yes"]).success();
}
