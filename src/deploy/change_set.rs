//! Change sets: what CloudFormation would do, computed by it, and done when it is executed.

use std::time::Instant;

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::primitives::DateTime;
use aws_sdk_cloudformation::types::{
    Capability, ChangeSetStatus, ChangeSetType, DeploymentConfig, DeploymentConfigMode, ExecutionStatus,
    ResourceToImport, RollbackConfiguration, RollbackTrigger, Tag,
};

use super::deployed::Condition;
use super::options::{Mode, StackOptions};
use super::template_source::TemplateSource;
use super::{Aws, DeployError, DeployErrorKind, DeployedStack, operator, recover, watch};

/// How the names of change sets begin that are executed at once.
const OURS: &str = "stackgen-";

/// How the names of those begin that wait for a later run.
const PREPARED: &str = "stackgen-prepared-";

/// How the names of those begin that only tell.
const DRY_RUN: &str = "stackgen-dry-run-";

/// What a change set is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Create,
    Update,
}

/// What is wanted of a stack.
pub(super) struct Wanted<'a> {
    pub(super) stack: &'a str,
    pub(super) purpose: Purpose,
    pub(super) template: &'a TemplateSource,
    pub(super) parameters: Vec<aws_sdk_cloudformation::types::Parameter>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) options: &'a StackOptions,
    pub(super) imports: Vec<ResourceToImport>,
    pub(super) mode: Mode,
}

/// A change set that can be executed.
#[derive(Debug)]
pub(super) struct ChangeSet {
    /// Its name.
    pub(super) name: String,
    /// Its ARN, which no other one ever has.
    pub(super) id: String,
    /// The ARN of its stack.
    pub(super) stack_id: String,
    /// What it does to resources.
    pub(super) changes: Vec<PlannedChange>,
}

/// What CloudFormation would do to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChange {
    /// The logical id.
    pub logical_id: String,
    /// The type.
    pub type_name: String,
    /// `Add`, `Modify`, `Remove`, `Import`, `Dynamic`.
    pub action: String,
    /// `True`, `False` or `Conditional`, for a modification.
    pub replacement: Option<String>,
}

/// A name that is the same for the same wishes: what a run that was cut short left is found by the next one. Each mode has
/// names of its own, so that none takes away what another left.
fn name_of(wanted: &Wanted<'_>) -> String {
    let mut digest = crate::assets::Digest::new("change set");
    digest.entry("template", wanted.template.text().as_bytes());
    for parameter in &wanted.parameters {
        digest.entry("parameter", format!("{parameter:?}").as_bytes());
    }
    for (key, value) in &wanted.tags {
        digest.entry(key, value.as_bytes());
    }
    let prefix = match wanted.mode {
        Mode::Deploy | Mode::Execute => OURS,
        Mode::Prepare => PREPARED,
        Mode::DryRun => DRY_RUN,
    };
    format!("{prefix}{}", &digest.finish()[..16])
}

/// Has CloudFormation compute what it would do; none when there is nothing to do.
pub(super) async fn create(aws: &Aws, wanted: &Wanted<'_>) -> Result<Option<ChangeSet>, DeployError> {
    let name = name_of(wanted);
    // One of an earlier run may be there; it was computed from the stack as it was then.
    delete(aws, wanted.stack, &name).await?;
    let kind = match (wanted.purpose, wanted.imports.is_empty()) {
        (_, false) => ChangeSetType::Import,
        (Purpose::Create, true) => ChangeSetType::Create,
        (Purpose::Update, true) => ChangeSetType::Update,
    };
    let options = wanted.options;
    let tags = wanted.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
    let mut request = aws
        .cloudformation
        .create_change_set()
        .stack_name(wanted.stack)
        .change_set_name(&name)
        .change_set_type(kind)
        .client_token(operator::new_token())
        .set_parameters(Some(wanted.parameters.clone()))
        .set_tags(Some(tags))
        .capabilities(Capability::CapabilityIam)
        .capabilities(Capability::CapabilityNamedIam)
        .capabilities(Capability::CapabilityAutoExpand)
        .set_role_arn(options.role.clone())
        .set_rollback_configuration(rollback_triggers(options))
        .set_deployment_config(deployment_config(options))
        .set_resources_to_import((!wanted.imports.is_empty()).then(|| wanted.imports.clone()));
    if !options.notification_topics.is_empty() {
        request = request.set_notification_arns(Some(options.notification_topics.clone()));
    }
    request = match wanted.template {
        TemplateSource::Body(text) => request.template_body(text),
        TemplateSource::Url { url, .. } => request.template_url(url),
    };
    match request.send().await {
        Ok(_) => {}
        // An earlier try was heard and its answer lost, or someone else with the same wishes was faster.
        Err(error) if error.code() == Some("AlreadyExistsException") && !is_about_the_stack(error.message()) => {}
        Err(error) if is_conflict(error.code(), error.message()) => {
            return Err(changed_by_others(wanted.stack, &error));
        }
        Err(error) => {
            return Err(DeployError::service(format_args!("plan the changes of `{}`", wanted.stack), error));
        }
    }
    wait(aws, wanted.stack, &name).await
}

