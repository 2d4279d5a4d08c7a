//! Deploys one stack, from whatever state it is in.

mod decision;
mod renaming;
mod wanted;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::TemplateStage;

use crate::assembly::LoadedStack;

use super::change_set::{self, ChangeSet, Purpose, Wanted};
use super::deployed::Condition;
use super::event::{Event, EventKind, Listener, Outcome};
use super::options::{DeployOptions, Mode};
use super::template_source::TemplateSource;
use super::watch::Watch;
use super::{
    Aws, DeployError, DeployErrorKind, DeployedStack, PlannedChange, cause, comparison, operator, recover, watch,
};

pub use decision::{Approver, Proposal};

use decision::Decision;
use renaming::after_renaming;

/// How often a stack is planned anew because others changed it meanwhile.
const ROUNDS: u32 = 5;

/// A stack that is as it shall be.
#[derive(Debug, Clone)]
pub struct Deployed {
    /// The name.
    pub name: String,
    /// How it came to be so.
    pub outcome: Outcome,
    /// The values of its outputs, by name.
    pub outputs: BTreeMap<String, String>,
    /// What CloudFormation planned, where it was only to be told or prepared.
    pub planned: Vec<PlannedChange>,
}

/// Deploys one stack.
pub(super) struct StackDeployment<'a> {
    pub(super) aws: &'a Aws,
    pub(super) stack: &'a LoadedStack,
    pub(super) options: &'a DeployOptions,
    pub(super) listener: Listener<'a>,
    pub(super) approver: Approver<'a>,
}

