//! Why an operation failed: the first failure that no other one caused.

use std::fmt::Write as _;

use super::{DeployError, DeployErrorKind, ResourceEvent};

/// The failures of an operation that are no consequence of another, the first first.
pub fn root_causes(events: &[ResourceEvent]) -> Vec<&ResourceEvent> {
    let failures = || events.iter().filter(|event| event.is_failure());
    let mut causes: Vec<_> = failures().filter(|event| !event.is_consequence()).collect();
    if causes.is_empty() {
        // What fails as a whole, such as a template that cannot be used, is told by the stack itself.
        causes = failures().filter(|event| event.reason.is_some()).collect();
    }
    causes.sort_by_key(|event| event.time);
    causes
}

/// The error of a stack that ended in `status`.
pub(super) fn failure(stack: &str, status: &str, reason: Option<&str>, events: &[ResourceEvent]) -> DeployError {
    let causes = root_causes(events);
    let mut message = format!("the stack `{stack}` ended in {status}");
    for (number, cause) in causes.iter().enumerate() {
        let label = if number == 0 { "first" } else { "then" };
        let _ = write!(message, "\n  {label}: {} ({}) {}", cause.logical_id, cause.type_name, cause.status);
        if let Some(reason) = &cause.reason {
            let _ = write!(message, "\n         {}", one_line(reason));
        }
    }
    let error = DeployError::new(DeployErrorKind::StackFailed, message);
    let error = match (causes.is_empty(), reason) {
        (true, Some(reason)) => error.cause(one_line(reason)),
        _ => error,
    };
    match causes.iter().find_map(|cause| hint(cause)) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// What to do about failures that many people meet.
fn hint(event: &ResourceEvent) -> Option<&'static str> {
    let reason = event.reason.as_deref()?.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if says(&["already exists", "alreadyexists", "already owned by you"]) {
        return Some(
            "something of that name is there: adopt it with `import`, or leave the name out, so that one is made",
        );
    }
    if event.status == "DELETE_FAILED" && says(&["not empty", "notempty"]) {
        return Some(
            "empty the bucket, or have the stack empty it: `Bucket::empty_on_destroy`, and run the command again",
        );
    }
    if says(&["export", "in use"])
        && says(&["cannot be deleted", "in use by", "cannot update export", "cannot delete export"])
    {
        return Some("another stack imports the value: deploy that one first without it, or make the reference weak");
    }
    if says(&["not authorized", "access denied", "accessdenied", "is not authorized to perform"]) {
        return Some("the role that deploys lacks that permission, or the resource's own policy denies it");
    }
    if says(&["limit", "quota", "toomany"]) {
        return Some("a quota of the account: raise it in Service Quotas, or remove what is not needed");
    }
    if event.type_name.starts_with("Custom::") || event.type_name == "AWS::CloudFormation::CustomResource" {
        return Some("the handler of the custom resource says more in its log: `logs` shows it");
    }
    if says(&["timed out", "did not stabilize", "notstabilized"]) {
        return Some(
            "the service took too long: run the command again; if it repeats, look at the resource in the console",
        );
    }
    if says(&["no such key", "nosuchkey", "s3 error"]) {
        return Some("the code is not in the bucket of assets: run the command again without `--no-build`");
    }
    None
}

/// A text without line breaks: reasons are printed as parts of a list.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn event(second: u64, logical_id: &str, status: &str, reason: &str) -> ResourceEvent {
        ResourceEvent {
            id: format!("{logical_id}-{second}"),
            logical_id: logical_id.to_owned(),
            physical_id: None,
            type_name: "AWS::SQS::Queue".to_owned(),
            status: status.to_owned(),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
            time: SystemTime::UNIX_EPOCH + Duration::from_secs(second),
            token: None,
            is_stack: logical_id == "shop",
        }
    }

    #[test]
    fn the_cause_comes_first_and_what_it_stopped_is_left_out() {
        let events = [
            event(1, "Jobs", "CREATE_IN_PROGRESS", ""),
            event(2, "Other", "CREATE_FAILED", "Resource creation cancelled"),
            event(2, "Jobs", "CREATE_FAILED", "Queue `jobs`\n  already exists"),
            event(3, "shop", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Jobs, Other]."),
            event(4, "shop", "ROLLBACK_COMPLETE", ""),
        ];
        let causes: Vec<_> = root_causes(&events).iter().map(|event| event.logical_id.as_str()).collect();
        assert_eq!(causes, ["Jobs"]);
        let error = failure("shop", "ROLLBACK_COMPLETE", None, &events);
        assert_eq!(
            error.to_string(),
            "the stack `shop` ended in ROLLBACK_COMPLETE\n  first: Jobs (AWS::SQS::Queue) CREATE_FAILED\n         \
             Queue `jobs` already exists"
        );
        assert!(error.hint_text().is_some_and(|hint| hint.contains("import")));
    }

    #[test]
    fn a_stack_that_fails_as_a_whole_is_its_own_cause() {
        let events = [event(1, "shop", "UPDATE_FAILED", "The role cannot be assumed")];
        let error = failure("shop", "UPDATE_FAILED", None, &events);
        assert!(error.to_string().contains("The role cannot be assumed"), "{error}");
    }
}
