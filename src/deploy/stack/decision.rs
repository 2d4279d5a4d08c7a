//! Whether planned changes are made, and who is asked.

use crate::diff::Changes;

use super::super::options::{Approval, Mode};
use super::super::{DeployError, PlannedChange, comparison};
use super::StackDeployment;

/// What is asked of whoever approves changes.
#[derive(Debug)]
pub struct Proposal<'a> {
    /// The stack.
    pub stack: &'a str,
    /// What differs from what is deployed.
    pub changes: &'a Changes,
    /// What CloudFormation says that it would do.
    pub planned: &'a [PlannedChange],
}

/// Who approves changes: yes or no, or an error where nobody can be asked.
pub type Approver<'a> = &'a (dyn Fn(&Proposal<'_>) -> Result<bool, DeployError> + 'a);

/// What becomes of planned changes.
pub(super) enum Decision {
    /// They are made.
    Execute,
    /// They wait for a later run.
    Keep,
    /// They were only to be told.
    Forget,
}

impl StackDeployment<'_> {
    /// What becomes of the planned changes, as the options and whoever approves say. An error means that nothing may be
    /// done.
    pub(super) fn decide(
        &self,
        planned: &[PlannedChange],
        changes: &Changes,
        is_approved: bool,
    ) -> Result<Decision, DeployError> {
        let name = &self.stack.name;
        if self.options.mode == Mode::DryRun {
            return Ok(Decision::Forget);
        }
        let is_replaced = |change: &PlannedChange| change.replacement.as_deref() == Some("True");
        let replaces = || planned.iter().any(is_replaced) || comparison::replaces(changes);
        if self.options.stack.no_rollback && replaces() {
            let message = format!("the changes of `{name}` replace a resource, which needs rollback");
            return Err(DeployError::refused(message).hint("leave out `--no-rollback`"));
        }
        let needs_yes = match self.options.approval {
            _ if is_approved => false,
            Approval::Never => false,
            Approval::Broadening => changes.is_broadening(),
            Approval::Destructive => changes.is_broadening() || changes.is_destructive(),
            Approval::Any => true,
        };
        let proposal = Proposal { stack: name, changes, planned };
        if needs_yes && !(self.approver)(&proposal)? {
            let message = format!("the changes of `{name}` were not approved, and nothing was done");
            return Err(DeployError::not_approved(message));
        }
        Ok(if self.options.mode == Mode::Prepare { Decision::Keep } else { Decision::Execute })
    }
}
