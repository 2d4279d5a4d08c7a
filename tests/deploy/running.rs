//! Looks at what runs: drift, functions, their logs and their answers.

use std::time::{Duration, SystemTime};

use stackgen::assembly::LoadedAssembly;
use stackgen::deploy::{self, Logs, PropertyDrift};
use stackgen::prelude::*;

use crate::account::Account;

/// Greets, and fails where there is nobody to greet.
const HANDLER: &str = r#"
def handler(event, context):
    print("greeting " + event["name"])
    if event["name"] == "nobody":
        raise ValueError("nobody to greet")
    return {"hello": event["name"]}
"#;

/// The stack `name` with the function `Greet`. The local AWS keeps workers by names of functions, whatever the account: each
/// test needs a name of its own.
fn greeter(account: &Account, name: &str) -> LoadedAssembly {
    let greet = Function::inline(Runtime::Python313, "index.handler", HANDLER);
    account.assembly(|app| drop(app.stack(name).add("Greet", greet.memory(mib::<256>()).timeout(seconds::<60>()))))
}

#[tokio::test]
async fn a_function_answers_or_fails_and_its_log_says_so() {
    let account = Account::new();
    let begin = SystemTime::now() - Duration::from_secs(5);
    assert!(account.deploy(&greeter(&account, "answers")).await.report.is_good());
    let aws = account.aws().await;
    let functions = deploy::functions(&aws, "answers").await.unwrap().unwrap();
    let [greet] = &*functions else { panic!("{functions:?}") };
    assert_eq!(greet.logical_id, "Greet");

    let answer = deploy::invoke(&aws, &greet.name, r#"{"name": "Ada"}"#).await.unwrap();
    assert_eq!(answer.error, None, "{answer:?}");
    assert_eq!(answer.payload.replace(' ', ""), r#"{"hello":"Ada"}"#);
    let answer = deploy::invoke(&aws, &greet.name, r#"{"name": "nobody"}"#).await.unwrap();
    assert!(answer.error.is_some());
    assert!(answer.payload.contains("nobody to greet"), "{}", answer.payload);

    let mut logs = Logs::of(&aws, &functions, begin, Some("greeting")).await.unwrap();
    let mut messages = Vec::new();
    for _ in 0..20 {
        messages.extend(logs.more().await.unwrap().into_iter().map(|line| line.message));
        if messages.len() >= 2 {
            break;
        }
        logs.pause().await;
    }
    assert_eq!(messages, ["greeting Ada", "greeting nobody"]);
    assert!(logs.more().await.unwrap().is_empty(), "nothing is told twice");
    assert_eq!(deploy::functions(&aws, "no-such-stack").await.unwrap(), None);
}

#[tokio::test]
async fn what_is_changed_or_deleted_past_cloudformation_is_found() {
    let account = Account::new();
    assert!(account.deploy(&greeter(&account, "drifting")).await.report.is_good());
    let aws = account.aws().await;
    let drift = deploy::drift(&aws, "drifting").await.unwrap().unwrap();
    assert!(drift.is_empty(), "{drift:?}");

    let name = deploy::functions(&aws, "drifting").await.unwrap().unwrap().remove(0).name;
    let arguments = format!(r#"{{"FunctionName": "{name}", "MemorySize": 512}}"#);
    account.call("lambda", "update_function_configuration", &arguments).unwrap();
    let drift = deploy::drift(&aws, "drifting").await.unwrap().unwrap();
    let [resource] = &*drift.resources else { panic!("{drift:?}") };
    assert_eq!((resource.logical_id.as_str(), resource.is_deleted), ("Greet", false));
    let memory = resource.properties.iter().find(|property| property.path.ends_with("MemorySize")).unwrap();
    let PropertyDrift { expected, actual, .. } = memory;
    assert_eq!((expected.as_deref(), actual.as_deref()), (Some("256"), Some("512")));

    account.call("lambda", "delete_function", &format!(r#"{{"FunctionName": "{name}"}}"#)).unwrap();
    let drift = deploy::drift(&aws, "drifting").await.unwrap().unwrap();
    assert!(drift.resources.iter().any(|resource| resource.logical_id == "Greet" && resource.is_deleted), "{drift:?}");
    assert_eq!(deploy::drift(&aws, "no-such-stack").await.unwrap(), None);
}
