//! What others say of the same stack, beside our own comparison: CloudFormation's plan, and reality.

use std::collections::BTreeMap;
use std::error::Error as _;

use crate::deploy::{DeployError, DeployErrorKind, PlannedChange, StackDrift};
use crate::diff::{Action, Gravity, Notice, NoticeKind, ResourceChange, StackChanges};

/// Where CloudFormation's plan and our own comparison say different things.
pub(super) fn of_plan(stack: &StackChanges, planned: &[PlannedChange]) -> Vec<Notice> {
    let ours: BTreeMap<&str, &ResourceChange> = stack
        .resources
        .iter()
        .filter(|resource| resource.action != Action::None)
        .map(|resource| (resource.logical_id.as_str(), resource))
        .collect();
    // Plans list what only the stack knows of a resource, such as its metadata; nothing is done to the resource.
    let is_only_noted = |change: &PlannedChange| {
        let is_noted = |known: &ResourceChange| known.action == Action::None && known.logical_id == change.logical_id;
        change.action == "Modify"
            && change.replacement.as_deref() == Some("False")
            && stack.resources.iter().any(is_noted)
    };
    let mut notices = Vec::new();
    for change in planned.iter().filter(|change| !is_only_noted(change)) {
        let id = change.logical_id.as_str();
        let words = in_words(change);
        match ours.get(id).map(|resource| resource.action) {
            None => notices.push(notice(Gravity::Warning, id, format!("CloudFormation plans more: `{id}` {words}"))),
            Some(action) if !agrees(action, change) => {
                notices.push(notice(Gravity::Warning, id, format!("CloudFormation plans otherwise: `{id}` {words}")));
            }
            Some(_) => {}
        }
    }
    for id in ours.keys().filter(|id| !planned.iter().any(|change| change.logical_id == ***id)) {
        notices.push(notice(Gravity::Information, id, format!("CloudFormation plans nothing for `{id}`")));
    }
    notices
}

/// Why there is no plan: CloudFormation refuses to make it, or could not be asked for it.
pub(super) fn of_failure(error: &DeployError) -> Notice {
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let (gravity, what) = match error.kind() {
        DeployErrorKind::StackFailed => (Gravity::Error, "CloudFormation cannot plan this"),
        _ => (Gravity::Warning, "CloudFormation was not asked"),
    };
    let message = format!("{what}: {}", one_line(&reason));
    Notice { gravity, kind: NoticeKind::ChangeSet, subject: None, message, hint: None }
}

/// Resources that are not as they were deployed.
pub(super) fn of_drift(drift: &StackDrift) -> Vec<Notice> {
    let of_resources = drift.resources.iter().map(|resource| {
        let id = &resource.logical_id;
        let (message, hint) = if resource.is_deleted {
            (
                format!("`{id}` was deleted past CloudFormation"),
                "a deployment that changes it fails; take it out of the app first",
            )
        } else {
            let nothing = "(nothing)";
            let differences: Vec<String> = resource
                .properties
                .iter()
                .map(|property| {
                    let (was, is) = (property.expected.as_deref(), property.actual.as_deref());
                    let path = property.path.trim_start_matches('/');
                    format!("{path}: {} → {}", was.unwrap_or(nothing), is.unwrap_or(nothing))
                })
                .collect();
            let message = format!("`{id}` was changed past CloudFormation: {}", differences.join(", "));
            (message, "a deployment only sets back what its template changes")
        };
        Notice {
            gravity: Gravity::Warning,
            kind: NoticeKind::Drift,
            subject: Some(id.clone()),
            message: one_line(&message),
            hint: Some(hint.to_owned()),
        }
    });
    let incomplete = drift.incomplete.iter().map(|reason| Notice {
        gravity: Gravity::Information,
        kind: NoticeKind::Drift,
        subject: None,
        message: format!("not all resources could be looked at: {}", one_line(reason)),
        hint: None,
    });
    of_resources.chain(incomplete).collect()
}

/// Whether the plan does what we say. What we leave open, the plan may decide either way, and the other way round.
fn agrees(action: Action, change: &PlannedChange) -> bool {
    let replacement = change.replacement.as_deref();
    match (action, change.action.as_str()) {
        (Action::Update, "Modify") => replacement != Some("True"),
        (Action::Replace, "Modify") => replacement != Some("False"),
        (action, planned) => matches!(
            (action, planned),
            (Action::Create, "Add")
                | (Action::Import, "Import")
                | (Action::MayReplace, "Modify")
                | (Action::Retain | Action::Snapshot | Action::Delete, "Remove")
                | (_, "Dynamic")
        ),
    }
}

