//! The logs of the functions of a stack.

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata;

use super::{Aws, DeployError, DeployedStack};

/// The type of functions.
const FUNCTION: &str = "AWS::Lambda::Function";

/// Events may be stored after newer ones: what is followed is read again from this long before the newest.
const LATE: Duration = Duration::from_secs(30);

/// A function of a deployed stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedFunction {
    /// The logical id.
    pub logical_id: String,
    /// The name.
    pub name: String,
}

/// The functions of the stack called `stack`, in order of their logical ids; none when there is no such stack.
pub async fn functions(aws: &Aws, stack: &str) -> Result<Option<Vec<DeployedFunction>>, DeployError> {
    if DeployedStack::find(aws, stack).await?.is_none() {
        return Ok(None);
    }
    let mut functions = Vec::new();
    let mut pages = aws.cloudformation.list_stack_resources().stack_name(stack).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page =
            page.map_err(|error| DeployError::service(format_args!("list the resources of `{stack}`"), error))?;
        for resource in page.stack_resource_summaries() {
            if let (Some(FUNCTION), Some(logical_id), Some(name)) =
                (resource.resource_type(), resource.logical_resource_id(), resource.physical_resource_id())
            {
                functions.push(DeployedFunction { logical_id: logical_id.to_owned(), name: name.to_owned() });
            }
        }
    }
    functions.sort_by(|one, other| one.logical_id.cmp(&other.logical_id));
    Ok(Some(functions))
}

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, in milliseconds since the epoch.
    pub time: i64,
    /// The logical id of the function.
    pub function: String,
    /// What it wrote, without the line break at its end.
    pub message: String,
}

/// The logs of functions, from some time on. Each call of [`Self::more`] gives what came since the one before.
#[derive(Debug)]
pub struct Logs<'a> {
    aws: &'a Aws,
    client: aws_sdk_cloudwatchlogs::Client,
    /// A function, its group, and from when on it is read.
    groups: Vec<(String, String, i64)>,
    filter: Option<String>,
    seen: HashSet<String>,
}

impl<'a> Logs<'a> {
    /// The logs of `functions` since `since`. `filter` is a pattern of CloudWatch Logs.
    pub async fn of(
        aws: &'a Aws,
        functions: &[DeployedFunction],
        since: SystemTime,
        filter: Option<&str>,
    ) -> Result<Self, DeployError> {
        let lambda = aws_sdk_lambda::Client::new(&aws.config);
        let since = milliseconds(since.duration_since(UNIX_EPOCH).unwrap_or_default());
        let mut groups = Vec::with_capacity(functions.len());
        for function in functions {
            let answer = lambda.get_function_configuration().function_name(&function.name).send().await;
            let answer = answer.map_err(|error| {
                DeployError::service(format_args!("look at the function `{}`", function.name), error)
            })?;
            let group = answer.logging_config().and_then(|logging| logging.log_group());
            let group = group.map_or_else(|| format!("/aws/lambda/{}", function.name), str::to_owned);
            groups.push((function.logical_id.clone(), group, since));
        }
        let client = aws_sdk_cloudwatchlogs::Client::new(&aws.config);
        Ok(Self { aws, client, groups, filter: filter.map(str::to_owned), seen: HashSet::new() })
    }

    /// What came since the last call, in order of time.
    pub async fn more(&mut self) -> Result<Vec<LogLine>, DeployError> {
        let mut lines = Vec::new();
        for (function, group, since) in &mut self.groups {
            let request = self.client.filter_log_events().log_group_name(&*group).start_time(*since);
            let mut pages = request.set_filter_pattern(self.filter.clone()).into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = match page {
                    Ok(page) => page,
                    // A function that never ran may have no group.
                    Err(error) if error.code() == Some("ResourceNotFoundException") => break,
                    Err(error) => return Err(DeployError::service(format_args!("read the log `{group}`"), error)),
                };
                for event in page.events() {
                    let time = event.timestamp().unwrap_or_default();
                    let message = event.message().unwrap_or_default().trim_end().to_owned();
                    let id = event.event_id().map_or_else(|| format!("{group} {time} {message}"), str::to_owned);
                    if self.seen.insert(id) {
                        lines.push(LogLine { time, function: function.clone(), message });
                        *since = (*since).max(time - milliseconds(LATE));
                    }
                }
            }
        }
        lines.sort_by_key(|line| line.time);
        Ok(lines)
    }

    /// Waits for as long as it makes sense not to look again.
    pub async fn pause(&self) {
        let pause = if self.aws.endpoint().is_some() { Duration::from_millis(300) } else { Duration::from_secs(2) };
        tokio::time::sleep(pause).await;
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