impl StackDeployment<'_> {
    /// Brings the stack to what the assembly says.
    pub(super) async fn run(&self) -> Result<Deployed, DeployError> {
        let begin = Instant::now();
        self.tell(EventKind::Started);
        let result = self.deploy().await;
        let duration = begin.elapsed();
        self.tell(match &result {
            Ok(deployed) => EventKind::Finished { outcome: deployed.outcome, duration },
            Err(_) => EventKind::Failed { duration },
        });
        result
    }

    /// As often as others change the stack meanwhile, it is looked at anew and planned anew.
    async fn deploy(&self) -> Result<Deployed, DeployError> {
        let mut round = 1;
        loop {
            let result = match self.options.mode {
                Mode::Execute => self.execute_prepared().await,
                _ => self.plan_and_execute(false).await,
            };
            match result {
                Err(error) if error.kind() == DeployErrorKind::Conflict && round < ROUNDS => {
                    tokio::time::sleep(watch::pause(self.aws, Duration::ZERO) * round).await;
                    round += 1;
                }
                result => return result,
            }
        }
    }

    /// Looks at the stack, plans what is to be done and does it. `is_renamed` says that resources that were moved got their new
    /// ids already, and that the changes were approved with that.
    async fn plan_and_execute(&self, is_renamed: bool) -> Result<Deployed, DeployError> {
        let name = &self.stack.name;
        let found = recover::until_changeable(self.aws, name, self.options.mode, self.listener).await?;
        let existing = found.as_ref().filter(|stack| stack.condition() != Condition::Planned);
        let before = match existing {
            Some(stack) => self.deployed_template(stack).await?,
            None => None,
        };
        let parameters = self.parameters(existing)?;
        if let (Some(stack), Some(before)) = (existing, &before)
            && self.is_as_wanted(stack, before, &parameters)
        {
            return self.unchanged(stack).await.map(|deployed| after_renaming(deployed, is_renamed));
        }
        let changes = comparison::compare(self.stack, before.as_deref());
        let renames = comparison::moved(&changes);
        // CloudFormation would read a large template from the bucket only, where nothing shall be left; and it takes a
        // resource that was moved for two.
        let cannot_ask = TemplateSource::needs_bucket(&self.stack.text) || !renames.is_empty();
        if self.options.mode == Mode::DryRun && cannot_ask {
            return Ok(self.planned(existing, comparison::in_words_of_a_plan(&changes)));
        }
        if let (Some(before), false) = (&before, renames.is_empty()) {
            self.rename_moved(before, &changes, &renames).await?;
            return Box::pin(self.plan_and_execute(true)).await;
        }
        let template = TemplateSource::of(self.aws, &self.stack.text).await?;
        let wanted = Wanted {
            stack: name,
            purpose: if existing.is_some() { Purpose::Update } else { Purpose::Create },
            template: &template,
            parameters,
            tags: self.stack.tags.clone().into_iter().collect(),
            options: &self.options.stack,
            imports: Vec::new(),
            mode: self.options.mode,
        };
        let created = change_set::create(self.aws, &wanted).await;
        let is_conflict = |error: &DeployError| error.kind() == DeployErrorKind::Conflict;
        // What others are at work on is left to them.
        if existing.is_none() && !matches!(&created, Ok(Some(_))) && !created.as_ref().is_err_and(is_conflict) {
            change_set::delete_empty_plan(self.aws, name).await?;
        }
        let Some(set) = created? else {
            let Some(stack) = existing else {
                return Err(DeployError::refused(format!("the stack `{name}` would be empty")));
            };
            return self.unchanged(stack).await.map(|deployed| after_renaming(deployed, is_renamed));
        };
        self.tell(EventKind::Planned { change_set: set.name.clone(), changes: set.changes.len() });
        let decision = self.decide(&set.changes, &changes, is_renamed);
        if !matches!(decision, Ok(Decision::Execute | Decision::Keep)) {
            change_set::delete(self.aws, name, &set.id).await?;
            if existing.is_none() {
                change_set::delete_empty_plan(self.aws, name).await?;
            }
        }
        match decision? {
            Decision::Keep | Decision::Forget => Ok(self.planned(existing, set.changes)),
            Decision::Execute => {
                let outcome = if existing.is_some() { Outcome::Updated } else { Outcome::Created };
                self.execute(&set, outcome).await
            }
        }
    }

    async fn execute(&self, set: &ChangeSet, outcome: Outcome) -> Result<Deployed, DeployError> {
        let name = &self.stack.name;
        let Some(stack) = DeployedStack::find(self.aws, &set.stack_id).await? else {
            return Err(DeployError::conflict(format!("the stack `{name}` was deleted meanwhile")));
        };
        let watch = Watch::before(self.aws, &stack, self.listener).await?;
        self.tell(EventKind::Executing { changes: set.changes.len() });
        let token = operator::new_token();
        if let Err(error) = change_set::execute(self.aws, set, name, &self.options.stack, &token).await {
            // An earlier try may have been heard, and only its answer lost.
            if !watch.is_begun_by(&token).await? {
                return Err(error);
            }
        }
        let watched = watch.until_end().await?;
        if watched.stack.status == "DELETE_COMPLETE" {
            return Err(DeployError::conflict(format!("the stack `{name}` was deleted meanwhile")));
        }
        if !watched.stack.is_good() {
            let (status, reason) = (&watched.stack.status, watched.stack.reason.as_deref());
            return Err(cause::failure(name, status, reason, &watched.events));
        }
        self.protect(&watched.stack).await?;
        Ok(Deployed { name: name.clone(), outcome, outputs: watched.stack.outputs, planned: Vec::new() })
    }

    /// Executes the change set that an earlier [`Mode::Prepare`] left.
    async fn execute_prepared(&self) -> Result<Deployed, DeployError> {
        let name = &self.stack.name;
        let Some(mut stack) = DeployedStack::find(self.aws, name).await? else {
            return Err(nothing_prepared(name));
        };
        if stack.condition() == Condition::Busy {
            stack = recover::follow(self.aws, &stack, self.listener).await?;
        }
        let is_new = stack.condition() == Condition::Planned;
        match change_set::prepared(self.aws, name).await? {
            Some(set) => self.execute(&set, if is_new { Outcome::Created } else { Outcome::Updated }).await,
            None if stack.is_good() => self.unchanged(&stack).await,
            None => Err(nothing_prepared(name)),
        }
    }

    /// The template as it is deployed; none when it cannot be read, as with a stack that was never finished.
    async fn deployed_template(&self, stack: &DeployedStack) -> Result<Option<String>, DeployError> {
        let request =
            self.aws.cloudformation.get_template().stack_name(&stack.id).template_stage(TemplateStage::Original);
        let answer = request.send().await;
        let answer = answer
            .map_err(|error| DeployError::service(format_args!("read the template of `{}`", stack.name), error))?;
        Ok(answer.template_body)
    }

    /// The stack is as it shall be. What a change set does not set may still differ.
    async fn unchanged(&self, stack: &DeployedStack) -> Result<Deployed, DeployError> {
        if matches!(self.options.mode, Mode::Deploy | Mode::Execute) {
            self.protect(stack).await?;
        }
        Ok(Deployed {
            name: self.stack.name.clone(),
            outcome: Outcome::Unchanged,
            outputs: stack.outputs.clone(),
            planned: Vec::new(),
        })
    }

    fn planned(&self, existing: Option<&DeployedStack>, planned: Vec<PlannedChange>) -> Deployed {
        Deployed {
            name: self.stack.name.clone(),
            outcome: Outcome::Prepared,
            outputs: existing.map(|stack| stack.outputs.clone()).unwrap_or_default(),
            planned,
        }
    }

    fn tell(&self, kind: EventKind) {
        (self.listener)(Event { stack: self.stack.name.clone(), kind });
    }
}

fn nothing_prepared(name: &str) -> DeployError {
    DeployError::refused(format!("nothing is prepared for `{name}`")).hint("prepare it with `deploy --prepare`")
}
