//! In which direction data goes when a policy allows an action.

/// In which direction data goes between who acts and the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Direction {
    /// From the resource to who acts.
    pub(super) read: bool,
    /// From who acts to the resource.
    pub(super) write: bool,
}

impl Direction {
    /// What `action`, such as `s3:GetObject`, does. Looking at names, counts and settings moves no data.
    pub(super) fn of_action(action: &str) -> Self {
        let Some((service, name)) = action.split_once(':') else {
            return Self { read: action == "*", write: action == "*" };
        };
        if name == "*" {
            return Self { read: true, write: true };
        }
        let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        let (read, write) = match service {
            // Whoever takes a message deletes it too: that is still one direction.
            "sqs" => (begins(&["ReceiveMessage"]), begins(&["SendMessage"])),
            "s3" => (begins(&["GetObject", "Get*"]), begins(&["PutObject", "DeleteObject", "ReplicateObject", "Put*"])),
            "dynamodb" => (
                begins(&["GetItem", "BatchGet", "Query", "Scan", "GetRecords", "PartiQLSelect", "ConditionCheck"]),
                begins(&[
                    "PutItem",
                    "UpdateItem",
                    "DeleteItem",
                    "BatchWrite",
                    "PartiQLInsert",
                    "PartiQLUpdate",
                    "PartiQLDelete",
                ]),
            ),
            "glue" => (
                begins(&["GetTable", "GetPartition"]),
                begins(&["UpdateTable", "CreatePartition", "BatchCreatePartition"]),
            ),
            "athena" => (begins(&["GetQueryResults"]), begins(&["StartQueryExecution"])),
            "secretsmanager" | "ssm" | "appconfig" => (begins(&["Get"]), begins(&["Put", "Update"])),
            "logs" | "kms" | "iam" | "sts" | "ec2" | "xray" | "cloudwatch" | "cloudfront" | "lakeformation" => {
                (false, false)
            }
            _ => (
                begins(&["Get", "BatchGet", "Read", "Select", "Query", "Scan", "Receive", "Download"]),
                begins(&[
                    "Put",
                    "BatchPut",
                    "Write",
                    "BatchWrite",
                    "Send",
                    "Publish",
                    "Invoke",
                    "Start",
                    "Update",
                    "Create",
                    "Execute",
                ]),
            ),
        };
        Self { read, write }
    }

    /// Both directions that either has.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self { read: self.read || other.read, write: self.write || other.write }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_move_data_or_only_look() {
        for (action, read, write) in [
            ("s3:GetObject", true, false),
            ("s3:GetBucketLocation", false, false),
            ("s3:ListBucket", false, false),
            ("s3:PutObject", false, true),
            ("sqs:DeleteMessage", false, false),
            ("sqs:SendMessage", false, true),
            ("dynamodb:UpdateItem", false, true),
            ("lambda:InvokeFunction", false, true),
            ("dynamodb:*", true, true),
            ("*", true, true),
        ] {
            assert_eq!(Direction::of_action(action), Direction { read, write }, "{action}");
        }
    }
}
