//! A stack as it is deployed.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::operation::describe_stacks::DescribeStacksError;
use aws_sdk_cloudformation::types::{Stack, StackStatus};

use super::{Aws, DeployError};

/// A stack as it is deployed.
#[derive(Debug, Clone)]
pub struct DeployedStack {
    /// Its ARN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its state, such as `UPDATE_COMPLETE`.
    pub status: String,
    /// Why it is in that state.
    pub reason: Option<String>,
    /// The values of its outputs, by name.
    pub outputs: BTreeMap<String, String>,
    /// The values of its parameters, by name. Secret ones are `****`.
    pub parameters: BTreeMap<String, String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Whether it is protected against deletion.
    pub termination_protection: bool,
}

/// What can be done with a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It can be changed.
    Steady,
    /// An operation is under way.
    Busy,
    /// It was never more than a plan.
    Planned,
    /// It was not made: nothing of it is in use, and it must be deleted before it is made anew.
    Stillborn,
    /// Its last change could not be taken back.
    RollbackFailed,
    /// Its last change failed and stands as far as it came.
    Halted,
    /// It could not be deleted.
    DeleteFailed,
}

impl DeployedStack {
    /// The stack called `name`; none when there is none.
    pub async fn find(aws: &Aws, name: &str) -> Result<Option<Self>, DeployError> {
        match aws.cloudformation.describe_stacks().stack_name(name).send().await {
            Ok(found) => Ok(found.stacks().first().map(Self::of)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(DeployError::service(format_args!("look at the stack `{name}`"), error)),
        }
    }

    fn of(stack: &Stack) -> Self {
        let outputs = stack
            .outputs()
            .iter()
            .filter_map(|output| Some((output.output_key.clone()?, output.output_value.clone().unwrap_or_default())));
        let parameters = stack.parameters().iter().filter_map(|parameter| {
            Some((parameter.parameter_key.clone()?, parameter.parameter_value.clone().unwrap_or_default()))
        });
        let tags =
            stack.tags().iter().filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())));
        Self {
            id: stack.stack_id.clone().unwrap_or_default(),
            name: stack.stack_name.clone().unwrap_or_default(),
            status: stack.stack_status.as_ref().map(|status| status.as_str().to_owned()).unwrap_or_default(),
            reason: stack.stack_status_reason.clone().filter(|reason| !reason.is_empty()),
            outputs: outputs.collect(),
            parameters: parameters.collect(),
            tags: tags.collect(),
            termination_protection: stack.enable_termination_protection.unwrap_or(false),
        }
    }

    /// What can be done with it.
    pub fn condition(&self) -> Condition {
        Condition::of(&self.status)
    }

    /// Whether the last operation did what it was for.
    pub fn is_good(&self) -> bool {
        let good = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "DELETE_COMPLETE"];
        good.contains(&self.status.as_str())
    }
}

impl Condition {
    /// The condition of a stack in the state `status`.
    pub fn of(status: &str) -> Self {
        match StackStatus::from(status) {
            StackStatus::ReviewInProgress => Self::Planned,
            StackStatus::RollbackComplete | StackStatus::RollbackFailed => Self::Stillborn,
            StackStatus::UpdateRollbackFailed => Self::RollbackFailed,
            StackStatus::CreateFailed | StackStatus::UpdateFailed => Self::Halted,
            StackStatus::DeleteFailed => Self::DeleteFailed,
            _ if status.ends_with("_IN_PROGRESS") => Self::Busy,
            _ => Self::Steady,
        }
    }
}

/// Whether a stack is not there. CloudFormation says it by the text of a general error only.
fn is_absent(error: &SdkError<DescribeStacksError>) -> bool {
    error.code() == Some("ValidationError") && error.message().is_some_and(|text| text.contains("does not exist"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_stack_has_its_condition() {
        let conditions = StackStatus::values().iter().map(|status| {
            let stack = Stack::builder().stack_status(StackStatus::from(*status)).build();
            let stack = DeployedStack::of(&stack);
            (*status, stack.condition())
        });
        for (status, condition) in conditions {
            let expected = match status {
                "REVIEW_IN_PROGRESS" => Condition::Planned,
                "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" => Condition::Stillborn,
                "UPDATE_ROLLBACK_FAILED" => Condition::RollbackFailed,
                "CREATE_FAILED" | "UPDATE_FAILED" => Condition::Halted,
                "DELETE_FAILED" => Condition::DeleteFailed,
                other if other.contains("IN_PROGRESS") => Condition::Busy,
                _ => Condition::Steady,
            };
            assert_eq!(condition, expected, "{status}");
        }
    }
}