fn in_words(change: &PlannedChange) -> &'static str {
    match (change.action.as_str(), change.replacement.as_deref()) {
        ("Add", _) => "is created",
        ("Remove", _) => "leaves the stack",
        ("Import", _) => "is imported",
        ("Modify", Some("True")) => "is replaced",
        ("Modify", Some("Conditional")) => "is updated, or replaced",
        ("Modify", _) => "is updated in place",
        _ => "is changed",
    }
}

fn notice(gravity: Gravity, id: &str, message: String) -> Notice {
    Notice { gravity, kind: NoticeKind::ChangeSet, subject: Some(id.to_owned()), message, hint: None }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::deploy::{PropertyDrift, ResourceDrift};
    use crate::diff::{StackTemplate, diff};
    use crate::template::{Resource, Template};

    use super::*;

    fn planned(id: &str, action: &str, replacement: Option<&str>) -> PlannedChange {
        PlannedChange {
            logical_id: id.to_owned(),
            type_name: "AWS::S3::Bucket".to_owned(),
            action: action.to_owned(),
            replacement: replacement.map(str::to_owned),
        }
    }

    fn changes() -> StackChanges {
        let template = |name: &'static str| {
            let mut template = Template::new();
            template.insert_resource("Data", Resource::new("AWS::S3::Bucket").property("BucketName", name));
            StackTemplate::new("shop", template)
        };
        diff(&[template("old")], &[template("new")]).stacks.remove(0)
    }

    fn messages(notices: &[Notice]) -> Vec<&str> {
        notices.iter().map(|notice| notice.message.as_str()).collect()
    }

    #[test]
    fn what_both_say_is_not_said_again() {
        for replacement in [Some("True"), Some("Conditional")] {
            assert!(of_plan(&changes(), &[planned("Data", "Modify", replacement)]).is_empty());
        }
    }

    #[test]
    fn what_the_plan_says_otherwise_is_told() {
        let other = of_plan(&changes(), &[planned("Data", "Modify", Some("False")), planned("Logs", "Remove", None)]);
        let expected = [
            "CloudFormation plans otherwise: `Data` is updated in place",
            "CloudFormation plans more: `Logs` leaves the stack",
        ];
        assert_eq!(messages(&other), expected);
        assert_eq!(messages(&of_plan(&changes(), &[])), ["CloudFormation plans nothing for `Data`"]);
    }

    #[test]
    fn what_only_the_stack_knows_is_no_other_opinion() {
        let mut changes = changes();
        changes.resources[0].action = Action::None;
        assert!(of_plan(&changes, &[planned("Data", "Modify", Some("False"))]).is_empty());
        assert_eq!(of_plan(&changes, &[planned("Data", "Modify", Some("True"))]).len(), 1);
        assert_eq!(of_plan(&changes, &[planned("Data", "Remove", None)]).len(), 1);
    }

    #[test]
    fn only_a_refusal_of_cloudformation_is_an_error() {
        let refused = DeployError::new(DeployErrorKind::StackFailed, "cannot plan").cause("Circular\ndependency");
        let notice = of_failure(&refused);
        assert_eq!(notice.gravity, Gravity::Error);
        assert_eq!(notice.message, "CloudFormation cannot plan this: Circular dependency");
        assert_eq!(of_failure(&DeployError::refused("a value is missing")).gravity, Gravity::Warning);
    }

    #[test]
    fn drift_makes_a_stack_differ() {
        let property = PropertyDrift { path: "/Timeout".to_owned(), expected: Some("300".to_owned()), actual: None };
        let resource = ResourceDrift {
            logical_id: "Resize".to_owned(),
            physical_id: None,
            type_name: "AWS::Lambda::Function".to_owned(),
            is_deleted: false,
            properties: vec![property],
        };
        let drift = StackDrift { name: "shop".to_owned(), resources: vec![resource], incomplete: None };
        let notices = of_drift(&drift);
        assert_eq!(messages(&notices), ["`Resize` was changed past CloudFormation: Timeout: 300 → (nothing)"]);
        let mut unchanged = changes();
        unchanged.resources.clear();
        assert!(unchanged.is_empty());
        unchanged.notices = notices;
        assert!(!unchanged.is_empty());
    }
}
