//! Brings a stack to a state from which it can be changed.
//!
//! What is done in each state is said by [`Remedy`]; `docs/recovery.md` lists it for all states.

use super::deployed::Condition;
use super::event::{Event, EventKind, Listener};
use super::options::Mode;
use super::watch::{Watch, Watched};
use super::{Aws, DeployError, DeployedStack, cause, operator};

/// What is done about the condition of a stack, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// What a deployment does.
    pub deploy: &'static str,
    /// The way out where that does not help.
    pub way_out: &'static str,
}

impl Condition {
    /// What is done about it.
    pub const fn remedy(self) -> Remedy {
        let (deploy, way_out) = match self {
            Self::Steady => ("it is changed", "none is needed"),
            Self::Busy => (
                "the operation is followed to its end, whoever began it; then the stack is changed",
                "an update is cancelled by `aws cloudformation cancel-update-stack`",
            ),
            Self::Planned => ("it was only planned, and is made now", "none is needed"),
            Self::Stillborn => (
                "it was never finished: what is left of it is deleted, and it is made anew",
                "where the rest cannot be deleted, the reason says why; run `destroy` once it is put right",
            ),
            Self::RollbackFailed => (
                "its last change could not be taken back: that is tried again",
                "put right what the reason names, and deploy again; or have CloudFormation skip the resource: \
                 `aws cloudformation continue-update-rollback --resources-to-skip`",
            ),
            Self::Halted => (
                "it stands as far as it came, and is changed from there",
                "deploy what works, or take it back by `aws cloudformation rollback-stack`",
            ),
            Self::DeleteFailed => (
                "nothing: it was to be deleted, and is not made again unasked",
                "`destroy` tries again to delete it; then it can be deployed anew",
            ),
        };
        Remedy { deploy, way_out }
    }
}

/// How often a stack is brought nearer to a good state, before it is given up.
const STEPS: usize = 8;

/// The stack called `name` in a state from which it can be changed; none when there is none. In [`Mode::DryRun`] nothing is
/// changed: a stack that would have to be is an error.
pub(super) async fn until_changeable(
    aws: &Aws,
    name: &str,
    mode: Mode,
    listener: Listener<'_>,
) -> Result<Option<DeployedStack>, DeployError> {
    let tell = |kind| listener(Event { stack: name.to_owned(), kind });
    for _ in 0..STEPS {
        let Some(stack) = DeployedStack::find(aws, name).await? else { return Ok(None) };
        let remedy = stack.condition().remedy();
        let recovering = || EventKind::Recovering { status: stack.status.clone(), action: remedy.deploy };
        if mode == Mode::DryRun && matches!(stack.condition(), Condition::Stillborn | Condition::RollbackFailed) {
            let message = format!("the stack `{name}` is in {}, and nothing may be done in a dry run", stack.status);
            return Err(DeployError::refused(message).hint("a deployment brings it to a good state first"));
        }
        match stack.condition() {
            Condition::Steady | Condition::Planned | Condition::Halted => return Ok(Some(stack)),
            Condition::Busy => {
                follow(aws, &stack, listener).await?;
            }
            Condition::Stillborn => {
                tell(recovering());
                let watched = delete_and_watch(aws, &stack, listener).await?;
                if watched.stack.status != "DELETE_COMPLETE" {
                    let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
                    return Err(cause::failure(name, status, reason, &watched.events));
                }
            }
            Condition::RollbackFailed => {
                tell(recovering());
                let watched = continue_rollback(aws, &stack, listener).await?;
                if watched.stack.condition() == Condition::RollbackFailed {
                    let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
                    return Err(cause::failure(name, status, reason, &watched.events).hint(remedy.way_out));
                }
            }
            Condition::DeleteFailed => {
                let message = format!("the stack `{name}` is in DELETE_FAILED");
                let error = DeployError::refused(message)
                    .hint(format!("`destroy {name}` tries again to delete it; then it can be deployed anew"));
                return Err(match stack.reason {
                    Some(reason) => error.cause(reason),
                    None => error,
                });
            }
        }
    }
    let message = format!("the stack `{name}` does not come to rest: others change it");
    Err(DeployError::refused(message).hint("`events` shows who; try again when they are done"))
}