/// Whether what already exists is the stack, not the change set: `Stack [arn:...] already exists`.
fn is_about_the_stack(message: Option<&str>) -> bool {
    message.is_some_and(|text| text.starts_with("Stack"))
}

/// Whether a request failed since the stack or the change set is no longer what it was when it was looked at.
fn is_conflict(code: Option<&str>, message: Option<&str>) -> bool {
    match code {
        Some(
            "AlreadyExistsException"
            | "ChangeSetNotFound"
            | "ChangeSetNotFoundException"
            | "InvalidChangeSetStatus"
            | "OperationInProgressException",
        ) => true,
        Some("ValidationError") => message.is_some_and(|text| {
            text.contains("_IN_PROGRESS state and can")
                || (text.contains("does not exist") && text.to_ascii_lowercase().contains("stack"))
        }),
        _ => false,
    }
}

fn changed_by_others(stack: &str, error: &impl ProvideErrorMetadata) -> DeployError {
    let cause = error.message().or(error.code()).unwrap_or("no reason was given").to_owned();
    DeployError::conflict(format!("the stack `{stack}` was changed by someone else meanwhile")).cause(cause)
}

fn rollback_triggers(options: &StackOptions) -> Option<RollbackConfiguration> {
    let trigger = |alarm: &String| RollbackTrigger::builder().arn(alarm).r#type("AWS::CloudWatch::Alarm").build();
    let triggers: Vec<_> = options.rollback_alarms.iter().map(trigger).collect();
    (!triggers.is_empty()).then(|| RollbackConfiguration::builder().set_rollback_triggers(Some(triggers)).build())
}

/// Express deployment: an operation ends when what it configured is in place, before it is ready for traffic.
fn deployment_config(options: &StackOptions) -> Option<DeploymentConfig> {
    options.express.then(|| {
        DeploymentConfig::builder().mode(DeploymentConfigMode::Express).disable_rollback(options.no_rollback).build()
    })
}

async fn wait(aws: &Aws, stack: &str, name: &str) -> Result<Option<ChangeSet>, DeployError> {
    let begin = Instant::now();
    loop {
        let answer = describe(aws, stack, name, None).await?;
        match answer.status() {
            Some(ChangeSetStatus::CreateComplete) => return read(aws, stack, name, answer).await.map(Some),
            Some(ChangeSetStatus::Failed) => {
                let reason = answer.status_reason().unwrap_or("no reason was given").to_owned();
                delete(aws, stack, name).await?;
                if is_nothing_to_do(&reason) {
                    return Ok(None);
                }
                let message = format!("CloudFormation cannot plan the changes of `{stack}`");
                return Err(DeployError::new(DeployErrorKind::StackFailed, message).cause(reason));
            }
            _ => tokio::time::sleep(watch::pause(aws, begin.elapsed())).await,
        }
    }
}

/// The newest change set that an earlier [`Mode::Prepare`] left to be executed.
pub(super) async fn prepared(aws: &Aws, stack: &str) -> Result<Option<ChangeSet>, DeployError> {
    let mut waiting = Vec::new();
    let mut pages = aws.cloudformation.list_change_sets().stack_name(stack).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| DeployError::service(format_args!("list the plans of `{stack}`"), error))?;
        for summary in page.summaries() {
            let is_waiting = summary.execution_status() == Some(&ExecutionStatus::Available);
            if let (true, Some(name)) = (is_waiting, summary.change_set_name())
                && name.starts_with(PREPARED)
            {
                waiting.push((summary.creation_time().map(DateTime::as_nanos), name.to_owned()));
            }
        }
    }
    let Some((_, name)) = waiting.into_iter().max() else { return Ok(None) };
    let first = describe(aws, stack, &name, None).await?;
    read(aws, stack, &name, first).await.map(Some)
}

