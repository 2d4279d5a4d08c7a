//! Deletes stacks, in the reverse order of their deployment.

use std::time::Instant;

use super::deployed::Condition;
use super::event::{Event, EventKind, Listener, Outcome};
use super::{Aws, DeployError, DeployedStack, ResourceEvent, cause, recover};

/// A stack that was deleted.
#[derive(Debug, Clone)]
pub struct Destroyed {
    /// The name.
    pub name: String,
    /// Whether there was one.
    pub existed: bool,
    /// What stays, since the template retains it.
    pub retained: Vec<ResourceEvent>,
}

/// Deletes the stack called `name` and waits until it is gone.
pub async fn destroy(aws: &Aws, name: &str, listener: Listener<'_>) -> Result<Destroyed, DeployError> {
    let begin = Instant::now();
    let tell = |kind| listener(Event { stack: name.to_owned(), kind });
    tell(EventKind::Started);
    let result = delete(aws, name, listener).await;
    let duration = begin.elapsed();
    tell(match &result {
        Ok(_) => EventKind::Finished { outcome: Outcome::Deleted, duration },
        Err(_) => EventKind::Failed { duration },
    });
    result
}

async fn delete(aws: &Aws, name: &str, listener: Listener<'_>) -> Result<Destroyed, DeployError> {
    let Some(mut stack) = DeployedStack::find(aws, name).await? else {
        return Ok(Destroyed { name: name.to_owned(), existed: false, retained: Vec::new() });
    };
    if stack.termination_protection {
        let message = format!("the stack `{name}` is protected against deletion");
        return Err(DeployError::refused(message).hint("take the protection out of the app and deploy that first"));
    }
    if stack.condition() == Condition::Busy {
        stack = recover::follow(aws, &stack, listener).await?;
        if stack.status == "DELETE_COMPLETE" {
            return Ok(Destroyed { name: name.to_owned(), existed: true, retained: Vec::new() });
        }
    }
    let watched = recover::delete_and_watch(aws, &stack, listener).await?;
    if watched.stack.status != "DELETE_COMPLETE" {
        let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
        return Err(cause::failure(name, status, reason, &watched.events));
    }
    let retained = watched.events.into_iter().filter(|event| event.status == "DELETE_SKIPPED").collect();
    Ok(Destroyed { name: name.to_owned(), existed: true, retained })
}
