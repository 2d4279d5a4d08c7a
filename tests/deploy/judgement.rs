//! What our comparison says of changes, beside what the change sets of the local AWS say: ids, actions and replacement of
//! each resource. Where they differ, the table says why; a difference that comes or goes is a failed test.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use stackgen::core::Move;
use stackgen::diff::{Action, StackTemplate, diff};
use stackgen::template::{Document, Map, Template, Value, read, to_json_compact};

use crate::account::Account;

/// The changes, by what they are about.
const CASES: [&str; 7] = [
    include_str!("judgement/properties.yaml"),
    include_str!("judgement/types.yaml"),
    include_str!("judgement/functions.yaml"),
    include_str!("judgement/resources.yaml"),
    include_str!("judgement/values.yaml"),
    include_str!("judgement/ripples.yaml"),
    include_str!("judgement/stacks.yaml"),
];

/// A change of a stack.
struct Case {
    /// What is changed.
    name: String,
    before: Template,
    after: Template,
    /// What was moved on purpose: from, to.
    moves: Vec<Move>,
    /// Where the two judgements differ: a logical id, what we say, what the change set says.
    differs: Vec<(String, String, String)>,
}

/// What happens to each resource that is touched: `Add`, `Remove`, `Modify/True`, …
type Judgement = BTreeMap<String, String>;

/// What stands for no change of a resource.
const NOTHING: &str = "nothing";

/// Reads a case. Templates stand there whole, or as their resources.
fn case(value: &Value, endpoint: &str) -> Case {
    let name = value.get("name").and_then(Value::as_str).unwrap().to_owned();
    let template = |key: &str| {
        let map = value.get(key).and_then(Value::as_map).unwrap_or_else(|| panic!("{name} has no `{key}`"));
        let whole = match map.get("Resources") {
            Some(_) => map.clone(),
            None => Map::from([("Resources", Value::from(map.clone()))]),
        };
        let text = to_json_compact(&whole.into()).replace("@endpoint@", endpoint);
        read(&text).and_then(Document::into_template).unwrap().0
    };
    let moves = value.get("moved").and_then(Value::as_list).map(|pair| {
        let id = |index: usize| pair[index].as_str().unwrap().to_owned();
        Move { from: id(0), to: id(1) }
    });
    let differs = value.get("differs").and_then(Value::as_map).into_iter().flat_map(Map::iter).map(|(id, said)| {
        let word = |key: &str| said.get(key).and_then(Value::as_str).unwrap().to_owned();
        assert!(word("since").len() > 20, "{name}: a difference has a reason");
        (id.to_owned(), word("ours"), word("theirs"))
    });
    let (before, after) = (template("before"), template("after"));
    Case { before, after, moves: moves.into_iter().collect(), differs: differs.collect(), name }
}

/// What our comparison says.
fn ours(case: &Case) -> Judgement {
    let before = StackTemplate::new("stack", case.before.clone());
    let after = StackTemplate { moves: case.moves.clone(), ..StackTemplate::new("stack", case.after.clone()) };
    let changes = diff(&[before], &[after]);
    let resources = changes.stacks.into_iter().flat_map(|stack| stack.resources);
    let judged = resources.filter_map(|resource| {
        let action = match resource.action {
            Action::None => return None,
            Action::Create => "Add",
            Action::Import => "Import",
            Action::Update => "Modify/False",
            Action::MayReplace => "Modify/Conditional",
            Action::Replace => "Modify/True",
            Action::Retain | Action::Snapshot | Action::Delete => "Remove",
        };
        Some((resource.logical_id, action.to_owned()))
    });
    judged.collect()
}

