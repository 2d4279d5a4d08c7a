//! Rules of EventBridge.

mod target;
#[cfg(test)]
mod tests;

use stackgen_resources::typed::{Arg, Arn, Handle, Id};
use stackgen_template::{Reference, ResourceId, Text, Value};

use super::escape::{Settings, escape_hatch};
use super::event_pattern::EventPattern;
use super::schedule_expression::RecurringExpression;
use super::target_input::Activation;
use super::{BucketHandle, FunctionHandle, Metric};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};
use crate::resources::lambda::PermissionRef;
use crate::resources::{events, kind};

pub use target::Target;

/// EventBridge's limit on the targets of a rule.
const TARGET_LIMIT: usize = 5;

/// Passes events to targets: those of a pattern, or one at certain times.
///
/// The permissions that delivery takes come with the rule: a target can be invoked by this rule and no other.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("review");
/// let data = stack.add("Data", Bucket::new().notify_event_bridge());
/// let dead_letters = stack.add("Dead", Queue::new().retention(days::<14>()));
/// let review = stack.add("Review", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): pass"));
///
/// let created = EventPattern::object_created(&data).detail("object.key", Matcher::prefix("raw/"));
/// let target = Target::from(&review).max_event_age(hours::<2>()).dead_letter(&dead_letters);
/// stack.add("ObjectCreated", Rule::on(created).target(target));
/// stack.add("Sweep", Rule::scheduled(Rate::every(days::<1>())).target(&review));
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a rule exists only once it is added to a stack"]
pub struct Rule {
    targets: Vec<Target>,
    settings: Settings,
    attributes: Attributes,
    is_empty_pattern: bool,
    waits_for_silence: bool,
}

escape_hatch!(Rule);

impl Rule {
    fn new() -> Self {
        Self {
            targets: Vec::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
            is_empty_pattern: false,
            waits_for_silence: false,
        }
    }

    /// Passes on the events that match a pattern.
    pub fn on(pattern: EventPattern) -> Self {
        let mut rule = Self::new();
        rule.is_empty_pattern = pattern.is_empty();
        rule.waits_for_silence = pattern.waits_for_silence();
        rule.settings.put("EventPattern", pattern);
        rule
    }

    /// Invokes its targets at certain times, in UTC: a [`Rate`](super::Rate), a [`Cron`](super::Cron) or a parameter.
    ///
    /// A [`Schedule`](super::Schedule) can do more: time zones, one-time runs, and any number of them.
    pub fn scheduled(expression: impl Arg<RecurringExpression>) -> Self {
        let mut rule = Self::new();
        rule.settings.put("ScheduleExpression", expression.into_value());
        rule
    }

    /// Adds a target, up to 5: a function, queue, state machine or topic, with its settings where it has some.
    pub fn target(mut self, target: impl Into<Target>) -> Self {
        self.targets.push(target.into());
        self
    }

    /// Whether the rule runs; it does when not said.
    pub fn state(mut self, state: impl Arg<Activation>) -> Self {
        self.settings.put("State", state.into_value());
        self
    }

    /// Listens to an event bus other than the account's default one. Only for patterns.
    pub fn event_bus(mut self, bus: impl Arg<Id<kind::events::EventBus>>) -> Self {
        self.settings.put("EventBusName", bus.into_value());
        self
    }

    /// Says what the rule is for, at most 512 characters.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.settings.put("Description", description.into_value());
        self
    }
}

impl<R> BucketHandle<R> {
    /// A rule that invokes `function` for each object put into the bucket, whose events must be switched on
    /// (`Bucket::notify_event_bridge`).
    pub fn feeds(&self, function: &FunctionHandle) -> Rule {
        Rule::on(EventPattern::object_created(self)).target(function)
    }
}

impl Construct for Rule {
    type Handle = RuleHandle;

    fn build(self, scope: &mut Scope<'_>) -> RuleHandle {
        if self.is_empty_pattern {
            let problem = Problem::error("the event pattern of a rule is empty");
            scope.report(problem.hint("name a source or another field: EventBridge refuses a pattern of none"));
        }
        if self.waits_for_silence {
            let problem = Problem::warning("the rule waits for events of a bucket that sends none");
            scope.report(problem.hint("switch them on with `Bucket::notify_event_bridge`"));
        }
        if self.settings.get("ScheduleExpression").is_some() && self.settings.get("EventBusName").is_some() {
            let problem = Problem::error("a rule with a schedule is on another event bus than the default one");
            scope.report(problem.hint("only the default event bus has schedules"));
        }
        if self.targets.len() > TARGET_LIMIT {
            let message =
                format!("a rule has {} targets, of {TARGET_LIMIT} that EventBridge allows", self.targets.len());
            scope.report(Problem::error(message).hint("add a second rule of the same pattern for the others"));
        }
        let mut attributes = self.attributes;
        let mut targets = Vec::with_capacity(self.targets.len());
        for (index, target) in self.targets.iter().enumerate() {
            let role = target.delivery_role(index, scope);
            for other in role.iter().map(Handle::id).chain(target.acts_under()) {
                attributes = attributes.after_grants_of(other);
            }
            targets.push(target.describe(index, role.as_ref(), scope));
        }
        let mut rule = events::Rule::new();
        if !targets.is_empty() {
            rule = rule.raw("Targets", Value::List(targets));
        }
        let rule = self.settings.apply(rule, events::Rule::raw);
        let mut handle = RuleHandle::from(scope.add("Default", rule.with(attributes)).id().clone());
        for (index, target) in self.targets.iter().enumerate() {
            let permission = target.permit(index, &handle, scope);
            handle.permissions.extend(permission);
        }
        handle
    }
}

/// The handle of a [`Rule`].
#[derive(Debug, Clone)]
pub struct RuleHandle {
    id: ResourceId,
    permissions: Vec<PermissionRef>,
}

impl From<ResourceId> for RuleHandle {
    fn from(id: ResourceId) -> Self {
        Self { id, permissions: Vec::new() }
    }
}

impl RuleHandle {
    /// The ARN.
    pub fn arn(&self) -> Arn<kind::events::Rule> {
        Arn::of(Reference::attribute(self.id.clone(), "Arn"))
    }

    /// The name; with that of the event bus before it when that is not the default one.
    pub fn name(&self) -> Id<kind::events::Rule> {
        Id::of(Reference::to(self.id.clone()))
    }

    /// The permissions to invoke the functions among its targets: for what must come after the rule has effect.
    pub fn permissions(&self) -> &[PermissionRef] {
        &self.permissions
    }

    /// Invocations of targets that failed for good.
    pub fn failed_invocations(&self) -> Metric {
        self.metric("FailedInvocations")
    }

    /// Any metric of EventBridge, of this rule.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/Events", name).dimension("RuleName", self.name())
    }
}

impl Handle for RuleHandle {
    fn id(&self) -> &ResourceId {
        &self.id
    }
}
