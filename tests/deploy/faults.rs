//! Every call of a deployment goes wrong once, in every way, and the deployment ends right.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use stackgen::assembly::LoadedAssembly;
use stackgen::deploy::{DeployErrorKind, destroy};
use stackgen::prelude::*;

use crate::account::{Account, chain, deploy_at, unasked};
use crate::apps::queue;
use crate::local::server;
use crate::proxy::{Fault, Proxy};

/// How many stories are told at once.
const SIDE_BY_SIDE: usize = 12;

/// The stack `shop` with a queue and a template that goes by the bucket, then one without that note, whose queue was moved.
fn versions(account: &Account) -> [LoadedAssembly; 2] {
    [60_000, 10].map(|length| {
        account.assembly(|app| {
            let mut stack = app.stack("shop");
            let kind = if length > 10 { 30 } else { 31 };
            if kind == 31 {
                stack.moved("Jobs", "Work");
            }
            let queue = stack.add(if kind == 31 { "Work" } else { "Jobs" }, queue(kind));
            stack.metadata("About", Value::from("n".repeat(length)));
            stack.output("Url", queue.reference());
        })
    })
}

/// What a story came to.
struct Told {
    calls: usize,
    hit: Option<String>,
    /// What went wrong.
    wrong: Option<String>,
}

/// Makes a stack, changes it and deletes it, with a fault at one call.
async fn tell(fault: Fault, at: Option<usize>) -> Told {
    let account = Account::new();
    let proxy = Proxy::start(server().port, fault, at);
    let patience = Duration::from_secs(if fault == Fault::Hanging { 4 } else { 20 });
    let aws = account.patient_aws_at(&proxy.endpoint, patience).await;
    let [first, second] = versions(&account);
    let mut wrong = None;
    let mut blame = |what: String| {
        wrong.get_or_insert(what);
    };
    for (app, timeout) in [(&first, "30"), (&second, "31")] {
        let run = deploy_at(&aws, app, &unasked(), &|_| Ok(false)).await;
        match run.report.failed.first() {
            Some((_, error)) => blame(chain(error)),
            None => {
                let seen = account.queue_attribute(run.output("shop", "Url"), "VisibilityTimeout");
                if seen.as_deref() != Ok(timeout) {
                    blame(format!("the queue has {seen:?} instead of {timeout}"));
                }
            }
        }
    }
    if account.change_sets("shop") > 0 {
        blame("a change set is left".to_owned());
    }
    if let Err(error) = destroy(&aws, "shop", &|_| {}).await {
        blame(chain(&error));
    }
    let queues = account.call("sqs", "list_queues", "{}").unwrap();
    if queues.get("QueueUrls").is_some_and(|urls| urls.as_list().is_some_and(|urls| !urls.is_empty())) {
        blame(format!("queues are left: {queues:?}"));
    }
    Told { calls: proxy.calls(), hit: proxy.hit(), wrong }
}

/// Tells the story with `fault` at each call in turn.
async fn at_every_call(fault: Fault) {
    let calls = tell(fault, None).await.calls;
    assert!(calls > 25, "the story makes {calls} calls only");
    let told: Vec<_> = stream::iter((0..calls).map(|at| async move { (at, tell(fault, Some(at)).await) }))
        .buffer_unordered(SIDE_BY_SIDE)
        .collect()
        .await;
    // Waiting takes more or fewer calls each time, so the last few numbers may not come up.
    let hits = told.iter().filter(|(_, told)| told.hit.is_some()).count();
    assert!(hits * 10 >= calls * 8, "{hits} of {calls}");
    let wrong: Vec<_> = told
        .iter()
        .filter_map(|(at, told)| Some(format!("call {at} ({:?}): {}", told.hit, told.wrong.as_ref()?)))
        .collect();
    assert!(wrong.is_empty(), "{fault:?}\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn requests_that_are_lost() {
    at_every_call(Fault::LostRequest).await;
}

#[tokio::test]
async fn answers_that_are_lost() {
    at_every_call(Fault::LostAnswer).await;
}

#[tokio::test]
async fn answers_that_are_cut_off() {
    at_every_call(Fault::Truncated).await;
}

#[tokio::test]
async fn answers_that_are_late() {
    at_every_call(Fault::Delayed).await;
}

#[tokio::test]
async fn answers_that_never_come() {
    at_every_call(Fault::Hanging).await;
}

#[tokio::test]
async fn requests_that_come_twice() {
    at_every_call(Fault::Duplicated).await;
}

#[tokio::test]
async fn services_that_are_asked_too_often() {
    at_every_call(Fault::Throttled).await;
}

#[tokio::test]
async fn services_that_are_not_there_for_a_moment() {
    at_every_call(Fault::Unavailable).await;
}

#[tokio::test]
async fn credentials_that_expire_are_named_and_the_next_run_goes_on() {
    let calls = tell(Fault::Expired, None).await.calls;
    let runs = stream::iter((0..calls / 2).step_by(2)).map(|at| async move {
        let account = Account::new();
        let proxy = Proxy::start(server().port, Fault::Expired, Some(at));
        let aws = account.aws_at(&proxy.endpoint).await;
        let [app, _] = versions(&account);
        let run = deploy_at(&aws, &app, &unasked(), &|_| Ok(false)).await;
        if let Some((_, error)) = run.report.failed.first() {
            assert_eq!(error.kind(), DeployErrorKind::Service, "call {at}: {}", chain(error));
            assert!(chain(error).contains("expired (ExpiredToken)"), "call {at}: {}", chain(error));
            assert!(error.hint_text().is_some_and(|hint| hint.contains("sign in again")), "call {at}");
        } else {
            assert_eq!(proxy.hit(), None, "call {at} was spoiled and nothing was said");
        }
        let next = account.deploy(&app).await;
        assert!(["created", "unchanged"].contains(&next.outcome("shop")), "call {at}");
        assert_eq!(account.status("shop").await, "CREATE_COMPLETE", "call {at}");
    });
    runs.buffer_unordered(SIDE_BY_SIDE).collect::<Vec<_>>().await;
}
