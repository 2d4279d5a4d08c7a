//! Drift: what differs between the resources of a stack and what its template says.

use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::{PropertyDifference, StackDriftDetectionStatus, StackResourceDriftStatus};

use super::deployed::Condition;
use super::{Aws, DeployError, DeployedStack, watch};

/// How long CloudFormation may look at the resources of a stack.
const LONGEST: Duration = Duration::from_mins(30);

/// What differs between the resources of a stack and its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackDrift {
    /// The name of the stack.
    pub name: String,
    /// The resources that differ, and those that are gone.
    pub resources: Vec<ResourceDrift>,
    /// Why CloudFormation could not look at all resources, when it could not.
    pub incomplete: Option<String>,
}

/// A resource that is not as its template says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceDrift {
    /// The logical id.
    pub logical_id: String,
    /// The id that the service gave it.
    pub physical_id: Option<String>,
    /// The type.
    pub type_name: String,
    /// Whether it is gone.
    pub is_deleted: bool,
    /// What differs.
    pub properties: Vec<PropertyDrift>,
}

/// A property that is not as the template says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyDrift {
    /// Where, as a JSON pointer such as `/Tags/0/Value`.
    pub path: String,
    /// What the template says; none for what was added.
    pub expected: Option<String>,
    /// What is; none for what was removed.
    pub actual: Option<String>,
}

impl StackDrift {
    /// Whether all resources that CloudFormation looked at are as the template says.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}

/// Has CloudFormation compare the resources of the stack called `name` with its template; none when there is no such stack.
///
/// Types that CloudFormation cannot compare are left out.
pub async fn drift(aws: &Aws, name: &str) -> Result<Option<StackDrift>, DeployError> {
    let Some(stack) = DeployedStack::find(aws, name).await? else { return Ok(None) };
    match stack.condition() {
        Condition::Planned => return Ok(None),
        Condition::Busy => {
            let message = format!("the stack `{name}` is in {}, and cannot be compared", stack.status);
            return Err(DeployError::refused(message).hint("wait until that is done; `events` shows it"));
        }
        _ => {}
    }
    let begun = aws.cloudformation.detect_stack_drift().stack_name(&stack.id).send().await;
    let begun =
        begun.map_err(|error| DeployError::service(format_args!("compare `{name}` with its template"), error))?;
    let id = begun.stack_drift_detection_id.unwrap_or_default();
    let incomplete = wait(aws, name, &id).await?;
    Ok(Some(StackDrift { name: name.to_owned(), resources: resources(aws, &stack).await?, incomplete }))
}

/// Waits until the comparison is done; gives why it is incomplete, when it is.
async fn wait(aws: &Aws, name: &str, id: &str) -> Result<Option<String>, DeployError> {
    let begin = Instant::now();
    loop {
        let answer = aws.cloudformation.describe_stack_drift_detection_status().stack_drift_detection_id(id).send();
        let answer = answer.await.map_err(|error| {
            DeployError::service(format_args!("read how the comparison of `{name}` goes on"), error)
        })?;
        match answer.detection_status() {
            Some(StackDriftDetectionStatus::DetectionComplete) => return Ok(None),
            Some(StackDriftDetectionStatus::DetectionFailed) => {
                let reason = answer.detection_status_reason().filter(|reason| !reason.is_empty());
                return Ok(Some(reason.unwrap_or("no reason was given").to_owned()));
            }
            _ if begin.elapsed() > LONGEST => {
                return Err(DeployError::refused(format!("the comparison of `{name}` does not end")));
            }
            _ => tokio::time::sleep(watch::pause(aws, begin.elapsed())).await,
        }
    }
}

async fn resources(aws: &Aws, stack: &DeployedStack) -> Result<Vec<ResourceDrift>, DeployError> {
    let mut resources = Vec::new();
    let mut token = None;
    loop {
        let request = aws
            .cloudformation
            .describe_stack_resource_drifts()
            .stack_name(&stack.id)
            .stack_resource_drift_status_filters(StackResourceDriftStatus::Modified)
            .stack_resource_drift_status_filters(StackResourceDriftStatus::Deleted)
            .set_next_token(token);
        let page = request.send().await;
        let page =
            page.map_err(|error| DeployError::service(format_args!("read what differs in `{}`", stack.name), error))?;
        resources.extend(page.stack_resource_drifts().iter().map(|resource| ResourceDrift {
            logical_id: resource.logical_resource_id().unwrap_or_default().to_owned(),
            physical_id: resource.physical_resource_id().map(str::to_owned),
            type_name: resource.resource_type().unwrap_or_default().to_owned(),
            is_deleted: resource.stack_resource_drift_status() == Some(&StackResourceDriftStatus::Deleted),
            properties: resource.property_differences().iter().map(property).collect(),
        }));
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    resources.sort_by(|one, other| one.logical_id.cmp(&other.logical_id));
    Ok(resources)
}

fn property(difference: &PropertyDifference) -> PropertyDrift {
    // What is not there is told as the text `null`.
    let present = |text: Option<&str>| text.filter(|text| !text.is_empty() && *text != "null").map(str::to_owned);
    PropertyDrift {
        path: difference.property_path().unwrap_or_default().to_owned(),
        expected: present(difference.expected_value()),
        actual: present(difference.actual_value()),
    }
}
