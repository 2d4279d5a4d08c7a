//! Ways out of the states that an operation may leave a stack in.

use std::fs;

use stackgen::deploy::{DeployErrorKind, EventKind, destroy};
use stackgen::prelude::*;

use crate::account::{Account, Run, chain, path_text};
use crate::apps::{queue, shop};
use crate::custom::maker;

fn is_recovering(run: &Run, from: &str) -> bool {
    run.events.iter().any(|event| matches!(&event.kind, EventKind::Recovering { status, .. } if status == from))
}

#[tokio::test]
async fn a_bucket_that_is_not_empty_says_so_and_goes_once_it_is() {
    let account = Account::new();
    let app = account.assembly(|app| {
        let mut stack = app.stack("shop");
        let bucket = stack.add("Photos", RawResource::new("AWS::S3::Bucket"));
        stack.output("Bucket", bucket.reference());
    });
    let made = account.deploy(&app).await;
    let bucket = made.output("shop", "Bucket");
    let object = format!(r#"{{"Bucket": "{bucket}", "Key": "one"}}"#);
    account.call("s3", "put_object", &object).unwrap();

    let aws = account.aws().await;
    for _ in 0..2 {
        let error = destroy(&aws, "shop", &|_| {}).await.unwrap_err();
        assert!(chain(&error).contains("first: Photos (AWS::S3::Bucket) DELETE_FAILED"), "{}", chain(&error));
        assert!(error.hint_text().is_some_and(|hint| hint.contains("empty the bucket")), "{:?}", error.hint_text());
        assert_eq!(account.status("shop").await, "DELETE_FAILED");
    }
    let refused = account.deploy(&app).await;
    assert_eq!(refused.failure().kind(), DeployErrorKind::Refused);
    assert!(refused.failure().hint_text().is_some_and(|hint| hint.starts_with("`destroy shop` tries again")));

    account.call("s3", "delete_object", &object).unwrap();
    destroy(&aws, "shop", &|_| {}).await.unwrap();
    assert!(account.stack("shop").await.is_none());
    assert_eq!(account.deploy(&app).await.outcome("shop"), "created");
}

#[tokio::test]
async fn a_rollback_that_failed_is_tried_again_before_the_next_change() {
    let account = Account::new();
    let refusal = account.folder.join("refuse");
    let app = |version: i64| {
        account.assembly(|app| {
            let mut stack = app.stack("shop");
            let maker = stack.add("Maker", maker());
            let resource = CustomResource::new("Index", &maker).property("Version", version);
            stack.add("Index", resource.property("Refuse", path_text(&refusal)));
        })
    };
    account.deploy(&app(1)).await.stack("shop");
    fs::write(&refusal, "").unwrap();
    let failed = account.deploy(&app(2)).await;
    assert!(chain(failed.failure()).contains("it refuses to Update"), "{}", chain(failed.failure()));
    assert_eq!(account.status("shop").await, "UPDATE_ROLLBACK_FAILED");

    let again = account.deploy(&app(3)).await;
    assert!(is_recovering(&again, "UPDATE_ROLLBACK_FAILED"));
    assert!(again.failure().hint_text().is_some_and(|hint| hint.contains("--resources-to-skip")));
    assert_eq!(account.status("shop").await, "UPDATE_ROLLBACK_FAILED");

    fs::remove_file(&refusal).unwrap();
    let right = account.deploy(&app(3)).await;
    assert_eq!(right.outcome("shop"), "updated");
    assert!(is_recovering(&right, "UPDATE_ROLLBACK_FAILED"));
    assert_eq!(account.status("shop").await, "UPDATE_COMPLETE");
}

#[tokio::test]
async fn a_stack_that_was_only_planned_is_made() {
    let account = Account::new();
    let options =
        stackgen::deploy::DeployOptions { mode: stackgen::deploy::Mode::Prepare, ..crate::account::unasked() };
    account.deploy_with(&account.assembly(|app| shop(app, 30)), &options).await.stack("shop");
    assert_eq!(account.status("shop").await, "REVIEW_IN_PROGRESS");
    assert_eq!(account.deploy(&account.assembly(|app| shop(app, 31))).await.outcome("shop"), "created");
    assert_eq!(account.status("shop").await, "CREATE_COMPLETE");
}

#[tokio::test]
async fn a_dry_run_changes_no_stack_that_would_have_to_be_brought_to_a_good_state() {
    let account = Account::new();
    account.deploy(&account.assembly(|app| shop(app, 99_999))).await.failure();
    let options = stackgen::deploy::DeployOptions { mode: stackgen::deploy::Mode::DryRun, ..crate::account::unasked() };
    let app = account.assembly(|app| {
        app.stack("shop").add("Jobs", queue(30));
    });
    let refused = account.deploy_with(&app, &options).await;
    assert_eq!(refused.failure().kind(), DeployErrorKind::Refused);
    assert_eq!(account.status("shop").await, "ROLLBACK_COMPLETE");
}
