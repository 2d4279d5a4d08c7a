//! Keys of one's own in KMS.

use stackgen_resources::kind;
use stackgen_resources::typed::Arn;
use stackgen_template::{Text, Value};

use crate::core::Grant;

/// Actions that read what a key encrypted.
const READS: [&str; 14] = [
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:GetRecords",
    "dynamodb:PartiQLSelect",
    "dynamodb:Query",
    "dynamodb:Scan",
    "s3:GetObject",
    "s3:GetObjectAttributes",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAttributes",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
];

/// Actions that write what a key encrypts. Services read with the key too, to add to what is there.
const WRITES: [&str; 12] = [
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLUpdate",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "s3:PutObject",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecret",
    "sns:Publish",
    "sqs:SendMessage",
];

/// Access to do `actions` on `resources`, and with it the use that they make of the key the resources are encrypted with.
pub(super) fn grant_with_key<A: Into<Text>, R: Into<Value>>(
    actions: impl IntoIterator<Item = A>,
    resources: impl IntoIterator<Item = R>,
    reason: &'static str,
    key: Option<&Arn<kind::kms::Key>>,
) -> Grant {
    let actions: Vec<Text> = actions.into_iter().map(Into::into).collect();
    let of = |known: &[&str]| actions.iter().any(|action| known.contains(&&**action));
    let uses: &[&str] = match (of(&WRITES), of(&READS)) {
        (true, _) => &["kms:Decrypt", "kms:GenerateDataKey"],
        (false, true) => &["kms:Decrypt"],
        (false, false) => &[],
    };
    let grant = Grant::new(actions, resources, reason);
    match key {
        Some(key) if !uses.is_empty() => grant.and(Grant::new(uses.iter().copied(), [key], reason)),
        _ => grant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_used_as_the_actions_use_it() {
        let key: Arn<kind::kms::Key> = Arn::from_value("arn:aws:kms:eu-west-1:123456789012:key/1234");
        let text = |actions: &[&'static str], key: Option<&Arn<kind::kms::Key>>| {
            format!("{:?}", grant_with_key(actions.iter().copied(), ["arn"], "test", key).statements())
        };
        let uses = |actions: &[&'static str]| {
            let text = text(actions, Some(&key));
            (text.contains("kms:Decrypt"), text.contains("kms:GenerateDataKey"))
        };
        assert_eq!(uses(&["s3:GetObject"]), (true, false));
        assert_eq!(uses(&["s3:GetObject", "s3:PutObject"]), (true, true));
        assert_eq!(uses(&["sqs:PurgeQueue", "s3:DeleteObject"]), (false, false));
        assert!(!text(&["s3:PutObject"], None).contains("kms:"));
    }

    #[test]
    fn the_lists_are_sorted_and_share_nothing() {
        assert!(READS.is_sorted() && WRITES.is_sorted());
        assert!(READS.iter().all(|action| !WRITES.contains(action)));
    }
}
