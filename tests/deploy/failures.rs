//! What fails at AWS is taken back, and the first cause is told.

use stackgen::deploy::{DeployErrorKind, EventKind};
use stackgen::prelude::*;
use stackgen::template::StackId;

use crate::account::{Account, chain};
use crate::apps::{queue, role, shop};
use crate::custom::maker;

/// Deploys a good stack, then one that fails, and checks that all is as before. Gives the text of the error.
async fn fails(account: &Account, bad: impl FnOnce(&mut App)) -> String {
    let made = account.deploy(&account.assembly(|app| shop(app, 30))).await;
    let url = made.output("shop", "Url").to_owned();
    let failed = account.deploy(&account.assembly(bad)).await;
    let error = failed.failure();
    assert_eq!(error.kind(), DeployErrorKind::StackFailed);
    assert!(matches!(failed.events.last().unwrap().kind, EventKind::Failed { .. }));
    assert_eq!(account.status("shop").await, "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(account.queue_attribute(&url, "VisibilityTimeout").unwrap(), "30");

    // What was taken back is no obstacle: the next deployment goes on from there.
    let next = account.deploy(&account.assembly(|app| shop(app, 60))).await;
    assert_eq!(next.outcome("shop"), "updated");
    assert_eq!(account.queue_attribute(&url, "VisibilityTimeout").unwrap(), "60");
    chain(error)
}

#[tokio::test]
async fn a_custom_resource_that_fails_is_named_with_its_reason() {
    let account = Account::new();
    let told = fails(&account, |app| {
        shop(app, 31);
        let mut stack = app.stack_again(StackId(0));
        let maker = stack.add("Maker", maker());
        stack.add("Index", CustomResource::new("Index", &maker).property("Fail", "the index has no room"));
    });
    let told = told.await;
    assert!(told.starts_with("the stack `shop` ended in UPDATE_ROLLBACK_COMPLETE"), "{told}");
    assert!(told.contains("first: Index (Custom::Index)"), "{told}");
    assert!(told.contains("the index has no room"), "{told}");
}

#[tokio::test]
async fn a_value_out_of_range_is_named() {
    let account = Account::new();
    let told = fails(&account, |app| shop(app, 99_999)).await;
    assert!(told.contains("first: Jobs (AWS::SQS::Queue) UPDATE_FAILED"), "{told}");
}

#[tokio::test]
async fn a_policy_on_a_role_that_is_not_there_is_named() {
    let account = Account::new();
    let told = fails(&account, |app| {
        shop(app, 32);
        let mut stack = app.stack_again(StackId(0));
        let statement = Map::from([("Effect", "Allow"), ("Action", "sqs:ReceiveMessage"), ("Resource", "*")]);
        let document =
            Map::from([("Version", Value::from("2012-10-17")), ("Statement", vec![Value::from(statement)].into())]);
        let policy = RawResource::new("AWS::IAM::Policy").set("PolicyName", "work").set("PolicyDocument", document);
        stack.add("Policy", policy.set("Roles", vec![Value::from("no-such-role")]));
    });
    let told = told.await;
    assert!(told.contains("first: Policy (AWS::IAM::Policy)"), "{told}");
}

#[tokio::test]
async fn a_stack_that_is_new_and_fails_is_made_anew_by_the_next_deployment() {
    let account = Account::new();
    let failed = account.deploy(&account.assembly(|app| shop(app, 99_999))).await;
    assert!(failed.failure().to_string().contains("first: Jobs (AWS::SQS::Queue) CREATE_FAILED"));
    assert_eq!(account.status("shop").await, "ROLLBACK_COMPLETE");
    let made = account.deploy(&account.assembly(|app| shop(app, 30))).await;
    assert_eq!(made.outcome("shop"), "created");
    assert!(made.events.iter().any(|event| matches!(event.kind, EventKind::Recovering { .. })), "it says so");
    assert_eq!(account.status("shop").await, "CREATE_COMPLETE");
}

#[tokio::test]
async fn without_rollback_a_failure_stands_and_is_changed_from_there() {
    let account = Account::new();
    account.deploy(&account.assembly(|app| shop(app, 30))).await.stack("shop");
    let mut options = crate::account::unasked();
    options.stack.no_rollback = true;
    let bad = account.assembly(|app| {
        shop(app, 99_999);
        app.stack_again(StackId(0)).add("Work", role(&["sqs:SendMessage"]));
    });
    let failed = account.deploy_with(&bad, &options).await;
    assert!(failed.failure().to_string().contains("UPDATE_FAILED"), "{}", failed.failure());
    assert_eq!(account.status("shop").await, "UPDATE_FAILED");
    let next = account.deploy(&account.assembly(|app| shop(app, 60))).await;
    assert_eq!(next.outcome("shop"), "updated");
    assert_eq!(account.status("shop").await, "UPDATE_COMPLETE");
}

#[tokio::test]
async fn without_rollback_nothing_may_be_replaced() {
    let account = Account::new();
    let named = |name: &'static str| {
        account.assembly(move |app| {
            app.stack("shop").add("Jobs", queue(30).set("QueueName", name));
        })
    };
    account.deploy(&named("first")).await.stack("shop");
    let mut options = crate::account::unasked();
    options.stack.no_rollback = true;
    let refused = account.deploy_with(&named("second"), &options).await;
    assert_eq!(refused.failure().kind(), DeployErrorKind::Refused, "{}", chain(refused.failure()));
    assert!(refused.failure().hint_text().is_some_and(|hint| hint.contains("--no-rollback")));
    assert_eq!(account.change_sets("shop"), 0, "the plan is not left behind");
    assert_eq!(account.deploy(&named("second")).await.outcome("shop"), "updated");
}
