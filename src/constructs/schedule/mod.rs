//! Schedules of EventBridge Scheduler.

mod target;
#[cfg(test)]
mod tests;

use stackgen_contract::ToInput;
use stackgen_resources::typed::{Arg, Arn, Handle, Id, Int};
use stackgen_template::{Expression, Map, Reference, ResourceId, Value};

use super::escape::{Settings, escape_hatch};
use super::schedule_expression::ScheduleExpression;
use super::target_input::{Activation, TargetInput};
use super::{QueueHandle, Role, RoleHandle};
use crate::core::{Attributes, Construct, Grant, Period, ResourceExt, Scope};
use crate::resources::scheduler::schedule::{self, FlexibleTimeWindowMode};
use crate::resources::{kind, scheduler};

pub use target::ScheduleTarget;

/// Invokes a target at certain times, by EventBridge Scheduler.
///
/// Times are exact to the minute, in UTC unless a time zone is set. The schedule acts under a role that may do this alone
/// and that only schedules of the stack's account take on.
///
/// ```
/// use stackgen::contract::{RawInput, scheduler};
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("feeds");
/// let dead_letters = stack.add("Dead", Queue::new().retention(days::<14>()));
/// let grabber = stack.add("Grabber", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): pass"));
/// let input = RawInput(format!(r#"{{"scheduled_time":"{}"}}"#, scheduler::SCHEDULED_TIME));
/// stack.add(
///     "Grab",
///     Schedule::new(Rate::every(minutes::<1>()), &grabber)
///         .input(&input)
///         .retries(int::<2>())
///         .max_event_age(minutes::<2>())
///         .dead_letter(&dead_letters),
/// );
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a schedule exists only once it is added to a stack"]
pub struct Schedule {
    expression: Value,
    target: ScheduleTarget,
    input: Option<TargetInput>,
    role: Option<RoleHandle>,
    dead_letters: Option<(Value, Grant)>,
    retry: Map,
    window: Option<Value>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Schedule);

impl Schedule {
    /// Invokes `target` at the times that `expression` says: a [`Rate`](super::Rate), a [`Cron`](super::Cron), an
    /// [`At`](super::At) or a parameter.
    pub fn new(expression: impl Arg<ScheduleExpression>, target: impl Into<ScheduleTarget>) -> Self {
        Self {
            expression: expression.into_value(),
            target: target.into(),
            input: None,
            role: None,
            dead_letters: None,
            retry: Map::new(),
            window: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// A role for several schedules, to be given to each by [`Schedule::role`]. It is allowed what they need as they are added.
    pub fn shared_role() -> Role {
        Role::for_service("scheduler.amazonaws.com").only_from_this_account()
    }

    /// Hands the target an input: the handler's own event type. Placeholders such as
    /// [`SCHEDULED_TIME`](stackgen_contract::scheduler::SCHEDULED_TIME) are replaced at each invocation.
    pub fn input(mut self, input: &(impl ToInput + ?Sized)) -> Self {
        self.input = Some(TargetInput::of(input));
        self
    }

    /// Hands the target an input that holds references to resources.
    pub fn input_value(mut self, input: impl Into<Value>) -> Self {
        self.input = Some(TargetInput::of_value(&input.into()));
        self
    }

    /// Reads the times in a time zone by its IANA name, such as `Australia/Sydney`; UTC when not said.
    pub fn time_zone(mut self, zone: impl Arg<String>) -> Self {
        self.settings.put("ScheduleExpressionTimezone", zone.into_value());
        self
    }

    /// Lets each invocation come up to `window` late, 1 minute to 1 day, to spread load. At the exact time when not said.
    pub fn flexible_window(mut self, window: impl Arg<Period<1, 1_440, 60>>) -> Self {
        self.window = Some(window.into_value());
        self
    }

    /// How often an invocation is retried, up to 185 times, which is what happens when not said.
    pub fn retries(mut self, retries: impl Arg<Int<0, 185>>) -> Self {
        self.retry.insert("MaximumRetryAttempts", retries.into_value());
        self
    }

    /// How long an invocation is retried, 1 minute to 1 day; a day when not said.
    pub fn max_event_age(mut self, age: impl Arg<Period<60, 86_400>>) -> Self {
        self.retry.insert("MaximumEventAgeInSeconds", age.into_value());
        self
    }

    /// Sends invocations that failed for good to a queue.
    pub fn dead_letter<R>(mut self, queue: &QueueHandle<R>) -> Self {
        self.dead_letters = Some((queue.arn().into(), queue.send()));
        self
    }

    /// Acts under a role that other schedules share: see [`Schedule::shared_role`].
    pub fn role(mut self, role: &RoleHandle) -> Self {
        self.role = Some(role.clone());
        self
    }

    /// Whether the schedule runs; it does when not said.
    pub fn state(mut self, state: impl Arg<Activation>) -> Self {
        self.settings.put("State", state.into_value());
        self
    }

    /// Puts the schedule into a group, to find and delete schedules together.
    pub fn group(mut self, group: impl Arg<Id<kind::scheduler::ScheduleGroup>>) -> Self {
        self.settings.put("GroupName", group.into_value());
        self
    }

    /// Says what the schedule is for, at most 512 characters.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.settings.put("Description", description.into_value());
        self
    }
}

impl Construct for Schedule {
    type Handle = ScheduleHandle;

    fn build(self, scope: &mut Scope<'_>) -> ScheduleHandle {
        let role = match self.role {
            Some(role) => role,
            None => scope.add("Role", Self::shared_role()),
        };
        let mut target = Map::with_capacity(6);
        target.push("Arn", self.target.arn);
        target.push("RoleArn", role.arn());
        scope.allow(&role, self.target.grant);
        if let Some(input) = self.input.and_then(|input| input.resolve(scope)) {
            target.push("Input", input);
        }
        if !self.retry.is_empty() {
            target.push("RetryPolicy", self.retry);
        }
        if let Some((queue, send)) = self.dead_letters {
            target.push("DeadLetterConfig", Value::single("Arn", queue));
            scope.allow(&role, send);
        }
        if let Some(group) = self.target.message_group {
            target.push("SqsParameters", Value::single("MessageGroupId", group));
        }
        let window = match self.window {
            None => schedule::FlexibleTimeWindow::new().mode(FlexibleTimeWindowMode::Off),
            Some(minutes) => schedule::FlexibleTimeWindow::new()
                .mode(FlexibleTimeWindowMode::Flexible)
                .raw("MaximumWindowInMinutes", minutes),
        };
        let schedule = scheduler::Schedule::new()
            .schedule_expression(Expression::raw(self.expression))
            .flexible_time_window(window)
            .target(Expression::raw(target));
        let schedule = self.settings.apply(schedule, scheduler::Schedule::raw);
        let mut attributes = self.attributes.after_grants_of(role.id());
        if let Some(other) = &self.target.acts_under {
            attributes = attributes.after_grants_of(other);
        }
        ScheduleHandle(scope.add("Default", schedule.with(attributes)).id().clone())
    }
}

/// The handle of a [`Schedule`].
#[derive(Debug, Clone)]
pub struct ScheduleHandle(ResourceId);

impl ScheduleHandle {
    /// The ARN.
    pub fn arn(&self) -> Arn<kind::scheduler::Schedule> {
        Arn::of(Reference::attribute(self.0.clone(), "Arn"))
    }

    /// The name.
    pub fn name(&self) -> Id<kind::scheduler::Schedule> {
        Id::of(Reference::to(self.0.clone()))
    }
}

impl Handle for ScheduleHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}
