//! Planning and doing apart.

use stackgen::deploy::{DeployErrorKind, DeployOptions, Mode};

use crate::account::{Account, unasked};
use crate::apps::shop;

fn mode(mode: Mode) -> DeployOptions {
    DeployOptions { mode, ..unasked() }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_leaves_nothing_behind() {
    let account = Account::new();
    let app = account.assembly(|app| shop(app, 30));
    let told = account.deploy_with(&app, &mode(Mode::DryRun)).await;
    let planned = &told.stack("shop").planned;
    assert_eq!((told.outcome("shop"), planned.len()), ("prepared", 1));
    assert_eq!((planned[0].action.as_str(), planned[0].logical_id.as_str()), ("Add", "Jobs"));
    assert!(account.stack("shop").await.is_none());
    assert_eq!(account.call("s3", "list_buckets", "{}").unwrap().get("Buckets").unwrap().as_list().unwrap().len(), 0);

    account.deploy(&app).await.stack("shop");
    let changed = account.assembly(|app| shop(app, 31));
    let told = account.deploy_with(&changed, &mode(Mode::DryRun)).await;
    assert_eq!(told.stack("shop").planned[0].action, "Modify");
    assert_eq!(account.change_sets("shop"), 0);
    assert_eq!(account.status("shop").await, "CREATE_COMPLETE");
    let nothing = account.deploy_with(&app, &mode(Mode::DryRun)).await;
    assert_eq!(nothing.outcome("shop"), "unchanged");
}

#[tokio::test]
async fn a_dry_run_of_a_large_template_leaves_nothing_behind() {
    let account = Account::new();
    let app = account.assembly(|app| {
        shop(app, 30);
        let note = stackgen::template::Value::from("n".repeat(60_000));
        app.stack_again(stackgen::template::StackId(0)).metadata("About", note);
    });
    let told = account.deploy_with(&app, &mode(Mode::DryRun)).await;
    assert_eq!(told.outcome("shop"), "prepared");
    assert!(account.stack("shop").await.is_none());
    let buckets = account.call("s3", "list_buckets", "{}").unwrap();
    assert_eq!(buckets.get("Buckets").unwrap().as_list().unwrap().len(), 0, "{buckets:?}");
}

#[tokio::test]
async fn what_was_prepared_is_executed_later() {
    let account = Account::new();
    let app = account.assembly(|app| shop(app, 30));
    let nothing = account.deploy_with(&app, &mode(Mode::Execute)).await;
    assert_eq!(nothing.failure().kind(), DeployErrorKind::Refused);
    assert!(nothing.failure().hint_text().is_some_and(|hint| hint.contains("--prepare")));

    let prepared = account.deploy_with(&app, &mode(Mode::Prepare)).await;
    assert_eq!(prepared.outcome("shop"), "prepared");
    assert_eq!((account.status("shop").await.as_str(), account.change_sets("shop")), ("REVIEW_IN_PROGRESS", 1));
    let made = account.deploy_with(&app, &mode(Mode::Execute)).await;
    assert_eq!(made.outcome("shop"), "created");

    let changed = account.assembly(|app| shop(app, 31));
    account.deploy_with(&changed, &mode(Mode::Prepare)).await.stack("shop");
    let updated = account.deploy_with(&changed, &mode(Mode::Execute)).await;
    assert_eq!(updated.outcome("shop"), "updated");
    assert_eq!(account.queue_attribute(updated.output("shop", "Url"), "VisibilityTimeout").unwrap(), "31");
    let again = account.deploy_with(&changed, &mode(Mode::Execute)).await;
    assert_eq!(again.outcome("shop"), "unchanged");
}