/// Tells who began the operation that is under way, waits until it ends, and gives the stack as it is then.
pub(super) async fn follow(
    aws: &Aws,
    stack: &DeployedStack,
    listener: Listener<'_>,
) -> Result<DeployedStack, DeployError> {
    let watch = Watch::under_way(aws, stack, listener);
    let by = watch.token().await?.and_then(|token| operator::of_token(&token));
    listener(Event { stack: stack.name.clone(), kind: EventKind::Following { status: stack.status.clone(), by } });
    Ok(watch.until_end().await?.stack)
}

/// Deletes a stack and waits until it is gone, or cannot be.
pub(super) async fn delete_and_watch(
    aws: &Aws,
    stack: &DeployedStack,
    listener: Listener<'_>,
) -> Result<Watched, DeployError> {
    let watch = Watch::before(aws, stack, listener).await?;
    delete(aws, &stack.name, &stack.id, operator::new_token()).await?;
    watch.until_end().await
}

/// Asks for the deletion of a stack.
pub(super) async fn delete(aws: &Aws, name: &str, id: &str, token: String) -> Result<(), DeployError> {
    let done = aws.cloudformation.delete_stack().stack_name(id).client_request_token(token).send().await;
    done.map(drop).map_err(|error| DeployError::service(format_args!("delete the stack `{name}`"), error))
}

async fn continue_rollback(aws: &Aws, stack: &DeployedStack, listener: Listener<'_>) -> Result<Watched, DeployError> {
    let watch = Watch::before(aws, stack, listener).await?;
    let request = aws.cloudformation.continue_update_rollback().stack_name(&stack.id);
    let done = request.client_request_token(operator::new_token()).send().await;
    done.map_err(|error| DeployError::service(format_args!("take back the last change of `{}`", stack.name), error))?;
    watch.until_end().await
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
mod tests {
    use std::fmt::Write as _;
    use std::fs;

    use aws_sdk_cloudformation::types::StackStatus;

    use super::*;

    /// The page about all states a stack can be in.
    fn page() -> String {
        let mut page = "# What is done in each state of a stack\n\n\
            `stackgen deploy` looks at a stack before it changes it, and brings it to a state from which it can be changed. \
            `stackgen destroy` follows an operation that is under way, and deletes the stack from any state; a stack that is \
            protected against deletion it refuses. A dry run refuses a stack that would have to be recovered first.\n\n\
            | state | `deploy` | the way out where that does not help |\n| --- | --- | --- |\n"
            .to_owned();
        let mut statuses = StackStatus::values().to_vec();
        statuses.sort_unstable();
        let mut rows: Vec<(Remedy, Vec<String>)> = Vec::new();
        for status in statuses {
            // A deleted stack is found by its ARN only.
            let remedy = match status {
                "DELETE_COMPLETE" => Remedy { deploy: "it is gone, and is made", ..Condition::Planned.remedy() },
                _ => Condition::of(status).remedy(),
            };
            match rows.iter_mut().find(|(known, _)| *known == remedy) {
                Some((_, states)) => states.push(format!("`{status}`")),
                None => rows.push((remedy, vec![format!("`{status}`")])),
            }
        }
        for (remedy, states) in rows {
            let _ = writeln!(page, "| {} | {} | {} |", states.join(", "), remedy.deploy, remedy.way_out);
        }
        page
    }

    #[test]
    fn what_is_done_in_each_state_is_published() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/recovery.md");
        let page = page();
        if std::env::var_os("WRITE_DOCS").is_some() {
            fs::write(path, &page).unwrap();
        }
        let written = fs::read_to_string(path).unwrap_or_default();
        assert!(
            page == written,
            "`WRITE_DOCS=1 cargo test --features deploy --lib published` writes docs/recovery.md anew"
        );
    }
}
