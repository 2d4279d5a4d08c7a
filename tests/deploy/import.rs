//! Resources that exist already become part of a stack.

use stackgen::assembly::LoadedAssembly;
use stackgen::core::RawResource;
use stackgen::deploy::{self, Adoption, DeployError, DeployErrorKind};
use stackgen::template::Value;

use crate::account::Account;
use crate::apps::queue;

fn adoption(logical_id: &str, identifier: &str) -> Adoption {
    Adoption { logical_id: logical_id.to_owned(), identifier: identifier.to_owned() }
}

/// The stack `shop`: a queue, and a bucket where `with_bucket` says so.
fn shop(account: &Account, with_bucket: bool) -> LoadedAssembly {
    account.assembly(|app| {
        let mut stack = app.stack("shop");
        stack.add("Jobs", queue(30));
        if with_bucket {
            stack.add("Photos", RawResource::new("AWS::S3::Bucket"));
        }
    })
}

async fn import(account: &Account, app: &LoadedAssembly, adoptions: &[Adoption]) -> Result<(), DeployError> {
    let aws = account.aws().await;
    let request = deploy::plan_import(&aws, app.stack("shop").unwrap(), adoptions).await?;
    deploy::import(&aws, &request, &|_| {}).await.map(drop)
}

/// The id of a resource of `shop`; none when the stack does not have it.
fn physical_id(account: &Account, logical_id: &str) -> Option<String> {
    let arguments = format!(r#"{{"StackName": "shop", "LogicalResourceId": "{logical_id}"}}"#);
    let answer = account.call("cloudformation", "describe_stack_resource", &arguments).ok()?;
    Some(answer.get("StackResourceDetail")?.get("PhysicalResourceId")?.as_str()?.to_owned())
}

#[tokio::test]
async fn a_bucket_that_exists_is_adopted_and_deployed_from_then_on() {
    let account = Account::new();
    assert!(account.deploy(&shop(&account, false)).await.report.is_good());
    account.call("s3", "create_bucket", r#"{"Bucket": "old-photos"}"#).unwrap();

    let with_bucket = shop(&account, true);
    let aws = account.aws().await;
    let stack = with_bucket.stack("shop").unwrap();
    let request = deploy::plan_import(&aws, stack, &[adoption("Photos", "old-photos")]).await.unwrap();
    assert_eq!(account.change_sets("shop"), 0, "composing a request asks nothing");
    assert_eq!(physical_id(&account, "Photos"), None);
    assert_eq!(request.resources[0].identifier["BucketName"], "old-photos");

    deploy::import(&aws, &request, &|_| {}).await.unwrap();
    assert_eq!(physical_id(&account, "Photos").as_deref(), Some("old-photos"));
    assert_eq!(account.status("shop").await, "IMPORT_COMPLETE");
    let template = deploy::deployed_template(&aws, "shop").await.unwrap().unwrap();
    assert_eq!(template.resource("Photos").unwrap().deletion_policy(), Some(&Value::from("Retain")));

    assert!(account.deploy(&with_bucket).await.report.is_good());
    assert_eq!(physical_id(&account, "Photos").as_deref(), Some("old-photos"), "it is the same one");
}

#[tokio::test]
async fn a_stack_may_begin_with_what_exists() {
    let account = Account::new();
    account.call("s3", "create_bucket", r#"{"Bucket": "first-photos"}"#).unwrap();
    let app = shop(&account, true);
    import(&account, &app, &[adoption("Photos", "BucketName=first-photos")]).await.unwrap();
    assert_eq!(physical_id(&account, "Photos").as_deref(), Some("first-photos"));
    assert_eq!(physical_id(&account, "Jobs"), None, "the rest comes with a deployment");
    assert!(account.deploy(&app).await.report.is_good());
    assert!(physical_id(&account, "Jobs").is_some());
}

#[tokio::test]
async fn what_the_stack_has_already_is_not_imported() {
    let account = Account::new();
    let app = shop(&account, false);
    assert!(account.deploy(&app).await.report.is_good());
    let error = import(&account, &app, &[adoption("Jobs", "https://queue")]).await.unwrap_err();
    assert_eq!(error.kind(), DeployErrorKind::Refused);
    assert_eq!(account.status("shop").await, "CREATE_COMPLETE");
}
