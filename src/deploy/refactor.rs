//! Gives resources of a stack other logical ids: a stack refactor, which leaves the resources themselves alone.

use std::time::Instant;

use aws_sdk_cloudformation::operation::describe_stack_refactor::DescribeStackRefactorOutput;
use aws_sdk_cloudformation::types::{
    ResourceLocation, ResourceMapping, StackDefinition, StackRefactorExecutionStatus, StackRefactorStatus,
};

use super::deployed::Condition;
use super::renamed_template::Renames;
use super::template_source::TemplateSource;
use super::{Aws, DeployError, DeployErrorKind, DeployedStack, watch};

/// Renames resources of the stack called `stack` and waits until it is done. `template` is the one that is deployed, with the
/// new ids.
pub(super) async fn rename(
    aws: &Aws,
    stack: &str,
    template: &TemplateSource,
    renames: &Renames,
) -> Result<(), DeployError> {
    let location = |id: &String| ResourceLocation::builder().stack_name(stack).logical_resource_id(id).build();
    let mut request = aws.cloudformation.create_stack_refactor();
    for (from, to) in renames {
        let mapping = ResourceMapping::builder().source(location(from)).destination(location(to)).build();
        request = request.resource_mappings(mapping);
    }
    let definition = StackDefinition::builder().stack_name(stack);
    let definition = match template {
        TemplateSource::Body(text) => definition.template_body(text),
        TemplateSource::Url { url, .. } => definition.template_url(url),
    };
    let created = request.stack_definitions(definition.build()).send().await;
    let created =
        created.map_err(|error| DeployError::service(format_args!("rename resources of `{stack}`"), error))?;
    let id = created.stack_refactor_id.unwrap_or_default();

    let planned =
        until(aws, stack, &id, |answer| answer.status() != Some(&StackRefactorStatus::CreateInProgress)).await?;
    if planned.status() != Some(&StackRefactorStatus::CreateComplete) {
        return Err(refused(stack, planned.status_reason()));
    }
    if let Err(error) = aws.cloudformation.execute_stack_refactor().stack_refactor_id(&id).send().await {
        // An earlier try may have been heard, and only its answer lost.
        let state = describe(aws, stack, &id).await?;
        if state.execution_status() == Some(&StackRefactorExecutionStatus::Available) {
            return Err(DeployError::service(format_args!("rename resources of `{stack}`"), error));
        }
    }
    let is_over = |answer: &DescribeStackRefactorOutput| {
        let status = answer.execution_status().map(StackRefactorExecutionStatus::as_str).unwrap_or_default();
        !status.ends_with("_IN_PROGRESS") && status != "AVAILABLE"
    };
    let executed = until(aws, stack, &id, is_over).await?;
    if executed.execution_status() != Some(&StackRefactorExecutionStatus::ExecuteComplete) {
        return Err(refused(stack, executed.execution_status_reason()));
    }
    at_rest(aws, stack).await
}

fn refused(stack: &str, reason: Option<&str>) -> DeployError {
    let message = format!("CloudFormation cannot rename the resources of `{stack}` that were moved");
    let error = DeployError::new(DeployErrorKind::StackFailed, message);
    error.cause(reason.unwrap_or("no reason was given").to_owned()).hint(
        "where it cannot rename a type, give the resource its old id, or take the record of the move out of the app: then \
         the resource is made anew and the old one deleted",
    )
}

async fn describe(aws: &Aws, stack: &str, id: &str) -> Result<DescribeStackRefactorOutput, DeployError> {
    let answer = aws.cloudformation.describe_stack_refactor().stack_refactor_id(id).send().await;
    answer.map_err(|error| DeployError::service(format_args!("look how the renaming in `{stack}` goes"), error))
}

/// Waits until what CloudFormation says of a refactor is as wanted.
async fn until(
    aws: &Aws,
    stack: &str,
    id: &str,
    is_wanted: impl Fn(&DescribeStackRefactorOutput) -> bool,
) -> Result<DescribeStackRefactorOutput, DeployError> {
    let begin = Instant::now();
    loop {
        let answer = describe(aws, stack, id).await?;
        if is_wanted(&answer) {
            return Ok(answer);
        }
        tokio::time::sleep(watch::pause(aws, begin.elapsed())).await;
    }
}

/// Waits until nothing is under way any more.
async fn at_rest(aws: &Aws, name: &str) -> Result<(), DeployError> {
    let begin = Instant::now();
    while let Some(stack) = DeployedStack::find(aws, name).await?
        && stack.condition() == Condition::Busy
    {
        tokio::time::sleep(watch::pause(aws, begin.elapsed())).await;
    }
    Ok(())
}
