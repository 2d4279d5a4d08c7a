//! Stacks that need each other, and those that do not.

use stackgen::deploy::{Event, EventKind, destroy};
use stackgen::prelude::*;

use crate::account::{Account, Run, chain};
use crate::apps::queue;
use crate::custom::maker;

/// `data` exports a queue, which `web` imports.
fn two(app: &mut App, timeout: i64) {
    let mut data = app.stack("data");
    let jobs = data.add("Jobs", queue(timeout));
    let mut web = app.stack("web");
    web.add("Work", queue(30).set("RedrivePolicy", redrive(&jobs)));
    web.output("Jobs", jobs.reference());
}

fn redrive(queue: &stackgen::core::RawHandle) -> Map {
    Map::from([("deadLetterTargetArn", Value::from(queue.attribute("Arn"))), ("maxReceiveCount", 3.into())])
}

/// Where in the run an event of a stack is.
fn position(run: &Run, stack: &str, is_it: impl Fn(&EventKind) -> bool) -> usize {
    let found = run.events.iter().position(|event: &Event| event.stack == stack && is_it(&event.kind));
    found.unwrap_or_else(|| panic!("{stack} has no such event: {:?}", run.events))
}

#[tokio::test]
async fn a_stack_is_deployed_after_those_that_it_needs() {
    let account = Account::new();
    let run = account.deploy(&account.assembly(|app| two(app, 30))).await;
    assert!(run.output("web", "Jobs").contains("data-Jobs"), "{}", run.output("web", "Jobs"));
    let ended = position(&run, "data", |kind| matches!(kind, EventKind::Finished { .. }));
    let begun = position(&run, "web", |kind| matches!(kind, EventKind::Started));
    assert!(ended < begun);
}

#[tokio::test]
async fn a_stack_whose_need_failed_is_skipped_and_others_are_not() {
    let account = Account::new();
    let run = account
        .deploy(&account.assembly(|app| {
            two(app, 99_999);
            app.stack("other").add("Jobs", queue(30));
        }))
        .await;
    assert_eq!(run.report.failed[0].0, "data");
    assert_eq!(run.report.skipped, [("web".to_owned(), "data".to_owned())]);
    assert_eq!(run.report.deployed[0].name, "other");
    assert!(account.stack("web").await.is_none());
}

#[tokio::test]
async fn what_others_import_is_not_deleted_before_them() {
    let account = Account::new();
    account.deploy(&account.assembly(|app| two(app, 30))).await.stack("web");
    let aws = account.aws().await;
    let error = destroy(&aws, "data", &|_| {}).await.unwrap_err();
    assert!(chain(&error).contains("web"), "{}", chain(&error));
    for name in ["web", "data"] {
        destroy(&aws, name, &|_| {}).await.unwrap();
        assert!(account.stack(name).await.is_none());
    }
}

#[tokio::test]
async fn a_reference_is_taken_away_in_two_deployments_importer_first() {
    let account = Account::new();
    account.deploy(&account.assembly(|app| two(app, 30))).await.stack("web");
    let apart = account.assembly(|app| {
        app.stack("data").add("Jobs", queue(30));
        app.stack("web").add("Work", queue(30));
    });
    // Without the reference nothing says which goes first: whichever order it is, a second run ends right.
    let first = account.deploy(&apart).await;
    let second = account.deploy(&apart).await;
    assert!(second.report.is_good(), "{:?} after {:?}", second.report.failed, first.report.failed);
    assert!(account.stack("data").await.unwrap().outputs.is_empty());
}

#[tokio::test]
async fn stacks_that_need_nothing_of_each_other_are_worked_on_side_by_side() {
    let account = Account::new();
    let assembly = account.assembly(|app| {
        for name in ["one", "two", "three"] {
            let mut stack = app.stack(name);
            let maker = stack.add("Maker", maker());
            stack.add("Slow", CustomResource::new("Slow", &maker).property("Seconds", "0.5"));
        }
    });
    let run = account.deploy(&assembly).await;
    let last_begin =
        ["one", "two", "three"].map(|name| position(&run, name, |kind| matches!(kind, EventKind::Executing { .. })));
    let first_end =
        ["one", "two", "three"].map(|name| position(&run, name, |kind| matches!(kind, EventKind::Finished { .. })));
    assert!(last_begin.iter().max() < first_end.iter().min(), "{last_begin:?} {first_end:?}");

    let mut options = crate::account::unasked();
    options.concurrency = 1;
    let account = Account::new();
    let run = account.deploy_with(&assembly, &options).await;
    let started =
        run.events.iter().filter(|event| matches!(event.kind, EventKind::Started | EventKind::Finished { .. }));
    let stacks: Vec<_> = started.map(|event| event.stack.as_str()).collect();
    assert!(stacks.chunks(2).all(|pair| pair[0] == pair[1]), "one after the other: {stacks:?}");
}
