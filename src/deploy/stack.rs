//! Deploys one stack, from whatever state it is in.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::{Parameter, TemplateStage};
use stackgen_template::read_bytes;

use crate::assembly::LoadedStack;
use crate::diff::Changes;

use super::change_set::{self, ChangeSet, Purpose, Wanted};
use super::deployed::Condition;
use super::event::{Event, EventKind, Listener, Outcome};
use super::options::{Approval, DeployOptions, Mode};
use super::renamed_template::{self, Renames};
use super::template_source::TemplateSource;
use super::watch::Watch;
use super::{
    Aws, DeployError, DeployErrorKind, DeployedStack, PlannedChange, cause, comparison, operator, recover, refactor,
    watch,
};

/// How often a stack is planned anew because others changed it meanwhile.
const ROUNDS: u32 = 5;

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

/// What becomes of planned changes.
enum Decision {
    /// They are made.
    Execute,
    /// They wait for a later run.
    Keep,
    /// They were only to be told.
    Forget,
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

    /// What becomes of the planned changes, as the options and whoever approves say. An error means that nothing may be
    /// done.
    fn decide(&self, planned: &[PlannedChange], changes: &Changes, is_approved: bool) -> Result<Decision, DeployError> {
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

    /// Gives resources that the app moved their new ids, before a change set takes them for others.
    async fn rename_moved(&self, before: &str, changes: &Changes, renames: &Renames) -> Result<(), DeployError> {
        let name = &self.stack.name;
        if self.options.mode == Mode::Prepare {
            let message =
                format!("resources of `{name}` were moved, and get their new ids before anything is prepared");
            return Err(DeployError::refused(message).hint("deploy the move by itself first, without `--prepare`"));
        }
        self.decide(&comparison::in_words_of_a_plan(changes), changes, false)?;
        let before = read_bytes(before.as_bytes()).ok().and_then(|document| document.into_template().ok());
        let Some((before, _)) = before else {
            return Err(DeployError::local(format!("the template of `{name}` as it is deployed cannot be read")));
        };
        let template = renamed_template::renamed(&before, renames);
        // Where nothing else differs, the new template is deployed as it will be looked for.
        let text = if template == self.stack.template { self.stack.text.clone() } else { template.to_json() };
        self.tell(EventKind::Renaming { resources: renames.len() });
        refactor::rename(self.aws, name, &TemplateSource::of(self.aws, &text).await?, renames).await
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

    /// Whether nothing can differ: the same template, parameters and tags, and no value that AWS looks up.
    fn is_as_wanted(&self, deployed: &DeployedStack, template: &str, parameters: &[Parameter]) -> bool {
        let same_template = template.trim_end() == self.stack.text.trim_end();
        let same_parameters = parameters.iter().all(|parameter| {
            parameter.use_previous_value == Some(true)
                || parameter.parameter_key().and_then(|key| deployed.parameters.get(key)).map(String::as_str)
                    == parameter.parameter_value()
        });
        let is_looked_up =
            self.stack.text.contains("{{resolve:")
                || self.stack.template.parameters().any(|parameter| {
                    parameter.type_name().is_some_and(|name| name.starts_with("AWS::SSM::Parameter::"))
                });
        deployed.is_good() && same_template && same_parameters && deployed.tags == self.stack.tags && !is_looked_up
    }

    /// The values of parameters: what was given, else what the stack has, else the template's default.
    fn parameters(&self, existing: Option<&DeployedStack>) -> Result<Vec<Parameter>, DeployError> {
        let name = &self.stack.name;
        let given = self.options.parameters.get(name);
        let declared: Vec<_> = self.stack.template.parameters().collect();
        for key in given.into_iter().flat_map(BTreeMap::keys) {
            if !declared.iter().any(|parameter| parameter.name == key) {
                let names: Vec<_> = declared.iter().map(|parameter| parameter.name).collect();
                let hint =
                    if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
                return Err(DeployError::refused(format!("the stack `{name}` has no parameter `{key}`")).hint(hint));
            }
        }
        let mut parameters = Vec::new();
        let mut missing = Vec::new();
        for parameter in declared {
            let key = parameter.name;
            let builder = Parameter::builder().parameter_key(key);
            if let Some(value) = given.and_then(|given| given.get(key)) {
                parameters.push(builder.parameter_value(value).build());
            } else if existing.is_some_and(|stack| stack.parameters.contains_key(key)) {
                parameters.push(builder.use_previous_value(true).build());
            } else if parameter.body.get("Default").is_none() {
                missing.push(key.to_owned());
            }
        }
        if missing.is_empty() {
            return Ok(parameters);
        }
        let message = format!("the stack `{name}` needs a value for {}", missing.join(", "));
        Err(DeployError::refused(message).hint(format!("give it with `--parameters {name}:{}=VALUE`", missing[0])))
    }

    /// Sets what a change set does not: protection against deletion, and the stack policy.
    async fn protect(&self, deployed: &DeployedStack) -> Result<(), DeployError> {
        let name = &self.stack.name;
        if deployed.termination_protection != self.stack.termination_protection {
            let request = self.aws.cloudformation.update_termination_protection().stack_name(name);
            let done = request.enable_termination_protection(self.stack.termination_protection).send().await;
            done.map_err(|error| DeployError::service(format_args!("set the protection of `{name}`"), error))?;
        }
        if let Some(policy) = &self.options.stack.stack_policy {
            let done =
                self.aws.cloudformation.set_stack_policy().stack_name(name).stack_policy_body(policy).send().await;
            done.map_err(|error| DeployError::service(format_args!("set the stack policy of `{name}`"), error))?;
        }
        Ok(())
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

/// A stack whose resources got other ids was changed, if nothing else was.
fn after_renaming(deployed: Deployed, is_renamed: bool) -> Deployed {
    let outcome = if is_renamed { Outcome::Updated } else { deployed.outcome };
    Deployed { outcome, ..deployed }
}

fn nothing_prepared(name: &str) -> DeployError {
    DeployError::refused(format!("nothing is prepared for `{name}`")).hint("prepare it with `deploy --prepare`")
}
