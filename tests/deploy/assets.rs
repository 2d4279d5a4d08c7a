//! The bucket for assets, and what is put into it.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;

use stackgen::deploy::{AssetBucket, Upload, missing, upload};
use stackgen::template::Value;

use crate::account::Account;

#[tokio::test]
async fn the_bucket_is_private_encrypted_versioned_and_takes_tls_only() {
    let account = Account::new();
    let aws = account.aws().await;
    let bucket = AssetBucket::ensure(&aws).await.unwrap();
    let name = bucket.name().to_owned();
    assert!(name.contains(&account.id), "{name} is of the account");
    let ask = |operation: &str| account.call("s3", operation, &format!(r#"{{"Bucket": "{name}"}}"#)).unwrap();

    let block = ask("get_public_access_block");
    let block = block.get("PublicAccessBlockConfiguration").and_then(Value::as_map).unwrap();
    assert_eq!(block.len(), 4);
    assert!(block.values().all(|is_on| is_on.as_bool() == Some(true)), "{block:?}");
    assert!(format!("{:?}", ask("get_bucket_encryption")).contains("AES256"));
    assert_eq!(ask("get_bucket_versioning").get("Status").and_then(Value::as_str), Some("Enabled"));
    let lifecycle = format!("{:?}", ask("get_bucket_lifecycle_configuration"));
    assert!(lifecycle.contains("NoncurrentDays") && lifecycle.contains("DaysAfterInitiation"), "{lifecycle}");
    let policy = format!("{:?}", ask("get_bucket_policy"));
    assert!(policy.contains("aws:SecureTransport") && policy.contains("Deny"), "{policy}");
}

#[tokio::test]
async fn a_bucket_whose_setting_up_was_cut_short_is_finished_by_the_next_run() {
    let account = Account::new();
    let aws = account.aws().await;
    let name = AssetBucket::ensure(&aws).await.unwrap().name().to_owned();
    for operation in ["delete_bucket_policy", "delete_bucket_lifecycle"] {
        account.call("s3", operation, &format!(r#"{{"Bucket": "{name}"}}"#)).unwrap();
    }
    AssetBucket::ensure(&aws).await.unwrap();
    for operation in ["get_bucket_policy", "get_bucket_lifecycle_configuration"] {
        account.call("s3", operation, &format!(r#"{{"Bucket": "{name}"}}"#)).unwrap();
    }
}

#[tokio::test]
async fn files_are_uploaded_once() {
    let account = Account::new();
    let aws = account.aws().await;
    let keys: BTreeSet<String> = (0..20).map(|number| format!("assets/{number}.bin")).collect();
    assert_eq!(missing(&aws, &keys).await.unwrap(), keys);
    let files: Vec<Upload> = keys
        .iter()
        .take(15)
        .map(|key| {
            let path = account.folder.join(key.replace('/', "-"));
            fs::write(&path, key).unwrap();
            Upload { key: key.clone(), path }
        })
        .collect();
    let told = Cell::new(0);
    upload(&aws, &files, &|_| told.set(told.get() + 1)).await.unwrap();
    assert_eq!(told.get(), 15);
    let left = missing(&aws, &keys).await.unwrap();
    assert_eq!(left.len(), 5);
    let bucket = AssetBucket::ensure(&aws).await.unwrap().name().to_owned();
    let object = account.call("s3", "get_object", &format!(r#"{{"Bucket": "{bucket}", "Key": "{}"}}"#, files[3].key));
    assert_eq!(object.unwrap().get("Body").and_then(Value::as_str), Some(files[3].key.as_str()));
}