/// What the change set of a stack that is made of the first template says.
fn theirs(account: &Account, stack: &str, case: &Case) -> Judgement {
    let call = |operation: &str, more: &[(&'static str, Value)]| {
        let mut arguments = Map::from([("StackName", Value::from(stack.to_owned()))]);
        for (key, value) in more {
            arguments.push(*key, value.clone());
        }
        account.call("cloudformation", operation, &to_json_compact(&arguments.into()))
    };
    let with = |template: &Template| {
        let capabilities: Vec<Value> = vec!["CAPABILITY_NAMED_IAM".into(), "CAPABILITY_AUTO_EXPAND".into()];
        [("TemplateBody", Value::from(template.to_json())), ("Capabilities", capabilities.into())]
    };
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let first =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_list).and_then(|list| list.first().cloned());

    call("create_stack", &with(&case.before)).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let status = until(|| {
        let stack = first(&call("describe_stacks", &[]).unwrap(), "Stacks").unwrap();
        let status = text(&stack, "StackStatus");
        (!status.ends_with("_IN_PROGRESS")).then_some(status)
    });
    assert_eq!(status, "CREATE_COMPLETE", "{}", case.name);

    let name = [("ChangeSetName", Value::from("judged"))];
    let request = [&name[..], &with(&case.after), &[("ChangeSetType", "UPDATE".into())]].concat();
    call("create_change_set", &request).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let set = until(|| {
        let set = call("describe_change_set", &name).unwrap();
        (!text(&set, "Status").ends_with("_IN_PROGRESS")).then_some(set)
    });
    if text(&set, "Status") == "FAILED" {
        assert!(text(&set, "StatusReason").contains("didn't contain changes"), "{}: {set:?}", case.name);
    }
    let changes = set.get("Changes").and_then(Value::as_list).unwrap_or_default();
    let judged = changes.iter().filter_map(|change| change.get("ResourceChange")).map(|change| {
        let (action, replacement) = (text(change, "Action"), text(change, "Replacement"));
        let judged = if replacement.is_empty() { action } else { format!("{action}/{replacement}") };
        (text(change, "LogicalResourceId"), judged)
    });
    let judged = judged.collect();
    let _ = call("delete_stack", &[]);
    judged
}

/// Looks again and again until there is something.
fn until<T>(look: impl Fn() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look() {
            return found;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("the local AWS does not come to an end");
}

/// Where two judgements differ: logical id, ours, theirs.
fn differences(ours: &Judgement, theirs: &Judgement) -> Vec<(String, String, String)> {
    let ids = ours.keys().chain(theirs.keys().filter(|id| !ours.contains_key(*id)));
    let said = |judgement: &Judgement, id: &str| judgement.get(id).cloned().unwrap_or_else(|| NOTHING.to_owned());
    let mut found: Vec<_> = ids.map(|id| (id.clone(), said(ours, id), said(theirs, id))).collect();
    found.retain(|(_, one, other)| one != other);
    found.sort();
    found
}

#[test]
fn every_kind_of_change_is_judged_as_change_sets_do_or_the_table_says_why_not() {
    let account = Account::new();
    prepare(&account);
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for text in CASES {
        let Value::List(cases) = read(text).unwrap().value else { panic!("cases are a list") };
        for value in &cases {
            let case = case(value, account.endpoint());
            assert!(names.insert(case.name.clone()), "two are called {}", case.name);
            let found = differences(&ours(&case), &theirs(&account, &format!("judged-{}", names.len()), &case));
            let mut listed = case.differs.clone();
            listed.sort();
            if found != listed {
                wrong.push(format!("{}: found {found:?}, listed {listed:?}", case.name));
            }
        }
    }
    assert!(names.len() >= 40, "{} cases", names.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the stacks of several cases use.
fn prepare(account: &Account) {
    account.call("s3", "create_bucket", r#"{"Bucket": "judged-templates"}"#).unwrap();
    for (key, timeout) in [("one", 30), ("two", 31)] {
        let template = format!(
            r#"{{"Resources": {{"Q": {{"Type": "AWS::SQS::Queue", "Properties": {{"VisibilityTimeout": {timeout}}}}}}}}}"#
        );
        let object = Map::from([
            ("Bucket", Value::from("judged-templates")),
            ("Key", key.to_owned().into()),
            ("Body", template.into()),
        ]);
        account.call("s3", "put_object", &to_json_compact(&object.into())).unwrap();
    }
    for (name, value) in [("judged-one", "30"), ("judged-two", "30")] {
        let parameter = format!(r#"{{"Name": "{name}", "Value": "{value}", "Type": "String"}}"#);
        account.call("ssm", "put_parameter", &parameter).unwrap();
    }
    let exporting = r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}, "Outputs": {
        "A": {"Value": "a", "Export": {"Name": "judged-a"}}, "B": {"Value": "b", "Export": {"Name": "judged-b"}}}}"#;
    let arguments = Map::from([("StackName", Value::from("judged-exports")), ("TemplateBody", exporting.into())]);
    account.call("cloudformation", "create_stack", &to_json_compact(&arguments.into())).unwrap();
    until(|| {
        let exports = account.call("cloudformation", "list_exports", "{}").unwrap();
        exports.get("Exports").and_then(Value::as_list).is_some_and(|list| list.len() == 2).then_some(())
    });
}
