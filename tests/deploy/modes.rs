//! Planning and doing apart.

use stackgen::deploy::{DeployErrorKind, DeployOptions, Mode, StackOptions};

use crate::account::{Account, deploy_at, unasked};
use crate::apps::shop;
use crate::local::server;
use crate::proxy::{Fault, Proxy};

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

/// What CloudFormation is asked for by a deployment with these options: for the change set, and for its execution.
async fn asked(stack: StackOptions) -> (String, String) {
    let account = Account::new();
    let proxy = Proxy::start(server().port, Fault::Delayed, None);
    let options = DeployOptions { stack, ..unasked() };
    let app = account.assembly(|app| shop(app, 30));
    let run = deploy_at(&account.aws_at(&proxy.endpoint).await, &app, &options, &|_| Ok(false)).await;
    run.stack("shop");
    (proxy.query("CreateChangeSet").unwrap(), proxy.query("ExecuteChangeSet").unwrap())
}

#[tokio::test]
async fn what_the_local_aws_does_not_do_is_asked_for_at_least() {
    let alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors";
    let topic = "arn:aws:sns:us-east-1:123456789012:events";
    let (plan, execution) = asked(StackOptions {
        rollback_alarms: vec![alarm.to_owned()],
        notification_topics: vec![topic.to_owned()],
        role: Some("arn:aws:iam::123456789012:role/deploy".to_owned()),
        express: true,
        ..StackOptions::default()
    })
    .await;
    let escaped = |text: &str| text.replace(':', "%3A").replace('/', "%2F");
    let trigger = "RollbackConfiguration.RollbackTriggers.member.1.";
    for wanted in [
        format!("{trigger}Arn={}", escaped(alarm)),
        format!("{trigger}Type={}", escaped("AWS::CloudWatch::Alarm")),
        format!("NotificationARNs.member.1={}", escaped(topic)),
        format!("RoleARN={}", escaped("arn:aws:iam::123456789012:role/deploy")),
        "DeploymentConfig.Mode=EXPRESS".to_owned(),
        "DeploymentConfig.DisableRollback=false".to_owned(),
    ] {
        assert!(plan.contains(&wanted), "{wanted} is not in {plan}");
    }
    assert!(!execution.contains("DisableRollback"), "express says it with the plan: {execution}");

    let (plan, execution) = asked(StackOptions { no_rollback: true, ..StackOptions::default() }).await;
    assert!(execution.contains("DisableRollback=true"), "{execution}");
    for unwanted in ["RollbackConfiguration", "DeploymentConfig", "NotificationARNs", "RoleARN"] {
        assert!(!plan.contains(unwanted), "{unwanted} is in {plan}");
    }
}
