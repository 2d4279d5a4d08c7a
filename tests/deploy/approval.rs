//! Which changes are asked about, and what a no leaves.

use std::cell::RefCell;

use stackgen::assembly::LoadedAssembly;
use stackgen::deploy::{Approval, DeployError, DeployErrorKind, DeployOptions, Proposal};

use crate::account::{Account, deploy_at};
use crate::apps::{queue, role};

/// Deploys with `approval`, and gives whether it was asked and how it ended.
async fn asked(
    account: &Account,
    app: &LoadedAssembly,
    approval: Approval,
    answer: bool,
) -> (bool, Result<(), DeployErrorKind>) {
    let options = DeployOptions { approval, ..DeployOptions::default() };
    let was_asked = RefCell::new(false);
    let approve = |proposal: &Proposal<'_>| {
        assert!(!proposal.planned.is_empty(), "it is said what would be done");
        *was_asked.borrow_mut() = true;
        Ok::<bool, DeployError>(answer)
    };
    let run = deploy_at(&account.aws().await, app, &options, &approve).await;
    let result = run.report.failed.first().map_or(Ok(()), |(_, error)| Err(error.kind()));
    (was_asked.into_inner(), result)
}

/// The stack `shop`: a role that is allowed `actions`, and a queue where `with_queue` says so.
fn shop(account: &Account, actions: &[&str], timeout: i64, with_queue: bool) -> LoadedAssembly {
    account.assembly(|app| {
        let mut stack = app.stack("shop");
        stack.add("Work", role(actions));
        stack.add("Other", queue(timeout));
        if with_queue {
            stack.add("Jobs", queue(30));
        }
    })
}

#[tokio::test]
async fn each_severity_asks_about_its_changes_and_about_no_others() {
    let account = Account::new();
    let send = &["sqs:SendMessage"][..];
    let first = shop(&account, send, 30, true);
    assert_eq!(asked(&account, &first, Approval::Never, false).await, (false, Ok(())));

    let harmless = shop(&account, send, 31, true);
    assert_eq!(asked(&account, &harmless, Approval::Broadening, false).await, (false, Ok(())));
    let harmless = shop(&account, send, 32, true);
    assert_eq!(asked(&account, &harmless, Approval::Destructive, false).await, (false, Ok(())));
    let harmless = shop(&account, send, 33, true);
    assert_eq!(asked(&account, &harmless, Approval::Any, true).await, (true, Ok(())));

    let removing = shop(&account, send, 33, false);
    assert_eq!(
        asked(&account, &removing, Approval::Destructive, false).await,
        (true, Err(DeployErrorKind::NotApproved))
    );
    assert_eq!(asked(&account, &removing, Approval::Broadening, false).await, (false, Ok(())));

    let broader = shop(&account, &["sqs:SendMessage", "sqs:DeleteQueue"], 33, false);
    for approval in [Approval::Broadening, Approval::Destructive, Approval::Any] {
        assert_eq!(asked(&account, &broader, approval, false).await, (true, Err(DeployErrorKind::NotApproved)));
    }
    assert_eq!(asked(&account, &broader, Approval::Broadening, true).await, (true, Ok(())));
    assert_eq!(asked(&account, &broader, Approval::Any, false).await, (false, Ok(())), "nothing is left to do");
}

#[tokio::test]
async fn a_no_leaves_nothing_behind() {
    let account = Account::new();
    let new = shop(&account, &["sqs:SendMessage"], 30, true);
    assert_eq!(asked(&account, &new, Approval::Any, false).await, (true, Err(DeployErrorKind::NotApproved)));
    assert!(account.stack("shop").await.is_none(), "no stack that is only planned");
    assert_eq!(asked(&account, &new, Approval::Any, true).await, (true, Ok(())));
    let changed = shop(&account, &["sqs:SendMessage"], 31, true);
    assert_eq!(asked(&account, &changed, Approval::Any, false).await, (true, Err(DeployErrorKind::NotApproved)));
    assert_eq!(account.change_sets("shop"), 0);
    assert_eq!(account.status("shop").await, "CREATE_COMPLETE");
}

#[tokio::test]
async fn where_nobody_can_be_asked_the_error_is_kept_and_nothing_is_left_behind() {
    let account = Account::new();
    let app = shop(&account, &["sqs:SendMessage"], 30, true);
    let options = DeployOptions { approval: Approval::Any, ..DeployOptions::default() };
    let aws = account.aws().await;
    let stop = |_: &Proposal<'_>| Err(DeployError::not_approved("nobody is there"));
    let run = deploy_at(&aws, &app, &options, &stop).await;
    assert_eq!(run.failure().to_string(), "nobody is there");
    assert!(account.stack("shop").await.is_none());
}
