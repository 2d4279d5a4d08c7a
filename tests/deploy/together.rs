//! Several at work on one stack.

use std::fs;
use std::path::Path;
use std::time::Duration;

use stackgen::assembly::LoadedAssembly;
use stackgen::deploy::EventKind;
use stackgen::prelude::*;

use crate::account::{Account, Run, path_text};
use crate::custom::maker;

/// The stack `shop`, which is not done while `hold` is there.
fn held(account: &Account, hold: &Path, version: i64) -> LoadedAssembly {
    account.assembly(|app| {
        let mut stack = app.stack("shop");
        let maker = stack.add("Maker", maker());
        let resource = CustomResource::new("Held", &maker).property("Hold", path_text(hold));
        stack.add("Held", resource.property("Version", version));
        stack.output("Version", Value::from(version.to_string()));
    })
}

/// Waits until the stack is in `status`.
async fn until(account: &Account, status: &str) {
    for _ in 0..200 {
        if account.status("shop").await == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the stack did not come to {status}: {}", account.status("shop").await);
}

fn who_was_followed(run: &Run) -> Option<&str> {
    run.events.iter().find_map(|event| match &event.kind {
        EventKind::Following { by, .. } => by.as_deref(),
        _ => None,
    })
}

#[tokio::test]
async fn of_two_deployments_of_one_stack_the_second_says_who_is_at_work_and_ends_right() {
    let account = Account::new();
    let hold = account.folder.join("hold");
    fs::write(&hold, "").unwrap();
    let app = held(&account, &hold, 1);
    let first = account.deploy(&app);
    let second = async {
        until(&account, "CREATE_IN_PROGRESS").await;
        let let_go = async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            fs::remove_file(&hold).unwrap();
        };
        tokio::join!(account.deploy(&app), let_go).0
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first.outcome("shop"), "created");
    assert_eq!(second.outcome("shop"), "unchanged");
    let followed = who_was_followed(&second).expect("it says who is at work");
    assert!(followed.contains(" on "), "{followed}");
}

#[tokio::test]
async fn the_second_of_two_makes_its_own_change_after_the_first() {
    let account = Account::new();
    let hold = account.folder.join("hold");
    let (one, two, three) = (held(&account, &hold, 1), held(&account, &hold, 2), held(&account, &hold, 3));
    account.deploy(&one).await.stack("shop");
    fs::write(&hold, "").unwrap();
    let second = async {
        until(&account, "UPDATE_IN_PROGRESS").await;
        let let_go = async {
            tokio::time::sleep(Duration::from_millis(400)).await;
            fs::remove_file(&hold).unwrap();
        };
        tokio::join!(account.deploy(&three), let_go).0
    };
    let (first, second) = tokio::join!(account.deploy(&two), second);
    assert_eq!((first.outcome("shop"), second.outcome("shop")), ("updated", "updated"));
    assert!(who_was_followed(&second).is_some());
    assert_eq!(account.stack("shop").await.unwrap().outputs["Version"], "3");
}

#[tokio::test]
async fn deployments_that_begin_at_the_same_moment_all_end_right() {
    for different in [false, true] {
        let account = Account::new();
        let hold = account.folder.join("hold");
        let versions: Vec<_> = (0..4).map(|number| held(&account, &hold, if different { number } else { 0 })).collect();
        let runs = futures_util::future::join_all(versions.iter().map(|app| account.deploy(app))).await;
        for run in &runs {
            run.stack("shop");
        }
        assert!(account.stack("shop").await.unwrap().is_good());
        assert_eq!(account.change_sets("shop"), 0);
    }
}

#[tokio::test]
async fn a_change_set_that_others_make_obsolete_is_planned_anew() {
    let account = Account::new();
    let hold = account.folder.join("hold");
    account.deploy(&held(&account, &hold, 1)).await.stack("shop");
    // While the first is asked for a yes, the second makes its own change: the plan of the first is void by then.
    let (two, three) = (held(&account, &hold, 2), held(&account, &hold, 3));
    let aws = account.aws().await;
    let options = stackgen::deploy::DeployOptions {
        approval: stackgen::deploy::Approval::Any,
        ..stackgen::deploy::DeployOptions::default()
    };
    let times_asked = std::cell::Cell::new(0);
    let approve = |_: &stackgen::deploy::Proposal<'_>| {
        times_asked.set(times_asked.get() + 1);
        if times_asked.get() == 1 {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    assert_eq!(runtime.block_on(account.deploy(&three)).outcome("shop"), "updated");
                });
            });
        }
        Ok(true)
    };
    let run = crate::account::deploy_at(&aws, &two, &options, &approve).await;
    assert_eq!(run.outcome("shop"), "updated");
    assert_eq!(times_asked.get(), 2, "what is asked about is what is done");
    assert_eq!(account.stack("shop").await.unwrap().outputs["Version"], "2");
}
