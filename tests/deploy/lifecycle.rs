//! What becomes of a stack when all goes well.

use stackgen::deploy::{EventKind, destroy};
use stackgen::prelude::*;

use crate::account::Account;
use crate::apps::{queue, shop};

#[tokio::test]
async fn a_stack_is_made_and_then_there_is_nothing_to_do() {
    let account = Account::new();
    let app = account.assembly(|app| shop(app, 30));
    let made = account.deploy(&app).await;
    assert_eq!(made.outcome("shop"), "created");
    assert_eq!(account.queue_attribute(made.output("shop", "Url"), "VisibilityTimeout").unwrap(), "30");
    let told: Vec<_> = made.events.iter().filter(|event| matches!(event.kind, EventKind::Resource(_))).collect();
    assert!(told.len() >= 4, "the queue and the stack begin and end: {told:?}");

    let again = account.deploy(&app).await;
    assert_eq!(again.outcome("shop"), "unchanged");
    assert_eq!(again.output("shop", "Url"), made.output("shop", "Url"));
    assert!(again.events.iter().all(|event| !matches!(event.kind, EventKind::Planned { .. })), "nothing was planned");
    assert_eq!(account.change_sets("shop"), 0);
}

#[tokio::test]
async fn a_property_is_changed_in_place() {
    let account = Account::new();
    let made = account.deploy(&account.assembly(|app| shop(app, 30))).await;
    let changed = account.deploy(&account.assembly(|app| shop(app, 45))).await;
    assert_eq!(changed.outcome("shop"), "updated");
    assert_eq!(changed.output("shop", "Url"), made.output("shop", "Url"));
    assert_eq!(account.queue_attribute(made.output("shop", "Url"), "VisibilityTimeout").unwrap(), "45");
}

#[tokio::test]
async fn a_resource_that_cannot_be_changed_is_replaced() {
    let account = Account::new();
    let named = |name: &'static str| {
        account.assembly(move |app| {
            let mut stack = app.stack("shop");
            let queue = stack.add("Jobs", queue(30).set("QueueName", name));
            stack.output("Url", queue.reference());
        })
    };
    let made = account.deploy(&named("first")).await;
    let replaced = account.deploy(&named("second")).await;
    assert_eq!(replaced.outcome("shop"), "updated");
    assert!(replaced.output("shop", "Url").ends_with("/second"));
    assert!(account.queue_attribute(made.output("shop", "Url"), "VisibilityTimeout").is_err(), "the first is gone");
}

#[tokio::test]
async fn a_resource_that_is_no_longer_wanted_is_removed_and_one_that_is_retained_stays() {
    let account = Account::new();
    let made = account
        .deploy(&account.assembly(|app| {
            let mut stack = app.stack("shop");
            let gone = stack.add("Gone", queue(30));
            let kept = stack.add("Kept", queue(30).with(Attributes::new().removal(RemovalPolicy::Retain)));
            stack.add("Stays", queue(30));
            stack.output("Gone", gone.reference());
            stack.output("Kept", kept.reference());
        }))
        .await;
    let smaller = account.assembly(|app| {
        app.stack("shop").add("Stays", queue(30));
    });
    assert_eq!(account.deploy(&smaller).await.outcome("shop"), "updated");
    assert!(account.queue_attribute(made.output("shop", "Gone"), "VisibilityTimeout").is_err());
    assert_eq!(account.queue_attribute(made.output("shop", "Kept"), "VisibilityTimeout").unwrap(), "30");
}

#[tokio::test]
async fn a_stack_is_deleted_and_what_is_retained_is_told() {
    let account = Account::new();
    let app = account.assembly(|app| {
        let mut stack = app.stack("shop");
        stack.add("Gone", queue(30));
        stack.add("Kept", queue(30).with(Attributes::new().removal(RemovalPolicy::Retain)));
    });
    account.deploy(&app).await.stack("shop");
    let aws = account.aws().await;
    let destroyed = destroy(&aws, "shop", &|_| {}).await.unwrap();
    let retained: Vec<_> = destroyed.retained.iter().map(|event| event.logical_id.as_str()).collect();
    assert!(destroyed.existed);
    assert_eq!(retained, ["Kept"]);
    assert!(account.stack("shop").await.is_none());
    let again = destroy(&aws, "shop", &|_| {}).await.unwrap();
    assert!(!again.existed);
    assert_eq!(account.deploy(&app).await.outcome("shop"), "created", "it is made anew");
}

#[tokio::test]
async fn tags_of_the_app_are_those_of_the_stack_and_change_alone() {
    let account = Account::new();
    let tagged = |value: &'static str| {
        account.assembly(move |app| {
            app.tag("team", value);
            shop(app, 30);
        })
    };
    account.deploy(&tagged("search")).await.stack("shop");
    assert_eq!(account.stack("shop").await.unwrap().tags["team"], "search");
    account.deploy(&tagged("data")).await.stack("shop");
    assert_eq!(account.stack("shop").await.unwrap().tags["team"], "data");
    assert_eq!(account.deploy(&tagged("data")).await.outcome("shop"), "unchanged");
}

#[tokio::test]
async fn a_protected_stack_is_not_deleted_until_the_app_takes_the_protection_out() {
    let account = Account::new();
    let protected = |is_protected: bool| {
        account.assembly(move |app| {
            shop(app, 30);
            let mut archive = app.stack("shop-archive");
            archive.add("Jobs", queue(30));
            if is_protected {
                archive.termination_protection();
            }
        })
    };
    account.deploy(&protected(true)).await.stack("shop-archive");
    let aws = account.aws().await;
    let error = destroy(&aws, "shop-archive", &|_| {}).await.unwrap_err();
    assert_eq!(error.to_string(), "the stack `shop-archive` is protected against deletion");
    assert!(error.hint_text().is_some_and(|hint| hint.contains("deploy that first")));
    assert_eq!(account.deploy(&protected(false)).await.outcome("shop-archive"), "unchanged");
    destroy(&aws, "shop-archive", &|_| {}).await.unwrap();
    assert!(account.stack("shop-archive").await.is_none());
}

#[tokio::test]
async fn a_template_that_is_too_large_for_a_request_goes_by_the_bucket() {
    let account = Account::new();
    let large = |timeout: i64| {
        account.assembly(move |app| {
            let mut stack = app.stack("shop");
            for number in 0..60 {
                let described = Map::from([("Note", "n".repeat(1_000))]);
                let attributes = Attributes::new().metadata("About", described);
                stack.add(format!("Queue{number}"), queue(timeout).with(attributes));
            }
        })
    };
    let app = large(30);
    assert!(app.stacks()[0].text.len() > 51_200);
    assert_eq!(account.deploy(&app).await.outcome("shop"), "created");
    assert_eq!(account.deploy(&app).await.outcome("shop"), "unchanged");
    assert_eq!(account.deploy(&large(31)).await.outcome("shop"), "updated");
}

#[tokio::test]
async fn an_identity_provider_is_known_by_its_address() {
    let account = Account::new();
    let app = account.assembly(|app| {
        let mut stack = app.stack("shop");
        let provider = RawResource::new("AWS::IAM::OIDCProvider").set("Url", "https://token.example.com");
        let provider = stack.add("Provider", provider.set("ClientIdList", vec!["sts.amazonaws.com"]));
        stack.output("Arn", provider.reference());
    });
    let run = account.deploy(&app).await;
    let expected = format!("arn:aws:iam::{}:oidc-provider/token.example.com", account.id);
    assert_eq!(run.output("shop", "Arn"), expected);
}