/// Whether a change set failed because it would change nothing. CloudFormation says it in words only.
fn is_nothing_to_do(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

/// All pages of what it would do.
async fn read(aws: &Aws, stack: &str, name: &str, first: DescribeChangeSetOutput) -> Result<ChangeSet, DeployError> {
    let mut changes = Vec::new();
    let mut page = first;
    loop {
        for change in page.changes().iter().filter_map(|change| change.resource_change()) {
            changes.push(PlannedChange {
                logical_id: change.logical_resource_id().unwrap_or_default().to_owned(),
                type_name: change.resource_type().unwrap_or_default().to_owned(),
                action: change.action().map(|action| action.as_str().to_owned()).unwrap_or_default(),
                replacement: change.replacement().map(|replacement| replacement.as_str().to_owned()),
            });
        }
        let Some(token) = page.next_token().map(str::to_owned) else { break };
        page = describe(aws, stack, name, Some(token)).await?;
    }
    let stack_id = page.stack_id().unwrap_or(stack).to_owned();
    let id = page.change_set_id().unwrap_or(name).to_owned();
    Ok(ChangeSet { name: name.to_owned(), id, stack_id, changes })
}

async fn describe(
    aws: &Aws,
    stack: &str,
    name: &str,
    token: Option<String>,
) -> Result<DescribeChangeSetOutput, DeployError> {
    let request = aws.cloudformation.describe_change_set().stack_name(stack).change_set_name(name);
    match request.set_next_token(token).send().await {
        Ok(answer) => Ok(answer),
        Err(error) if is_conflict(error.code(), error.message()) => Err(changed_by_others(stack, &error)),
        Err(error) => Err(DeployError::service(format_args!("read the planned changes of `{stack}`"), error)),
    }
}

/// Deletes a change set, if it is there.
pub(super) async fn delete(aws: &Aws, stack: &str, name: &str) -> Result<(), DeployError> {
    match aws.cloudformation.delete_change_set().stack_name(stack).change_set_name(name).send().await {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.code(), Some("ChangeSetNotFound" | "ChangeSetNotFoundException")) => Ok(()),
        Err(error) if error.message().is_some_and(|text| text.contains("does not exist")) => Ok(()),
        Err(error) => Err(DeployError::service(format_args!("delete the planned changes of `{stack}`"), error)),
    }
}

/// Deletes a stack that is only a plan, unless another plan waits there.
pub(super) async fn delete_empty_plan(aws: &Aws, name: &str) -> Result<(), DeployError> {
    let Some(stack) = DeployedStack::find(aws, name).await? else { return Ok(()) };
    if stack.condition() != Condition::Planned {
        return Ok(());
    }
    let listed = aws.cloudformation.list_change_sets().stack_name(name).send().await;
    let listed = listed.map_err(|error| DeployError::service(format_args!("list the plans of `{name}`"), error))?;
    if listed.summaries().iter().any(|summary| summary.status() != Some(&ChangeSetStatus::Failed)) {
        return Ok(());
    }
    recover::delete_and_watch(aws, &stack, &|_| {}).await.map(drop)
}

/// Has CloudFormation do what it planned, in the name of `token`.
pub(super) async fn execute(
    aws: &Aws,
    set: &ChangeSet,
    stack: &str,
    options: &StackOptions,
    token: &str,
) -> Result<(), DeployError> {
    let request = aws.cloudformation.execute_change_set().stack_name(stack).change_set_name(&set.id);
    let mut request = request.client_request_token(token);
    if options.no_rollback && !options.express {
        request = request.disable_rollback(true);
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) if is_conflict(error.code(), error.message()) => Err(changed_by_others(stack, &error)),
        Err(error) => Err(DeployError::service(format_args!("change the stack `{stack}`"), error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_saying_that_nothing_is_to_do_are_known() {
        assert!(is_nothing_to_do(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        ));
        assert!(is_nothing_to_do("No updates are to be performed."));
        assert!(!is_nothing_to_do("Export shop:Jobs cannot be deleted as it is in use by web"));
    }
}
