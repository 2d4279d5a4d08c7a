//! The values of parameters: given, kept, missing, unknown.

use std::collections::BTreeMap;

use stackgen::assembly::LoadedAssembly;
use stackgen::deploy::{DeployErrorKind, DeployOptions};
use stackgen::prelude::*;

use crate::account::{Account, unasked};

fn app(account: &Account) -> LoadedAssembly {
    account.assembly(|app| {
        let mut stack = app.stack("shop");
        let timeout = stack.parameter("Timeout", Map::from([("Type", "Number")]));
        let delay = stack.parameter("Delay", Map::from([("Type", "Number"), ("Default", "5")]));
        let queue = RawResource::new("AWS::SQS::Queue");
        let queue = stack.add("Jobs", queue.set("VisibilityTimeout", &timeout).set("DelaySeconds", &delay));
        stack.output("Url", queue.reference());
    })
}

fn given(values: &[(&str, &str)]) -> DeployOptions {
    let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    DeployOptions { parameters: BTreeMap::from([("shop".to_owned(), values)]), ..unasked() }
}

#[tokio::test]
async fn a_value_is_given_then_kept_then_changed() {
    let account = Account::new();
    let app = app(&account);
    let made = account.deploy_with(&app, &given(&[("Timeout", "40")])).await;
    assert_eq!(made.outcome("shop"), "created");
    let url = made.output("shop", "Url");
    let seen = |name: &str| account.queue_attribute(url, name).unwrap();
    assert_eq!((seen("VisibilityTimeout"), seen("DelaySeconds")), ("40".into(), "5".into()));

    let kept = account.deploy(&app).await;
    assert_eq!(kept.outcome("shop"), "unchanged");

    let changed = account.deploy_with(&app, &given(&[("Delay", "6")])).await;
    assert_eq!(changed.outcome("shop"), "updated");
    assert_eq!((seen("VisibilityTimeout"), seen("DelaySeconds")), ("40".into(), "6".into()));
    let again = account.deploy_with(&app, &given(&[("Delay", "6"), ("Timeout", "40")])).await;
    assert_eq!(again.outcome("shop"), "unchanged");
}

#[tokio::test]
async fn a_value_that_is_missing_is_asked_for_before_anything_is_done() {
    let account = Account::new();
    let run = account.deploy(&app(&account)).await;
    let error = run.failure();
    assert_eq!(error.kind(), DeployErrorKind::Refused);
    assert_eq!(error.to_string(), "the stack `shop` needs a value for Timeout");
    assert_eq!(error.hint_text(), Some("give it with `--parameters shop:Timeout=VALUE`"));
    assert!(account.stack("shop").await.is_none());
}

#[tokio::test]
async fn a_parameter_that_the_stack_lacks_is_an_error_that_names_those_it_has() {
    let account = Account::new();
    let run = account.deploy_with(&app(&account), &given(&[("Timout", "4")])).await;
    assert_eq!(run.failure().to_string(), "the stack `shop` has no parameter `Timout`");
    assert_eq!(run.failure().hint_text(), Some("it has Timeout, Delay"));
    assert!(account.stack("shop").await.is_none());
}
