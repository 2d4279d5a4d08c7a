//! Brings a stack to a state from which it can be changed.
//!
//! | state | what is done |
//! | --- | --- |
//! | an operation is under way | it is followed to its end |
//! | `REVIEW_IN_PROGRESS` | nothing: it was only planned, and is made now |
//! | `ROLLBACK_COMPLETE`, `ROLLBACK_FAILED` | it was never made: what is left of it is deleted, and it is made anew |
//! | `UPDATE_ROLLBACK_FAILED` | the rollback is tried again |
//! | `CREATE_FAILED`, `UPDATE_FAILED` | nothing: it stands as far as it came, and is changed from there |
//! | `DELETE_FAILED` | an error that says how to go on: it was to be deleted, and is not made again unasked |

use super::deployed::Condition;
use super::event::{Event, EventKind, Listener};
use super::options::Mode;
use super::watch::{Watch, Watched};
use super::{Aws, DeployError, DeployedStack, cause, operator};

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
        let recovering = |action| EventKind::Recovering { status: stack.status.clone(), action };
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
                tell(recovering("it was never finished: what is left of it is deleted, and it is made anew"));
                let watched = delete_and_watch(aws, &stack, listener).await?;
                if watched.stack.status != "DELETE_COMPLETE" {
                    let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
                    return Err(cause::failure(name, status, reason, &watched.events));
                }
            }
            Condition::RollbackFailed => {
                tell(recovering("its last change could not be taken back: that is tried again"));
                let watched = continue_rollback(aws, &stack, listener).await?;
                if watched.stack.condition() == Condition::RollbackFailed {
                    let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
                    return Err(cause::failure(name, status, reason, &watched.events).hint(
                        "put right what the reason names, and deploy again; or have CloudFormation skip the resource: \
                         `aws cloudformation continue-update-rollback --resources-to-skip`",
                    ));
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
