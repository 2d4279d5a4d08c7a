//! Waits for the end of an operation and tells what happens meanwhile.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::deployed::Condition;
use super::event::{Event, EventKind, Listener};
use super::{Aws, DeployError, DeployedStack, ResourceEvent};

/// The events of a stack, told as they come.
pub(super) struct Watch<'a> {
    aws: &'a Aws,
    name: String,
    /// The ARN, by which a stack is found when it is deleted too.
    id: String,
    /// Events before the operation, and those that were told.
    seen: HashSet<String>,
    listener: Listener<'a>,
}

/// How an operation went.
#[derive(Debug)]
pub(super) struct Watched {
    /// The stack at the end.
    pub(super) stack: DeployedStack,
    /// What happened, in order.
    pub(super) events: Vec<ResourceEvent>,
}

/// How long the first event of an operation may take.
const FIRST_EVENT: Duration = Duration::from_mins(1);

/// States of the stack itself that an operation begins with.
/// A rollback belongs to the operation that it ends.
const BEGINNINGS: [&str; 4] = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"];

impl<'a> Watch<'a> {
    /// Watches an operation that is begun after this: all events up to now are old.
    pub(super) async fn before(
        aws: &'a Aws,
        stack: &DeployedStack,
        listener: Listener<'a>,
    ) -> Result<Self, DeployError> {
        let mut watch = Self::new(aws, stack, listener);
        let newest = watch.newer_events(1).await?;
        watch.seen.extend(newest.into_iter().map(|event| event.id));
        Ok(watch)
    }

    /// Watches the operation that is under way, from its beginning.
    pub(super) fn under_way(aws: &'a Aws, stack: &DeployedStack, listener: Listener<'a>) -> Self {
        Self::new(aws, stack, listener)
    }

    fn new(aws: &'a Aws, stack: &DeployedStack, listener: Listener<'a>) -> Self {
        Self { aws, name: stack.name.clone(), id: stack.id.clone(), seen: HashSet::new(), listener }
    }

    /// Who began the operation that is under way, as far as its events say.
    pub(super) async fn token(&self) -> Result<Option<String>, DeployError> {
        let events = self.newer_events(usize::MAX).await?;
        Ok(events.into_iter().rev().find(|event| event.is_stack).and_then(|event| event.token))
    }

    /// Whether `token` began an operation.
    pub(super) async fn is_begun_by(&self, token: &str) -> Result<bool, DeployError> {
        let events = self.newer_events(usize::MAX).await?;
        Ok(events.iter().any(|event| event.token.as_deref() == Some(token)))
    }

    /// Waits until the operation ends, well or not.
    pub(super) async fn until_end(mut self) -> Result<Watched, DeployError> {
        let begin = Instant::now();
        let mut events = Vec::new();
        let mut ended = false;
        loop {
            // The state is read before the events: when it is final, so are the events that are read after it.
            let stack = DeployedStack::find(self.aws, &self.id).await?;
            for event in self.newer_events(usize::MAX).await? {
                if !self.seen.insert(event.id.clone()) {
                    continue;
                }
                ended |= event.is_stack && event.is_final();
                (self.listener)(Event { stack: self.name.clone(), kind: EventKind::Resource(event.clone()) });
                events.push(event);
            }
            let stack = stack.ok_or_else(|| DeployError::refused(format!("the stack `{}` is gone", self.name)))?;
            let is_busy = stack.condition() == Condition::Busy;
            // A state that is final may still be the one before the operation, until an event says that it ended.
            if !is_busy && (ended || begin.elapsed() > FIRST_EVENT) {
                return Ok(Watched { stack, events });
            }
            tokio::time::sleep(pause(self.aws, begin.elapsed())).await;
        }
    }

    /// Events that were not seen, in order: back to one that was, to the beginning of the operation, or to `most` events.
    async fn newer_events(&self, most: usize) -> Result<Vec<ResourceEvent>, DeployError> {
        let mut events = Vec::new();
        let mut pages = self.aws.cloudformation.describe_stack_events().stack_name(&self.id).into_paginator().send();
        'pages: while let Some(page) = pages.next().await {
            let page =
                page.map_err(|error| DeployError::service(format_args!("read the events of `{}`", self.name), error))?;
            for event in page.stack_events() {
                let event = ResourceEvent::of(event);
                if events.len() >= most || self.seen.contains(&event.id) {
                    break 'pages;
                }
                let is_beginning = event.is_stack && BEGINNINGS.contains(&event.status.as_str());
                events.push(event);
                if is_beginning {
                    break 'pages;
                }
            }
        }
        events.reverse();
        Ok(events)
    }
}

/// The last `number` events of the stack called `name`, in order; none when there is no such stack.
pub async fn history(aws: &Aws, name: &str, number: usize) -> Result<Vec<ResourceEvent>, DeployError> {
    if DeployedStack::find(aws, name).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut events = Vec::new();
    let mut pages = aws.cloudformation.describe_stack_events().stack_name(name).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| DeployError::service(format_args!("read the events of `{name}`"), error))?;
        events.extend(page.stack_events().iter().map(ResourceEvent::of));
        if events.len() >= number {
            break;
        }
    }
    events.truncate(number);
    events.reverse();
    Ok(events)
}

/// How long to wait before looking again. A local server may be asked often.
pub(super) fn pause(aws: &Aws, elapsed: Duration) -> Duration {
    if aws.endpoint().is_some() {
        return Duration::from_millis(150);
    }
    // Most stacks take either seconds or many minutes.
    if elapsed < Duration::from_secs(30) { Duration::from_secs(1) } else { Duration::from_secs(3) }
}
