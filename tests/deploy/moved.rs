//! Resources that the app moved on purpose: they get other logical ids and stay the same ones.

use std::cell::Cell;

use stackgen::assembly::LoadedAssembly;
use stackgen::deploy::{Approval, DeployErrorKind, DeployOptions, EventKind, Mode, Proposal};
use stackgen::prelude::*;

use crate::account::{Account, Run, chain, deploy_at, unasked};
use crate::apps::queue;

/// A queue called `id`, which others refer to.
fn app(account: &Account, id: &'static str, timeout: i64) -> LoadedAssembly {
    account.assembly(|app| {
        let mut stack = app.stack("shop");
        if id != "Jobs" {
            stack.moved("Jobs", id);
        }
        let jobs = match id.split_once('/') {
            Some((scope, id)) => stack.scope(scope).add(id, queue(timeout)),
            None => stack.add(id, queue(timeout)),
        };
        let note = RawResource::new("AWS::SSM::Parameter").set("Type", "String").set("Value", jobs.reference());
        stack.add("Note", note.with(Attributes::new().depends_on(&jobs)));
        stack.output("Url", jobs.reference());
    })
}

fn renamed(run: &Run) -> usize {
    let of_event = |kind: &EventKind| if let EventKind::Renaming { resources } = kind { *resources } else { 0 };
    run.events.iter().map(|event| of_event(&event.kind)).sum()
}

#[tokio::test]
async fn a_resource_that_was_moved_stays_the_same_one() {
    let account = Account::new();
    let made = account.deploy(&app(&account, "Jobs", 30)).await;
    let url = made.output("shop", "Url").to_owned();
    let message = format!(r#"{{"QueueUrl": "{url}", "MessageBody": "kept"}}"#);
    account.call("sqs", "send_message", &message).unwrap();

    let moved = app(&account, "Work/Queue", 30);
    let run = account.deploy(&moved).await;
    assert_eq!((run.outcome("shop"), renamed(&run), run.output("shop", "Url")), ("updated", 1, url.as_str()));
    assert_eq!(account.queue_attribute(&url, "ApproximateNumberOfMessages").unwrap(), "1");
    let resources = account.call("cloudformation", "list_stack_resources", r#"{"StackName": "shop"}"#).unwrap();
    assert!(format!("{resources:?}").contains("WorkQueue"), "{resources:?}");

    let again = account.deploy(&moved).await;
    assert_eq!((again.outcome("shop"), renamed(&again)), ("unchanged", 0));
    stackgen::deploy::destroy(&account.aws().await, "shop", &|_| {}).await.unwrap();
    assert!(account.queue_attribute(&url, "VisibilityTimeout").is_err(), "it is deleted under its new id");
}

#[tokio::test]
async fn what_is_moved_and_changed_is_renamed_and_then_changed() {
    let account = Account::new();
    let url = account.deploy(&app(&account, "Jobs", 30)).await.output("shop", "Url").to_owned();
    let run = account.deploy(&app(&account, "Work", 31)).await;
    assert_eq!((run.outcome("shop"), renamed(&run), run.output("shop", "Url")), ("updated", 1, url.as_str()));
    assert_eq!(account.queue_attribute(&url, "VisibilityTimeout").unwrap(), "31");
}

#[tokio::test]
async fn a_move_is_approved_once_and_planned_without_being_done() {
    let account = Account::new();
    let url = account.deploy(&app(&account, "Jobs", 30)).await.output("shop", "Url").to_owned();
    let moved = app(&account, "Work", 31);

    let told = account.deploy_with(&moved, &DeployOptions { mode: Mode::DryRun, ..unasked() }).await;
    let planned: Vec<_> =
        told.stack("shop").planned.iter().map(|change| (change.logical_id.as_str(), change.action.as_str())).collect();
    assert_eq!(planned, [("Work", "Modify")]);
    let refused = account.deploy_with(&moved, &DeployOptions { mode: Mode::Prepare, ..unasked() }).await;
    assert_eq!(refused.failure().kind(), DeployErrorKind::Refused, "{}", chain(refused.failure()));

    let any = DeployOptions { approval: Approval::Any, ..DeployOptions::default() };
    let no = account.deploy_with(&moved, &any).await;
    assert_eq!((no.failure().kind(), renamed(&no)), (DeployErrorKind::NotApproved, 0));
    assert_eq!(account.queue_attribute(&url, "VisibilityTimeout").unwrap(), "30");

    let asked = Cell::new(0);
    let approve = |_: &Proposal<'_>| {
        asked.set(asked.get() + 1);
        Ok(true)
    };
    let run = deploy_at(&account.aws().await, &moved, &any, &approve).await;
    assert_eq!((run.outcome("shop"), renamed(&run), asked.get()), ("updated", 1, 1));
}
